"""The world of the stand-in: people, groups, channels, their messages, and what waits for the bot."""

import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]

BOT_ID = 7_000_000_001


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    language_code: str = "uk"
    username: str = ""
    blocked: bool = False
    deactivated: bool = False

    def as_user(self) -> Json:
        """Return the Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        user["language_code"] = self.language_code
        return user | ({"username": self.username} if self.username else {})


@dataclass(slots=True)
class Chat:
    """A chat: `kind` as the Bot API says it. `admins` and `members` are people's ids, `topics` a forum's by number.

    Of the administrators the `anonymous` ones write in the chat's name.
    """

    id: int
    kind: str = "private"
    title: str = ""
    person: Person | None = None
    admins: set[int] = field(default_factory=set)
    members: set[int] = field(default_factory=set)
    anonymous: set[int] = field(default_factory=set)
    bot_status: str = "member"
    bot_may_write: bool = True
    moved_to: int | None = None
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    username: str = ""

    def as_chat(self) -> Json:
        """Return the Bot API's Chat."""
        chat: Json = {"id": self.id, "type": self.kind}
        if self.person is not None:
            named = {"username": self.person.username} if self.person.username else {}
            return chat | {"first_name": self.person.first_name} | named
        if self.username:
            chat["username"] = self.username
        return chat | {"title": self.title} | ({"is_forum": True} if self.topics else {})


@dataclass(slots=True)
class Tap:
    """A tap on a button that waits for its answer."""

    id: str
    person: int
    chat: int
    at: datetime
    answer: Json | None = None


@dataclass(slots=True)
class Inquiry:
    """An inline query that waits for its answer."""

    id: str
    at: datetime
    answer: Json | None = None


