"""Groups that change: each forum topic is a reader of its own, in whatever happens to the chat; and none says hello twice."""

from dataclasses import replace
from typing import Any

import pytest

from bot.model.news import RevisionKind
from bot.model.readers import Address, ReaderState
from bot.sandbox.faults import Fault
from bot.sandbox.world import Chat
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Somebody, text_of

pytestmark = pytest.mark.wide

HELLO = "Щойно адміністратор надішле сюди /topics"
TOPICS = (5, 6)


async def _says_in(boss: Somebody, room: Newsroom, text: str, thread: int = 0) -> None:
    topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
    boss.sends(
        text=text, entities=[{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}], **topic
    )
    await room.heard()


async def _a_forum(room: Newsroom) -> Somebody:
    """Return the administrator of a forum with two topics that get all news; the second one is paused."""
    admin = room.person()
    group = room.world.add_chat(Chat(-60, "supergroup", "Форум"))
    boss = room.member(admin, group, admin=True)
    for thread in TOPICS:
        await _says_in(boss, room, "/topics", thread)
    return boss


def _happens(
    room: Newsroom, boss: Somebody, old: dict[str, Any], new: dict[str, Any], chat: dict[str, Any] | None = None
) -> None:
    bot = room.world.bot_user()
    room.world.put_update(
        {
            "my_chat_member": {
                "chat": chat or boss.chat.as_chat(),
                "from": boss.person.as_user(),
                "date": 1,
                "old_chat_member": {"user": bot, **old},
                "new_chat_member": {"user": bot, **new},
            }
        }
    )


MEMBER, LEFT = {"status": "member"}, {"status": "left"}
KICKED = {"status": "kicked", "until_date": 0}


def _restricted(*, member: bool = True, write: bool = False) -> dict[str, Any]:
    rights = (
        "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes",
        "can_send_voice_notes", "can_send_polls", "can_send_other_messages", "can_add_web_page_previews", "can_change_info",
        "can_invite_users", "can_pin_messages", "can_manage_topics", "can_edit_tag", "can_react_to_messages",
    )  # fmt: skip
    return {"status": "restricted", "is_member": member, "until_date": 0, "can_send_messages": write} | dict.fromkeys(
        rights, False
    )


async def _states(room: Newsroom, chat: int = -60) -> list[ReaderState | None]:
    await room.heard()
    found = [await room.store.readers.find(Address(chat, thread)) for thread in TOPICS]
    return [one.state if one is not None else None for one in found]


async def _where(boss: Somebody, title: str) -> list[int]:
    return [m.get("message_thread_id", 0) for m in await boss.everything() if text_of(m).startswith(title)]


@pytest.mark.parametrize(
    ("gone", "state"),
    [
        (KICKED, ReaderState.KICKED),
        (LEFT, ReaderState.KICKED),
        (_restricted(), ReaderState.MUTED),
        (_restricted(member=False), ReaderState.KICKED),
    ],
)
async def test_what_happens_to_a_chat_happens_to_every_topic_of_it_and_is_undone_in_every_one(
    room: Newsroom, gone: dict[str, Any], state: ReaderState
) -> None:
    boss, editor = await _a_forum(room), room.owner()
    _happens(room, boss, MEMBER, gone)
    assert await _states(room) == [state, state]
    await editor.publishes("Зарано")
    assert await _where(boss, "Зарано") == []
    _happens(room, boss, gone, MEMBER)
    assert await _states(room) == [ReaderState.ACTIVE, ReaderState.ACTIVE]
    await editor.publishes("Знову тут")
    assert sorted(await _where(boss, "Знову тут")) == [5, 6]
    assert await boss.lacks(HELLO)  # it is known here


async def test_a_topic_that_paused_stays_paused_whatever_happens_to_the_chat(room: Newsroom) -> None:
    boss, editor = await _a_forum(room), room.owner()
    await _says_in(boss, room, "/pause", 6)
    _happens(room, boss, MEMBER, KICKED)
    _happens(room, boss, KICKED, MEMBER)
    assert await _states(room) == [ReaderState.ACTIVE, ReaderState.PAUSED]
    await editor.publishes("Новина")
    assert await _where(boss, "Новина") == [5]


async def test_hello_is_said_to_a_group_that_the_bot_joins_and_not_when_its_rights_change(room: Newsroom) -> None:
    admin = room.person()
    boss = room.member(admin, room.world.add_chat(Chat(-50, "supergroup", "Сусіди")), admin=True)
    _happens(room, boss, LEFT, MEMBER)
    await boss.sees(HELLO)
    for old, new in ((MEMBER, _restricted(write=True)), (_restricted(write=True), MEMBER), (MEMBER, MEMBER)):
        _happens(room, boss, old, new)
    await room.heard()
    assert await boss.count(HELLO) == 1


async def test_a_closed_topic_is_left_alone_until_it_is_opened_and_its_neighbour_goes_on(room: Newsroom) -> None:
    boss, editor = await _a_forum(room), room.owner()
    await _refused(room, editor, "Bad Request: TOPIC_CLOSED", "Поки закрито")
    states = await _states(room)
    assert sorted(states, key=str) == sorted([ReaderState.ACTIVE, ReaderState.MUTED], key=str)
    closed = TOPICS[states.index(ReaderState.MUTED)]
    await editor.publishes("Лише в сусідній")
    assert await _where(boss, "Лише в сусідній") == [sum(TOPICS) - closed]
    boss.sends(forum_topic_reopened={}, message_thread_id=closed, is_topic_message=True)
    assert await _states(room) == [ReaderState.ACTIVE, ReaderState.ACTIVE]
    await editor.publishes("В обох")
    assert sorted(await _where(boss, "В обох")) == [5, 6]


