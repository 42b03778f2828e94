"""Whom a forwarded message is credited to."""

from aiogram.types import Message, MessageOriginChannel, MessageOriginChat, MessageOriginHiddenUser, MessageOriginUser


def origin_of(message: Message) -> tuple[str, str]:
    """Return the name of whoever first wrote a forwarded message, and its address; "" for what is not known.

    Somebody's own words, forwarded by themselves, have no other origin. Of somebody who hides themselves there is only
    the name.
    """
    sender = message.from_user
    match message.forward_origin:
        case MessageOriginChannel(chat=chat, message_id=number):
            return chat.title or "", f"https://t.me/{chat.username}/{number}" if chat.username else ""
        case MessageOriginChat(sender_chat=chat, author_signature=signature):
            return _signed(chat.title or "", signature or ""), ""
        case MessageOriginUser(sender_user=user):
            return ("" if sender is not None and user.id == sender.id else user.full_name), ""
        case MessageOriginHiddenUser(sender_user_name=name):
            return ("" if sender is not None and name == sender.full_name else name), ""
        case _:
            return "", ""


def _signed(chat: str, signature: str) -> str:
    return f"{chat} ({signature})" if chat and signature else chat or signature
