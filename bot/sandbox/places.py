"""Where the sandbox's people meet besides their own chats with the bot: a group, a channel, a forum, in each language.

The editor of a language is the administrator there, its reader a member. The bot is in none until it is added.
"""

from dataclasses import dataclass

from bot.sandbox.languages import EDITORS, READERS, words
from bot.sandbox.world import Chat, Json, World
from bot.text.languages import LANGUAGES

KINDS = ("group", "channel", "forum")
_TELEGRAM = {"group": "group", "channel": "channel", "forum": "supergroup"}
_FIRST = {"group": -4001, "channel": -1_001_000_004_101, "forum": -1_001_000_004_201}
_TOPICS = (11, 12)  # beside the general one, which has no number in a message


@dataclass(frozen=True, slots=True)
class Place:
    """One of them; `kind` is group, channel or forum."""

    kind: str
    chat: Chat

    def as_json(self) -> Json:
        """Return it for the page."""
        chat = self.chat
        topics = [{"id": number, "name": name} for number, name in chat.topics.items()]
        own = {"id": chat.id, "kind": self.kind, "title": chat.title, "topics": topics}
        return {**own, "admins": sorted(chat.admins), "present": chat.bot_status in {"member", "administrator"}}


def build_places(world: World) -> dict[str, list[Place]]:
    """Make the places of all languages in a world that has their people; returns them by language."""
    return {code: [_place(world, code, number, kind) for kind in KINDS] for number, code in enumerate(LANGUAGES)}


def _place(world: World, code: str, number: int, kind: str) -> Place:
    said = words(code)
    names = {topic: said[f"forum-topic-{place}"] for place, topic in enumerate(_TOPICS, 1)}
    chat = Chat(
        _FIRST[kind] - number,
        _TELEGRAM[kind],
        said[f"{kind}-title"],
        admins={EDITORS[code]},
        members={EDITORS[code], READERS[code]},
        bot_status="left",
        topics=names if kind == "forum" else {},
    )
    return Place(kind, world.add_chat(chat))