async def test_a_deleted_topic_is_gone_and_does_not_come_back_with_the_chat(room: Newsroom) -> None:
    boss, editor = await _a_forum(room), room.owner()
    await _refused(room, editor, "Bad Request: message thread not found", "Тему видалено")
    assert sorted(await _states(room), key=str) == sorted([ReaderState.ACTIVE, ReaderState.GONE], key=str)
    _happens(room, boss, MEMBER, KICKED)
    _happens(room, boss, KICKED, MEMBER)
    assert ReaderState.GONE in await _states(room)
    await editor.publishes("Далі")
    assert len(await _where(boss, "Далі")) == 1


async def _refused(room: Newsroom, editor: Desk, words: str, title: str) -> None:
    room.faults.order(Fault("answer", method="sendMessage", chat_id=-60, status=400, description=words))
    await editor.publishes(title)
    await room.settled()


@pytest.mark.parametrize("first", ["to", "from", "out", "sending"])
async def test_a_group_that_becomes_a_supergroup_goes_on_there_whatever_is_told_first(
    room: Newsroom, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    admin, editor = room.person(), room.owner()
    old, new = (room.world.add_chat(Chat(n, kind, "Сусіди")) for n, kind in ((-50, "group"), (-1050, "supergroup")))
    boss, there = room.member(admin, old, admin=True), room.member(admin, new, admin=True)
    await boss.says("/topics")
    await boss.says("/schedule щогодини")
    await boss.says("/schedule одразу")
    await editor.publishes("Перша новина")
    await boss.sees("Перша новина")
    old.moved_to = new.id
    if first == "sending":
        await editor.publishes("Друга новина")
        await room.settled()
    if first == "out":
        _happens(room, boss, MEMBER, LEFT)
    told = [(boss, {"migrate_to_chat_id": new.id}), (there, {"migrate_from_chat_id": old.id})]
    for seat, message in told[::-1] if first == "from" else told:
        seat.sends(**message)
        await room.heard()
    if first != "sending":
        await editor.publishes("Друга новина")
        await room.settled()
    assert await there.count("Друга новина") == 1
    assert await there.count("Перша новина") == 0
    assert await boss.count("Друга новина") == 0
    moved, left = await room.store.readers.find(Address(new.id)), await room.store.readers.find(Address(old.id))
    assert moved is not None
    assert (moved.state, left) == (ReaderState.ACTIVE, None)
    assert "a handler failed" not in caplog.text


async def test_who_asks_in_a_group_while_it_moves_is_answered_where_it_is_now(room: Newsroom) -> None:
    admin = room.person()
    old, new = (room.world.add_chat(Chat(n, kind, "Сусіди")) for n, kind in ((-50, "group"), (-1050, "supergroup")))
    boss, there = room.member(admin, old, admin=True), room.member(admin, new, admin=True)
    await boss.says("/topics")
    old.moved_to = new.id
    boss.sends(text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}])
    await there.sees("Ви отримуєте всі новини.")


async def test_a_refusal_that_speaks_of_the_chat_holds_for_each_topic_of_it(room: Newsroom) -> None:
    boss, editor = await _a_forum(room), room.owner()
    boss.chat.bot_status = "kicked"  # and Telegram tells of it only when something is sent there
    await editor.publishes("Новина для форуму")
    await room.settled()
    assert await _states(room) == [ReaderState.KICKED, ReaderState.KICKED]


@pytest.mark.parametrize(("language", "words"), [("en", "As soon as an administrator"), ("uk", HELLO), ("xx", HELLO)])
async def test_a_group_is_greeted_in_the_language_of_who_let_the_bot_in(
    room: Newsroom, language: str, words: str
) -> None:
    admin = room.person(language=language)
    group = room.world.add_chat(Chat(-50, "supergroup", "Neighbours"))
    room.world.membership(admin.person, group, "left", "member")
    await room.member(admin, group, admin=True).sees(words)


@pytest.mark.parametrize("plain", [True, False])
async def test_a_digest_of_a_topic_stays_one_when_what_is_open_in_it_is_corrected(room: Newsroom, plain: bool) -> None:
    forum = room.world.add_chat(Chat(-60, "supergroup", "Форум", topics={5: "Спорт"}))
    boss, editor = room.member(room.person(), forum, admin=True), room.owner()
    for thread, topic in ((0, "Погода"), (5, "Спорт")):
        await _says_in(boss, room, "/topics", thread)
        await boss.taps(topic, boss.last)
        await _says_in(boss, room, "/schedule hourly", thread)
        reader = await room.store.readers.find(Address(-60, thread))
        assert reader is not None
        await room.store.readers.save(replace(reader, plain=plain), room.clock.now())
    article = await editor.publishes("Про футбол\n\n" + "Речення про футбол. " * 400, topics=("Спорт",))
    room.clock.advance(hours=1)
    await room.tick()
    await boss.sees("Дайджест")
    digest = boss.message_with("Дайджест")
    await boss.taps("1", digest)
    await room.heard()
    assert "Дайджест" not in text_of(digest)
    person = await room.app.parts.desk.staff.person(100)
    corrections = room.app.parts.desk.corrections
    changed = await corrections.proposed(await corrections.open(article.id), "title", "Про футбол і дощ", ())
    await corrections.correct(changed, RevisionKind.TYPO, "", person)
    await room.tick()
    await room.delivered()
    now = text_of(boss.chat.messages[digest["message_id"]])
    assert "Про футбол і дощ" in now
    assert now.startswith("Дайджест" if plain else "Про футбол і дощ"), now[:200]