class World:
    """Everything there is. `now` tells the time; `changed` is called with each thing a page would want to show."""

    def __init__(self, now: Callable[[], datetime], changed: Callable[[Json], None] = lambda _: None) -> None:
        self.counts_by_chat = False  # as no Telegram does: to see that nobody relies on it blindly
        self.now = now
        self.changed = changed
        self.arrived: Callable[[], None] = lambda: None
        self._message_ids: defaultdict[int, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
        self._update_ids = itertools.count(int(now().timestamp()) % 10_000_000 * 10)
        self._tap_ids = itertools.count(1)
        self._numbers = itertools.count(1)
        self.forget()

    def forget(self) -> None:
        """Empty the world; the numbers of messages and updates go on."""
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.inquiries: dict[str, Inquiry] = {}
        self.files: dict[str, bytes] = {}
        self.shapes: dict[str, Json] = {}
        self.updates: list[Json] = []
        self.webhook = ""  # while one is set, nobody is given updates
        self.webhook_word = ""
        self.webhook_certificate = ""
        self.webhook_error: tuple[int, str] | None = None  # when and why the last update could not be brought
        self.bot_name = "Вісник"
        self.menus: dict[tuple[str, str], list[Json]] = {}

    def next_number(self) -> int:
        """Return a number that nothing else has."""
        return next(self._numbers)

    def keep_file(self, file_id: str, content: bytes, shape: Json) -> Json:
        """Keep a file and return it as the Bot API's; `shape` is what it has besides its ids. May be repeated."""
        self.files[file_id] = content
        self.shapes[file_id] = {"file_id": file_id, "file_unique_id": file_id[-16:], **shape}
        return self.shapes[file_id]

    def add_person(self, person: Person) -> Chat:
        """Let somebody into the world; returns their chat with the bot."""
        self.people[person.id] = person
        chat = Chat(person.id, person=person, members={person.id})
        self.chats[chat.id] = chat
        return chat

    def add_chat(self, chat: Chat) -> Chat:
        """Make a group or a channel."""
        self.chats[chat.id] = chat
        return chat

    def chat_named(self, named: int | str) -> Chat | None:
        """Return a chat by its number, or by its @name; None when there is none."""
        if isinstance(named, str) and named.startswith("@"):
            return next((one for one in self.chats.values() if one.username == named[1:]), None)
        return self.chats.get(int(named))

    def bot_user(self) -> Json:
        """Return the bot as a User."""
        return {"id": BOT_ID, "is_bot": True, "first_name": self.bot_name, "username": "visnyk_sandbox_bot"}

    def put_message(self, chat: Chat, content: Json, *, sender: Json | None) -> Json:
        """Put a message into a chat; `sender` None for a channel's own post."""
        message: Json = {"message_id": self.next_message_id(chat), "date": int(self.now().timestamp())}
        message |= {"chat": chat.as_chat(), **content}
        if sender is not None:
            message["from"] = sender
        else:
            message["sender_chat"] = chat.as_chat()
        chat.messages[message["message_id"]] = message
        self.changed({"kind": "message", "chat": chat.id, "message": message})
        return message

    def next_message_id(self, chat: Chat) -> int:
        """Return the number of a chat's next message: of one counter for all private chats and basic groups."""
        own = chat.kind in {"supergroup", "channel"} or self.counts_by_chat
        return next(self._message_ids[chat.id if own else 0])

    def change_message(self, chat: Chat, message: Json) -> None:
        """Note that a message was edited."""
        message["edit_date"] = int(self.now().timestamp())
        self.changed({"kind": "edit", "chat": chat.id, "message": message})

    def delete_message(self, chat: Chat, message_id: int) -> bool:
        """Take a message away; returns whether it was there and young enough."""
        return message_id in chat.messages and self.delete_messages(chat, [message_id])

    def delete_messages(self, chat: Chat, message_ids: list[int]) -> bool:
        """Take those away that are there; returns False, and takes none, when one of them is too old."""
        there = [one for one in message_ids if one in chat.messages]
        if any(self.now() - self.date_of(chat.messages[one]) > timedelta(hours=48) for one in there):
            return False
        for message_id in there:
            del chat.messages[message_id]
            self.changed({"kind": "delete", "chat": chat.id, "message_id": message_id})
        return True

    def date_of(self, message: Json) -> datetime:
        """Return when a message was sent."""
        return datetime.fromtimestamp(message["date"], tz=self.now().tzinfo)

    def put_update(self, event: Json) -> int:
        """Let something happen that the bot is told of; returns the update's number."""
        number = next(self._update_ids)
        self.updates.append({"update_id": number, **event})
        self.arrived()
        return number

    def says(self, person: Person, chat: Chat, content: Json) -> Json:
        """Let a person write to a chat that the bot is in."""
        own_post = chat.kind == "channel"
        message = self.put_message(chat, content, sender=None if own_post else person.as_user())
        self.put_update({"channel_post" if own_post else "message": message})
        return message

    def edits(self, person: Person, chat: Chat, message: Json, content: Json) -> None:
        """Let a person edit a message of theirs."""
        message |= content
        self.change_message(chat, message)
        own_post = chat.kind == "channel"
        edited = message if own_post else {**message, "from": person.as_user()}
        self.put_update({"edited_channel_post" if own_post else "edited_message": edited})

    def taps_on(self, person: Person, chat: Chat, message: Json, data: str) -> Tap:
        """Let a person press a button."""
        tap = Tap(f"{next(self._tap_ids)}", person.id, chat.id, self.now())
        self.taps[tap.id] = tap
        query = {"id": tap.id, "from": person.as_user(), "message": message, "chat_instance": "1", "data": data}
        self.put_update({"callback_query": query})
        return tap

    def asks_inline(self, person: Person, words: str, offset: str = "") -> Inquiry:
        """Let a person type the bot's name and some words into any chat."""
        inquiry = Inquiry(f"{next(self._tap_ids)}", self.now())
        self.inquiries[inquiry.id] = inquiry
        self.put_update(
            {"inline_query": {"id": inquiry.id, "from": person.as_user(), "query": words, "offset": offset}}
        )
        return inquiry

    def membership(self, person: Person, chat: Chat, old: str, new: str) -> None:
        """Let the bot's standing in a chat change by somebody's doing."""
        chat.bot_status = new
        self.changed({"kind": "membership", "chat": chat.id, "present": new in {"member", "administrator"}})
        self.put_update(
            {
                "my_chat_member": {
                    "chat": chat.as_chat(),
                    "from": person.as_user(),
                    "date": int(self.now().timestamp()),
                    "old_chat_member": _member(self.bot_user(), old),
                    "new_chat_member": _member(self.bot_user(), new),
                }
            }
        )


def _member(user: Json, status: str) -> Json:
    member: Json = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
            "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
            "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
        )  # fmt: skip
        member |= dict.fromkeys(rights, False) | {"can_post_messages": True, "can_edit_messages": True}
    return member
