"""The commands for scripts, run as a script runs them: related, search, compare, reindex."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.prefork import ROOT, prefork

pytestmark = pytest.mark.thorough
ITEMS = [
    {"id": "a/1", "title": "Київрада ухвалила бюджет столиці", "source": "А", "published_at": "2026-11-20"},
    {"id": "a/2", "title": "Опозиція критикує бюджет Київради", "source": "А", "published_at": "2026-11-21"},
    {"id": "b/3", "title": "У Львові відкрили музей археології", "source": "Б", "published_at": "2026-11-21"},
    {"id": "b/4", "title": "Київрада скоротила бюджет на дороги", "source": "Б", "published_at": "2026-11-22"},
    {"id": "b/5", "title": "Мости столиці ремонтуватимуть узимку", "source": "Б", "published_at": "2026-11-22"},
    {"id": "777", "title": "Погода у Львові: сніг і ожеледиця", "source": "Б", "published_at": "2026-11-22"},
]


class Shell:
    """A shell with the settings of one installation."""

    def __init__(self, url: str, folder: Path) -> None:
        home = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)}
        self._environment = {**home, "DATABASE_URL": url, "TIMEZONE": "Europe/Kyiv"}
        self._folder = folder

    def run(self, *arguments: str, given: str | bytes = "", status: int = 0) -> list[str]:
        raw = given if isinstance(given, bytes) else given.encode()
        done = prefork().run(arguments, self._folder, self._environment, raw)
        assert done.returncode == status, done.stderr.decode()
        assert b"Traceback" not in done.stderr
        return done.stdout.decode().splitlines()

    def json(self, *arguments: str, given: str | bytes = "", status: int = 0) -> list[Any]:
        return [json.loads(line) for line in self.run(*arguments, given=given, status=status)]


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    opened = Shell(database_url, tmp_path)
    opened.run("import", "-", given="\n".join(map(json.dumps, ITEMS)))
    return opened


def test_related_answers_by_imported_id_by_number_and_by_standard_input(shell: Shell) -> None:
    (answer,) = shell.json("related", "a/1", "--json")
    assert (answer["asked"], answer["id"], answer["external_id"]) == ("a/1", "a/1", "a/1")
    assert answer["related"][0]["id"] in {"a/2", "b/4"}
    assert {"b/3", "777", "a/1"} & {item["id"] for item in answer["related"]} == set()
    scores = [item["score"] for item in answer["related"]]
    assert scores == sorted(scores, reverse=True)
    (by_number,) = shell.json("related", str(answer["number"]), "--json", "--limit", "1")
    assert by_number["related"] == answer["related"][:1]
    several = shell.json("related", "-", "--json", given="a/1\n\n#1\nb/3\n")
    assert [line["asked"] for line in several] == ["a/1", "#1", "b/3"]


def test_an_imported_id_of_digits_is_the_imported_one_and_a_hash_means_the_number(shell: Shell) -> None:
    named, numbered = shell.json("related", "777", "#3", "--json")
    assert named["title"].startswith("Погода")
    assert numbered["number"] == 3


def test_an_unknown_article_is_an_error_on_its_line_and_the_rest_goes_on(shell: Shell) -> None:
    answers = shell.json("related", "a/1", "nope", "999999", "a/2", "--json", status=1)
    assert ["error" in answer for answer in answers] == [False, True, True, False]


def test_search_finds_any_form_and_narrows(shell: Shell) -> None:
    (found,) = shell.json("search", "бюджетом київраді", "--json")
    assert {item["id"] for item in found["results"]} == {"a/1", "a/2", "b/4"}
    (narrow,) = shell.json("search", "бюджет -критика source:А after:2026-11-01", "--json", "--limit", "5")
    assert [item["id"] for item in narrow["results"]] == ["a/1", "a/2"] or narrow["total"] == 2
    (exact,) = shell.json("search", '"ухвалила бюджет"', "--json")
    assert [item["id"] for item in exact["results"]] == ["a/1"]
    (newest,) = shell.json("search", "бюджет", "--json", "--newest")
    assert [item["id"] for item in newest["results"]] == ["b/4", "a/2", "a/1"]


def test_search_suggests_what_was_perhaps_meant(shell: Shell) -> None:
    (found,) = shell.json("search", "кийврада", "--json")
    assert found["results"] == []
    assert found["suggestion"] == "київрада"


def test_nothing_to_search_for_is_an_error_on_its_line(shell: Shell) -> None:
    given = "бюджет\n😀\nі та в на\n".encode() + b"\xff\xfe\n" + "бюджет\n".encode()
    answers = shell.json("search", "-", "--json", given=given, status=1)
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]


def test_reindexing_changes_no_answer(shell: Shell) -> None:
    before = shell.json("related", "a/1", "b/3", "--json"), shell.json("search", "бюджет", "--json")
    shell.run("reindex")
    shell.run("reindex")
    assert (shell.json("related", "a/1", "b/3", "--json"), shell.json("search", "бюджет", "--json")) == before


def test_compare_needs_no_database_answers_in_order_and_survives_a_bad_line(tmp_path: Path) -> None:
    shell = Shell("nonsense://", tmp_path)
    text = "Київрада ухвалила бюджет столиці на наступний рік, документ підтримали 84 депутати з 120 на засіданні."
    one = {"title": "Бюджет", "text": text}
    lines = [
        json.dumps({"a": one, "b": one, "hours_apart": 1}),
        "not json",
        json.dumps({"a": one}),
        json.dumps({"a": one, "b": {"title": "Львів", "text": "Археологи знайшли підвал під ратушею."}}),
        json.dumps({"a": one, "b": one, "hours_apart": "soon"}),
    ]
    answers = shell.json("compare", given="\n".join(lines), status=1)
    assert [answer.get("duplicate") for answer in answers] == [True, None, None, False, None]
    assert ["error" in answer for answer in answers] == [False, True, True, False, True]
    assert set(answers[0]) == {"duplicate", "same_story", "score"}


def test_compare_answers_each_line_before_the_next_is_there(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "compare"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(json.dumps({"a": {"title": "x y z"}, "b": {"title": "q"}}).encode() + b"\n")
            process.stdin.flush()
            assert b"duplicate" in process.stdout.readline()
        process.stdin.close()
        assert process.wait(20) == 0
