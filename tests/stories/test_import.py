"""Importing, with the bot running: the same thing twice is one, what is refused is named, nothing goes out unasked."""

import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.cli.imports import import_files
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.process import ROOT

DATA = ROOT.parent / "shared" / "data"
SAMPLE = 150  # lines of each file

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Надріцька хвиля</title>
<item><guid>https://hvylia.example/1</guid><title>Пором повернувся на пристань</title><category>Транспорт</category>
<description>Рейси щогодини, квиток коштує 25 гривень.</description><pubDate>Wed, 20 Nov 2024 10:05:00 +0200</pubDate></item>
<item><guid>https://hvylia.example/2</guid></item></channel></rss>"""

LINES = """{"id": "1", "source": "Обрій", "title": "Міст відкрили для вантажівок", "published_at": "2024-11-20"}
{"id": "2", "source": "Обрій", "title": "Без дати"}
{"id": "1", "source": "Обрій", "title": "Міст відкрили для вантажівок", "published_at": "2024-11-20", "text": "Те саме вдруге"}
не json
{"title": "З майбутнього", "published_at": "2999-01-01"}
"""
NOT_OUT = {
    "feed.atom": """<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'
 xmlns:blogger='http://schemas.google.com/blogger/2018'><title>Гай</title>
<entry><id>tag:gai,1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>
<author><name>Оля</name><blogger:type>BLOGGER</blogger:type></author><title>Дуб цвіте</title><published>2026-11-20T10:00:00Z</published></entry>
<entry><id>tag:gai,2</id><blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status><title>Нарис</title></entry>
<entry><id>tag:gai,3</id><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status><title>Гарно!</title></entry></feed>""",
    "news.json": """{"title": "Гай", "items": [{"Title": "Липа пахне", "Source": "Reuters", "date": "2026-11-20"},
{"Title": "Нарис", "Draft": true}, {"title": "Нарис", "status": "На розгляді"}]}""",
    "news.csv": "title,state,status,pubDate\nЯсен росте,Київ,publish,2026-11-20\nНарис,Київ,draft,2026-11-20\n",
}

Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url) as opened:
        yield opened


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what `python -m bot import` does: its exit status, what it prints, and what it complains of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    (tmp_path / "feed.xml").write_text(RSS, encoding="utf-8")
    (tmp_path / "news.jsonl").write_text(LINES, encoding="utf-8")
    for name, content in NOT_OUT.items():
        (tmp_path / name).write_text(content, encoding="utf-8")

    async def running(*names: str, push: bool = False, zone: str = "", update: bool = False) -> tuple[int, str, str]:
        capsys.readouterr()
        status = await import_files(list(names), push=push, zone=zone, update=update)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return running


async def test_the_same_files_twice_are_the_same_articles(room: Newsroom, run: Run) -> None:
    status, first, _ = await run("feed.xml", "news.jsonl")
    assert (status, first.splitlines()[0]) == (0, "Нових: 3, відомих: 1, відхилено: 3.")
    status, second, _ = await run("news.jsonl", "feed.xml")
    assert (status, second.splitlines()[0]) == (0, "Нових: 0, відомих: 4, відхилено: 3.")
    latest = [item.title for item in (await room.store.articles.latest(limit=10)).items]
    assert latest == ["Міст відкрили для вантажівок", "Пором повернувся на пристань"], "without a date it is not latest"


BRIDGE = "Рух через річку пустили вранці, перші фури вже проїхали. Ремонт опор тривав два роки."
TOLD_APART = {
    "old.jsonl": [
        ("1", "Міст відкрили для вантажівок", BRIDGE),
        ("2", "У музеї нова виставка", "Картини привезли з Одеси."),
    ],
    "new.jsonl": [("1", "Школи переходять на канікули", "Учні відпочиватимуть тиждень."), ("2", "Ярмарок меду", "")],
    "old2.jsonl": [
        ("1", "Міст відкрили повністю", f"{BRIDGE} Проїзд безкоштовний."),
        ("2", "У музеї нова виставка", ""),
    ],
}


async def test_a_bare_number_of_another_file_of_the_same_name_is_another_article(
    room: Newsroom, run: Run, tmp_path: Path
) -> None:
    for name, items in TOLD_APART.items():
        lines = [
            json.dumps({"id": number, "source": "Вісник", "title": title, "text": text, "published_at": "2026-11-20"})
            for number, title, text in items
        ]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")

    async def titles() -> set[str]:
        return {item.title for item in (await room.store.articles.latest(limit=10)).items}

    first = {title for _, title, _ in TOLD_APART["old.jsonl"]}
    both = first | {title for _, title, _ in TOLD_APART["new.jsonl"]}
    status, said, complaints = await run("old.jsonl", "new.jsonl", update=True)  # also in one run
    assert (status, said.splitlines()[0], await titles()) == (0, "Нових: 4, відомих: 0, відхилено: 0.", both)
    assert complaints.count("належить уже іншій новині") == 2
    for name in ("new.jsonl", "old.jsonl", "new.jsonl"):
        _, said, _ = await run(name, update=True)
        assert (said.splitlines()[0], await titles()) == ("Нових: 0, відомих: 2, відхилено: 0.", both), name
    await run("old2.jsonl", update=True)  # what did change is a change
    assert await titles() == both - {"Міст відкрили для вантажівок"} | {"Міст відкрили повністю"}
    number, title, _ = TOLD_APART["new.jsonl"][0]
    longer = "Учні відпочиватимуть два тижні."
    line = {"id": number, "source": "Вісник", "title": title, "text": longer, "published_at": "2026-11-20"}
    (tmp_path / "new.jsonl").write_text(json.dumps(line), encoding="utf-8")
    _, said, _ = await run("new.jsonl", update=True)
    assert said.splitlines()[:2] == ["Нових: 0, відомих: 1, відхилено: 0.", "Змінено в джерелі: 1, оновлено: 1."]


