"""Receiving: nothing a stranger sends can stop the bot, nothing is lost, nothing is handled twice."""

import asyncio

import pytest

from bot.sandbox.faults import Fault
from tests.support.newsroom import Newsroom
from tests.support.waiting import until

POISON = [
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, "forward_origin": {"type": "from_mars"}}},
    {"message": {"date": "yesterday", "chat": 5}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private", "first_name": "x"}, "rich_message": {"blocks": [{"type": "hologram"}]}}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, "external_reply": {"story": {}}}},
    {"hologram_query": {"id": "1"}},
    {"callback_query": {"id": "1"}},
    {},
]  # fmt: skip


async def test_poisoned_updates_stop_nobody_and_are_kept(room: Newsroom) -> None:
    reader = room.person()
    for update in POISON:
        room.world.put_update(dict(update))
    await reader.says("/start")
    await reader.sees("Вітаємо")

    async def all_kept() -> bool:
        return (await room.store.inbox.set_aside(0))[0] == 2

    await until(all_kept, "they are not set aside")
    _, kept = await room.store.inbox.set_aside(10)
    assert kept
    assert all(one.reason for one in kept)


async def test_a_message_with_one_unknown_part_is_still_a_message(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    editor.sends(text="Переслана новина", forward_origin={"type": "from_mars", "date": 1}, external_reply={"story": {}})
    await editor.sees_now("Зробити з цього новину чи пошукати?")


async def test_an_update_that_comes_twice_is_handled_once(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    before = len(reader.got)
    message = room.world.put_message(
        reader.chat,
        {"text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]},
        sender=reader.person.as_user(),
    )
    number = room.world.put_update({"message": message})
    await reader.sees("Що можна робити")
    room.world.updates.append({"update_id": number, "message": message})
    room.world.arrived()
    await asyncio.sleep(0.3)
    assert len(await reader.everything()) == before + 1


async def test_what_came_while_the_bot_was_away_is_answered_in_order(room: Newsroom) -> None:
    reader = room.person()
    await room.stop()
    for command in ("/start", "/pause", "/resume"):
        reader.sends(text=command, entities=[{"type": "bot_command", "offset": 0, "length": len(command)}])
    await room.start()
    await reader.sees("Продовжуємо")
    texts = [m["text"] for m in reader.got]
    assert texts.index("Надсилання призупинено. Продовжити: /resume") < texts.index(
        "Продовжуємо. Що вийшло за цей час: /latest"
    )


async def test_polling_goes_on_after_everything_that_can_happen_to_it(room: Newsroom) -> None:
    reader = room.person()
    for fault in (
        Fault("page", 1, "getUpdates", status=502),
        Fault("answer", 1, "getUpdates", status=429, description="Too Many Requests: retry after 1", retry_after=1),
        Fault("reset", 1, "getUpdates"),
        Fault("answer", 1, "getUpdates", status=409, description="Conflict: terminated by other getUpdates request"),
    ):
        room.faults.order(fault)
    room.world.arrived()
    await reader.says("/start")
    await reader.sees("Вітаємо")


async def test_a_mistake_of_ours_gets_a_sentence_and_the_next_update_is_handled(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    searcher = room.app.parts.reading.library.searcher
    object.__setattr__(searcher, "words", None)
    await reader.says("/search міст")
    await reader.sees_now("Щось пішло не так.")
    await reader.says("/help")
    await reader.sees_now("Що можна робити")


async def test_whoever_floods_is_told_once_and_others_are_served(room: Newsroom) -> None:
    flooder, other = room.person("Спамер", 3), room.person("Оля", 4)
    await flooder.says("/start")
    began = room.clock.monotonic()
    for _ in range(80):
        flooder.sends(text="/help", entities=[{"type": "bot_command", "offset": 0, "length": 5}])
    await other.says("/start")
    await other.sees("Вітаємо")
    await flooder.sees("Трохи повільніше")
    await until(room.idle, "the bot does not come to rest")
    assert await flooder.count("Трохи повільніше") == 1
    seconds = room.clock.monotonic() - began
    assert await flooder.count("Що можна робити") < min(80, 50 + seconds), "one more a second is fine, a burst is not"


async def test_menus_are_set_by_language_and_role(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    await until(lambda: {("chat:100", "uk"), ("default:", "uk")} & set(room.world.menus), "no menu is set")
    await room.store.facts.take("menus")
    await room.app.parts.desk.menus.refresh()
    readers = {c["command"]: c["description"] for c in room.world.menus["all_private_chats:", "uk"]}
    desk = [c["command"] for c in room.world.menus["chat:100", "en"]]
    assert readers["latest"] == "останні новини"
    assert "post" not in readers
    assert {"post", "drafts", "editors"} <= set(desk)
    assert room.world.menus["default:", ""] == room.world.menus["default:", "uk"]


async def test_an_owner_who_writes_first_after_the_start_has_their_menu_then(room: Newsroom) -> None:
    while not await room.store.facts.get("menus"):  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0.01)  # Telegram has been told all there is to tell by now
    owner = room.owner()
    assert ("chat:100", "uk") not in room.world.menus
    await owner.says("/start")
    assert {"post", "drafts"} <= {one["command"] for one in room.world.menus["chat:100", "uk"]}


@pytest.mark.parametrize("status", [404, 500])
async def test_a_server_without_menus_is_a_server_all_the_same(room: Newsroom, status: int) -> None:
    room.faults.order(Fault("answer", 50, "setMyCommands", status=status, description="Not Found"))
    await room.store.facts.take("menus")
    await room.app.parts.desk.menus.refresh()
    reader = room.person()
    await reader.says("/start")
    await reader.sees("Вітаємо")


async def test_stopping_finishes_what_runs(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    room.faults.order(Fault("slow", 1, "sendMessage", chat_id=1, seconds=0.6))
    await editor.says("/post Повільна новина")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await asyncio.sleep(0.2)
    await room.stop()
    await reader.sees("Повільна новина\n")
    await room.start()
    await room.settled()
    tally = (await room.store.publications.get(1)).tally
    assert (tally.sent, tally.uncertain) == (1, 0)
    assert await reader.count("Повільна новина\n") == 1
