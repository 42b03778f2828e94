"""Commands that documents tell people to type: each is understood as it is written, and those that are quick are run."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.parser import make_parser
from tests.support.process import Process

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if page.parent.name != "decisions"]  # what they say held when they were written
PARTS = sorted(path.stem for path in (ROOT / "tests" / "bench").glob("*.py"))
BOT = re.compile(r"(?:\S*/)?python3? -m bot(?: |$)")


def _typed(page: Path) -> Iterator[str]:
    """Yield what a page has people type: the lines of its shell blocks, and its spans of code."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        whole = block.replace("\\\n", " ")
        yield from (line.split(" #")[0].strip() for line in whole.splitlines() if not line.startswith("#"))
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for paragraph in re.split(r"\n\s*\n|\n(?=\|)", prose):
        yield from (span.replace("\n", " ") for span in re.findall(r"`([^`]+)`", paragraph))


def _bot_commands() -> list[tuple[str, list[str]]]:
    """Return what is said to `python -m bot`, as it is written and as a shell would split it."""
    found = []
    for page in PAGES:
        for typed in _typed(page):
            said = [(part, BOT.search(part)) for part in re.split(r" && | \|\| |; (?=do |done)", typed)]
            rests = [part[called.end() :] for part, called in said if called is not None]
            found += [(f"{page.name}: {typed}", shlex.split(rest)) for rest in rests if not rest.startswith("…")]
    return [(where, words) for where, words in found if words]


def _parsed(words: list[str]) -> None:
    """Have the command line read it; optional parts in brackets are given, `N` is a number."""
    given = ["3" if word == "N" else word for word in (word.strip("[]") for word in words)]
    make_parser().parse_args(given)


def test_every_command_of_the_documents_is_understood_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    verbs = {action.dest: action for action in make_parser()._actions}["command"].choices
    assert verbs is not None
    needs_more = {"token", "feeds", "webhooks", "import", "related", "search", "restore", "copy-database", "semantic"}
    needs_more |= {"export-reader", "erase-reader"}
    seen, wrong = 0, []
    for where, words in _bot_commands():
        seen += 1
        assert words[0] in verbs or words[0] in {"--help", "--version"}, where
        if len(words) == 1 and words[0] in needs_more | {"--help", "--version"}:
            continue  # the command is only named
        try:
            _parsed(words)
        except SystemExit:
            wrong.append(f"{where}\n{capsys.readouterr().err}")
    assert wrong == []
    assert seen > 60


