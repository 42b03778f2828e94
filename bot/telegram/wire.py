"""Cards as Bot API requests."""

from collections import OrderedDict
from dataclasses import replace

from bot.model.news import MediaKind, Photo
from bot.model.readers import Address
from bot.screens.card import Card
from bot.screens.inline import Offers
from bot.screens.inline_cards import Offer
from bot.telegram.calls import Call, packed
from bot.telegram.forms import Form, in_form
from bot.text.phrasebook import phrases
from bot.text.split import split
from bot.text.styled import CAPTION_LIMIT, Styled

Payload = dict[str, object]

_INLINE_SECONDS = 30  # for which Telegram may give the same answer to the same words
# What stands beside what in an album; an animation stands alone. Bot API, sendMediaGroup.
_ALBUMS = {MediaKind.PHOTO: "shown", MediaKind.VIDEO: "shown", MediaKind.DOCUMENT: "files"}
_ALBUM_MOST = 10
_KEPT = 512  # as many as the composer keeps


def send_plain(to: Address, card: Card, *, reply_to: int | None = None) -> Call:
    """Return the request that sends a card's text."""
    return Call("sendMessage", {**_to(to, card, reply_to), **_text(card), "reply_markup": card.keyboard()})


class Prepared:
    """Requests that send a card, made into JSON once for all its readers."""

    def __init__(self) -> None:
        # By identity: a card is long, and comparing it would cost as much as making it into JSON. The card is kept
        # beside its JSON, so no other can get its identity meanwhile.
        self._known: OrderedDict[tuple[int, Form, bool], tuple[Card, str, bytes]] = OrderedDict()

    def send(
        self, to: Address, card: Card, form: Form = Form.PLAIN, *, paid: bool = False, reply_to: int | None = None
    ) -> Call:
        """Return the request that sends a card in a form to one reader, as a paid broadcast or not."""
        known = self._known.get((id(card), form, paid))
        if known is None:
            known = self._known[id(card), form, paid] = (card, *_prepared(in_form(card, form), paid=paid))
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        _, method, rest = known
        return Call.prepared(method, b'{"chat_id":%d,%s%s' % (to.chat_id, _before(to, reply_to), rest))


def _prepared(card: Card, *, paid: bool) -> tuple[str, bytes]:
    """Return the method that sends a card, and its JSON without the address and the brace before it."""
    shown: Payload = {"rich_message": {"blocks": list(card.rich)}} if card.rich else _text(card)
    payload = {**_style(card), **shown, "reply_markup": card.keyboard(), "allow_paid_broadcast": paid or None}
    return ("sendRichMessage" if card.rich else "sendMessage"), packed(payload)[1:]


def _before(to: Address, reply_to: int | None) -> bytes:
    """Return what stands behind the chat in the JSON of a request, with a comma after it."""
    before = b'"message_thread_id":%d,' % to.thread_id if to.thread_id else b""
    if reply_to:
        before += b'"reply_parameters":{"message_id":%d,"allow_sending_without_reply":true},' % reply_to
    return before


def send_rich(to: Address, card: Card, *, reply_to: int | None = None) -> Call:
    """Return the request that sends a card as a rich message."""
    rich = {"blocks": list(card.rich)}
    return Call("sendRichMessage", {**_to(to, card, reply_to), "rich_message": rich, "reply_markup": card.keyboard()})


def send_photo(to: Address, photo: Photo) -> Call:
    """Return the request that sends a picture or film Telegram has already."""
    return Call(
        f"send{photo.kind.value.capitalize()}",
        {
            "chat_id": to.chat_id,
            "message_thread_id": to.thread_id or None,
            photo.kind.value: photo.file_id,
            "caption": photo.caption[:CAPTION_LIMIT] or None,
            "disable_notification": True,
        },
    )


def send_album(to: Address, photos: list[Photo]) -> Call:
    """Return the request that sends several pictures or films Telegram has already as one album."""
    media = [{"type": one.kind.value, "media": one.file_id, "caption": one.caption[:CAPTION_LIMIT]} for one in photos]
    payload = {"chat_id": to.chat_id, "message_thread_id": to.thread_id or None, "media": media}
    return Call("sendMediaGroup", {**payload, "disable_notification": True})


def edit_plain(chat_id: int, message_id: int, card: Card) -> Call:
    """Return the request that makes a message show a card's text."""
    payload = {"chat_id": chat_id, "message_id": message_id, **_text(card), "reply_markup": card.keyboard()}
    return Call("editMessageText", payload)


def edit_rich(chat_id: int, message_id: int, card: Card) -> Call:
    """Return the request that makes a message show a card as a rich message."""
    rich = {"blocks": list(card.rich)}
    payload = {"chat_id": chat_id, "message_id": message_id, "rich_message": rich, "reply_markup": card.keyboard()}
    return Call("editMessageText", payload)


def inline_answer(query_id: str, offers: Offers) -> Call:
    """Return the request that answers an inline query; without any offer, with a button into the bot's own chat."""
    button = {"text": phrases(offers.language)("inline-none"), "start_parameter": "search"}
    return Call(
        "answerInlineQuery",
        {
            "inline_query_id": query_id,
            "results": [_inline_result(offer) for offer in offers.items],
            "cache_time": _INLINE_SECONDS,
            "is_personal": False,
            "next_offset": offers.following,
            "button": None if offers.items else button,
        },
    )


def _inline_result(offer: Offer) -> Payload:
    shown = _text(offer.card)
    content = {"message_text": shown.pop("text"), **{key: value for key, value in shown.items() if value is not None}}
    return {
        "type": "article",
        "id": str(offer.article),
        "title": offer.title,
        "description": offer.description,
        "input_message_content": content,
        "reply_markup": offer.card.keyboard(),
    }


def in_messages(card: Card) -> list[Card]:
    """Return a card as plain messages: the first has the buttons, the last may be its pictures."""
    parts = split(card.text) or [card.text]
    cards = [replace(card, text=parts[0], rich=()), *(Card(part, silent=True) for part in parts[1:])]
    pictures = card.photo.all if card.photo is not None else ()
    cards += (Card(Styled(one.caption), photo=one, silent=True) for one in pictures if one.file_id)
    return cards


def in_albums(cards: list[Card]) -> list[list[Card]]:
    """Return messages in their order, those together that go as one album: at most ten, of kinds that mix."""
    groups: list[list[Card]] = []
    for card in cards:
        kind = _ALBUMS.get(card.photo.kind, "") if card.photo and card.photo.file_id else ""
        before = groups[-1][0].photo if groups and len(groups[-1]) < _ALBUM_MOST else None
        if kind and before is not None and _ALBUMS.get(before.kind) == kind:
            groups[-1].append(card)
        else:
            groups.append([card])
    return groups


def _to(to: Address, card: Card, reply_to: int | None) -> Payload:
    reply = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None
    return {
        "chat_id": to.chat_id,
        "message_thread_id": to.thread_id or None,
        "reply_parameters": reply,
        **_style(card),
    }


def _style(card: Card) -> Payload:
    return {"disable_notification": True if card.silent else None}


def _text(card: Card) -> Payload:
    # No parse_mode: it would win over the entities (tdlib/telegram-bot-api, get_formatted_text).
    preview: Payload = {"is_disabled": True}
    if card.photo is not None and card.photo.url:
        preview = {"url": card.photo.url, "prefer_large_media": True, "show_above_text": True}
    return {"text": card.text.text, "entities": card.text.entities() or None, "link_preview_options": preview}
