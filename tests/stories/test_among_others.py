"""Among others: who cannot be asked is told the command, who hides behind the group is heard, no topic changes another's rules."""

import pytest

from bot.model.matching import EVERYTHING
from bot.model.readers import Address, Quiet, Reader
from bot.sandbox.faults import Fault
from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.people import Json, Somebody, buttons_of, text_of

pytestmark = pytest.mark.wide

GROUP_ANONYMOUS_BOT = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def _commands(seat: Somebody, text: str, **content: object) -> None:
    command = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
    seat.sends(text=text, entities=[command], **content)


def _callback(message: Json, label: str) -> str:
    return str(next(one["callback_data"] for one in buttons_of(message) if label in one["text"]))


async def _reader(room: Newsroom, chat: int, thread: int = 0) -> Reader:
    await room.heard()
    found = await room.store.readers.find(Address(chat, thread))
    assert found is not None
    return found


async def test_nobody_is_asked_in_a_channel_but_told_the_command(room: Newsroom) -> None:
    seat = await room.channel_of(room.person())
    for command in ("/search", "/words"):
        _commands(seat, command)
        await seat.sees_now(f"Надішліть слова разом із командою, наприклад: {command} ")
        assert seat.buttons == []
    _commands(seat, "/settings")
    await seat.taps("📋 Слова, історії та винятки")
    before = len(seat.got)
    await seat.taps("➕ Додати слова")
    assert seat.toast["text"].startswith("Надішліть слова разом із командою, наприклад: /words ")
    assert len(await seat.everything()) == before  # its readers are told nothing of it
    _commands(seat, "/words ремонт мосту, -футбол")
    await seat.sees_now("Новини зі словами «ремонт мосту» надходитимуть вам.")


async def test_help_names_no_command_that_does_nothing_there(room: Newsroom) -> None:
    admin = room.person()
    boss = room.member(admin, room.world.add_chat(Chat(-50, "supergroup", "Сусіди")), admin=True)
    await boss.says("/help")
    assert "/topics" in boss.screen
    assert "/mydata" not in boss.screen
    assert "/forget" not in boss.screen
    assert "Напишіть будь-які слова" not in boss.screen
    await admin.says("/help")
    assert "/forget" in admin.screen


async def test_who_taps_as_themselves_and_answers_in_the_name_of_the_group_is_heard(room: Newsroom) -> None:
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss = room.member(room.person(), group, admin=True)
    group.anonymous.add(boss.person.id)
    await boss.says("/topics")
    await boss.says("/settings")
    await boss.taps("🌙 Тихі години")
    answer = {"text": "22:30–7:15", "sender_chat": group.as_chat(), "reply_to_message": dict(boss.last)}
    room.world.put_update({"message": room.world.put_message(group, answer, sender=GROUP_ANONYMOUS_BOT)})
    await boss.sees_now("Тихі години: 22:30–07:15.")
    quiet = (await _reader(room, -50)).quiet
    assert isinstance(quiet, Quiet)


async def test_a_tap_on_an_old_message_of_a_forum_changes_no_other_topic(room: Newsroom) -> None:
    """Of such a message Telegram tells neither the text nor the topic."""
    editor = room.owner()
    forum = room.world.add_chat(Chat(-60, "supergroup", "Форум", topics={5: "Спорт"}))
    boss = room.member(room.person(), forum, admin=True)
    for thread in (0, 5):
        _commands(boss, "/topics", **({"message_thread_id": thread, "is_topic_message": True} if thread else {}))
        await room.heard()
    topics = boss.last
    old = {"chat": forum.as_chat(), "message_id": topics["message_id"], "date": 0}
    await boss.presses(_callback(topics, "Спорт"), old)
    assert boss.toast["text"] == "Ця кнопка застаріла. Викличте команду ще раз."
    for thread in (0, 5):
        reader = await _reader(room, -60, thread)
        assert (await room.store.readers.choices(reader.id, room.clock.now())).wanted == {EVERYTHING}
    await editor.publishes("Про футбол\n\nТекст про матч.")
    await room.delivered()
    push = next(m for m in boss.got if "Про футбол" in text_of(m) and m.get("message_thread_id") == 5)
    await boss.presses(_callback(push, "Читати"), {**old, "message_id": push["message_id"]})
    await boss.sees("Текст про матч.")


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "unchangeable"])
async def test_a_tap_on_what_cannot_change_any_more_is_answered_in_a_new_message(room: Newsroom, gone: bool) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/settings")
    settings = dict(reader.last)
    if gone:
        del reader.chat.messages[settings["message_id"]]
    else:
        words = "Bad Request: message can't be edited"
        room.faults.order(Fault("answer", method="editMessageText", chat_id=1, status=400, description=words))
    await reader.presses(_callback(settings, "🏷 Теми"), settings)
    await reader.sees_now("Ви отримуєте всі новини.")
    assert reader.last["message_id"] > settings["message_id"]


@pytest.mark.parametrize("admin", [False, True], ids=["a reader", "an administrator"])
async def test_what_is_written_to_a_channel_itself_is_left_to_its_people(room: Newsroom, admin: bool) -> None:
    """Its direct messages are a chat of their own; what is sent there without a topic Telegram refuses."""
    editor, who = room.owner(), room.person()
    channel = room.world.add_chat(Chat(-80, "supergroup", "Новини міста"))
    seat = room.member(who, channel, admin=admin)
    place = {**channel.as_chat(), "is_direct_messages": True, "is_forum": True}
    topic = {"topic_id": who.person.id, "user": who.person.as_user()}
    member = {"user": room.world.bot_user(), "status": "member"}
    room.world.put_update(
        {
            "my_chat_member": {
                "chat": place,
                "from": who.person.as_user(),
                "date": 1,
                "old_chat_member": {**member, "status": "left"},
                "new_chat_member": member,
            }
        }
    )
    for text in ("/topics", "/start", "Добрий день, це до редакції"):
        command = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
        written = {"text": text, "entities": command, "chat": place, "direct_messages_topic": topic}
        message = room.world.put_message(channel, written, sender=who.person.as_user())
        room.world.put_update({"message": message})
        room.world.put_update({"edited_message": {**message, "edit_date": 2}})
    await room.heard()
    await editor.publishes("Міст відкрито\n\nТекст.")
    assert await seat.everything() == []
    assert await room.store.readers.find(Address(-80)) is None


async def test_who_administers_a_group_no_more_answers_nothing_there(room: Newsroom) -> None:
    admin = room.person()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss = room.member(admin, group, admin=True)
    await boss.says("/topics")
    await boss.says("/quiet")
    asked = boss.last
    group.admins.discard(admin.person.id)
    room.clock.advance(minutes=2)
    before = len(boss.got)
    boss.sends(text="привіт")
    await room.heard()
    assert len(boss.got) == before
    boss.sends(text="22-7", reply_to_message=asked)
    await boss.sees_now("У групах і каналах це можуть лише адміністратори.")
    reader = await room.store.readers.find(Address(-50))
    assert reader is not None
    assert reader.quiet is None
