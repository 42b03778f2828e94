"""Who gets past the gates: decided by who acts and where, for every event anew."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, Update, User

from bot.errors import AdminsOnly, NotAllowed
from bot.model.desk import Editor, Role
from bot.model.readers import Address, ChatKind, Reader
from bot.screens.callbacks import Action, Open, Related
from bot.screens.look import Locale, Look
from bot.screens.screen_refs import HeadlineScreen
from handlers.actor import Actor
from handlers.admins import ANONYMOUS, AdminsMiddleware
from handlers.commands import Typed
from handlers.filters import Private, RequireRole
from handlers.identity import IdentityMiddleware
from handlers.origin import Origin
from handlers.seldom import Seldom
from tests.support.clock import TestClock

AT = datetime(2026, 11, 26, tzinfo=UTC)
ANNA = User(id=7, is_bot=False, first_name="Анна")
CHANNEL = Chat(id=-70, type="channel")
EVENT = Update(update_id=1)


def _origin(
    kind: ChatKind, *, command: bool = True, tap: bool = False, sender_chat: Chat | None = None, nobody: bool = False
) -> Origin:
    chat = Chat(id=7 if kind is ChatKind.PRIVATE else -50, type="private" if kind is ChatKind.PRIVATE else "supergroup")
    user = None if nobody else ANNA
    message = Message(message_id=1, date=AT, chat=chat, from_user=user, sender_chat=sender_chat)
    return Origin(
        message=message,
        tap=CallbackQuery(id="1", from_user=ANNA, chat_instance="1", message=message) if tap else None,
        known=Reader(id=0, address=Address(chat.id), kind=kind, name="Сусіди"),
        command=Typed(name="topics", args="", known=True) if command and not tap else None,
    )


@dataclass(slots=True)
class Side:
    """Everything behind the gates: notes what reaches it, and answers as it is told."""

    administrators: frozenset[int] = frozenset()
    anonymous: frozenset[tuple[int, int]] = frozenset()
    handled: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)

    async def check(self, chat_id: int, user_id: int) -> bool:
        self.asked.append((chat_id, user_id))
        return user_id in self.administrators

    def write_anonymously(self, chat_id: int, user_id: int) -> bool:
        return (chat_id, user_id) in self.anonymous

    async def toast(self, text: str = "", *, url: str = "") -> None:
        self.toasts.append(text or url)

    async def handler(self, _: TelegramObject, data: dict[str, Any]) -> str:
        self.handled.append(data)
        return "done"


async def _passes(side: Side, origin: Origin | None, tap: Action | None = None, clock: TestClock | None = None) -> bool:
    gate = AdminsMiddleware(
        admins=cast("Any", side), username="visnyk", seldom=Seldom(clock=clock or TestClock(speed=0))
    )
    data = {"tap": tap, "reply": side, "library": side, "subscriptions": side} | (
        {} if origin is None else {"origin": origin}
    )
    return await gate(side.handler, EVENT, data) == "done"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        _origin(ChatKind.PRIVATE),
        _origin(ChatKind.PRIVATE, tap=True),
        _origin(ChatKind.CHANNEL, nobody=True),
        _origin(ChatKind.GROUP, command=False),
        _origin(ChatKind.GROUP, sender_chat=Chat(id=-50, type="supergroup")),  # an anonymous administrator
    ],
)
async def test_of_these_nobody_has_to_be_asked(origin: Origin | None) -> None:
    side = Side()
    assert await _passes(side, origin)
    assert side.asked == []


async def test_who_taps_and_writes_in_the_name_of_the_group_answers_so() -> None:
    side = Side(administrators=frozenset({7}), anonymous=frozenset({(-50, 7)}))
    assert await _passes(side, _origin(ChatKind.GROUP, tap=True))
    assert await _passes(side, _origin(ChatKind.GROUP))  # a command has said already who answers
    assert [data.get("answers_as") for data in side.handled] == [ANONYMOUS, None]


@pytest.mark.parametrize(
    "origin", [_origin(ChatKind.GROUP), _origin(ChatKind.GROUP, tap=True), _origin(ChatKind.CHANNEL, tap=True)]
)
async def test_in_a_group_and_at_buttons_of_a_channel_administrators_pass(origin: Origin) -> None:
    side = Side(administrators=frozenset({7}))
    assert await _passes(side, origin)
    assert side.asked == [(-50, 7)]
    others = Side(administrators=frozenset({8}))
    with pytest.raises(AdminsOnly):
        await _passes(others, origin)
    assert others.handled == []


@pytest.mark.parametrize("origin", [_origin(ChatKind.GROUP, sender_chat=CHANNEL), _origin(ChatKind.GROUP, nobody=True)])
async def test_who_speaks_as_another_chat_or_as_nobody_is_no_administrator(origin: Origin) -> None:
    side = Side(administrators=frozenset({7}))
    with pytest.raises(AdminsOnly):
        await _passes(side, origin)
    assert (side.handled, side.asked) == ([], [])


async def test_a_group_is_told_once_a_minute_and_each_for_itself() -> None:
    side, clock = Side(), TestClock(speed=0)
    gate = AdminsMiddleware(admins=cast("Any", side), username="visnyk", seldom=Seldom(clock=clock))
    here = _origin(ChatKind.GROUP)
    other = replace(here, known=replace(here.known, address=Address(-51)))

    async def told(origin: Origin) -> bool:
        try:
            assert await gate(side.handler, EVENT, {"origin": origin}) is None
        except AdminsOnly:
            return True
        return False

    assert [await told(here), await told(here), await told(other)] == [True, False, True]
    clock.advance(seconds=59)
    assert not await told(here)
    clock.advance(seconds=1)
    assert [await told(here), await told(here)] == [True, False]
    assert side.handled == []


@pytest.mark.parametrize("tap", [Open(3, HeadlineScreen(3)), Related(3, HeadlineScreen(3))])
async def test_somebody_else_s_tap_on_an_article_leads_to_their_own_chat(tap: Action) -> None:
    side = Side()
    assert not await _passes(side, _origin(ChatKind.GROUP, tap=True), tap)
    assert side.toasts == ["https://t.me/visnyk?start=a_3"]
    assert side.handled == []


def _actor(kind: ChatKind, role: Role) -> Actor:
    reader = Reader(id=1, address=Address(7), kind=kind, name="Анна")
    return Actor(reader=reader, editor=Editor(7, role, "Анна"), look=Look("uk", "Europe/Kyiv", AT))


KINDS = [ChatKind.PRIVATE, ChatKind.GROUP, ChatKind.CHANNEL]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", list(Role))
async def test_the_desk_is_in_the_private_chat_of_those_of_it(kind: ChatKind, role: Role) -> None:
    actor, private = _actor(kind, role), kind is ChatKind.PRIVATE
    assert actor.at_desk is (private and role in {Role.EDITOR, Role.OWNER})
    assert actor.of_newsroom is (private and role is not Role.READER)
    assert await Private()(EVENT, actor) is private


@pytest.mark.parametrize("asked", list(Role))
@pytest.mark.parametrize("role", list(Role))
async def test_a_role_is_enough_or_it_is_said_that_it_is_not(asked: Role, role: Role) -> None:
    actor = _actor(ChatKind.PRIVATE, role)
    if role >= asked:
        assert await RequireRole(asked)(EVENT, actor) is True
    else:
        with pytest.raises(NotAllowed):
            await RequireRole(asked)(EVENT, actor)


def test_who_changes_their_language_goes_on_in_it() -> None:
    actor = _actor(ChatKind.PRIVATE, Role.READER)
    actor.become(replace(actor.reader, language="en"))
    assert (actor.reader.language, actor.look, actor.now) == ("en", Look("en", "Europe/Kyiv", AT), AT)
    assert actor.say is actor.look.say


@dataclass(slots=True)
class House(Side):
    """What identity asks: subscriptions and staff."""

    new: bool = False
    role: Role = Role.READER
    begun: list[Reader] = field(default_factory=list)
    named: list[tuple[int, str]] = field(default_factory=list)
    refreshed: int = 0
    reader: Reader | None = None
    at_desk: bool = False

    async def meet(self, known: Reader, *, begins: bool = False) -> tuple[Reader, bool]:
        met = replace(known, id=5, language="en")
        self.begun += [met] if self.new and begins else []
        return met, self.new

    async def editor(self, user_id: int, name: str) -> Editor:
        self.named.append((user_id, name))
        return Editor(user_id, self.role, name)

    async def refresh_menus(self) -> None:
        self.refreshed += 1


async def _identified(house: House, origin: Origin | None) -> dict[str, Any]:
    me = cast("Any", house)
    gate = IdentityMiddleware(subscriptions=me, staff=me, locale=Locale("uk", "Europe/Kyiv", TestClock(AT, speed=0)))
    data = {"reply": house} | ({} if origin is None else {"origin": origin})
    assert await gate(house.handler, EVENT, data) == "done"
    return house.handled[-1]


async def test_everything_behind_knows_who_acts_as_they_are_now() -> None:
    house = House(role=Role.OWNER)
    data = await _identified(house, _origin(ChatKind.PRIVATE))
    actor: Actor = data["actor"]
    assert (actor.reader.id, data["language"], actor.look) == (5, "en", Look("en", "Europe/Kyiv", AT))
    assert actor.editor == Editor(7, Role.OWNER, "Анна")
    assert (house.reader, house.at_desk, house.named) == (actor.reader, True, [(7, "Анна")])
    assert house.toasts == [""], "the spinner is taken away"


async def test_what_comes_from_nowhere_has_no_actor() -> None:
    house = House()
    assert "actor" not in await _identified(house, None)
    assert (house.named, house.toasts) == ([], [])


async def test_nobody_is_a_reader() -> None:
    house = House(role=Role.OWNER)
    actor: Actor = (await _identified(house, _origin(ChatKind.GROUP, nobody=True)))["actor"]
    assert (actor.editor, house.named) == (Editor(0, Role.READER), [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tap", [True, False])
@pytest.mark.parametrize("new", [True, False])
async def test_a_group_that_speaks_for_the_first_time_gets_the_news_and_one_that_taps_does_not(
    kind: ChatKind, tap: bool, new: bool
) -> None:
    house = House(new=new)
    actor: Actor = (await _identified(house, _origin(kind, tap=tap)))["actor"]
    begins = new and not tap and kind is not ChatKind.PRIVATE
    assert house.begun == ([actor.reader] if begins else [])
    assert actor.is_new is (new and not tap)


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("role", list(Role))
async def test_who_is_of_the_newsroom_and_writes_first_gets_their_menu(role: Role, new: bool) -> None:
    house = House(new=new, role=role)
    await _identified(house, _origin(ChatKind.PRIVATE))
    assert house.refreshed == int(new and role is not Role.READER)
