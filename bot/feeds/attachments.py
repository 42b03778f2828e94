"""What hangs on an item beside its text: pictures, sounds, films, by what they say or by how their names end."""

from collections.abc import Iterable, Mapping
from html import unescape
from urllib.parse import urlsplit

import regex

from bot.feeds.findings import Finding

_KINDS = {
    "image": frozenset({"jpg", "jpeg", "png", "gif", "webp", "avif", "bmp"}),
    "audio": frozenset({"mp3", "m4a", "ogg", "oga", "opus", "wav", "aac", "flac"}),
    "video": frozenset({"mp4", "m4v", "webm", "mov", "avi", "mkv", "mpeg", "mpg", "ogv", "m3u8"}),
}
_DRAWN = "svg"  # a program that draws a picture, which Telegram does not run
_EMBEDDED = regex.compile(
    r"<(?:iframe|video|audio|embed|source)\b[^<>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", regex.IGNORECASE
)
_POSTER = regex.compile(r"<video\b[^<>]*?\bposter\s*=\s*[\"']?([^\"'\s>]+)", regex.IGNORECASE)
_SHOWN = 200  # characters of an address


def kind_of(address: str, *said: str) -> str:
    """Return what stands at an address: image, audio, video or "".

    How its name ends decides, which programs write under everything alike less often than what they say it is. But
    what is said to be a sound or a film is no picture, whatever its name: Telegram would refuse the message with it.
    """
    try:
        ending = urlsplit(address).path.rpartition(".")[2].lower()
    except ValueError:
        return ""
    if ending == _DRAWN or any(_DRAWN in one.lower() for one in said):
        return ""
    main = [one.partition("/")[0].strip().lower() for one in said]
    told = next((one for one in main if one in _KINDS), "")
    named = next((kind for kind, endings in _KINDS.items() if ending in endings), "")
    heard = next((one for one in main if one in {"audio", "video"}), "")
    return heard if named == "image" and heard else named or told


def left_out(addresses: Iterable[str]) -> tuple[Finding, ...]:
    """Return what is to be said of files that are not taken, each once."""
    return tuple(Finding("import-enclosure", {"address": one[:_SHOWN]}) for one in dict.fromkeys(addresses) if one)


def left_out_pictures(addresses: Iterable[str], taken: str) -> tuple[Finding, ...]:
    """Return what is to be said of pictures beside the one that is taken; one in several sizes is one."""
    more = {_path(one) for one in addresses if one} - {_path(taken)}
    return (Finding("import-pictures", {"n": len(more)}),) if more else ()


def _path(address: str) -> str:
    return address.partition("?")[0]


def embedded(html: str) -> list[str]:
    """Return the addresses of the films, sounds and foreign pages that stand in a text."""
    return [unescape(found) for found in _EMBEDDED.findall(html)] if "src" in html.lower() else []


def poster(html: str) -> str:
    """Return the address of the picture that stands for a film in a text, "" for none."""
    found = _POSTER.search(html) if "poster" in html.lower() else None
    return unescape(str(found[1])) if found else ""


def of_json_feed(item: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the addresses of an item's attachments, each with what it is."""
    listed = item.get("attachments")
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    attached = [(str(one.get("url") or ""), str(one.get("mime_type") or "")) for one in found]
    return [(address, kind_of(address, said)) for address, said in attached if address]
