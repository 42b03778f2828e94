"""Documents that fail: settings, commands and files are what the README and `.env.example` say they are."""

import ast
import re
import subprocess
from pathlib import Path

from bot.cli.parser import make_parser
from bot.config import Settings
from bot.screens.commands import COMMANDS
from bot.text.phrasebook import phrases
from tests.support.rooms import ORDER

ROOT = Path(__file__).parents[1]
HOUSE = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
FIXED = {"bot", "handlers", "storage", "tests", "docs", ".ci"}
LOCKS = [f"requirements{name}.lock" for name in ("", "-dev", "-bench", "-docs", "-mutants", "-semantic")]
DOCUMENTS = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"]


def _settings() -> dict[str, str]:
    return {name.upper(): field.description or "" for name, field in Settings.model_fields.items()}


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    assert set(re.findall(r"^#? ?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == set(_settings())


def test_the_example_says_of_each_setting_what_the_settings_say_and_shows_its_default() -> None:
    said = dict(re.findall(r"^# (.+)\n# ([A-Z_]+=.*)$", EXAMPLE, re.MULTILINE))
    for name, field in Settings.model_fields.items():
        if name not in {"bot_token", "bot_token_file", "admins", "database_url", "alert_url", "backup_passphrase"}:
            shown = "" if field.default in (None, ()) else field.default
            assert said[(field.description or "").replace("`", "")] == f"{name.upper()}={shown}"


def test_the_readmes_table_of_settings_is_what_the_settings_say() -> None:
    table = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+?) \|", README, re.MULTILINE))
    assert table == _settings()


def test_the_readmes_table_of_commands_is_what_the_bot_offers() -> None:
    say = phrases("en")
    table = dict(re.findall(r"^\| `/([a-z]+)[^`]*` \| ([^|]+?) \|", README, re.MULTILINE))
    assert table == {command.name: say(f"command-{command.name}") for command in COMMANDS}


def test_the_readme_knows_every_verb_of_the_command_line() -> None:
    verbs = make_parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert verbs is not None
    for verb in verbs:
        assert f"python -m bot {verb}" in README or f"make {verb}" in README


def test_the_readmes_first_commands_are_targets_of_the_makefile() -> None:
    named = re.findall(r"^make ([a-z]+)", README, re.MULTILINE)
    assert named[:2] == ["demo", "test"]
    assert set(named) <= _targets()


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_target_and_every_path_that_contributors_are_told_is_there() -> None:
    text = (ROOT / "docs" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)) <= _targets()
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"entry: make ([a-z-]+)", hooks)) <= _targets()
    for path in re.findall(r"\b(?:tests|bot|docs)/[\w/.-]*\w", text):
        assert (ROOT / path).exists() or "NNNN" in path, path


def test_the_workflow_runs_what_ci_runs_on_every_python_from_the_oldest() -> None:
    text = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    assert "run: .ci/run" in text
    pythons = re.findall(r'"(3\.\d+)"', text)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={pythons[0]}"' in project
    assert pythons == [f"3.{n}" for n in range(11, 15)]


