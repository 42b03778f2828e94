"""What people can send on the page without having it: an album, a film, a sticker, a news page, forwards."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sandbox.client import typed_messages
from bot.sandbox.languages import words
from bot.sandbox.world import Json, World

_PICTURES = ("bridge.svg", "river.svg", "stadium.svg")
_FILM, _STICKER = "sample-film", "sample-sticker"
_FOLDER = Path(__file__).with_name("newsroom")
_PARAGRAPHS = 24  # of a text that no single message holds
_CUSTOM_EMOJI = "5368324170671202286"

_Words = Mapping[str, str]


class Samples:
    """Makes the contents of messages, in the language of whoever sends them. `world` keeps their files."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._makers: dict[str, Callable[[_Words], list[Json]]] = {
            "album": self._album,
            "video": self._video,
            "sticker": lambda _: [self._sticker()],
            "page": self._page,
            "long": _long,
            "channel": lambda said: [self._forward(said, "channel")],
            "person": lambda said: [self._forward(said, "person")],
            "hidden": lambda said: [self._forward(said, "hidden")],
            "group": lambda said: [self._forward(said, "group")],
        }

    def contents(self, name: str, language: str) -> list[Json]:
        """Return the messages that one sample is sent as; none for a name that nobody knows."""
        maker = self._makers.get(name)
        return maker(words(language)) if maker is not None else []

    def _album(self, said: _Words) -> list[Json]:
        group = {"media_group_id": f"sample-{self._world.next_number()}"}
        pictures: list[Json] = [{"photo": [self._kept(name)], **group} for name in _PICTURES]
        return [{**pictures[0], "caption": said["sample-album-text"]}, *pictures[1:]]

    def _video(self, said: _Words) -> list[Json]:
        poster = self._kept("dig.svg")
        shape = {"width": 1280, "height": 720, "duration": 12, "mime_type": "video/mp4", "thumbnail": poster}
        film = self._world.keep_file(_FILM, b"", shape)
        return [{"video": film, "caption": said["sample-video-text"]}]

    def _sticker(self) -> Json:
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
        return {"sticker": self._world.keep_file(_STICKER, b"", shape)}

    def _page(self, said: _Words) -> list[Json]:
        at = self._earlier().astimezone(ZoneInfo("Europe/Kyiv"))
        return list(typed_messages(said["sample-page-text"].replace("{time}", f"{at:%H:%M %d.%m.%Y}")))

    def _forward(self, said: _Words, kind: str) -> Json:
        text = said[f"sample-{kind}-text"]
        origin = {"date": int(self._earlier().timestamp()), **_origin(said, kind)}
        return {"text": text, "entities": _marks(text), "forward_origin": origin}

    def _earlier(self) -> datetime:
        return self._world.now() - timedelta(hours=2)

    def _kept(self, name: str) -> Json:
        return self._world.keep_file(f"sample-{name}", (_FOLDER / name).read_bytes(), {"width": 1280, "height": 720})


def _origin(said: _Words, kind: str) -> Json:
    """Return a message's origin as clients forward it; each kind has other fields."""
    name = said[f"sample-{kind}-name"]
    match kind:
        case "channel":
            channel = {"id": -1_001_000_007_001, "type": "channel", "title": name, "username": "nadrichchia_port"}
            return {"type": "channel", "chat": channel, "message_id": 41}
        case "group":
            group = {"id": -1_001_000_007_002, "type": "supergroup", "title": name}
            return {"type": "chat", "sender_chat": group, "author_signature": said["sample-group-author"]}
        case "person":
            return {"type": "user", "sender_user": {"id": 7003, "is_bot": False, "first_name": name}}
        case _:
            return {"type": "hidden_user", "sender_user_name": name}


def _marks(text: str) -> list[Json]:
    """Return a bold first line, and the bridge as the custom emoji that the channel has for it."""
    first = len(text.split("\n", maxsplit=1)[0].encode("utf-16-le")) // 2
    marks: list[Json] = [{"type": "bold", "offset": 0, "length": first}]
    if "🌉" in text:
        at = len(text[: text.index("🌉")].encode("utf-16-le")) // 2
        marks.append({"type": "custom_emoji", "offset": at, "length": 2, "custom_emoji_id": _CUSTOM_EMOJI})
    return marks


def _long(said: _Words) -> list[Json]:
    paragraphs = [f"{number}. {said['sample-long-text']}" for number in range(1, _PARAGRAPHS + 1)]
    return list(typed_messages("\n\n".join([said["sample-long-title"], *paragraphs])))
