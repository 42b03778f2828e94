"""Every change of a reader's settings has a way back; a link that leads nowhere is no dead end."""

import pytest

from bot.model.matching import EVERYTHING, MatchKind
from bot.model.readers import Address, Choices
from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of

pytestmark = pytest.mark.wide

BOTH = pytest.mark.parametrize("language", ["uk", "en"])


async def _choices(room: Newsroom) -> Choices:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    return await room.store.readers.choices(person.id, room.clock.now())


@BOTH
async def test_topics_that_all_news_took_the_place_of_come_back(room: Newsroom, language: str) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/start")
    await reader.says("/topics")
    for topic in ("Спорт", "Економіка", "Погода") if uk else ("Sport", "Economy", "Weather"):
        await reader.taps(topic)
        assert not any(label.startswith("↩") for label in reader.buttons)  # a tick is its own way back
    chosen = await _choices(room)
    assert {key.kind for key in chosen.wanted} == {MatchKind.TOPIC}
    await reader.taps("Усі новини" if uk else "All news")
    assert (await _choices(room)).wanted == {EVERYTHING}
    await reader.taps("↩ Повернути" if uk else "↩ Undo")
    assert await _choices(room) == chosen
    assert sum(label.startswith("✅") for label in reader.buttons) == 3


@BOTH
async def test_a_mute_that_a_tick_ended_comes_back(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await editor.publishes("Про футбол", topics=("Спорт",))
    await reader.sees("Про футбол")
    await reader.taps("❓")
    await reader.taps("Менше такого" if uk else "Less of this")
    await reader.taps("тиждень" if uk else "1 week")
    muted = await _choices(room)
    assert muted.unwanted
    await reader.says("/topics")
    await reader.taps("Спорт" if uk else "Sport")
    assert not (await _choices(room)).unwanted
    await reader.taps("↩")
    assert (await _choices(room)).unwanted == muted.unwanted
    (until,), (before,) = (await _choices(room)).until.values(), muted.until.values()
    assert until == before.replace(microsecond=0)


@BOTH
async def test_why_shows_a_row_for_a_rule_that_fits_a_phone(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await reader.says("/topics")
    await reader.taps("Економіка" if uk else "Economy")
    await reader.says("/words ремонт мосту Ковальського")
    await editor.publishes("Ремонт мосту Ковальського подорожчав", topics=("Економіка",))
    await reader.sees("подорожчав")
    await reader.taps("❓")
    rows = [[b["text"] for b in row] for row in reader.last["reply_markup"]["inline_keyboard"]]
    day, ever = ("🔕 доба", "🔕 назавжди") if uk else ("🔕 1 day", "🔕 For good")
    mutes = [day, "🔕 тиждень" if uk else "🔕 1 week", ever]
    topic = [["✖ Економіка" if uk else "✖ Unfollow “Economy”"], mutes]
    words = [["✖ ремонт мосту Ковальського" if uk else "✖ Unfollow “ремонт мосту Ковальського”"], mutes]
    assert rows[: len(words + topic)] == words + topic
    await reader.taps("✖ Економіка" if uk else "✖ Unfollow “Economy”")
    assert ("Прибрано: тема «Економіка»." if uk else "Unfollowed: the topic “Economy”.") in reader.screen
    await reader.taps("↩")
    assert len((await _choices(room)).wanted) == 2


@BOTH
async def test_who_gives_up_all_news_is_led_to_the_topics_or_back(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await editor.publishes("Новина")
    await reader.sees("Новина")
    await reader.taps("❓")
    await reader.taps("✖")
    await reader.taps("Так, прибрати" if uk else "Yes, unfollow")
    assert ("Усі новини вимкнено." if uk else "All news is off.") in reader.screen
    assert ("🏷 Теми" if uk else "🏷 Topics") in reader.buttons
    await reader.taps("↩")
    assert (await _choices(room)).wanted == {EVERYTHING}


@BOTH
async def test_a_newcomer_whose_link_leads_nowhere_is_told_so_and_welcomed(room: Newsroom, language: str) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/start a_404")
    await reader.sees("Не знайдено." if uk else "Not found.")
    await reader.sees("Вітаємо!" if uk else "Welcome!")
    await reader.says("/start a_404")
    assert await reader.count("Вітаємо!" if uk else "Welcome!") == 1


async def test_nobody_reverts_what_no_button_of_ours_kept(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    before = await room.store.readers.find(Address(1))
    for number, words in enumerate(
        ("schedule 1440", "schedule " + ",".join(["1"] * 60), "state left", "drop t1", "міст"), 1
    ):
        await reader.says(f"/search {words}")
        for data in (f"qr:{number}", f"qt:topics:{number}", "qr:999"):
            await reader.presses(data, reader.last)
            assert reader.toast.get("text"), (data, words)
            assert "Щось пішло не так" not in reader.toast["text"]
    assert await room.store.readers.find(Address(1)) == before


@pytest.mark.parametrize("label", ["доба", "✖ футбол"])
async def test_a_change_of_a_rule_that_is_made_twice_keeps_its_way_back(room: Newsroom, label: str) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/words футбол")
    chosen = await _choices(room)
    await editor.publishes("Про футбол")
    await reader.sees("Про футбол")
    await reader.taps("❓")
    button = next(b for row in reader.last["reply_markup"]["inline_keyboard"] for b in row if label in b["text"])
    await reader.presses(button["callback_data"], reader.last)
    changed, shown = await _choices(room), reader.screen
    assert changed != chosen
    room.clock.advance(seconds=3)
    await reader.presses(button["callback_data"], reader.last)  # on another device, which shows it as it was
    assert reader.screen == shown
    assert reader.toast.get("text")
    await reader.presses(reader.last["reply_markup"]["inline_keyboard"][0][0]["callback_data"], reader.last)
    assert await _choices(room) == chosen


async def test_words_that_are_followed_already_have_no_way_back_to_themselves(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/words міст")
    assert any(label.startswith("↩") for label in reader.buttons)
    await reader.says("/words міст")
    assert not any(label.startswith("↩") for label in reader.buttons)


async def test_a_topic_that_was_muted_is_chosen_and_that_undone_without_losing_all_news(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Про футбол\n\nТекст.", topics=("Спорт",))
    await reader.sees("Про футбол")
    await reader.taps("Чому це тут?")
    await reader.taps("Менше такого")
    await reader.taps("назавжди")
    await reader.says("/topics")
    before = reader.screen
    await reader.taps("Спорт")
    assert "▫️ Усі новини" in reader.buttons
    await reader.taps("↩ Повернути")
    assert reader.screen == before
    assert "✅ Усі новини" in reader.buttons


async def test_a_link_that_subscribes_to_a_topic_ends_its_mute_also_for_who_gets_everything(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Про футбол\n\nТекст.", topics=("Спорт",))
    await reader.sees("Про футбол")
    await reader.taps("Чому це тут?")
    await reader.taps("Менше такого")
    await reader.taps("назавжди")
    await reader.says("/start t_sport")
    await reader.sees("Відтепер ви стежите за темою «Спорт».")
    await editor.publishes("Про теніс\n\nТекст.", topics=("Спорт",))
    await editor.publishes("Про дощ\n\nТекст.", topics=("Погода",))
    assert await reader.count("Про теніс\nВісник") == 1
    assert await reader.count("Про дощ\nВісник") == 1


async def _settings(room: Newsroom) -> object:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    return person.zone, person.quiet, person.schedule


REVERTED = {
    "zone": ("/timezone", "Варшава", "/timezone Берлін"),
    "quiet": ("/quiet", "23:00–08:00", "/quiet 21–6"),
    "schedule": ("/schedule", "щогодини", "/schedule 8 19"),
}


@pytest.mark.parametrize("setting", REVERTED)
async def test_an_old_way_back_leaves_a_setting_that_was_changed_since(room: Newsroom, setting: str) -> None:
    reader = room.person()
    await reader.says("/start")
    command, label, since = REVERTED[setting]
    await reader.says(command)
    await reader.taps(label)
    old = dict(reader.last)
    await reader.says(since)
    chosen = await _settings(room)
    await reader.taps("↩", old)
    assert await _settings(room) == chosen
    assert reader.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    here = reader.chat.messages[old["message_id"]]
    assert not any(one["text"].startswith("↩") for one in buttons_of(here))
    await reader.taps("↩")  # of what was typed last
    assert await _settings(room) != chosen


@pytest.mark.parametrize("since", ["Спорт", "Погода"])
async def test_an_old_way_back_leaves_topics_that_were_chosen_since(room: Newsroom, since: str) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/topics")
    await reader.taps("Економіка")
    await reader.taps("Усі новини")
    old = dict(reader.last)
    await reader.says("/topics")
    await reader.taps(since)
    chosen = await _choices(room)
    await reader.taps("↩", old)
    assert await _choices(room) == chosen
    assert reader.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    here = reader.chat.messages[old["message_id"]]
    assert sum(one["text"].startswith("✅") for one in buttons_of(here)) == 1


async def test_an_old_way_back_leaves_rules_that_were_changed_since(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/words футбол")
    followed = dict(reader.last)
    await editor.publishes("Про футбол")
    await reader.sees("Про футбол")
    await reader.taps("❓")
    await reader.taps("доба")
    muted = dict(reader.last)
    await reader.says("/words -футбол")
    chosen = await _choices(room)
    for old in followed, muted:
        await reader.taps("↩", old)
        assert await _choices(room) == chosen
        assert reader.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    await reader.taps("↩")
    assert await _choices(room) != chosen


async def test_a_way_back_that_is_pressed_twice_leads_back_once_and_one_of_long_ago_still_does(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    before = await _choices(room)
    await reader.says("/words футбол")
    old = dict(reader.last)
    for _ in range(2):
        await reader.taps("↩", old)
        assert await _choices(room) == before
        assert "змінилося" not in reader.toast.get("text", "")
    await reader.says("/words футбол")
    (key,) = (await _choices(room)).wanted - before.wanted
    kept = await room.store.message_screens.remember_query(1, f"0 {key.encode()}", room.clock.now())
    await reader.presses(f"V:0:{kept}", reader.last)
    assert await _choices(room) == before
    await reader.says("/quiet 22–7")
    kept = await room.store.message_screens.remember_query(1, "quiet off", room.clock.now())
    await reader.presses(f"qr:{kept}", reader.last)
    person = await room.store.readers.find(Address(1))
    assert person is not None
    assert person.quiet is None
