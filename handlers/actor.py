"""Who acts: what handlers know of the person and the chat an event comes from."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.desk import Editor, Role
from bot.model.readers import ChatKind, Reader
from bot.screens.look import Look, look_of
from bot.text.phrasebook import Phrasebook


@dataclass(slots=True, kw_only=True)
class Actor:
    """Who asks: the chat as a reader, the person as somebody of the desk, and how they see."""

    reader: Reader
    editor: Editor
    look: Look
    is_new: bool = False

    @property
    def say(self) -> Phrasebook:
        """The phrases of their language."""
        return self.look.say

    @property
    def now(self) -> datetime:
        """The instant at which they act."""
        return self.look.now

    @property
    def at_desk(self) -> bool:
        """Whether they see what only editors do: an editor, in their own chat with the bot."""
        return self.editor.role >= Role.EDITOR and self.reader.kind is ChatKind.PRIVATE

    @property
    def of_newsroom(self) -> bool:
        """Whether they are one of the newsroom's own people, in their own chat with the bot."""
        return self.editor.role > Role.READER and self.reader.kind is ChatKind.PRIVATE

    def become(self, reader: Reader) -> None:
        """Go on as the reader with changed settings."""
        self.reader, self.look = reader, look_of(reader, self.look.now)
