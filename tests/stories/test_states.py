"""What a reader is told is so: of what they chose, of when news comes, of what they never asked for."""

import pytest

from bot.model.matching import EVERYTHING
from bot.model.readers import Address
from tests.support.arrivals import arrive, incoming
from tests.support.newsroom import Newsroom
from tests.support.people import text_of

pytestmark = pytest.mark.wide

BOTH = pytest.mark.parametrize("language", ["uk", "en"])


@BOTH
async def test_whoever_follows_words_only_is_told_so_where_topics_and_the_latest_would_be(
    room: Newsroom, language: str
) -> None:
    reader, editor = room.person(language=language), room.owner()
    await editor.publishes("Новина, яка є")
    uk = language == "uk"
    await reader.says("/start")
    await reader.taps("Усі новини" if uk else "All news")
    await reader.says("/search ремонт")
    await reader.taps("Стежити за цими словами" if uk else "Follow these words")
    await reader.says("/topics")
    assert ("позначених" if uk else "ticked") not in reader.screen
    assert ("Теми не обрано." if uk else "No topic is chosen.") in reader.screen
    await reader.says("/start")
    assert await reader.lacks("Новин ще немає" if uk else "No news yet")
    await reader.sees_now("Теми не обрано" if uk else "No topic is chosen")


@BOTH
async def test_the_welcome_promises_nothing_at_once_to_the_paused_and_the_scheduled(
    room: Newsroom, language: str
) -> None:
    reader = room.person(language=language)
    uk = language == "uk"
    at_once = "щойно вийдуть" if uk else "as soon as it’s published"
    await reader.says("/start")
    assert at_once in reader.message_with("Вітаємо" if uk else "Welcome")["text"]
    await reader.says("/schedule 08:00 19:00")
    await reader.says("/start")
    welcome = reader.message_with("Вітаємо" if uk else "Welcome")["text"]
    assert at_once not in welcome
    assert ("о 08:00 і 19:00" if uk else "at 08:00 and 19:00") in welcome
    await reader.says("/pause")
    await reader.says("/start search")
    welcome = reader.message_with("Вітаємо" if uk else "Welcome")["text"]
    assert ("призупинено" if uk else "paused") in welcome
    assert at_once not in welcome


@BOTH
async def test_whoever_returns_gets_one_message(room: Newsroom, language: str) -> None:
    reader, editor = room.person(language=language), room.owner()
    await editor.publishes("Новина, яка є")
    await reader.says("/start")
    await reader.says("/stop")
    before = len(await reader.everything())
    await reader.says("/start")
    assert len(await reader.everything()) == before + 1
    assert ("Знову разом." if language == "uk" else "Good to see you again.") in reader.screen
    await editor.publishes("Друга новина")
    await reader.sees("Друга новина")


@BOTH
async def test_a_newcomer_with_a_link_reads_is_welcomed_and_subscribed_to_nothing(
    room: Newsroom, language: str
) -> None:
    reader, editor = room.person(language=language), room.owner()
    article = await editor.publishes("Міст відкрили\n\nТекст про міст.")
    await reader.says(f"/start a_{article.id}")
    await reader.sees("Текст про міст.")
    await reader.sees("Вітаємо!" if language == "uk" else "Welcome!")
    await reader.sees("ще не обрано" if language == "uk" else "Nothing is chosen yet")
    await editor.publishes("Друга новина")
    assert await reader.lacks("Друга новина")
    await reader.taps("Усі новини" if language == "uk" else "All news")
    person = await room.store.readers.find(Address(1))
    assert person is not None
    assert (await room.store.readers.choices(person.id, room.clock.now())).wanted == {EVERYTHING}
    await editor.publishes("Третя новина")
    await reader.sees("Третя новина")


