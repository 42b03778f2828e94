"""Importing what is out there, with the bot running, on both engines: it arrives whole, or the report says what did not."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.imports import import_files
from bot.cli.reindex import reindex
from bot.errors import Refused
from bot.model.desk import Editor, Role
from bot.model.news import FromFeed, Incoming, RevisionKind
from bot.model.relevance import PreparedArticle
from bot.relevance.written import work_out
from storage.articles.imports import Imports
from storage.engine.database import Database
from tests.support.newsroom import OWNER, TOKEN, Newsroom, open_newsroom
from tests.support.rows import NOW

pytestmark = pytest.mark.wide

Import = Callable[..., Awaitable[tuple[list[str], list[str]]]]

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Лісова пошта</title>{}</channel></rss>"""
ITEM = "<item><guid isPermaLink='false'>{}</guid><title>{}</title><link>https://lis.example/{}</link><description>{}</description><pubDate>Wed, 20 Nov 2024 10:05:00 +0200</pubDate></item>"  # fmt: skip


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url) as opened:
        yield opened


@pytest.fixture
async def take(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Import:
    """Return a function that imports a file of this content: what it prints and what it complains of, line by line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)

    async def taking(name: str, content: str, **options: Any) -> tuple[list[str], list[str]]:
        (tmp_path / name).write_text(content, encoding="utf-8")
        capsys.readouterr()
        await import_files([name], push=options.pop("push", False), zone="", **options)
        printed = capsys.readouterr()
        return printed.out.splitlines(), [line for line in printed.err.splitlines() if line.strip()]

    return taking


async def _titles(room: Newsroom) -> list[str]:
    return sorted(item.title for item in (await room.store.articles.latest(limit=50)).items)


async def test_items_with_one_id_are_several_articles_every_time(room: Newsroom, take: Import) -> None:
    items = "".join(
        ITEM.format("пост", f"Новина про дерево {name}", name, f"Текст {name}.") for name in ("дуб", "клен")
    )
    out, err = await take("feed.xml", FEED.format(items))
    assert out[0] == "Нових: 2, відомих: 0, відхилено: 0."
    assert err == [
        "feed.xml: ключ «пост» мають різні записи (2): розрізняємо їх за адресою, а без неї — за заголовком і днем"
    ]
    out, _ = await take("feed.xml", FEED.format(items))
    assert out[0] == "Нових: 0, відомих: 2, відхилено: 0."


async def test_an_id_that_comes_back_with_another_article_takes_nothing_away(room: Newsroom, take: Import) -> None:
    await take("feed.xml", FEED.format(ITEM.format("пост", "Дуб упав на дорогу", 1, "Ранок.")))
    later = FEED.format(ITEM.format("пост", "Міст закрили на ремонт", 2, "Вечір."))
    out, err = await take("feed.xml", later, update=True)
    assert out[0] == "Нових: 1, відомих: 0, відхилено: 0."
    assert err == [
        "feed.xml#1: ключ «пост» належить уже іншій новині: цю впізнаватимемо за адресою, а без неї — за заголовком і днем"
    ]
    assert await _titles(room) == ["Дуб упав на дорогу", "Міст закрили на ремонт"]
    assert (await take("feed.xml", later, update=True))[0][0] == "Нових: 0, відомих: 1, відхилено: 0."


async def test_items_that_share_an_address_are_several_articles_every_time(room: Newsroom, take: Import) -> None:
    item = "<item><title>{}</title><link>https://lis.example/</link><description>{}</description></item>"
    feed = FEED.format(item.format("Дуб упав", "Ранок.") + item.format("Клен цвіте", "Вечір."))
    out, err = await take("feed.xml", feed)
    assert out[0] == "Нових: 2, відомих: 0, відхилено: 0."
    assert err == [
        "feed.xml: адресу «https://lis.example/» мають різні записи без власного ключа (2): розрізняємо їх за заголовком і днем"
    ]
    assert (await take("feed.xml", feed))[0][0] == "Нових: 0, відомих: 2, відхилено: 0."


async def test_half_characters_in_a_feed_are_joined_or_left_out(room: Newsroom, take: Import) -> None:
    items = ITEM.format(
        "1", "Пожежа &#55357;&#56613; у лісі", 1, "Гасять &#xD83D;&#xDD25; другу добу &#xD83D; &#9999999;."
    )
    out, _ = await take("feed.xml", FEED.format(items + ITEM.format("2", "Дуб упав", 2, "Ранок.")))
    assert out[0] == "Нових: 2, відомих: 0, відхилено: 0."
    assert await _titles(room) == ["Дуб упав", "Пожежа 🔥 у лісі"]


async def test_control_characters_cost_no_line(room: Newsroom, take: Import) -> None:
    lines = [
        {"id": "а\x00б", "title": "Перша", "text": "Т\x00екст", "published_at": "2024-11-20"},
        {"id": "2", "title": "Друга", "story": "с\x00южет", "source": "Дже\x00рело", "published_at": "2024-11-20"},
        {"id": "3", "title": "Третя", "language": "u\x00k", "topics": ["Лі\x00с"], "published_at": "2024-11-20"},
    ]
    out, err = await take("news.jsonl", "\n".join(map(json.dumps, lines)))
    assert (out[0], err) == ("Нових: 3, відомих: 0, відхилено: 0.", [])
    assert await _titles(room) == ["Друга", "Перша", "Третя"]


def _prepared(title: str) -> PreparedArticle:
    incoming = Incoming(title=title, identity=f"id:{len(title)}")
    return PreparedArticle(incoming, FromFeed("files"), work_out("x", "", "", "uk"), ())


async def test_what_the_store_refuses_is_named_as_such_and_nothing_of_the_batch_is_stored(database: Database) -> None:
    imports = Imports(database)
    with pytest.raises(Refused):
        await imports.add([_prepared("Добра"), _prepared("Половина знака \ud800")], NOW, push=False)
    assert len(await imports.add([_prepared("Добра")], NOW, push=False)) == 1


async def test_a_file_that_was_cut_off_and_then_comes_whole(room: Newsroom, take: Import) -> None:
    whole = FEED.format(ITEM.format(1, "Дуб упав", 1, "Ранок.") + ITEM.format(2, "Клен росте", 2, "Довгий опис клена."))
    out, err = await take("feed.xml", whole[: whole.index("опис клена")])
    assert out[0] == "Нових: 1, відомих: 0, відхилено: 1."
    assert err == ["feed.xml#2: файл обривається посеред запису 2: цей запис не взято"]
    out, err = await take("feed.xml", whole)
    assert (out, err) == (["Нових: 1, відомих: 1, відхилено: 0."], [])
    reader = room.person()
    await reader.says("/start")
    await reader.says("/search клен")
    await reader.taps("1")
    assert "Довгий опис клена." in reader.screen


async def test_what_changed_is_reported_and_with_update_becomes_a_revision_that_reaches_the_copies(
    room: Newsroom, take: Import
) -> None:
    reader = room.person()
    await reader.says("/start")
    await take("feed.xml", FEED.format(ITEM.format(1, "Дуб упав", 1, "Ранок.")), push=True)
    await room.tick()
    await room.settled()
    await reader.sees("Дуб упав")
    later = FEED.format(ITEM.format(1, "Дуб прибрали", 1, "Вечір."))
    out, err = await take("feed.xml", later)
    assert out == ["Нових: 0, відомих: 1, відхилено: 0.", "Змінено в джерелі: 1, оновлено: 0."]
    assert err == ["feed.xml#1: змінилося в джерелі: «Дуб прибрали». Щоб оновити, додайте --update"]
    assert await _titles(room) == ["Дуб упав"]
    out, err = await take("feed.xml", later, update=True)
    assert out[1] == "Змінено в джерелі: 1, оновлено: 1."
    assert err == ["feed.xml#1: оновлено: «Дуб прибрали»"]
    await room.tick()
    await room.settled()
    assert await reader.count("Дуб упав") == 0
    assert await reader.count("Дуб прибрали") == 1, "the copy was changed, nothing was sent again"
    assert (await take("feed.xml", later, update=True))[0] == ["Нових: 0, відомих: 1, відхилено: 0."]
    await reader.says("/search прибрали")
    assert "Дуб прибрали" in reader.screen


@pytest.mark.parametrize("update", [True, False])
async def test_the_next_piece_of_a_page_without_an_id_does_not_take_the_place_of_the_last(
    room: Newsroom, take: Import, update: bool
) -> None:
    item = "<item><title>{}</title><link>https://e.example/live</link><description>{}</description><pubDate>{}</pubDate></item>"
    day = "Tue, 24 Nov 2026 08:0{}:00 GMT"
    await take("feed.xml", FEED.format(item.format("Тривога у Києві", "Усім в укриття.", day.format(1))))
    for n, (title, text) in enumerate((("Відбій тривоги у Києві", ""), ("Міст відкрили", "Рух відновлено.")), 2):
        one = FEED.format(item.format(title, text, day.format(n)))
        out, err = await take("feed.xml", one, update=update)
        assert out == ["Нових: 1, відомих: 0, відхилено: 0."]
        assert "мають різні записи без власного ключа" in err[0]
        assert (await take("feed.xml", one, update=update))[0] == ["Нових: 0, відомих: 1, відхилено: 0."]
    assert sorted(await _titles(room)) == ["Відбій тривоги у Києві", "Міст відкрили", "Тривога у Києві"]


async def test_what_the_desk_has_corrected_is_not_overwritten(room: Newsroom, take: Import) -> None:
    await take("feed.xml", FEED.format(ITEM.format(1, "Дуб упав", 1, "Ранок.")))
    number = (await room.store.articles.latest(limit=1)).items[0].id
    corrections = room.app.parts.desk.corrections
    article = await corrections.open(number)
    changed = await corrections.proposed(article, "title", "Старий дуб упав")
    await corrections.correct(changed, RevisionKind.TYPO, "", Editor(OWNER, Role.OWNER))
    same = await take("feed.xml", FEED.format(ITEM.format(1, "Дуб упав", 1, "Ранок.")), update=True)
    assert same == (["Нових: 0, відомих: 1, відхилено: 0."], []), "the source says what it said"
    out, err = await take("feed.xml", FEED.format(ITEM.format(1, "Дуб прибрали", 1, "Ранок.")), update=True)
    assert out[1] == "Змінено в джерелі: 1, оновлено: 0."
    assert "редакція вже виправляла цю новину" in err[0]
    assert await _titles(room) == ["Старий дуб упав"]


async def test_a_list_of_feeds_is_printed(room: Newsroom, take: Import) -> None:
    opml = '<opml><body><outline text="Ліс" xmlUrl="https://lis.example/rss"/></body></opml>'
    out, _ = await take("list.opml", opml)
    assert out[0] == "Нових: 0, відомих: 0, відхилено: 0."
    assert out[1].startswith("Стрічок у списку: 1.")
    assert out[2] == "Ліс\thttps://lis.example/rss"


async def test_a_feed_of_240_tags_brings_a_few_topics_and_screens_that_can_be_turned(
    room: Newsroom, take: Import
) -> None:
    tags = [f"мітка {n}" for n in range(240) for _ in range(1 + 3 * (n < 30))]
    items = "".join(
        ITEM.format(n, f"Новина {n}", n, f"Текст {n}").replace("</item>", f"<category>{tag}</category></item>")
        for n, tag in enumerate(tags)
    )
    _, err = await take("feed.xml", FEED.format(items))
    assert err == [
        "feed.xml: рідкісні мітки лишилися мітками, не темами (228); пошук їх знаходить: "
        "мітка 12, мітка 13, мітка 14, мітка 15, мітка 16"
    ]
    topics = await room.store.topics.all()
    assert len(topics) == 24
    more = [{"title": f"Ще {n}", "topics": [f"Десять {n}"]} for n in range(10)]
    await take("more.jsonl", "\n".join(map(json.dumps, more)))
    reader = room.person()
    await reader.says("/topics")
    seen = set(_buttons(reader.last))
    assert "Далі ▶" in seen
    await reader.taps("▶")
    await reader.taps("Десять 9")
    assert any(text.startswith("✅") and "Десять 9" in text for text in _buttons(reader.last)), "the page stays"
    await reader.taps("◀")
    assert seen <= {*_buttons(reader.last)}


def _buttons(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


async def test_telegrams_export_is_an_archive_at_once(room: Newsroom, take: Import) -> None:
    messages = [
        {"id": 1, "type": "service", "text": ""},
        {"id": 2, "type": "message", "date": "2024-11-20T10:05:00", "text": ["Дуби цвітуть\n\n", {"type": "bold", "text": "Весна."}]},
        {"id": 3, "type": "message", "date": "2024-11-21T10:05:00", "text": "Фото дня", "photo": "photos/\x1b[2J3.jpg"},
    ]  # fmt: skip
    export = {"name": "Діброва", "type": "public_channel", "id": 5, "messages": messages}
    out, err = await take("result.json", json.dumps(export))
    assert out[0] == "Нових: 2, відомих: 0, відхилено: 0."
    assert err == ["result.json#3: файл не взято: photos/[2J3.jpg"]
    reader = room.person()
    await reader.says("/start")
    await reader.says("/latest")
    assert "Фото дня\nДіброва" in reader.screen


async def test_the_report_speaks_english_too(room: Newsroom, take: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    out, err = await take("news.jsonl", '{"title": "A", "published_at": "some day"}\n{"title": "B')
    assert out[0] == "New: 1, known: 0, rejected: 1."
    assert err == [
        "news.jsonl:2: the file ends in the middle of item 2: that item was left out",
        "news.jsonl:1: the date cannot be read: “some day”; taken without a date",
    ]


RARE = ["вітряк", "кам'яна баба", "Ґава & Co", "<b>", *(f"мітка {n}" for n in range(30))]


def _tagged(text: str = "Ранок.") -> str:
    items = (
        ITEM.format(n, f"Новина {n}", n, text).replace("</item>", f"<category><![CDATA[{tag}]]></category></item>")
        for n, tag in enumerate(RARE)
    )
    return FEED.format("".join(items))


async def test_an_article_is_found_by_a_rare_tag_also_after_a_correction_an_update_and_a_new_index(
    room: Newsroom, take: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, corrections = room.person(), room.app.parts.desk.corrections
    await reader.says("/start")
    await take("feed.xml", _tagged())
    number = await room.store.articles.number_of("0")
    assert number is not None

    async def found() -> None:
        for words in ("вітряки", '"вітряк"'):
            await reader.says(f"/search {words}")
            assert "Новина 0" in reader.screen
        await reader.taps("1")
        assert "#вітряк" in reader.screen
        assert not any("вітряк" in label for label in reader.buttons)

    await found()
    changed = await corrections.proposed(await corrections.open(number), "lead", "Початок.")
    await corrections.correct(changed, RevisionKind.CORRECTION, "Початок", Editor(OWNER, Role.OWNER))
    await found()
    await reader.says("/search баба")
    assert "Новина 1" in reader.screen
    only = ITEM.format(1, "Новина 1", 1, "Вечір.").replace("</item>", "<category>баба</category></item>")
    out, _ = await take("one.xml", FEED.format(only), update=True)
    assert out[1] == "Змінено в джерелі: 1, оновлено: 1."
    await reader.says('/search "кам’яна баба" вечір')
    assert "Новина 1" in reader.screen
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    await reindex()
    await found()
    assert not [topic for topic in await room.store.topics.all() if "вітряк" in topic.names.values()]


async def test_a_tag_does_not_bring_the_topic_that_its_word_would(room: Newsroom, take: Import) -> None:
    tags = ["чемпіонат із футболу", *(f"мітка {n}" for n in range(30))]
    items = (
        ITEM.format(n, f"Новина {n}", n, "Ранок.").replace("</item>", f"<category>{tag}</category></item>")
        for n, tag in enumerate(tags)
    )
    await take("feed.xml", FEED.format("".join(items)))
    number = await room.store.articles.number_of("0")
    assert number is not None
    article = await room.store.articles.get(number)
    assert (article.tags, article.topics) == (("чемпіонат із футболу",), ())
