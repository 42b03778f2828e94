"""A card: what one message shows, in the richest form and in the plainest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.model.chats import Shown
from bot.model.news import Photo
from bot.screens.callbacks import Action
from bot.text.rich import RichBlock
from bot.text.styled import Styled

BUTTONS_IN_A_ROW = 8  # Telegram shows no more
COPY_MOST = 256  # characters that a button can put into the clipboard; Bot API, CopyTextButton


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: an action, a link, or a short text to `copy`. `style` is primary, success or danger."""

    text: str
    action: Action | None = None
    url: str = ""
    style: str = ""
    copy: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the Bot API's InlineKeyboardButton."""
        button: dict[str, object] = {"text": self.text}
        if self.action is not None:
            button["callback_data"] = self.action.encode()
        elif self.url:
            button["url"] = self.url
        elif self.copy:
            button["copy_text"] = {"text": self.copy}
        else:
            button["disabled"] = {}
        if self.style:
            button["style"] = self.style
        return button


Row = tuple[Button, ...]
Keyboard = Sequence[Sequence[Mapping[str, object]]]
"""Rows of buttons as the Bot API has them: InlineKeyboardButton."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a message shows.

    `text` is the plain form; it may be longer than a message and is then sent as several. `rich`, when there, is the
    same as rich blocks and is preferred. `photo` belongs to the plain form (the rich one has it among its blocks).
    `screen` is the action that shows this card: a message is known by it, so that it can be drawn anew. `revision` is
    that of the article it is about, None when it is about none or no correction can come any more. `over` is what the
    message showed when the card was drawn to take its place, None where that was what it was sent as.
    """

    text: Styled
    rows: tuple[Row, ...] = ()
    rich: tuple[RichBlock, ...] = ()
    photo: Photo | None = None
    silent: bool = field(default=False)
    screen: Action | None = None
    revision: int | None = None
    over: Shown | None = None

    def keyboard(self) -> dict[str, object] | None:
        """Return the Bot API's InlineKeyboardMarkup, or None for no buttons."""
        rows = as_keyboard(self.rows)
        return {"inline_keyboard": rows} if rows else None


def as_keyboard(rows: Sequence[Row]) -> Keyboard:
    """Return rows of buttons as the Bot API has them, without empty ones."""
    return [[button.as_json() for button in row] for row in rows if row]


def with_button(card: Card, button: Button) -> Card:
    """Return a card with a row more, before its last one, which leads on or back."""
    return replace(card, rows=(*card.rows[:-1], (button,), *card.rows[-1:]))


def in_rows(buttons: list[Button], width: int) -> tuple[Row, ...]:
    """Return the buttons in rows of at most `width`, as even as possible."""
    if not buttons:
        return ()
    count = -(-len(buttons) // width)
    size, longer = divmod(len(buttons), count)
    rows, start = [], 0
    for number in range(count):
        end = start + size + (1 if number < longer else 0)
        rows.append(tuple(buttons[start:end]))
        start = end
    return tuple(rows)
