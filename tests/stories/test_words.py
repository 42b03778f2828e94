"""Words that readers type to follow and never to see: understood, said back, shown among the rules, undone."""

import pytest

from bot.model.readers import Address
from bot.readers.subscriptions import MOST_AT_ONCE
from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of

BOTH = pytest.mark.parametrize("language", ["uk", "en"])


@BOTH
async def test_words_are_followed_without_searching_first(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await editor.publishes("Ремонт мосту Ковальського почався")
    await reader.says("/words ремонт мосту")
    await reader.sees_now("«ремонт мосту»" if uk else "“ремонт мосту”")
    assert ("одна новина: «Ремонт" if uk else "there was one article: “Ремонт") in reader.screen
    await reader.says("/settings")
    assert ("слова «ремонт мосту»" if uk else "the words “ремонт мосту”") in reader.screen
    await editor.publishes("Міст відремонтують до зими: ремонт мостів триває")
    await reader.sees("Міст відремонтують")
    await editor.publishes("Новий басейн у місті")
    assert await reader.lacks("Новий басейн")  # who follows words only gets no more than that


@BOTH
async def test_words_that_must_not_occur_win_over_topics_and_words(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await editor.publishes("Футбол: перша новина")
    await reader.says("/start")
    await reader.says("/words")
    await reader.says("матч, -футбол")
    await reader.sees_now(
        "➖ Новини зі словом «футбол» не надходитимуть" if uk else "➖ News with the word “футбол” won’t"
    )
    await editor.publishes("Матч завершено\n\nФутболісти зіграли внічию у футболі.", topics=("Спорт",))
    await editor.publishes("Матч із баскетболу", topics=("Спорт",))
    await reader.sees("Матч із баскетболу")
    assert await reader.lacks("Матч завершено")
    await reader.says("/start")
    await reader.taps("📰")  # neither is it in what is theirs
    assert "Футбол: перша" not in reader.screen
    assert "Матч із баскетболу" in reader.screen
    await reader.says("/latest")  # what everybody has is not hidden from who asks
    assert "Футбол: перша" in reader.screen
    await reader.says("/settings")
    without = "без слова «футбол»" if uk else "without the word “футбол”"
    assert f"➖ {without}" in reader.screen
    await reader.taps("📋")
    await reader.taps(f"✖ {without}")
    assert f"✖ {without}" not in reader.buttons
    await reader.taps("↩")
    assert f"✖ {without}" in reader.buttons
    await reader.taps(f"✖ {without}")
    await editor.publishes("Футбол повернувся")
    await reader.sees("Футбол повернувся")


async def test_an_exclusion_holds_for_what_already_waits_for_a_digest(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule щогодини")
    await editor.publishes("Футбол: перша новина")
    await editor.publishes("Новий басейн у місті")
    await reader.says("/words -футбол")
    await reader.says("/digest")
    await reader.sees("Дайджест ·")
    digest = reader.message_with("Дайджест ·")
    assert "Новий басейн" in str(digest)
    assert "Футбол" not in str(digest)


@BOTH
async def test_what_was_said_last_of_the_same_words_counts_and_is_told_and_can_be_undone(
    room: Newsroom, language: str
) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/words футбол")
    await reader.says("/words -футболу")
    assert ("Досі ви за ним стежили." if uk else "Until now you followed it.") in reader.screen
    await editor.publishes("Футбол: перша новина")
    assert await reader.lacks("Футбол: перша")
    await reader.taps("↩")
    await editor.publishes("Футбол: друга новина")
    await reader.sees("Футбол: друга")
    await reader.says("/words футбол, -футбол")  # said at once, the sterner one counts
    assert "➖" in reader.screen
    assert "🔔" not in reader.screen


async def test_a_rule_of_many_words_is_refused_and_nothing_of_the_message_is_done(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    before = await _rules(room)
    for text, answer in (
        ("-", "Тут немає слів"), ("- , -", "Тут немає слів"), ("🙂", "Тут немає слів"), ("і, та", "Тут немає слів"),
        ("міст, " + "ж" * 4000, "Задовго"),
        (" ".join(f"слово{n}" for n in range(300)), "Задовго"),
        ("а1 б2 в3 г4 д5 е6 ж7 з8 и9 к10 л11 м12 н13", "щонайбільше 12"),
        (", ".join(f"слово{n}" for n in range(300)), f"щонайбільше {MOST_AT_ONCE}"),
    ):  # fmt: skip
        await reader.says(f"/words {text}")
        await reader.sees_now(answer)
    assert await _rules(room) == before


async def _rules(room: Newsroom) -> object:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    return await room.store.readers.choices(person.id, room.clock.now())


@BOTH
async def test_the_question_for_words_stays_until_it_is_answered_and_has_a_way_out(
    room: Newsroom, language: str
) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("📋")
    await reader.taps("➕")
    asked = "Які слова?" if uk else "Which words?"
    assert asked in reader.screen
    await reader.says("-")
    await reader.sees_now(asked)
    await reader.says("НАТО")
    await reader.sees_now("«НАТО»" if uk else "“НАТО”")
    await reader.says("/words")
    await reader.sees_now(asked)
    await reader.taps("Скасувати" if uk else "Cancel")
    await reader.says("Ремонт")
    await reader.sees_now("Пошукати «Ремонт»" if uk else "Search the news for “Ремонт”?")


async def test_following_a_search_with_a_minus_follows_what_it_says(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/search міст -ремонт")
    await reader.taps("Стежити за цими словами")
    assert "Не надходитимуть новини зі словами: ремонт." in reader.toast["text"]
    assert "Не стежити" in "".join(reader.buttons)
    await editor.publishes("Міст закрили на ремонт")
    await editor.publishes("Міст відкрили")
    await reader.sees("Міст відкрили")
    assert await reader.lacks("Міст закрили")
    await reader.says("/settings")
    await reader.taps("📋")
    assert {"✖ слово «міст»", "✖ без слова «ремонт»"} <= set(reader.buttons)


async def test_a_suggestion_is_a_word_and_no_stem(room: Newsroom) -> None:
    reader, editor = room.person(language="en"), room.owner("en")
    for title in ("The bridge reopens", "Le Brid is a village", "Brid has a fair", "A bridge of wood"):
        await editor.publishes(title)
    await reader.says("/search bridg")
    assert any("bridge?" in label for label in reader.buttons), reader.buttons


async def test_a_member_of_a_group_changes_nothing_of_its_settings(room: Newsroom) -> None:
    admin, member = room.person(), room.person("Сусід", 2)
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.says("/words футбол")
    await boss.says("/schedule щогодини")
    before = await room.store.readers.find(Address(-50))
    assert before is not None
    rules = await room.store.readers.choices(before.id, room.clock.now())
    shown = boss.message_with("щогодини")
    kept = [b["callback_data"] for b in buttons_of(shown)]
    for data in (
        "c:drop:k1",
        "c:quiet:2200-0700",
        "c:schedule:now",
        "qd",
        "qw",
        "qh:quiet",
        "qr:2",
        "V:0:1",
        "qt:topics:1",
        *kept,
    ):
        await neighbour.presses(data, shown)
        assert "адміністратори" in neighbour.toast["text"], data
    for text in ("/words -міст", "/quiet 22–7", "/digest"):
        neighbour.sends(
            text=text, entities=[{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        )
    await room.heard()
    after = await room.store.readers.find(Address(-50))
    assert after == before
    assert await room.store.readers.choices(before.id, room.clock.now()) == rules


async def test_names_with_signs_are_followed_and_found_as_they_are_meant(room: Newsroom) -> None:
    reader, editor = room.person(language="uk"), room.owner()
    await reader.says("/words 24/7, №1, .NET, 5G+, О Коннор")
    for other in (
        "24 школи і 7 садків отримали автобуси",
        "Загинув 1 чоловік",
        "Мережа 5G у Львові",
        "Джон Коннор програв",
    ):
        await editor.publishes(other)
    for meant in (
        "Лікарня працює 24/7",
        "Школа № 1 відкрилась",
        "Вийшла .NET 10",
        "Оператор запустив 5G+",
        "О’Коннор переміг",
    ):
        await editor.publishes(meant)
        await reader.sees(meant)
    for other in ("24 школи", "Загинув 1", "Мережа 5G у", "Джон Коннор"):
        assert await reader.lacks(other), other
    for asked, found in (
        ("№1", "Школа № 1"),
        ("5g+", "Оператор запустив"),
        ("O'Connor", "О’Коннор"),
        ("о коннор", "О’Коннор"),
        (".net", "Вийшла .NET"),
    ):
        await reader.says(f"/search {asked}")
        assert found in reader.screen, asked


async def test_one_word_is_never_too_many(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/words міст")
    assert "За останні 30 днів таких не було." in reader.screen
    await reader.says("/words ремонт старого мосту")
    assert "За останні 30 днів таких не було: можливо, слів забагато." in reader.screen