async def test_every_line_that_is_not_taken_is_named_with_its_reason(run: Run, room: Newsroom) -> None:
    _, out, err = await run("feed.xml", "news.jsonl", "none.xml")
    assert [line for line in err.splitlines() if line.strip()] == [
        "none.xml: такого файлу немає",
        "feed.xml#2: немає ні заголовка, ні тексту",
        "news.jsonl:4: рядок не є JSON",
        "news.jsonl:5: дата в майбутньому",
    ]
    assert "Без дати: 1." in out


async def test_nothing_taken_is_a_failure(run: Run, room: Newsroom) -> None:
    assert (await run("none.xml"))[0] == 1


async def test_what_is_imported_can_be_read_found_and_is_filed_under_its_topic(room: Newsroom, run: Run) -> None:
    reader = room.person()
    await reader.says("/start")
    await run("feed.xml", "news.jsonl")
    await reader.says("/latest")
    assert "Пором повернувся на пристань\nНадріцька хвиля · 20 листопада 2024, 10:05" in reader.screen
    assert "Без дати" not in reader.screen
    await reader.says("/search порому")
    assert "Пором повернувся на пристань" in reader.screen
    await reader.taps("1")
    assert "квиток коштує 25 гривень" in reader.screen
    await reader.says("/latest транспорт")
    assert "Пором повернувся на пристань" in reader.screen
    await reader.says("/search дати")
    assert "Без дати" in reader.screen


async def test_nothing_is_pushed_unless_it_is_asked_for_and_then_it_is_once(room: Newsroom, run: Run) -> None:
    reader = room.person()
    await reader.says("/start")
    await run("news.jsonl")
    await room.tick()
    await room.settled()
    assert await reader.lacks("Міст відкрили для вантажівок")
    await run("feed.xml", "news.jsonl", push=True)
    await room.tick()
    await room.settled()
    await reader.sees("Пором повернувся на пристань")
    assert await reader.lacks("Міст відкрили для вантажівок"), "what was there before is no news"
    await run("feed.xml", push=True)
    await room.tick()
    await room.settled()
    assert await reader.count("Пором повернувся на пристань") == 1


async def test_dates_without_a_zone_are_read_in_the_one_that_is_named(room: Newsroom, run: Run, tmp_path: Path) -> None:
    (tmp_path / "ny.jsonl").write_text('{"title": "Опівдні", "published_at": "2024-11-20 12:00"}', encoding="utf-8")
    await run("ny.jsonl", zone="America/New_York")
    (item,) = (await room.store.articles.latest(limit=1)).items
    assert item.published_at is not None
    assert item.published_at.isoformat() == "2024-11-20T17:00:00+00:00"


def _sample(folder: Path) -> int:
    """Copy the beginning of each file of the real data; returns how many lines of JSON there are."""
    count = 0
    for source in sorted(DATA.iterdir()):
        with source.open("rb") as file:
            if source.suffix == ".jsonl":
                lines = list(itertools.islice(file, SAMPLE))
                count += len(lines)
                (folder / source.name).write_bytes(b"".join(lines))
            else:
                (folder / source.name).write_bytes(file.read())
    return count


@pytest.mark.skipif(not DATA.is_dir(), reason=f"NOT TESTED ON REAL NEWS: there is no {DATA}")
@pytest.mark.thorough
async def test_the_real_folder_is_taken_as_it_is(room: Newsroom, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    lines = _sample(folder)
    status, out, err = await run(str(folder))
    assert status == 0
    new, known, rejected = (int("".join(filter(str.isdigit, part))) for part in out.splitlines()[0].split(","))
    assert new + known + rejected == lines + len(list(folder.iterdir())) - len(list(folder.glob("*.jsonl")))
    assert rejected == len(err.strip().splitlines())
    refused = {line.split(": ")[0].rpartition("/")[2].split(":")[0] for line in err.strip().splitlines()}
    assert not refused & {"headlines-uk.jsonl", "stories-en.jsonl", "posts-uk.jsonl", "interfax-2023-06-26.txt"}
    _, again, _ = await run(str(folder))
    assert again.startswith("Нових: 0,")
    first = json.loads((folder / "headlines-uk.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    found = room.person()
    await found.says("/start")
    await found.says(f"/search {first['title'][:60]}")
    assert first["title"][:40] in found.screen


async def test_what_is_not_out_at_its_source_is_named_and_reaches_nobody(room: Newsroom, run: Run) -> None:
    reader = room.person()
    await reader.says("/start")
    _, out, err = await run(*NOT_OUT, push=True)
    assert out.splitlines()[0] == "Нових: 3, відомих: 0, відхилено: 5."
    assert [line for line in err.splitlines() if line.strip()] == [
        "feed.atom#2: запис не для читачів: draft", "feed.atom#3: це не новина: comment",
        "news.json#2: запис не для читачів: draft", "news.json#3: запис не для читачів: на розгляді",
        "news.csv:3: запис не для читачів: draft",
    ]  # fmt: skip
    latest = (await room.store.articles.latest(limit=9)).items
    assert {(item.title, item.source) for item in latest} == {
        ("Дуб цвіте", "Гай"), ("Липа пахне", "Reuters"), ("Ясен росте", ""),
    }  # fmt: skip
    await room.tick()
    await room.settled()
    assert [await reader.count(title) for title in ("Дуб цвіте", "Нарис", "Гарно!")] == [1, 0, 0]