def test_what_the_table_of_commands_says_of_each_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    """Its rows name a command, then acts of it (`token list`) and options (`--ready`)."""
    rows = re.findall(r"^\| (`python -m bot .+?) \| (.+) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    acts = options = 0
    for called, says in rows:
        verbs = [span.split()[-1] for span in re.findall(r"`([^`]+)`", called)]
        for span in re.findall(r"`([^`]+)`", says):
            if span.split()[0] in verbs:
                acts += 1
                _parsed(shlex.split(span))
            elif span.startswith("--"):
                options += 1
                with pytest.raises(SystemExit):
                    make_parser().parse_args([verbs[0], "--help"])
                assert re.search(rf"{span}\b", capsys.readouterr().out), f"{verbs[0]} has no {span}"
    assert (acts > 15, options > 5) == (True, True)


def test_every_make_bench_container_and_service_of_the_documents_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    profiles = set(
        re.findall(r"^ +- (sqlite|postgresql)$", (ROOT / "docs/deploy/compose.yaml").read_text("utf-8"), re.MULTILINE)
    )
    counted = {"make": 0, "bench": 0, "file": 0, "service": 0}
    for page in PAGES:
        for typed in _typed(page):
            if made := re.match(r"(?:sudo |[A-Z_]+=\S+ )*make ([a-z -]+)", typed):
                counted["make"] += 1
                assert set(made[1].split()) <= targets, f"{page.name}: {typed}"
            if part := re.match(r"(?:make bench ARGS=|python -m tests\.bench )(\w+)", typed):
                counted["bench"] += 1
                assert part[1] in PARTS, f"{page.name}: {typed}"
            for file in re.findall(r"(?:-f|install -m 600) (\S*[./]\S+|\S*file)\b", typed):
                counted["file"] += 1
                assert (ROOT / file).is_file(), f"{page.name}: {typed}"
            assert set(re.findall(r"--profile (\S+)", typed)) <= profiles, f"{page.name}: {typed}"
            if named := re.match(r"(?:systemctl \w+|journalctl -u) (\S+)", typed):
                counted["service"] += 1
                assert (ROOT / "docs" / "deploy" / f"{named[1]}.service").is_file()
    assert all(number > 2 for number in counted.values()), counted


LINE = '{"id": "a-1", "title": "Нічні рейси повертаються", "text": "Паром ходитиме щогодини.", "topics": ["Місто"]}\n'
RUN = [
    ("status", 1, "🛑 News may not get through: 2 causes, see python -m bot doctor\nVisnyk"),
    ("alive", 2, "HTTP_BIND is empty"),
    ("import one.jsonl", 0, "New: 1, known: 0, rejected: 0."),
    ("import --zone Europe/Kyiv one.jsonl", 0, "New: 0, known: 1, rejected: 0."),
    ("import FILE…", 1, "FILE…: there is no such file"),
    ("search нічні рейси", 0, "Нічні рейси повертаються"),
    ("related a-1 --json --limit 3", 0, '"related":[]'),
    ("related 17", 1, "There is no published article “17”."),
    ("reindex", 0, "The index is rebuilt. Articles: 1."),
    ("token add site --source Агенція --scope publish --scope correct", 0, "visnyk_"),
    ("token add site --scope draft", 1, "There is a token called “site” already"),
    ("token list", 0, "site\tАгенція\tpublish,correct"),
    ("token revoke site", 0, "Token “site” revoked"),
    ("webhooks add https://site.example/visnyk --events published corrected retracted", 0, "whsec_"),
    ("webhooks add ADDRESS", 1, "ADDRESS: nothing can be sent to such an address. A whole one is needed"),
    ("webhooks list", 0, "published,corrected,retracted"),
    ("webhooks remove 1", 0, "Webhook 1 removed"),
    ("feeds list", 0, ""),
    ("feeds add list.opml", 1, "list.opml: there is no such file"),
    ("feeds remove https://example.org/rss.xml", 1, "there is no such feed"),
    ("export-reader 123456789 --to reader.json", 1, "Nothing is stored about 123456789"),
    ("erase-reader 123456789 --yes", 1, "Nothing is stored about 123456789"),
    ("backup copies", 0, "articles 1, readers 0"),
    ("restore --check FILE", 2, "There is no file FILE."),
    ("restore copies/BACKUP", 2, "There is already a database in data/visnyk.db"),
    ("copy-database FROM TO", 2, "FROM must start with sqlite:/// or postgresql://, and look like"),
    ("copy-database sqlite:///data/visnyk.db sqlite:///other.db", 0, "Copied and compared"),
    ("semantic off", 0, ""),
    ("setup", 2, "there is no terminal here. Without one: install -m 600 .env.example .env"),
    ("run", 2, "BOT_TOKEN is not set."),
]


@pytest.mark.wide
async def test_what_needs_nobody_is_run_in_an_empty_folder_one_after_the_other(tmp_path: Path) -> None:
    wrong = []
    (tmp_path / "one.jsonl").write_text(LINE, encoding="utf-8")
    for number, (command, status, says) in enumerate(RUN):
        named = command.replace("BACKUP", next((one.name for one in (tmp_path / "copies").glob("*.db")), "BACKUP"))
        process = Process({"LANGUAGE": "en"}, tmp_path / f"{number}.log", tuple(shlex.split(named)))
        await process.start()
        ended = await process.ends()
        said = process.log.read_text(encoding="utf-8")
        if (ended, says in said, "Traceback" in said) != (status, True, False):
            wrong.append(f"{command}: {ended}\n{said}")
    assert wrong == []