def test_what_the_documents_link_to_is_there() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def _defined(path: Path) -> set[str]:
    """Return the classes and functions of a file, methods with their class."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {
                f"{node.name}.{f.name}" for f in node.body if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
    return names


def test_every_file_class_and_function_of_the_map_is_there() -> None:
    checked = 0
    for line in HOUSE.splitlines():
        place: Path | None = None
        for name in re.findall(r"`([^` ]+)`", line):
            if "/" in name and not name.startswith("/"):
                assert (ROOT / name).exists(), name
                place = ROOT / name if name.endswith(".py") else None
            elif place is not None and re.fullmatch(r"[\w.]+\(\)|[A-Z]\w*[a-z]\w*", name):
                assert name.removesuffix("()") in _defined(place), f"{place.name} has no {name}"
                checked += 1
            elif name.startswith("bot."):
                assert name in ORDER, name
    assert checked > 60


def test_the_map_lists_the_rooms_in_their_order() -> None:
    rooms = re.findall(r"^\| `((?:bot|storage)\.\w+|handlers)` \|", HOUSE, re.MULTILINE)
    assert tuple(rooms) == ORDER


def test_the_map_says_what_the_words_mean() -> None:
    words = HOUSE.split("\n## Words\n")[1].split("\n## ")[0]
    meant = set(re.findall(r"^\| ([^|]+?) \|", words, re.MULTILINE)) - {"word"}
    assert {
        "article",
        "headline",
        "topic",
        "reader",
        "subscription",
        "schedule",
        "delivery",
        "digest",
        "uncertain",
    } <= meant
    assert {"desk", "screen", "sandbox", "targeting", "match key", "placement", "claim", "lease", "fan-out"} <= meant
    assert {"card", "tap", "story (історія)", "editor, owner, author"} <= meant


def test_no_other_folder_of_code() -> None:
    folders = {
        p.parent.relative_to(ROOT).parts[0]
        for p in ROOT.rglob("*.py")
        if p.parent != ROOT and not {".venv", ".mutants"} & set(p.parts)
    }
    assert folders <= FIXED
    assert not list(ROOT.glob("*.py"))


def test_nothing_lies_about_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    kept = {"pyproject.toml", ".env.example", "README.md", "Makefile", "LICENSE", "CHANGELOG.md", ".gitignore"}
    kept |= {"SECURITY.md", ".github", ".editorconfig", ".pre-commit-config.yaml"}
    assert {line.split("/")[0] for line in listed.splitlines()} <= FIXED | kept | set(LOCKS)


def test_lock_files_have_hashes_and_no_address() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[[^\]]*\])?==", text, re.MULTILINE)
        assert len(pins) > 30
        assert text.count("--hash=sha256:") >= len(pins)


def test_every_decision_is_in_the_list_of_decisions() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert records
    assert [r.name for r in records if r.name not in listed] == []


UKRAINIAN = (ROOT / "docs" / "README.uk.md").read_text(encoding="utf-8")


def _shape(text: str) -> list[str]:
    """Return a document's headings as levels, and the commands it has people type, in their order."""
    return [heading or command.split("#")[0].strip() for heading, command in re.findall(r"^(#+) |^(make \w+.*)$", text, re.MULTILINE)]  # fmt: skip


def test_every_picture_is_shown_with_words_for_who_cannot_see_it_and_none_is_large() -> None:
    shown = set()
    for document in DOCUMENTS:
        for words, target in re.findall(r"!\[([^\]]*)\]\((?!https?:)([^)]+)\)", document.read_text(encoding="utf-8")):
            assert len(words) > 15, f"{document.name}: {target}"
            shown.add((document.parent / target).resolve())
    there = {one for one in (ROOT / "docs").rglob("*") if one.suffix in {".png", ".webp", ".svg", ".jpg", ".gif"}}
    assert shown == there
    taken = sorted((ROOT / "docs" / "pictures").rglob("*.webp"))
    assert [one.name for one in taken if one.stat().st_size > 80_000] == []
    assert sum(one.stat().st_size for one in taken) < 1_200_000
    names = [{one.name for one in taken if one.parent.name == language} for language in ("uk", "en")]
    assert names[0] == names[1]
    assert len(names[0]) > 10


def test_the_ukrainian_readme_has_the_same_parts_and_commands() -> None:
    assert _shape(UKRAINIAN) == _shape(README)
    for mark in ("| |", "1. ", "6. ", "2. `make run`", "make install-service", "ALERT_URL`]"):
        assert UKRAINIAN.count(mark) == README.count(mark) == 1, mark
    say = phrases("uk")
    table = dict(re.findall(r"^\| `/([a-z]+)[^`]*` \| ([^|]+?) \|", UKRAINIAN, re.MULTILINE))
    assert table == {command.name: say(f"command-{command.name}") for command in COMMANDS}


def test_the_times_in_the_paper_on_size_are_readers_over_rate() -> None:
    text = (ROOT / "docs" / "SCALE.md").read_text(encoding="utf-8")
    seconds = {"s": 1, "min": 60, "h": 3600, "days": 86400}
    rows = re.findall(r"^\| ([\d ]+) \| ([\d.]+) (\w+) \| ([\d.]+) (\w+) \| ([\d ]+) \|$", text, re.MULTILINE)
    assert len(rows) == 6
    for readers, slow, slow_unit, quick, quick_unit, stars in rows:
        number = int(readers.replace(" ", ""))
        assert abs(float(slow) * seconds[slow_unit] / (number / 30) - 1) < 0.03
        assert abs(float(quick) * seconds[quick_unit] / (number / 1000) - 1) < 0.03
        assert int(stars.replace(" ", "")) == number // 10
