"""What another source tells of the same: a push as ever, or, for who wishes, a button under the first message."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.feeds.findings import Item
from bot.feeds.importer import Importing, Report
from bot.model.desk import Editor, Role
from bot.model.ledger import DeliveryCounts
from bot.model.matching import source_key
from bot.model.news import Incoming, RevisionKind
from bot.model.readers import Rule
from bot.relevance.threading import Threader
from bot.sandbox.faults import Fault
from bot.sandbox.world import Chat, Json
from bot.screens.callbacks import Show
from bot.screens.screen_refs import SourcesScreen
from storage.articles.imports import Imports
from storage.schema.tables import publication, source
from tests.support.arrivals import arrive, incoming
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, buttons_of, text_of

pytestmark = pytest.mark.wide

TITLE = "Київрада ухвалила бюджет столиці на наступний рік"
TEXT = (
    "У понеділок Київрада ухвалила бюджет Києва на наступний рік. Документ підтримали 84 депутати. Найбільше грошей "
    "передбачено на ремонт мостів і закупівлю тролейбусів, сказав Віталій Кличко. Видатки міста становитимуть 120 "
    "мільярдів гривень, з них третина піде на освіту та медицину. Ще 10 мільярдів отримають підприємства, що дбають "
    "про тепло взимку."
)
SECOND = "Столиця матиме бюджет на наступний рік"
SECOND_TEXT = TEXT.replace("84 депутати", "84 депутати зі 120").replace("ухвалила", "підтримала")
THIRD = "Бюджет столиці на наступний рік підтримали депутати"
THIRD_TEXT = TEXT.replace("Найбільше грошей", "Найбільше грошей із 30 мільярдів").replace(
    "Віталій Кличко", "міський голова"
)
DENIED = "Київрада не ухвалила бюджет столиці на наступний рік"
DENIED_TEXT = TEXT.replace("ухвалила", "не ухвалила").replace("підтримали", "не підтримали")
CANNOT = "Bad Request: message can't be edited"


async def _folds(somebody: Somebody, language: str = "uk") -> None:
    """Choose, with the taps a person makes, that the same from other sources comes silently."""
    uk = language == "uk"
    await somebody.says("/settings")
    await somebody.taps("Інші джерела" if uk else "Other sources")
    await somebody.taps("Тихо: «+2 джерела» під першою" if uk else "Silently: “+2 sources” under the first")


async def _a_reader(room: Newsroom, number: int = 1, language: str = "uk") -> Somebody:
    reader = room.person(f"Ч{number}", number, language)
    await reader.says("/start")
    await _folds(reader, language)
    return reader


async def _first(room: Newsroom) -> None:
    await arrive(room, incoming(room, 1, TITLE, TEXT, source="А"))


async def _second(room: Newsroom, **values: str) -> None:
    await arrive(room, incoming(room, 2, SECOND, SECOND_TEXT, **{"source": "Б", **values}))


async def _third(room: Newsroom) -> None:
    await arrive(room, incoming(room, 3, THIRD, THIRD_TEXT, source="В"))


def _labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons_of(message)]


def _first_of(somebody: Somebody) -> Json:
    """Return the oldest message that tells the first article: later ones may say that they resemble it."""
    return next(m for m in somebody.got if TITLE in text_of(m))


async def _written(room: Newsroom, incoming: Incoming) -> None:
    """Let an article come in; nobody waits until it is sent."""
    ground = room.app.parts.ground
    importing = Importing(
        store=Imports(ground.database),
        corrections=ground.store.corrections,
        placing=Threader(ground.store.stories),
        clock=ground.clock,
    )
    await importing.take_batch([Item("1", 1, incoming)], Report(), push=True)
    await room.tick()


async def _retracts(room: Newsroom, number: int) -> None:
    article = await room.store.articles.get(number)
    await room.app.parts.desk.corrections.retract(article, "Помилка.", Editor(100, Role.OWNER))
    await room.tick()
    await room.settled()


async def _tallies(room: Newsroom) -> list[DeliveryCounts]:
    async with room.database.read() as connection:
        numbers = (await connection.execute(select(publication.c.id).order_by(publication.c.id))).scalars().all()
    return [(await room.store.publications.get(number)).tally for number in numbers]


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_the_same_from_another_source_stands_silently_under_the_first(room: Newsroom, language: str) -> None:
    reader = await _a_reader(room, language=language)
    neighbour = room.person("Сусід", 2)
    await neighbour.says("/start")
    await _first(room)
    push = _first_of(reader)
    assert not any("+" in label for label in _labels(push))
    room.clock.advance(hours=2)
    await _second(room)
    one, two = ("+1 джерело", "+2 джерела") if language == "uk" else ("+1 source", "+2 sources")
    assert one in _labels(_first_of(reader))
    await _third(room)
    assert two in _labels(_first_of(reader))
    assert await reader.lacks(SECOND)
    assert await reader.lacks(THIRD)
    await neighbour.sees(SECOND)
    await neighbour.sees(THIRD)
    assert not any("+" in label for label in _labels(_first_of(neighbour)))


async def test_the_button_opens_what_they_tell_and_leads_back(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.clock.advance(hours=2)
    await _second(room)
    await _third(room)
    push = _first_of(reader)
    number, before = push["message_id"], (text_of(push), _labels(push))
    await reader.taps("+2 джерела", push)
    assert reader.last["message_id"] == number
    assert "Те самое" not in reader.screen
    await reader.sees_now("Те саме з інших джерел")
    assert reader.screen.index(f"1. {SECOND}") < reader.screen.index(f"2. {THIRD}")
    assert "Б · " in reader.screen
    assert "В · " in reader.screen
    await reader.taps("2")
    await reader.sees_now("із 30 мільярдів")
    await reader.taps("Назад")
    await reader.sees_now("Те саме з інших джерел")
    await reader.taps("Назад")
    assert reader.last["message_id"] == number
    assert (reader.screen, _labels(reader.last)) == before


async def test_who_reads_the_first_sees_the_button_and_keeps_reading(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await reader.taps("Читати")
    await _second(room)
    await reader.sees_now("про тепло взимку")
    assert "+1 джерело" in reader.buttons
    await reader.taps("Згорнути")
    assert "про тепло взимку" not in reader.screen
    assert "+1 джерело" in reader.buttons


async def test_who_reads_the_first_in_several_plain_messages_keeps_all_of_them(room: Newsroom) -> None:
    more = "".join(f"\n\nУ районі номер {number} відремонтують міст і дві школи." for number in range(120))
    reader = await _a_reader(room)
    await reader.says("/settings")
    await reader.taps("Вигляд")
    await arrive(room, incoming(room, 1, TITLE, TEXT + more, source="А"))
    await reader.sees(TITLE)
    await reader.taps("Читати", message := reader.message_with(TITLE))
    before, parts = text_of(message), await reader.count("У районі номер")
    assert parts > 1
    await arrive(room, incoming(room, 2, SECOND, SECOND_TEXT + more, source="Б"))
    await room.settled()
    assert text_of(message) == before
    assert any("+1" in label for label in _labels(message))
    assert await reader.count("У районі номер") == parts
    await reader.taps("Згорнути", message)
    assert await reader.lacks("У районі номер")


async def test_nobody_has_chosen_it_for_anybody(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/settings")
    assert "Інші джерела: надсилати" in reader.screen
    await _first(room)
    await _second(room)
    assert await reader.count(SECOND) == 1
    assert not any("+" in label for label in _labels(_first_of(reader)))


async def test_the_choice_is_shown_and_taken_back(room: Newsroom) -> None:
    reader = await _a_reader(room)
    assert "Інші джерела: тихо, під першою новиною" in reader.screen
    await reader.taps("Інші джерела")
    await reader.sees_now("Термінове надходить завжди.")
    await reader.taps("Надсилати")
    await _first(room)
    await _second(room)
    assert await reader.count(SECOND) == 1


async def test_several_that_come_at_once_are_one_edit_with_the_right_number(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.api.log.clear()
    await arrive(
        room,
        incoming(room, 2, SECOND, SECOND_TEXT, source="Б"),
        incoming(room, 3, THIRD, THIRD_TEXT, source="В"),
    )
    edits = [call for call in room.api.log if call.method == "editMessageText" and call.payload["chat_id"] == 1]
    assert len(edits) == 1
    assert "+2 джерела" in _labels(_first_of(reader))
    assert [tally.told for tally in await _tallies(room)] == [0, 1, 1]


async def test_two_different_pieces_of_news_are_both_sent(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await arrive(room, incoming(room, 2, DENIED, DENIED_TEXT, source="Б"))
    assert await reader.count(DENIED) == 1
    assert not any("+" in label for label in _labels(_first_of(reader)))


async def test_headlines_that_only_resemble_each_other_are_both_sent(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await arrive(room, incoming(room, 1, "Рада ухвалила бюджет столиці на рік", source="А"))
    await arrive(room, incoming(room, 2, "Рада підтримала бюджет столиці на рік", source="Б"))
    assert await reader.count("Рада підтримала бюджет столиці") == 1


async def test_what_the_same_source_goes_on_with_is_sent(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await _second(room, source="А")
    assert await reader.count(SECOND) == 1


async def test_a_source_stands_under_the_first_once(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await _second(room)
    await arrive(room, incoming(room, 3, THIRD, THIRD_TEXT, source="Б"))
    assert await reader.count(THIRD) == 1
    assert "+1 джерело" in _labels(_first_of(reader))


async def test_urgent_news_is_always_sent(room: Newsroom) -> None:
    reader, editor = await _a_reader(room), room.owner()
    await _first(room)
    await editor.publishes(f"{SECOND}\n\n{SECOND_TEXT}", urgent=True)
    await room.settled()
    assert await reader.count(SECOND) == 1


async def test_what_an_editor_publishes_stands_under_the_first_too(room: Newsroom) -> None:
    reader, editor = await _a_reader(room), room.owner()
    await _first(room)
    await editor.publishes(f"{SECOND}\n\n{SECOND_TEXT}")
    await room.settled()
    assert await reader.lacks(SECOND)
    assert "+1 джерело" in _labels(_first_of(reader))
    await room.tick()
    await editor.sees_now("Тихо, під першою новиною: 1")


async def test_a_source_that_is_followed_by_name_is_sent(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await arrive(room, incoming(room, 9, "У Львові відкрили музей", source="Б"))
    async with room.database.read() as connection:
        number = await connection.scalar(select(source.c.id).where(source.c.name == "Б"))
    assert number is not None
    await room.store.readers.put_rules(1, [Rule(key=source_key(number))])
    await _second(room)
    assert await reader.count(SECOND) == 1


async def test_a_word_that_only_the_other_source_has_is_sent_and_one_that_both_have_is_not(room: Newsroom) -> None:
    one, other = await _a_reader(room), await _a_reader(room, 2)
    await one.says("/words Кличко")
    await other.says("/words голова")
    await _first(room)
    await _third(room)
    assert await one.lacks(THIRD)
    assert await other.count(THIRD) == 1


async def test_a_muted_source_is_not_told_of_at_all(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await arrive(room, incoming(room, 9, "У Львові відкрили музей", source="Б"))
    async with room.database.read() as connection:
        number = await connection.scalar(select(source.c.id).where(source.c.name == "Б"))
    assert number is not None
    await room.store.readers.put_rules(1, [Rule(key=source_key(number), exclude=True)])
    await _first(room)
    await _second(room)
    assert await reader.lacks(SECOND)
    assert not any("+" in label for label in _labels(_first_of(reader)))


async def test_in_quiet_hours_it_is_told_as_silently(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await reader.says("/quiet 00:00-00:00")
    await _second(room)
    assert "+1 джерело" in _labels(_first_of(reader))
    assert [tally.held for tally in await _tallies(room)] == [0, 0]


async def test_a_reader_of_digests_gets_it_as_a_line(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await reader.says("/schedule hourly")
    await _second(room)
    assert not any("+" in label for label in _labels(_first_of(reader)))
    assert [tally.held for tally in await _tallies(room)] == [0, 1]


async def test_it_is_sent_to_who_has_no_message_of_the_first(room: Newsroom) -> None:
    reader = room.person()
    await _first(room)
    await reader.says("/start")
    await _folds(reader)
    await _second(room)
    assert await reader.count(SECOND) == 1


async def test_it_is_sent_when_the_first_failed(room: Newsroom) -> None:
    reader = await _a_reader(room)
    room.faults.order(Fault("answer", 1, "sendMessage", chat_id=1, status=400, description="Bad Request: odd"))
    await _first(room)
    assert await reader.lacks(TITLE)
    await _second(room)
    assert await reader.count(SECOND) == 1


async def test_it_is_sent_when_the_first_is_still_on_its_way(room: Newsroom) -> None:
    reader = await _a_reader(room)
    room.sender.window = 0
    await _written(room, incoming(room, 1, TITLE, TEXT, source="А"))
    await _written(room, incoming(room, 2, SECOND, SECOND_TEXT, source="Б"))
    room.sender.window = 10
    await room.settled()
    assert await reader.count(SECOND) == 1
    assert not any("+" in label for label in _labels(_first_of(reader)))


async def test_it_is_sent_when_the_first_is_gone(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.world.delete_message(reader.chat, _first_of(reader)["message_id"])
    await _second(room)
    assert await reader.count(SECOND) == 1
    assert [(tally.sent, tally.told, tally.left) for tally in await _tallies(room)] == [(1, 0, 0), (1, 0, 0)]


@pytest.mark.parametrize("words", [CANNOT, "Bad Request: MESSAGE_ODD", "Bad Request: BUTTON_DATA_INVALID"])
async def test_it_is_sent_when_the_edit_is_refused(room: Newsroom, words: str) -> None:
    reader = await _a_reader(room)
    await _first(room)
    for _ in range(4):
        room.faults.order(Fault("answer", 1, "editMessageText", chat_id=1, status=400, description=words))
    await _second(room)
    assert await reader.count(SECOND) == 1


async def test_an_edit_of_which_nobody_knows_is_made_again_and_nothing_is_sent(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.faults.order(Fault("reset", 1, "editMessageText", chat_id=1))
    await _second(room)
    assert await reader.lacks(SECOND)
    assert "+1 джерело" in _labels(_first_of(reader))


async def test_who_blocked_the_bot_meanwhile_costs_nothing(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    reader.blocks_the_bot()
    await room.heard()
    await _second(room)
    assert await reader.lacks(SECOND)
    assert [tally.left for tally in await _tallies(room)] == [0, 0]


async def test_it_is_sent_when_the_first_is_two_days_old(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.clock.advance(hours=48)
    await room.tick()
    await _second(room)
    assert await reader.count(SECOND) == 1


async def test_it_is_sent_when_the_first_was_retracted(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await _retracts(room, 1)
    await _second(room)
    assert await reader.count(SECOND) == 1


async def test_what_others_told_stays_when_the_first_is_retracted(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await _second(room)
    push = _first_of(reader)
    await _retracts(room, 1)
    push = next(m for m in reader.got if m["message_id"] == push["message_id"])
    assert "відкликано" in text_of(push)
    assert _labels(push) == ["+1 джерело"]
    await reader.taps("+1 джерело", push)
    await reader.taps("1", push)
    assert "84 депутати зі 120" in text_of(next(m for m in reader.got if m["message_id"] == push["message_id"]))


async def test_a_correction_of_the_first_keeps_the_button(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await _second(room)
    article = await room.store.articles.get(1)
    changed = replace(article, title=f"{TITLE} 2027")
    await room.app.parts.desk.corrections.correct(changed, RevisionKind.TYPO, "", Editor(100, Role.OWNER))
    await room.tick()
    await room.settled()
    assert "+1 джерело" in _labels(reader.message_with(f"{TITLE} 2027"))


async def test_what_is_retracted_of_the_others_is_said_in_its_place(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    await _second(room)
    await _third(room)
    await _retracts(room, 2)
    await reader.taps("+2 джерела", _first_of(reader))
    await reader.sees_now("1. ✖ Новину відкликано")
    assert SECOND not in reader.screen
    assert [label for label in reader.buttons if label in {"1", "2"}] == ["2"]


async def test_a_group_chooses_it_like_any_reader(room: Newsroom) -> None:
    boss = room.person()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    room.world.membership(boss.person, group, "left", "member")
    seat = room.member(boss, group, admin=True)
    await seat.says("/topics")
    await _folds(seat)
    await _first(room)
    await _second(room)
    assert await seat.lacks(SECOND)
    assert "+1 джерело" in _labels(_first_of(seat))
    member = room.member(room.person("Сусід", 2), group)
    await member.taps("+1 джерело", _first_of(member))
    assert member.toast["url"].endswith("?start=a_2")
    assert await seat.lacks(SECOND)
    await seat.taps("+1 джерело", _first_of(seat))
    await seat.sees_now(SECOND)


async def test_a_group_that_moves_before_it_is_told_gets_it_sent(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.sender.window = 0
    await _written(room, incoming(room, 2, SECOND, SECOND_TEXT, source="Б"))
    await room.store.readers.move_chat(1, 9, room.clock.now())
    there = room.person("Ч1", 9)
    room.sender.window = 10
    await room.tick()
    await room.settled()
    assert await there.count(SECOND) == 1
    assert await reader.lacks(SECOND)


async def test_the_editor_sees_how_many_were_told_silently_and_no_row_is_lost(room: Newsroom) -> None:
    for number in (1, 2, 3):
        await _a_reader(room, number)
    loud, editor = room.person("Гучний", 4), room.owner()
    await loud.says("/start")
    await _first(room)
    await editor.publishes(f"{SECOND}\n\n{SECOND_TEXT}")
    await room.settled()
    await room.tick()
    await editor.sees_now("Надіслано: 1 з 1")
    await editor.sees_now("Тихо, під першою новиною: 3")
    tally = (await _tallies(room))[1]
    assert (tally.total, tally.sent, tally.told, tally.left) == (4, 1, 3, 0)


async def test_a_stopped_send_tells_nobody(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.sender.window = 0
    await _written(room, incoming(room, 2, SECOND, SECOND_TEXT, source="Б"))
    await room.store.sends.stop(2, 100, room.clock.now())
    await room.tick()
    room.sender.window = 10
    await room.settled()
    assert await reader.lacks(SECOND)
    assert not any("+" in label for label in _labels(_first_of(reader)))
    tally = (await _tallies(room))[1]
    assert (tally.total, tally.dropped, tally.left) == (1, 1, 0)


async def test_a_paused_send_is_told_when_it_goes_on(room: Newsroom) -> None:
    reader = await _a_reader(room)
    await _first(room)
    room.sender.window = 0
    await _written(room, incoming(room, 2, SECOND, SECOND_TEXT, source="Б"))
    await room.store.sends.pause(2, "", 100, room.clock.now())
    await room.tick()
    room.sender.window = 10
    await _third(room)
    assert "+1 джерело" in _labels(_first_of(reader))
    await room.store.sends.resume(2, 100, room.clock.now())
    await room.tick()
    await room.settled()
    assert "+2 джерела" in _labels(_first_of(reader))


async def test_the_button_made_up_for_another_article_shows_nothing_of_others(room: Newsroom) -> None:
    reader, stranger = await _a_reader(room), room.person("Чужий", 7)
    await stranger.says("/start")
    await _first(room)
    await _second(room)
    push = _first_of(stranger)
    await stranger.presses(Show(SourcesScreen(1)).encode(), push)
    assert "Те саме" not in stranger.screen
    await stranger.presses(Show(SourcesScreen(999)).encode(), push)
    await stranger.presses("b:x1.99", push)
    await reader.presses(Show(SourcesScreen(1, 500)).encode(), _first_of(reader))
    assert "Назад" in " ".join(reader.buttons)
