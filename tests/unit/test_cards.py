"""Cards: whatever an article holds, every screen made of it keeps every limit of Telegram, in both languages."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.stories import MOST_NEAR, MOST_TIED
from bot.model.desk import Audience, Editor, Publication, PublicationState, Role
from bot.model.ledger import DeliveryCounts
from bot.model.matching import EVERYTHING, keyword_key, source_key, topic_key
from bot.model.news import Article, ArticleState, Near, Page, Photo, Report, Reports, Story, Tied, Topic
from bot.model.readers import Address, AtHours, Choices, Hourly, Quiet, Reader, ReaderState, Reason
from bot.readers.library import RelatedItems
from bot.relevance.highlights import excerpt
from bot.relevance.query import parse_query
from bot.relevance.topics import START_TOPICS
from bot.sandbox.checks import check_keyboard, check_rich, text_of
from bot.screens import corrections, desk, digests, lists, parts, published, staff, stories, timetable
from bot.screens import headlines as news
from bot.screens import rules as rule_cards
from bot.screens import sends as control
from bot.screens import settings as reader_cards
from bot.screens.callbacks import Related
from bot.screens.card import Button, Card, in_rows
from bot.screens.digests import Section
from bot.screens.look import Look
from bot.screens.pushes import headline_card
from bot.screens.questions import question_card
from bot.screens.screen_refs import (
    DigestScreen,
    HeadlineScreen,
    LatestScreen,
    RelatedScreen,
    SearchScreen,
    SourcesScreen,
    StoryScreen,
)
from bot.screens.verbs import DeskListName
from bot.text.markup import parse_html, to_html
from bot.text.phrasebook import phrases
from bot.text.split import split
from tests.support.rows import NOW

TOPICS = tuple(Topic(n, t.slug, t.names, t.emoji) for n, t in enumerate(START_TOPICS, 1))
LOOKS = [Look(language, "Europe/Kyiv", NOW) for language in ("uk", "en")]

HOSTILE = {
    "30 000 letters": "<p>" + "Довге речення про все на світі. " * 940 + "</p>",
    "100 000 letters without a space": "<p>" + "а" * 100_000 + "</p>",
    "200 links": "<p>"
    + " ".join(f'<a href="https://example.org/{n}?a=1&b=2">посилання {n}</a>' for n in range(200))
    + "</p>",
    "emoji and marks": "<p>" + "👨‍👩‍👧‍👦🇺🇦е́" * 1500 + "</p>",
    "stacked marks": "<p>" + "а" + "\u0301" * 9000 + "</p>",
    "a script": "<script>alert(1)</script><p onclick=x>Так <a href='javascript:x'>ні</a></p>",
    "broken HTML": "<p><b>жирний <i>і курсив</b> далі</i><blockquote><ul><li>пункт<table><tr><td>клітинка",
    "right to left": "<p>שלום \u202eעולם\u202c مرحبا بالعالم</p>" * 30,
    "nothing": "",
    "white space": "<p> \n </p><br><br>",
    "a quotation of 10 000 letters": "<blockquote><p>" + "цитата " * 1500 + "</p></blockquote>",
    "1 000 paragraphs": "<p>абзац</p>" * 1000,
    "700 list items": "<ol>" + "<li>пункт</li>" * 700 + "</ol>",
    "code": "<pre>" + "x &lt; 1 &amp;&amp; y\n" * 2000 + "</pre>",
    "controls": "<p>\x00\x07\x1b[31m\ufeff\u200b</p><p>текст</p>",
}


_split = cache(split)  # the pages of an article have the same plain text


def accepted(card: Card) -> Card:
    """Hold a card against the limits the stand-in knows; raises Refusal."""
    keyboard = card.keyboard()
    check_keyboard(keyboard)
    for part in _split(card.text):
        shown, entities = text_of({"text": part.text, "entities": part.entities()})
        assert len(part) <= 4096
        assert shown == part.text.strip()
        assert len(entities) == len(part.spans) <= 100
    if card.rich:
        check_rich({"blocks": list(card.rich)})
    return card


def an_article(body: str, **values: object) -> Article:
    fields: dict[str, object] = {
        "id": 123_456, "title": "Міст відкрили", "source": "Вісник", "published_at": NOW, "minutes": 3, "lead": "Лід",
        "body": to_html(parse_html(body)), "url": "https://example.org/1", "state": ArticleState.PUBLISHED,
        "topics": TOPICS[:2], "photo": Photo(file_id="f", caption="Міст", credit="Хвиля"),
    }  # fmt: skip
    return Article(**{**fields, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.language)
def test_the_tags_of_an_article_stand_in_one_line_under_its_text(look: Look) -> None:
    for body in HOSTILE.values():
        hostile = tuple(HOSTILE)[:20] + tuple("Ї" * 57 + f" {n}" for n in range(20))
        article = an_article(body, tags=hostile)
        first = accepted(news.article_card(article, look, HeadlineScreen(article.id)))
        assert not any("#" in button.text for row in first.rows for button in row)
    tags = ("вітряк", "кам'яна баба", "Ґава & Co.", "<b>", "***", "вітряк", "C++ / C#")
    card = news.article_card(an_article("<p>Текст.</p>", tags=tags), look, HeadlineScreen(1))
    line = "#вітряк #камʼяна_баба #Ґава_Co #b #C_C"
    assert {"type": "footer", "text": line} in card.rich
    assert f"\n\n{line}\n" in f"{card.text.text}\n"
    none = news.article_card(an_article("<p>Текст.</p>"), look, HeadlineScreen(1))
    assert "#" not in none.text.text


@pytest.mark.thorough
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.language)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_articles_keep_every_limit(body: str, look: Look) -> None:
    for article in (
        an_article(body),
        an_article(body, title="Т" * 500, lead="Л" * 1000, source="Д" * 200, urgent=True, corrected_at=NOW),
        an_article(body, title="🇺🇦" * 125, lead="", photo=None, url="", minutes=0, published_at=None),
        an_article(body, title="<b>&lt;script&gt;</b> \u202e", retracted=True),
    ):
        accepted(headline_card(article, look))
        first = accepted(news.article_card(article, look, HeadlineScreen(article.id)))
        for page in (1, 2, 7):
            accepted(news.article_card(article, look, SearchScreen(10**9, 1000, newest=True), page))
        for other in (replace(article, body=""), replace(article, title="Інша", lead="", body="<p>слово</p>" * 200)):
            if not article.retracted:
                accepted(corrections.proposal_card(article, other, look, 1_234_567))
                accepted(corrections.proposal_card(other, article, look, 0))
        accepted(published.published_card(article, None, look, Role.OWNER, "https://t.me/x?start=a_1"))
        for page in (0, 1, 7):
            accepted(published.published_full_card(article, look, Role.OWNER, page))
        for part in ("title", "lead", "body", "source"):
            accepted(question_card("?", look.language, parts.as_it_stands(article, part)))
        for full in (True, False):
            accepted(desk.draft_card(replace(article, state=ArticleState.DRAFT), look, Role.OWNER, full=full))
        assert "alert(1)" not in first.text.text


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.language)
def test_lists_of_the_longest_titles_keep_every_limit(look: Look) -> None:
    items = tuple(
        an_article("", id=10**9 + n, title="Довгий заголовок " * 30, source="Джерело " * 25, urgent=True)
        for n in range(40)
    )
    root = SearchScreen(10**9, 1000, newest=True)
    accepted(lists.list_card("Пошук " * 10, Page(items[:5], 1000, more=True), look, root))
    excerpts = {
        item.id: excerpt(item.title, "бюджет 😀, " * 900, parse_query("бюджет довгий заголовок"), "uk")
        for item in items
    }
    found = accepted(lists.list_card("Пошук " * 10, Page(items[:5], 1000, more=True), look, root, excerpts=excerpts))
    assert len(found.text) <= 4096
    assert len(found.text.spans) <= 100
    tap, here = Related(items[0].id, root, opened=True), RelatedScreen(items[0].id, opened=True, outer=root)
    for related in (RelatedItems(items[:10], more=True), RelatedItems((), items[:5], more=True), RelatedItems(())):
        accepted(lists.related_card(items[0], related, look, tap, here))
    sections = [Section(f"Тема {n}", items[n * 8 : n * 8 + 8]) for n in range(5)]
    for offset in range(0, 45, 15):
        accepted(digests.digest_card(NOW, sections, look, DigestScreen(10**9, offset)))
    others = tuple(Report(n, f"Джерело {n} " * 25, f"https://example.org/{n}") for n in range(20))
    accepted(news.article_card(items[0], look, root, reports=Reports(others[0], others)))
    root = LatestScreen(10**9, 1000, 10**9)
    tied = Tied(items[0], tuple((item, True) for item in items[:MOST_TIED]), 9, 9, page=10**5, first=10**6, more=True)
    accepted(stories.ties_card(tied, root, look))
    near = [Near(item, Story(n, item.title, items[:9])) for n, item in enumerate(items[:MOST_NEAR])]
    accepted(stories.near_card(items[0], near, root, look))
    accepted(stories.cut_card(items[0], Story(1, items[1].title, items[:9]), StoryScreen(10**9, 1000, NOW), look))
    accepted(lists.story_card(Story(1, items[1].title, items), look, StoryScreen(10**9, 5, NOW), desk=True))
    accepted(desk.desk_list_card(DeskListName.DRAFTS, Page(items[:8], 8, more=True), look))


def test_the_text_of_an_article_is_complete_in_both_forms() -> None:
    body = "".join(f"<p>Абзац номер {n} зі своїми словами.</p>" for n in range(400))
    article = an_article(body)
    card = news.article_card(article, LOOKS[0], HeadlineScreen(1))
    plain = "\n".join(part.text for part in split(card.text))
    rich = str([news.article_card(article, LOOKS[0], HeadlineScreen(1), page).rich for page in range(len(card.rows))])
    for n in range(400):
        assert f"Абзац номер {n} зі своїми словами." in plain
        assert f"Абзац номер {n} зі своїми словами." in rich


@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_screen_of_a_reader_keeps_every_limit(language: str) -> None:
    reader = Reader(
        id=1, address=Address(1), language=language, schedule=AtHours(tuple(h for h in desk_hours())), zone="America/Argentina/ComodRivadavia",
        quiet=Quiet(desk_hours()[0], desk_hours()[1]), state=ReaderState.PAUSED,
    )  # fmt: skip
    many = tuple(
        Topic(n, f"topic-{n}", {"uk": "Дуже довга назва теми " * 2, "en": "A very long topic name"}) for n in range(90)
    )
    choices = Choices(frozenset({EVERYTHING, topic_key(1), keyword_key(1)}), frozenset({source_key(1)}))
    reasons = [Reason(keyword_key(n), "слово " * 15) for n in range(90)]
    article = an_article("")
    for card in (
        reader_cards.welcome_card(reader, many, choices, "Вісник"),
        reader_cards.topics_card(reader, many, choices),
        reader_cards.topics_card(reader, many, choices, 3),
        reader_cards.settings_card(reader, reasons),
        timetable.schedule_card(reader, NOW),
        timetable.schedule_card(replace(reader, schedule=Hourly()), NOW),
        reader_cards.timezone_card(reader, NOW),
        reader_cards.language_card(reader),
        reader_cards.news_language_card(reader),
        timetable.quiet_card(reader, NOW),
        rule_cards.rules_card(Look(language, "Europe/Kyiv", NOW), reasons, reasons),
        rule_cards.why_card(article, reasons, reasons, Look(language, "Europe/Kyiv", NOW)),
        reader_cards.leave_card(reader),
        reader_cards.help_card(language, Role.OWNER),
        desk.draft_topics_card(article, many, Look(language, "Europe/Kyiv", NOW)),
        staff.editors_card(
            [Editor(10**12 + n, Role.AUTHOR, "Ім’я " * 20) for n in range(staff.PEOPLE_PAGE)],
            Look(language, "UTC", NOW),
            7,
            9,
            10**4,
            more=True,
        ),
    ):
        accepted(card)


def test_every_topic_is_on_some_page_of_the_screens_they_are_chosen_on() -> None:
    reader, article, look = Reader(id=1, address=Address(1)), an_article(""), Look("uk", "Europe/Kyiv", NOW)
    many = tuple(Topic(n, f"topic-{n}", {"uk": f"Тема {n}."}) for n in range(1, 60))
    choices = Choices(frozenset(), frozenset())
    for card in (
        lambda page: reader_cards.topics_card(reader, many, choices, page),
        lambda page: reader_cards.welcome_card(reader, many, choices, "Вісник", page),
        lambda page: desk.draft_topics_card(article, many, look, page),
    ):
        pages = [[button.text for row in card(page).rows for button in row] for page in range(3)]
        assert all(any(topic.names["uk"] in text for page in pages for text in page) for topic in many)
        assert [("◀ Попередня" in page, "Далі ▶" in page) for page in pages] == [
            (False, True),
            (True, True),
            (True, False),
        ]
        assert card(9).rows == card(2).rows


def desk_hours() -> list["object"]:
    from datetime import time

    return [time(h) for h in range(24)]  # type: ignore[return-value]


def test_publishing_names_the_audience_and_what_looks_wrong() -> None:
    article = an_article("", topics=(), lead="", title="ВЕЛИКИМИ ЛІТЕРАМИ ПРО ВСЕ")
    look = LOOKS[0]
    warnings = desk.warnings_for(article, look.say)
    card = desk.confirm_card(article, desk.Reach(Audience(1240, 310), 30, urgent=False), warnings, look)
    assert "Отримають зараз: 1\u00a0240. У дайджестах: 310. Триватиме близько 41 с." in card.text.text
    assert "Жодної теми" in card.text.text
    assert "великими літерами" in card.text.text
    assert (
        "таких новин ніхто не обрав"
        in desk.confirm_card(article, desk.Reach(Audience(0, 0), 30, urgent=True), [], look).text.text
    )


def test_progress_shows_sent_failed_left_and_time_to_go() -> None:
    publication = Publication(
        id=1, article_id=1, state=PublicationState.RUNNING, at=NOW, started_at=NOW,
        tally=DeliveryCounts(total=1000, sent=400, failed=10, held=100),
    )  # fmt: skip
    text = control.progress_card(publication, an_article(""), LOOKS[0], 30).text.text
    assert "▰▰▰▰▰▱▱▱▱▱▱▱ 46 %" in text
    assert "Надіслано: 400 з 900" in text
    assert "Лишилося: 490" in text
    assert "Не вдалося: 10" in text
    assert "Ще приблизно 16 с" in text
    done = replace(publication, state=PublicationState.DONE, finished_at=NOW + timedelta(seconds=30))
    assert "Готово за 30 с" in control.progress_card(done, an_article(""), LOOKS[0], 30).text.text


@given(st.integers(1, 60), st.integers(1, 8))
def test_rows_are_even_and_lose_no_button(number: int, width: int) -> None:
    rows = in_rows([Button(str(n)) for n in range(number)], width)
    assert [b.text for row in rows for b in row] == [str(n) for n in range(number)]
    assert max(map(len, rows)) <= width
    assert max(map(len, rows)) - min(map(len, rows)) <= 1


@settings(deadline=None)
@given(st.text(max_size=2000), st.text(max_size=600), st.sampled_from(LOOKS))
def test_no_text_breaks_a_card(body: str, title: str, look: Look) -> None:
    from bot.text.cleaning import clean_line

    article = an_article(body, title=clean_line(title)[:500] or "Без назви")
    accepted(headline_card(article, look))
    accepted(news.article_card(article, look, HeadlineScreen(1)))


def test_times_are_said_as_the_reader_sees_them() -> None:
    look = LOOKS[0]
    assert look.moment(NOW) == "14:00"
    assert look.moment(NOW - timedelta(days=1)) == "вчора, 14:00"
    assert look.moment(NOW - timedelta(days=20)) == "3 листопада, 14:00"
    assert look.moment(NOW - timedelta(days=400)) == "19 жовтня 2025, 15:00"
    assert LOOKS[1].moment(NOW + timedelta(days=1)) == "tomorrow, 14:00"
    assert phrases("uk")("reading-time", n=1) == "1 хв читати"


def test_a_digests_line_of_a_headline_without_source_and_date_ends_with_its_title() -> None:
    for look in LOOKS:
        bare = Section("Тема", (news.Headline(id=1, title="Міст відкрили"),))
        assert digests.digest_card(NOW, [bare], look, DigestScreen(1)).text.text.endswith("1. Міст відкрили")


def test_a_page_behind_the_end_of_a_list_is_its_first_one() -> None:
    """What stood there may be retracted, taken out or not wanted any more by the time somebody goes back to it."""
    look = LOOKS[0]
    items = tuple(news.Headline(id=n, title=f"Новина {n}") for n in range(1, 4))
    first = an_article("", id=9, title="Перша")
    for card in (
        digests.digest_card(NOW, [Section("Тема", items)], look, DigestScreen(1, 15)),
        lists.story_card(Story(1, "Історія", items), look, StoryScreen(1, 5)),
        lists.sources_card(first, items, look, SourcesScreen(9, 5)),
    ):
        assert "1. Новина 1" in card.text.text
        assert [button.text for row in card.rows for button in row][:3] == ["1", "2", "3"]
