"""People as the tests know them: they write, they tap, they look at what they got.

What has arrived can be seen at once. That something has *not* arrived, or only once, can be said only after delivery
has finished: `lacks`, `count` and `everything` wait for that by themselves, and there is no other way to ask.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.client import typed_messages
from bot.sandbox.world import Chat, Json, Person, World
from tests.support.waiting import until

_PATIENCE = 60.0


class Somebody:
    """A person in a chat with the bot (their own unless another is named)."""

    def __init__(
        self,
        world: World,
        person: Person,
        chat: Chat,
        idle: Callable[[], bool],
        delivered: Callable[[], Awaitable[None]],
    ) -> None:
        self._world = world
        self._idle = idle
        self._delivered = delivered
        self.person = person
        self.chat = chat
        self.toast: Json = {}

    # What they do

    async def says(self, text: str, *entities: Json) -> "Somebody":
        """Write to the bot and wait for its first answer."""
        before = set(self.chat.messages)
        content: Json = {"text": text} | ({"entities": list(entities)} if entities else {})
        if text.startswith("/") and not entities:
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        self._world.says(self.person, self.chat, content)
        await self._until(lambda: self._answers_since(before), f"no answer to {text!r}")
        return await self._rest()

    async def asks(self, words: str, offset: str = "") -> Json:
        """Type the bot's name and some words into any chat; returns the bot's answer."""
        inquiry = self._world.asks_inline(self.person, words, offset)
        await self._until(lambda: inquiry.answer is not None, f"no answer to the inline query {words!r}")
        assert inquiry.answer is not None
        return inquiry.answer

    async def pastes(self, text: str, *entities: Json) -> "Somebody":
        """Paste a text of any length, which the client cuts into messages, and wait for the first answer."""
        before = set(self.chat.messages)
        for content in typed_messages(text, list(entities)):
            self._world.says(self.person, self.chat, content)
        await self._until(lambda: self._answers_since(before), "no answer to a paste")
        return await self._rest()

    def forwards(self, message: Json, origin: Json) -> None:
        """Forward a message as a client does: its text, pictures and formatting, and where it is from."""
        kept = ("text", "caption", "entities", "caption_entities", "photo", "video", "rich_message")
        self.sends(**{name: message[name] for name in kept if name in message}, forward_origin={"date": 1, **origin})

    def edits(self, words: str, **content: Any) -> None:
        """Edit the newest message of theirs that has these words, and wait for nothing."""
        mine = (m for m in reversed(self.chat.messages.values()) if m.get("from", {}).get("id") == self.person.id)
        message = next(m for m in mine if words in text_of(m))
        self._world.edits(self.person, self.chat, message, content)

    def sends(self, **content: Any) -> None:
        """Send anything, and wait for nothing."""
        self._world.says(self.person, self.chat, content)

    async def sends_photo(self, caption: str = "", **content: Any) -> "Somebody":
        """Send a picture and wait for an answer."""
        file_id = f"photo-{len(self._world.files)}"
        self._world.files[file_id] = b"\xff\xd8\xff"
        before = set(self.chat.messages)
        sizes = [{"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 60}]
        self.sends(photo=sizes, **({"caption": caption} if caption else {}), **content)
        await self._until(lambda: self._answers_since(before), "no answer to a picture")
        return await self._rest()

    async def taps(self, label: str, message: Json | None = None) -> "Somebody":
        """Press the button whose text has `label`, on the newest message that has one, and wait for the answer.

        What the bot says unasked may take a moment to come: who wants to press a button waits for it.
        """
        await self._until(
            lambda: self._found(label, message) is not None, f"no button {label!r} among {self.got and self.buttons}"
        )
        message, button = self._button(label, message)
        tap = self._world.taps_on(self.person, self.chat, message, button["callback_data"])
        await self._until(lambda: tap.answer is not None, f"the tap on {label!r} was not answered")
        assert tap.answer is not None
        self.toast = tap.answer
        return await self._rest()

    async def presses(self, data: str, message: Json) -> "Somebody":
        """Press a button that may not be there any more, or never was."""
        tap = self._world.taps_on(self.person, self.chat, message, data)
        await self._until(lambda: tap.answer is not None, f"the tap on {data!r} was not answered")
        assert tap.answer is not None
        self.toast = tap.answer
        return await self._rest()

    def blocks_the_bot(self) -> None:
        self.person.blocked = True
        self._world.membership(self.person, self.chat, "member", "kicked")

    def unblocks_the_bot(self) -> None:
        self.person.blocked = False
        self._world.membership(self.person, self.chat, "kicked", "member")

    # What they see

    @property
    def got(self) -> list[Json]:
        """The bot's messages in the chat, oldest first."""
        return [m for m in self.chat.messages.values() if m.get("from", {}).get("is_bot", "from" not in m)]

    @property
    def last(self) -> Json:
        """The newest message of the bot."""
        assert self.got, "the bot has said nothing"
        return self.got[-1]

    @property
    def screen(self) -> str:
        """What the newest message of the bot says."""
        return text_of(self.last)

    @property
    def buttons(self) -> list[str]:
        """The buttons under the newest message."""
        return [b["text"] for b in buttons_of(self.last)]

    async def lacks(self, words: str) -> bool:
        """Tell, when nothing is under way any more, whether no message of the bot has these words."""
        return await self.count(words) == 0

    async def count(self, words: str) -> int:
        """Return, when nothing is under way any more, how many messages of the bot have these words."""
        return sum(words in text_of(message) for message in await self.everything())

    async def everything(self) -> list[Json]:
        """Return the bot's messages in the chat when nothing is under way any more, oldest first."""
        await self._delivered()
        return self.got

    async def sees(self, words: str) -> "Somebody":
        """Wait until a message of the bot has these words."""
        await self._until(lambda: self._has(words), f"{words!r} is not among {[text_of(m) for m in self.got[-4:]]}")
        return self

    async def sees_now(self, words: str) -> "Somebody":
        """Wait until the newest message of the bot has these words."""
        await self._until(
            lambda: bool(self.got) and words in self.screen, f"{words!r} is not in {self.got and self.screen!r}"
        )
        return self

    def message_with(self, words: str) -> Json:
        """Return the newest message that has these words."""
        return next(m for m in reversed(self.got) if words in text_of(m))

    def _has(self, words: str) -> bool:
        return any(words in text_of(message) for message in self.got)

    def _button(self, label: str, message: Json | None) -> tuple[Json, Json]:
        found = self._found(label, message)
        assert found is not None, f"no button {label!r}; the newest are {self.buttons}"
        return found

    def _found(self, label: str, message: Json | None) -> tuple[Json, Json] | None:
        return next(
            (
                (candidate, button)
                for candidate in ([message] if message else reversed(self.got))
                for button in buttons_of(candidate)
                if label in button["text"] and "callback_data" in button
            ),
            None,
        )

    async def _rest(self) -> "Somebody":
        """Wait until the bot has finished what it was asked."""
        await self._until(self._idle, "the bot does not come to rest")
        return self

    def _answers_since(self, before: set[int]) -> bool:
        return any(m["message_id"] not in before for m in self.got)

    async def _until(self, condition: Any, complaint: str) -> None:
        await until(condition, complaint, _PATIENCE)


async def at_once() -> None:
    """Stand for a delivery that nobody waits for."""


def text_of(message: Json) -> str:
    """Return everything a message says, rich or plain."""
    if "rich_message" in message:
        return "\n".join(_block_text(block) for block in message["rich_message"]["blocks"])
    return str(message.get("text") or message.get("caption") or "")


def _block_text(block: Json) -> str:
    lines = [_rich(block["text"])] if "text" in block else []
    lines += [_block_text(inner) for inner in block.get("blocks", ())]
    lines += [_block_text(inner) for item in block.get("items", ()) for inner in item["blocks"]]
    if "caption" in block:
        lines.append(_rich(block["caption"]["text"]))
    return "\n".join(lines)


def _rich(text: Any) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(_rich, text))
    return _rich(text.get("text", text.get("alternative_text", "")))


def buttons_of(message: Json) -> list[Json]:
    """Return the buttons under a message."""
    return [b for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for b in row]