async def test_who_has_left_opens_a_link_and_is_not_brought_back(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    article = await editor.publishes("Міст відкрили\n\nТекст про міст.")
    await reader.says("/start")
    await reader.says("/stop")
    await reader.says(f"/start a_{article.id}")
    await reader.sees("Текст про міст.")
    await editor.publishes("Друга новина")
    assert await reader.lacks("Друга новина")


async def test_the_first_list_of_an_english_newcomer_is_english_when_there_is_any(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes("Театр показав прем’єру нової вистави")
    early = await room.person("Ada", 7, "en").says("/start")
    await early.sees("Театр показав")  # there is nothing else
    for number in range(7):
        title = f"The bridge over the river reopens after repairs, part {number}"
        await arrive(room, incoming(room, number, title, language="en"), push=False)
    await editor.publishes("Музей показав знахідки археологів")
    late = await room.person("Emma", 8, "en").says("/start")
    await late.sees_now("1. The bridge over the river reopens after repairs, part 6")
    await late.taps("▶")
    assert "part 3" in late.screen
    assert "Театр" not in late.screen


@BOTH
async def test_whoever_unblocks_the_bot_and_starts_it_gets_one_message(room: Newsroom, language: str) -> None:
    reader, editor = room.person(language=language), room.owner()
    await editor.publishes("Новина, яка є")
    await reader.says("/start")
    reader.blocks_the_bot()
    await room.heard()
    reader.unblocks_the_bot()
    await room.heard()
    before = len(await reader.everything())
    await reader.says("/start")
    assert len(await reader.everything()) == before + 1


@BOTH
async def test_a_list_that_a_language_empties_says_so_and_how_to_read_more(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    none = "Новин ще немає." if uk else "No news yet."
    await reader.says("/start")
    await reader.sees_now(none)
    await reader.says("/schedule 08:00")
    await reader.says("/latest")
    assert none in reader.screen
    assert ("щойно" if uk else "as soon as") not in reader.screen.casefold()
    text = "The bridge over the river was reopened on Monday." if uk else "Міст через річку відкрили в понеділок."
    await editor.publishes(("Bridge reopens" if uk else "Міст знову відкрито") + f"\n\n{text}")
    await reader.says("/start")
    await reader.taps("лише українською" if uk else "in English only")
    await reader.says("/latest")
    assert none not in reader.screen
    assert ("Новин українською ще немає." if uk else "No news in English yet.") in reader.screen
    assert "/settings" in reader.screen


@pytest.mark.parametrize(
    ("language", "labels", "said"),
    [
        (
            "uk",
            ("📰 Останнє", "Далі", "Погода", "← Назад"),
            "У ваших темах новин ще немає. Щоб читати все: /latest",
        ),
        (
            "en",
            ("📰 Latest", "Next", "Weather", "← Back"),
            "Nothing in your topics yet. To read everything: /latest",
        ),
    ],
)
async def test_a_page_of_the_latest_that_nothing_is_on_any_more_says_what_is_so(
    room: Newsroom, language: str, labels: tuple[str, str, str, str], said: str
) -> None:
    latest, on, weather, back = labels
    editor, reader = room.owner(), room.person(language=language)
    await reader.says("/start")
    for number in range(5):
        room.clock.advance(minutes=1)
        await editor.publishes(f"Матч номер {number}\n\nТекст.", topics=("Спорт",))
    await reader.says("/start")
    await reader.taps(latest)
    await reader.taps(on)
    listed = reader.last
    await reader.says("/topics")
    await reader.taps("⚽")
    await reader.taps("4", listed)
    await reader.taps(back, reader.chat.messages[listed["message_id"]])
    assert "4. Матч номер 1" in text_of(reader.chat.messages[listed["message_id"]])
    await reader.taps("⚽")
    await reader.taps(weather)
    await reader.taps("4", reader.chat.messages[listed["message_id"]])
    await reader.taps(back, reader.chat.messages[listed["message_id"]])
    assert said in text_of(reader.chat.messages[listed["message_id"]])
