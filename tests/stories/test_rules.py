"""What readers follow and what they keep away: named as they know it, changed where it stands, brought back."""

import pytest

from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of, text_of

pytestmark = pytest.mark.wide


@pytest.mark.parametrize(
    ("language", "words", "labels", "shown"),
    [
        (
            "uk",
            "Верховна  Рада України",
            ("🔔 Стежити за цими словами", "🔕 Не стежити за цими словами", "Слова, історії та винятки", "↩ Повернути"),
            "слова «Верховна Рада України»",
        ),
        (
            "en",
            "New  Bridges",
            ("🔔 Follow these words", "🔕 Stop following these words", "Words, stories and exceptions", "↩ Undo"),
            "the words “New Bridges”",
        ),
    ],
)
async def test_followed_words_show_as_typed_and_their_removal_is_undone_in_place(
    room: Newsroom, language: str, words: str, labels: tuple[str, str, str, str], shown: str
) -> None:
    follow, unfollow, rules, back = labels
    reader = room.person(language=language)
    await reader.says("/start")
    await reader.says(f"/search {words}")
    await reader.taps(follow)
    assert unfollow in reader.buttons
    assert follow not in reader.buttons
    await reader.says("/settings")
    await reader.taps(rules)
    assert f"✖ {shown}" in reader.buttons
    await reader.taps(f"✖ {shown}")
    assert shown in reader.screen
    assert f"✖ {shown}" not in reader.buttons
    await reader.taps(back)
    assert f"✖ {shown}" in reader.buttons
    assert back not in reader.buttons


