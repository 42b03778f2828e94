"""Who may see and do what: decided by who acts and where, never by what a button says."""

import pytest

from bot.model.readers import Address
from bot.sandbox.world import Chat
from bot.screens.callbacks import Open, Show
from bot.screens.screen_refs import DigestScreen, HeadlineScreen
from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of

ARTICLE = "Місто відкрило міст\n\nМіст будували три роки."


async def test_an_editor_sees_the_desk_s_buttons_in_their_own_chat_and_nowhere_else(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    seat = room.member(editor, group, admin=True)
    await seat.says("/topics")
    article = await editor.publishes(ARTICLE)
    await seat.sees("Місто відкрило міст")
    await editor.says(f"/read {article.id}")
    private = editor.buttons
    await seat.taps("Читати", seat.message_with("Місто відкрило міст"))
    here = [button["text"] for button in buttons_of(seat.message_with("Міст будували три роки"))]
    await reader.says(f"/read {article.id}")
    assert here
    assert set(here) <= set(reader.buttons) < set(private)


async def test_a_button_with_somebody_else_s_digest_shows_nothing(room: Newsroom) -> None:
    people, editor = [room.person("Оля", 1), room.person("Ія", 2)], room.owner()
    for reader, topic in zip(people, ("Спорт", "Погода"), strict=True):
        await reader.says("/start")
        await reader.taps(topic)
        await reader.says("/schedule hourly")
    await editor.publishes("Про футбол", topics=("Спорт",))
    await editor.publishes("Про дощ", topics=("Погода",))
    room.clock.advance(hours=1)
    await room.tick()
    await people[0].sees("Про футбол")
    await people[1].sees("Про дощ")
    for number in (1, 2, 3):
        await people[0].presses(Show(DigestScreen(number)).encode(), people[0].message_with("Дайджест"))
    assert await people[0].lacks("Про дощ")
    owner = await room.store.digests.reader_of(1)
    mine = await room.store.readers.find(Address(1))
    assert mine is not None
    own = 1 if owner == mine.id else 2
    await people[0].presses(Show(DigestScreen(own)).encode(), people[0].message_with("Дайджест"))
    await people[0].sees_now("Про футбол")


async def test_who_met_the_bot_by_a_tap_gets_nothing_they_did_not_ask_for(room: Newsroom) -> None:
    admin, member, editor = room.person(), room.person("Сусід", 2), room.owner()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.says("/topics")
    article = await editor.publishes(ARTICLE)
    await neighbour.sees("Місто відкрило міст")
    message = neighbour.message_with("Місто відкрило міст")
    await neighbour.presses(Open(article.id, HeadlineScreen(article.id)).encode(), message)
    assert neighbour.toast["url"].endswith(f"?start=a_{article.id}")
    assert await neighbour.lacks("Міст будували три роки")
    other = room.world.add_chat(Chat(-51, "supergroup", "Інші"))
    stranger = room.member(member, other)
    stranger.sends(text="привіт")
    await editor.publishes("Друга новина")
    assert await stranger.lacks("Друга новина")


async def test_somebody_who_speaks_as_another_channel_is_no_administrator(room: Newsroom) -> None:
    admin = room.person()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    channel = room.world.add_chat(Chat(-70, "channel", "Чужий канал"))
    boss = room.member(admin, group, admin=True)
    command = [{"type": "bot_command", "offset": 0, "length": 7}]
    boss.sends(text="/topics", entities=command, sender_chat=channel.as_chat())
    await boss.sees("У групах і каналах це можуть лише адміністратори.")
    assert await boss.lacks("Ви отримуєте всі новини.")


@pytest.mark.parametrize(
    ("language", "editors", "owners", "newsroom"),
    [
        ("uk", "Це може лише редактор.", "Це може лише власник.", "Це можуть лише люди редакції. Ваш id: 7"),
        (
            "en",
            "Only an editor can do that.",
            "Only an owner can do that.",
            "Only the newsroom can do that. Your id: 7",
        ),
    ],
)
async def test_who_is_of_the_newsroom_is_told_whose_work_it_is(
    room: Newsroom, language: str, editors: str, owners: str, newsroom: str
) -> None:
    owner, ihor = room.owner(), room.person("Ігор", 7, language)
    await ihor.says("/scheduled")
    await ihor.sees_now(newsroom)
    await owner.says(f"/post {ARTICLE}")
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    for command, told in (("/scheduled", editors), ("/feeds", editors), ("/editors", owners), ("/status", owners)):
        await ihor.says(command)
        await ihor.sees_now(told)
    for data in ("e:1:0:f:", "e:1:0:go:n0", "k:published:0"):
        await ihor.presses(data, ihor.got[0])
        assert ihor.toast["text"] == editors, data
    await owner.taps("▫️ редактор")
    await ihor.says("/doctor")
    await ihor.sees_now(owners)
