"""The forms a card can be sent in, the richest first, and which of them Telegram refuses for everybody."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum, auto
from typing import TypeGuard

from bot.model.news import MediaKind
from bot.model.outcomes import BadContent, Delivered, Outcome, Refused
from bot.model.readers import ReaderState
from bot.screens.card import Card
from bot.text.rich import RichBlock, plain_emoji
from bot.text.styled import Styled

_MEDIA = frozenset(kind.value for kind in MediaKind)
_KEPT = 512  # cards, as many as the composer keeps
_HOPELESS = 3  # readers for whom a card's rich form was refused, and accepted for none
_ACCEPTED = -1


class Form(Enum):
    """How a card is put: each says less about how it looks, and none less in words."""

    RICH = auto()
    RICH_WITHOUT_EMOJI = auto()  # with the plain emoji in place of custom ones, which not every bot may send
    RICH_WITHOUT_PICTURE = auto()
    PREVIEW = auto()  # plain, with the picture at an address as the preview of a link
    PLAIN = auto()
    PLAIN_WITHOUT_EMOJI = auto()
    BARE = auto()  # without formatting


def forms_of(card: Card, *, rich: bool) -> Iterator[Form]:
    """Yield the forms of a card, the richest first."""
    emoji = has_emoji(card)
    if rich:
        yield Form.RICH
        if emoji:
            yield Form.RICH_WITHOUT_EMOJI
        if card.photo is not None:
            yield Form.RICH_WITHOUT_PICTURE
    elif card.photo is not None and card.photo.url:
        yield Form.PREVIEW
    if not (rich and emoji):
        yield Form.PLAIN
    if emoji:
        yield Form.PLAIN_WITHOUT_EMOJI
    if card.text.spans or card.rows:
        yield Form.BARE


def in_form(card: Card, form: Form) -> Card:
    """Return the card as it is sent in a form."""
    match form:
        case Form.RICH:
            return card
        case Form.RICH_WITHOUT_EMOJI:
            return without_emoji(card)
        case Form.RICH_WITHOUT_PICTURE:
            return without_photo(without_emoji(card))
        case Form.PREVIEW:
            return replace(card, rich=())
        case Form.PLAIN:
            return replace(card, rich=(), photo=None)
        case Form.PLAIN_WITHOUT_EMOJI:
            return replace(without_emoji(card), rich=(), photo=None)
        case Form.BARE:
            return without_formatting(card)


def without_photo(card: Card) -> Card:
    """Return the card without its picture, for when Telegram cannot get it."""
    blocks: tuple[RichBlock, ...] = tuple(block for block in card.rich if block.get("type") not in _MEDIA)
    return replace(card, rich=blocks, photo=None)


def has_emoji(card: Card) -> bool:
    """Tell whether a card has custom emoji, which not every bot may send."""
    return any(span.emoji for span in card.text.spans)


def without_emoji(card: Card) -> Card:
    """Return the card with the plain emoji in place of custom ones."""
    if not has_emoji(card):
        return card
    spans = tuple(span for span in card.text.spans if not span.emoji)
    return replace(card, text=Styled(card.text.text, spans), rich=tuple(map(plain_emoji, card.rich)))


def without_formatting(card: Card) -> Card:
    """Return the card as bare text: what is sent when Telegram does not take its entities."""
    return replace(card, rich=(), text=Styled(card.text.text), photo=None)


def may_be_the_form(outcome: Outcome, form: Form = Form.RICH) -> TypeGuard[BadContent | Refused]:
    """Tell whether a message was refused for what it is, or for a reason nobody knows: a simpler one may go.

    A chat in which the bot may write and not show pictures says the same as one in which it may not write at all.
    """
    if isinstance(outcome, BadContent):
        return True
    fancy = form not in {Form.PLAIN, Form.PLAIN_WITHOUT_EMOJI, Form.BARE}
    return fancy and isinstance(outcome, Refused) and outcome.reader_state in {None, ReaderState.MUTED}


def never_heard_of(outcome: BadContent | Refused) -> bool:
    """Tell whether the server does not know rich messages: it is older than they are."""
    return "not found" in outcome.reason.lower()


class Refusals:
    """Which cards' rich forms are refused again and again: nobody asks for them a thousand times."""

    def __init__(self) -> None:
        # By identity, as the cards of one article are made once; each is kept beside its number of refusals.
        self._known: OrderedDict[int, tuple[Card, int]] = OrderedDict()

    def hopeless(self, card: Card) -> bool:
        """Tell whether the card's rich form was refused for its content several times and never accepted."""
        return self._known.get(id(card), (card, 0))[1] >= _HOPELESS

    def noted(self, card: Card, form: Form, outcome: Outcome) -> None:
        """Note what became of a card in a form; what is about the chat says nothing of the card."""
        if form is not Form.RICH or not isinstance(outcome, (BadContent, Delivered)):
            return
        _, number = self._known.get(id(card), (card, 0))
        number = _ACCEPTED if number == _ACCEPTED or isinstance(outcome, Delivered) else number + 1
        self._known[id(card)] = (card, number)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