async def test_words_are_given_up_where_they_were_followed(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/search ремонт мосту")
    await reader.taps("Стежити за цими словами")
    await reader.says("/search мости ремонтують")
    await reader.says("/search мосту ремонт")
    await reader.taps("🔕 Не стежити за цими словами")  # the same words in another order are the same rule
    assert "🔔 Стежити за цими словами" in reader.buttons
    await reader.says("/settings")
    assert "слова" not in reader.screen


@pytest.mark.parametrize(
    ("language", "follow", "unfollow", "rule"),
    [
        ("uk", "🔔 Стежити за історією", "🔕 Не стежити за історією", "історія «Ремонт мосту Ковальського почався»"),
        ("en", "🔔 Follow this story", "🔕 Stop following this story", "the story “Ремонт мосту Ковальського почався”"),
    ],
)
async def test_a_followed_story_shows_by_its_name_and_is_given_up_where_it_was_followed(
    room: Newsroom, language: str, follow: str, unfollow: str, rule: str
) -> None:
    reader, editor = room.person(language=language), room.owner()
    await editor.publishes("Ремонт мосту Ковальського почався\n\nМіст Ковальського закрили на ремонт.")
    room.clock.advance(hours=2)
    await editor.publishes("Ремонт мосту Ковальського завершено\n\nМіст Ковальського відкрили після ремонту.")
    await reader.says("/start")
    await reader.says("/story 1")
    await reader.taps(follow)
    assert unfollow in reader.buttons
    await reader.says("/settings")
    assert "«»" not in reader.screen
    assert "“”" not in reader.screen
    assert rule in reader.screen
    await reader.says("/story 1")
    await reader.taps(unfollow)
    assert follow in reader.buttons


async def test_many_rules_are_turned_page_by_page(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    for number in range(11):
        await reader.says(f"/search Слово{number}тест")
        await reader.taps("Стежити за цими словами")
    await reader.says("/settings")
    await reader.taps("Слова, історії та винятки")
    assert len([b for b in reader.buttons if b.startswith("✖")]) == 8
    await reader.taps("▶")
    assert len([b for b in reader.buttons if b.startswith("✖")]) == 3
    gone = next(b["text"] for b in buttons_of(reader.last) if b["text"].startswith("✖"))
    await reader.taps(gone)
    assert len([b for b in reader.buttons if b.startswith("✖")]) == 2  # still on the page it was tapped on
    await reader.taps("↩ Повернути")
    assert gone in reader.buttons


async def test_nobody_brings_back_what_no_button_of_ours_names(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    for number, words in enumerate(("2 t1 99999999999999999999 x", "1 t1", "1 zz 0 x", "ремонт мосту"), 1):
        data = f"V:0:{number}"
        await reader.says(f"/search {words}")
        await reader.presses(data, reader.last)
        assert reader.toast.get("text"), data
        assert await reader.lacks("Щось пішло не так")


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_a_reader_of_everything_asks_for_less_of_a_topic_or_a_source_and_sees_until_when(
    room: Newsroom, language: str
) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await editor.publishes("Про гривню", topics=("Економіка",))
    await reader.sees("Про гривню")
    await reader.taps("❓ Чому це тут?" if uk else "Why am I seeing this?")
    await reader.taps("🔕 Менше такого" if uk else "🔕 Less of this")
    topic = "тема «Економіка»" if uk else "the topic “Economy”"
    assert topic in reader.screen
    assert ("«Вісник»" if uk else "“Visnyk”") in reader.screen  # the newsroom, as the reader knows it
    rows = reader.last["reply_markup"]["inline_keyboard"]
    assert [b["text"] for b in rows[1]] == (
        ["🔕 доба", "🔕 тиждень", "🔕 назавжди"] if uk else ["🔕 1 day", "🔕 1 week", "🔕 For good"]
    )
    assert all(len(b["text"]) <= 40 for row in rows for b in row)
    await reader.taps("тиждень" if uk else "1 week")
    back = "↩ Повернути" if uk else "↩ Undo"
    assert back in reader.buttons
    for command in ("/settings", "/topics"):
        await reader.says(command)
        assert topic in reader.screen
        assert ("до 30 листопада" if uk else "until 30 November") in reader.screen
    await editor.publishes("Ще про гривню", topics=("Економіка",))
    await editor.publishes("Про футбол", topics=("Спорт",))
    await reader.sees("Про футбол")
    assert await reader.lacks("Ще про гривню")
    await reader.taps(back)
    await editor.publishes("Знову про гривню", topics=("Економіка",))
    await reader.sees("Знову про гривню")


async def test_a_topic_that_is_muted_for_a_day_is_followed_again_when_the_day_is_over(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.taps("Економіка")
    await editor.publishes("Про гривню", topics=("Економіка",))
    await reader.sees("Про гривню")
    await reader.taps("❓ Чому це тут?")
    await reader.taps("🔕 доба")
    await reader.taps("Назад")  # the news that came before stands there, and says that no more of it comes
    await reader.taps("❓ Чому це тут?")
    assert "🔕 тема «Економіка» — вимкнено до" in reader.screen
    assert "• тема «Економіка»" not in reader.screen
    await editor.publishes("Гривня опівдні", topics=("Економіка",))
    await editor.publishes("Матч скасували", topics=("Спорт",))
    assert await reader.lacks("Гривня опівдні")
    room.clock.advance(hours=25)
    await editor.publishes("Гривня назавтра", topics=("Економіка",))
    await editor.publishes("Матч перенесли", topics=("Спорт",))
    await reader.sees("Гривня назавтра")
    assert await reader.lacks("Матч")
    assert await reader.lacks("Гривня опівдні")


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_giving_up_all_news_asks_and_can_be_undone(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await editor.publishes("Перша новина")
    await reader.sees("Перша новина")
    await reader.taps("❓ Чому це тут?" if uk else "Why am I seeing this?")
    await reader.taps("✖ Прибрати: усі новини" if uk else "✖ Unfollow all news")
    assert ("Прибрати всі новини?" if uk else "Unfollow all news?") in reader.screen
    await editor.publishes("Друга новина")
    await reader.sees("Друга новина")  # nothing has changed yet
    await reader.taps("Так, прибрати" if uk else "Yes, unfollow")
    await editor.publishes("Третя новина")
    assert await reader.lacks("Третя новина")
    await reader.taps("↩ Повернути" if uk else "↩ Undo")
    await editor.publishes("Четверта новина")
    await reader.sees("Четверта новина")


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_who_has_chosen_nothing_reads_so_and_gets_nothing(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    none = "Не обрано нічого, тож новини не надходять." if uk else "Nothing is chosen, so no news comes."
    await reader.says("/start")
    await reader.says("/topics")
    assert none not in reader.screen
    for _ in range(2):  # only that one, and then not even that
        await reader.taps("Спорт" if uk else "Sport")
    assert none in reader.screen
    await editor.publishes("Про футбол", topics=("Спорт",))
    assert await reader.lacks("Про футбол")
    await reader.says("/topics")
    assert none in reader.screen


@pytest.mark.parametrize(
    ("language", "empty"), [("uk", "Тут поки порожньо. Додайте слова"), ("en", "Nothing here yet. Add words to follow")]
)
async def test_who_reads_everything_is_not_told_that_news_comes_by_topic(
    room: Newsroom, language: str, empty: str
) -> None:
    reader = room.person(language=language)
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("📋")
    await reader.sees_now(empty)


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_a_mute_says_until_when_wherever_it_stands_and_ending_it_keeps_the_subscription(
    room: Newsroom, language: str
) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await reader.taps("Спорт" if uk else "Sport")
    await editor.publishes("Збірна перемогла\n\nТри голи за тайм.", topics=("Спорт",))
    await reader.sees("Збірна перемогла")
    await reader.taps("❓")
    await reader.taps("🔕 доба" if uk else "🔕 1 day")
    until = "тема «Спорт» — вимкнено до завтра" if uk else "the topic “Sport”: muted until tomorrow"
    assert until in reader.screen
    resting = "Обране вами поки вимкнено, тож новини не надходять." if uk else "What you chose is muted for now"
    for command in ("/topics", "/start"):
        await reader.says(command)
        assert resting in reader.screen
    await reader.says("/settings")
    assert ("нічого не обрано" if uk else "nothing chosen") not in reader.screen
    await reader.taps("📋")
    assert until in reader.screen
    await reader.taps("🔔 тема «Спорт»" if uk else "🔔 the topic “Sport”")
    assert ("Більше не вимкнено: тема «Спорт»." if uk else "No longer muted: the topic “Sport”.") in reader.screen
    await editor.publishes("Збірна програла\n\nЖодного гола за матч.", topics=("Спорт",))
    await reader.sees("Збірна програла")
    await reader.taps("↩")
    assert until in text_of(reader.message_with("Слова, історії" if uk else "Words, stories"))
    await editor.publishes("Збірна відпочиває\n\nТренувань не буде.", topics=("Спорт",))
    assert await reader.lacks("Збірна відпочиває")


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_words_beside_a_muted_topic_are_told_of_as_they_are(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await reader.taps("Спорт" if uk else "Sport")
    await reader.says("/words -кава")
    await reader.says("/words кава")
    assert ("Досі це був виняток." if uk else "Until now it was an exception.") in reader.screen
    await editor.publishes("Кава на стадіоні\n\nЇї наливають у перерві.", topics=("Спорт",))
    await reader.sees("Кава на стадіоні")
    await reader.taps("❓")
    await reader.taps("доба" if uk else "1 day", reader.message_with("Спорт" if uk else "Sport"))
    await reader.says("/words -футбол")
    await reader.taps("📋")
    await reader.taps("✖ без слова «футбол»" if uk else "✖ without the word “футбол”")
    over = "Більше не виняток: слово «футбол»." if uk else "No longer an exception: the word “футбол”."
    assert over in reader.screen


@pytest.mark.parametrize(
    ("language", "follow", "stop", "said"),
    [
        ("uk", "🔔 Стежити за цими словами", "🔕 Не стежити", "За цими словами ви більше не стежите."),
        ("en", "🔔 Follow these words", "🔕 Stop following", "You no longer follow these words."),
    ],
)
async def test_words_that_were_given_up_elsewhere_are_given_up_here_too(
    room: Newsroom, language: str, follow: str, stop: str, said: str
) -> None:
    reader = room.person(language=language)
    await reader.says("/start")
    await reader.says("/search міст")
    await reader.taps(follow)
    first = reader.last
    await reader.says("/search міст")
    await reader.taps(stop)
    await reader.taps(stop, first)
    assert reader.toast["text"] == said
    assert follow in [one["text"] for one in buttons_of(reader.chat.messages[first["message_id"]])]
