"""What people type where something is asked is taken as they mean it, or refused with what helps."""

from zoneinfo import ZoneInfo

import pytest

from bot.model.matching import MatchKind
from bot.model.readers import Address, Choices, Reader, ReaderState
from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of, text_of

pytestmark = pytest.mark.wide
BOTH = pytest.mark.parametrize("language", ["uk", "en"])


async def _reader(room: Newsroom) -> Reader:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    return person


async def _choices(room: Newsroom) -> Choices:
    return await room.store.readers.choices((await _reader(room)).id, room.clock.now())


@pytest.mark.parametrize("said", ["через рік", "in a year", "через 12 місяців"])
async def test_a_year_from_now_is_that_day_of_the_next(room: Newsroom, said: str) -> None:
    editor = room.owner()
    await editor.says("/post Перша\n\nтекст")
    await editor.taps("🕒 Запланувати")
    await editor.says(said)
    (plan,) = await room.store.publications.of_article(1)
    now = room.clock.now()
    assert (plan.at.year, plan.at.month, plan.at.day) == (now.year + 1, now.month, now.day)


@BOTH
async def test_a_pause_with_an_end_is_a_pause_and_says_that_it_has_none(room: Newsroom, language: str) -> None:
    reader = room.person(language=language)
    await reader.says("/start")
    for said in ("/pause 3 дні", "/pause 3 days", "/pause до понеділка"):
        await reader.says(said)
        words = "Пауза на певний строк не ставиться." if language == "uk" else "A pause cannot be set to end by itself."
        assert words in reader.screen
        assert "/resume" in reader.screen
        assert (await _reader(room)).state is ReaderState.PAUSED
    await reader.says("/pause")
    assert "строк" not in reader.screen


@pytest.mark.parametrize("said", ["№ 1", "№1", "#1"])
async def test_the_number_that_stands_under_an_article_opens_it(room: Newsroom, said: str) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nПовний текст новини.")
    await reader.says("/read № 1")
    opened = reader.screen
    await reader.says(said)
    assert reader.screen == opened
    await reader.says("№ 77")
    assert "Пошукати" in [one["text"] for one in buttons_of(reader.last)] or "77" in reader.screen
    await editor.says(said)
    assert "Міст відкрито" in editor.screen
    assert "✎ Виправити" in editor.buttons


@pytest.mark.parametrize(
    ("said", "clock"), [("UTC+2", "UTC+2"), ("gmt +3", "UTC+3"), ("GMT", "UTC"), ("UTC-5", "UTC−5"), ("+2", "UTC+2")]
)
async def test_a_zone_may_be_so_many_hours_off(room: Newsroom, said: str, clock: str) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/timezone")
    await reader.says(said)
    assert clock in reader.screen
    off = room.clock.now().astimezone(ZoneInfo((await _reader(room)).zone)).utcoffset()
    assert off is not None
    assert off.total_seconds() / 3600 == int(clock.removeprefix("UTC").replace("−", "-") or 0)
    await reader.says("/settings")
    assert clock in reader.screen


async def test_a_zone_that_no_clock_has_is_refused(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    for said in ("UTC+15", "UTC+5:30", "UTC+99"):
        await reader.says(f"/timezone {said}")
        assert "найближче велике місто" in reader.screen
    assert (await _reader(room)).zone == "Europe/Kyiv"


@BOTH
async def test_a_rule_that_is_followed_is_muted_for_a_week(room: Newsroom, language: str) -> None:
    reader, editor = room.person(language=language), room.owner()
    await reader.says("/start")
    await reader.says("/words футбол")
    await editor.publishes("Про футбол")
    await reader.sees("Про футбол")
    await reader.taps("❓")
    await reader.taps("тиждень" if language == "uk" else "1 week")
    choices = await _choices(room)
    (until,) = choices.until.values()
    assert 6 < (until - room.clock.now()).total_seconds() / 86_400 <= 7
    assert choices.resting  # the subscription comes back


@BOTH
async def test_an_address_is_no_word_and_the_article_it_leads_to_is_offered(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await editor.says("/post Міст відкрито\n\nтекст")
    await editor.taps("Джерело")
    await editor.says("Агенція https://agency.example/news/5")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    words = "Це адреса, а не слова" if uk else "That is an address, not words"
    for said in ("/words https://agency.example/news/5", "/words https://agency.example/other", "/words"):
        await reader.says(said)
        if said == "/words":
            await reader.says("-https://agency.example/news/5")
            assert len(buttons_of(reader.last)) == 2  # the article, and the way out of the question
        assert words in reader.screen
        assert not [key for key in (await _choices(room)).rules if key.kind is MatchKind.KEYWORD]
        assert (("Відкрити" if uk else "Open") in reader.buttons) is ("other" not in said)
    await reader.says("міст")
    assert [key for key in (await _choices(room)).rules if key.kind is MatchKind.KEYWORD]
    await reader.says("/words https://agency.example/news/5")
    await reader.taps("Відкрити" if uk else "Open")
    assert "Міст відкрито" in text_of(reader.last)


async def test_a_name_is_followed_in_whatever_letters_it_is_typed(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes("Оповідання О. Генрі видали українською")
    for said in ("О Генрі", "о генрі", "О. Генрі", "о.генрі"):
        await reader.says(f"/search {said}")
        assert "Оповідання О. Генрі" in reader.screen, said
