"""Reading what people type."""

import re

_LINK = re.compile(r"[?&]start=a_(\d{1,15})(?![\w-])", re.ASCII)
_MARKED = re.compile(r"[#№]\s?(\d{1,15})", re.ASCII)

_CHANNEL = re.compile(
    r"@(?P<name>[a-z]\w{3,31})|(?:https?://)?(?:t|telegram)\.me/"
    r"(?:c/(?P<number>\d{1,12})|(?:s/)?(?P<linked>[a-z]\w{3,31}))(?:/\d+)*/?(?:\?[\w=&-]*)?",
    re.ASCII | re.IGNORECASE,
)


def article_in(text: str | None, username: str, site: str = "") -> int | None:
    """Return the article somebody names by its number or by a link to it; None for anything else.

    A link opens it in the bot of this `username`, or on its public page: those of `site`, an address, "" for none.
    """
    ours = (f".me/{username}?".casefold(), f"domain={username}&".casefold())
    linked = linked_in(text) if any(start in (text or "").casefold() for start in ours) else None
    if linked is None and site:
        found = re.search(rf"{re.escape(site)}/a/(\d{{1,15}})(?!\w)", text or "", re.ASCII)
        linked = int(found[1]) if found else None
    return linked if linked is not None else number_in(text)


def linked_in(text: str | None) -> int | None:
    """Return the article that a link of ours in a text opens in the bot; None when there is no such link."""
    found = _LINK.search(text or "")
    return int(found[1]) if found else None


def shared_in(text: str | None, username: str, site: str = "") -> tuple[int, str] | None:
    """Return the article whose link is all of a text, and the line beside it, "" for none; None for any other text.

    That is what a client makes of a link that is passed on: the address and the title, in either order. Its number as
    articles show it, "№ 12", is as good.
    """
    if marked := _MARKED.fullmatch((text or "").strip()):
        return int(marked[1]), ""
    lines = [line.strip() for line in (text or "").split("\n") if line.strip()]
    ours = (f"t.me/{username}?", *((f"{site}/a/",) if site else ()))
    links = [line for line in lines if " " not in line and any(start in line for start in ours)]
    number = article_in(links[0], username, site) if len(links) == 1 and len(lines) <= 2 else None
    return None if number is None else (number, next((line for line in lines if line not in links), ""))


def channel_in(text: str | None) -> str | int | None:
    """Return the channel somebody names: its @name, or its number from a link to one of its posts; None for none."""
    found = _CHANNEL.fullmatch((text or "").strip())
    if found is None:
        return None
    return int(f"-100{found['number']}") if found["number"] else f"@{found['name'] or found['linked']}"


def number_in(text: str | None) -> int | None:
    """Return the number somebody typed: "123", "#123"; None for anything else."""
    digits = (text or "").strip().lstrip("#№").rstrip(".,;:!?)").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
