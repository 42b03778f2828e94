"""Groups, forum topics and channels: their administrators decide, everybody reads."""

from dataclasses import replace

import pytest

from bot.model.readers import Address, ReaderState
from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.waiting import until

pytestmark = pytest.mark.wide


async def test_an_administrator_brings_news_into_a_group(room: Newsroom) -> None:
    admin, member, editor = room.person(), room.person("Сусід", 2), room.owner()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    room.world.membership(admin.person, group, "left", "member")
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.sees("Щойно адміністратор надішле сюди /topics")
    neighbour.sends(text="привіт усім")
    await neighbour.says("/topics")
    await neighbour.sees_now("У групах і каналах це можуть лише адміністратори.")
    await editor.publishes("Зарано")
    assert await boss.lacks("Зарано")
    await boss.says("/topics")
    await boss.taps("Спорт")
    await editor.publishes("Про погоду", topics=("Погода",))
    await editor.publishes("Про футбол\n\nТекст.", topics=("Спорт",))
    await boss.sees("Про футбол")
    assert await boss.lacks("Про погоду")


async def test_a_member_who_taps_reads_in_their_own_chat_and_an_administrator_in_place(room: Newsroom) -> None:
    admin, member, editor = room.person(), room.person("Сусід", 2), room.owner()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.says("/topics")
    article = await editor.publishes("Про футбол\n\nТекст про матч.")
    await neighbour.sees("Про футбол")
    await neighbour.taps("Читати")
    assert neighbour.toast["url"] == f"https://t.me/visnyk_sandbox_bot?start=a_{article.id}"
    assert await neighbour.lacks("Текст про матч.")
    await neighbour.taps("❓ Чому це тут?")
    assert neighbour.toast["text"] == "У групах і каналах це можуть лише адміністратори."
    await boss.taps("Читати")
    await boss.sees("Текст про матч.")


async def test_each_topic_of_a_forum_has_its_own_settings(room: Newsroom) -> None:
    admin, editor = room.person(), room.owner()
    group = room.world.add_chat(Chat(-60, "supergroup", "Форум"))
    boss = room.member(admin, group, admin=True)
    for thread, topic in ((5, "Спорт"), (6, "Погода")):
        command = [{"type": "bot_command", "offset": 0, "length": 7}]
        boss.sends(text="/topics", entities=command, message_thread_id=thread, is_topic_message=True)
        await boss.sees_now("Теми")
        while boss.last.get("message_thread_id") != thread:
            await room.clock.sleep(0.01)
        await boss.taps(topic)
    await editor.publishes("Про футбол", topics=("Спорт",))
    await room.settled()
    assert [m["message_thread_id"] for m in boss.got if m.get("text", "").startswith("Про футбол")] == [5]


async def test_an_anonymous_administrator_is_one(room: Newsroom) -> None:
    admin = room.person()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss = room.member(admin, group)
    boss.sends(
        text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}], sender_chat=group.as_chat()
    )
    await boss.sees("Ви отримуєте всі новини.")


async def test_a_channel_is_set_up_by_posts_in_it(room: Newsroom) -> None:
    admin, editor = room.person(), room.owner()
    await admin.says("/start")
    channel = room.world.add_chat(Chat(-70, "channel", "Новини міста"))
    room.world.membership(admin.person, channel, "left", "administrator")
    await admin.sees("Канал «Новини міста» під’єднано.")
    seat = room.member(admin, channel, admin=True)
    seat.sends(text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}])
    await seat.sees("Ви отримуєте всі новини.")
    await editor.publishes("Новина для каналу")
    await seat.sees("Новина для каналу")


async def test_a_bot_thrown_out_of_a_group_sends_nothing_there(room: Newsroom) -> None:
    admin, editor = room.person(), room.owner()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss = room.member(admin, group, admin=True)
    await boss.says("/topics")
    room.world.membership(admin.person, group, "member", "kicked")

    async def thrown_out() -> bool:
        found = await room.store.readers.find(Address(-50))
        return found is not None and found.state is ReaderState.KICKED

    await until(thrown_out, "nobody notices")
    await editor.publishes("Новина")
    await room.settled()
    assert await boss.lacks("Новина")
    room.world.membership(admin.person, group, "kicked", "member")
    await room.clock.sleep(0.3)
    await editor.publishes("Знову тут")
    await boss.sees("Знову тут")


async def test_people_talking_in_a_group_are_left_alone(room: Newsroom) -> None:
    admin = room.person()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss = room.member(admin, group, admin=True)
    await boss.says("/topics")
    before = len(boss.got)
    boss.sends(text="хто бачив кота?")
    boss.sends(text="/start@another_bot", entities=[{"type": "bot_command", "offset": 0, "length": 18}])
    await room.clock.sleep(0.5)
    assert len(await boss.everything()) == before


@pytest.mark.parametrize("command", ["/help", "/latest", "/search міст", "/corrections", "/cancel"])
async def test_who_only_asks_something_in_a_group_has_not_asked_for_news(room: Newsroom, command: str) -> None:
    admin, editor = room.person(), room.owner()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss = room.member(admin, group, admin=True)
    await boss.says(command)
    await editor.publishes("Про погоду", topics=("Погода",))
    assert await boss.lacks("Про погоду\nВісник")
    await boss.says("/topics")
    assert "Не обрано нічого, тож новини не надходять." in boss.screen
    await boss.taps("Спорт")
    await editor.publishes("Про футбол", topics=("Спорт",))
    await boss.sees("Про футбол\nВісник")


@pytest.mark.parametrize(("language", "more"), [("uk", "Ще за темою"), ("en", "More on this")])
async def test_the_buttons_that_help_names_to_a_group_work_for_every_member(
    room: Newsroom, language: str, more: str
) -> None:
    admin, member, editor = room.person(), room.person("Сусід", 2), room.owner()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.says("/topics")
    found = await room.store.readers.find(Address(-50))
    assert found is not None
    await room.store.readers.save(replace(found, language=language), room.clock.now())
    await boss.says("/help")
    said = boss.screen
    await editor.publishes("Про футбол\n\nТекст про матч.")
    await neighbour.sees("Про футбол")
    for label in ("Читати" if language == "uk" else "Read", more):
        assert label in said
        await neighbour.taps(label)
        assert "start=a_" in neighbour.toast["url"]
