"""A language is a folder: what stands in each, and that a third one needs no program."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.relevance.lemmas import lemmas, terms_of
from bot.relevance.topics import START_TOPICS, propose_slugs
from bot.text.languages import ALL, BY_CODE, COMMON, LANGUAGES, Language, family_of, known, language_after, topic_words
from tests.support.third_language import write_third_language

ROOT = Path(__file__).parents[2]


def test_ukrainian_comes_first_english_is_common_and_russian_is_only_read() -> None:
    assert (LANGUAGES, COMMON) == (("uk", "en"), "en")
    assert [language.code for language in ALL if not language.spoken] == ["ru"]
    assert known("de") is BY_CODE["en"]


def test_a_draft_goes_round_the_languages() -> None:
    assert [language_after(code) for code in ("uk", "en", "ru", "de")] == ["en", "uk", "uk", "uk"]


def test_news_in_english_stands_apart_from_all_other() -> None:
    assert [family_of(code) for code in ("uk", "ru", "de", "en")] == ["uk", "uk", "uk", "en"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_names_every_topic_and_has_words_for_it(code: str) -> None:
    said = topic_words(code)
    assert list(said) == [topic.slug for topic in START_TOPICS]
    assert all(topic.name and topic.words for topic in said.values())


def test_no_word_stands_for_two_topics_or_says_nothing() -> None:
    for code in LANGUAGES:
        stands: dict[str, set[str]] = {}
        for slug, topic in topic_words(code).items():
            for lemma in (lemma for word in topic.words for lemma in [*lemmas(word, code)] or [""]):
                stands.setdefault(lemma, set()).add(slug)
        assert "" not in stands, f"{code}: {stands['']}"
        assert {lemma: slugs for lemma, slugs in stands.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize(
    ("title", "language", "proposed"),
    [
        ("Стадіон на Гончарівці відкрили після ремонту", "uk", []),
        ("Відкриття сезону на річці", "uk", []),
        ("Прем'єр-міністр у парламенті", "uk", ["politics"]),
        ("Прем’єра вистави «Лісова пісня»", "uk", ["culture"]),
        ("RSS feeds for everybody", "en", []),
        ("Who trains AI", "en", ["tech"]),
    ],
)
def test_a_word_of_many_meanings_files_nothing(title: str, language: str, proposed: list[str]) -> None:
    assert propose_slugs(terms_of(title, "", "", language)) == proposed


def test_the_page_says_the_same_in_every_language() -> None:
    keys = [list(json.loads((BY_CODE[code].folder / "page.json").read_text(encoding="utf-8"))) for code in LANGUAGES]
    assert all(one == keys[0] for one in keys)


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_words_people_type_are_for_something_the_program_asks(language: Language) -> None:
    assert set(language.times) <= {
        "counted", "mornings", "evenings", "this_evening", "this", "of", "now", "hourly", "minutes", "hours", "days", "weeks", "singular", "never", "zones", "time", "half", "half_hours", "one_and_a_half", "article", "today",
        "tomorrow", "after_tomorrow", "yesterday", "before_yesterday", "ago", "in", "at", "on", "and", "clock", "year",
        "noon", "am", "pm", "morning", "afternoon", "evening", "night", "weekdays", "months", "midnight", "from",
        "until", "off", "quarter", "past", "towards", "before", "and_a_half", "from_now", "daily",
        "middays", "without", "lunches", "nights", "months_long", "years_long", "half_years", "following", "day_of_month", "date_endings",
    }  # fmt: skip


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_names_of_columns_and_words_of_records_are_for_something_the_program_asks(language: Language) -> None:
    assert set(language.columns) <= {
        "id", "title", "lead", "html", "url", "source", "author", "published_at", "language", "topics", "photo", "status",
        "draft", "story",
    }  # fmt: skip
    assert set(language.records) - {"outlets"} == {"kept_back", "yes", "no", "credits"}
    assert set(language.page) <= {
        "minutes", "reading", "lists", "comments", "asides", "buttons", "acts", "appeals", "follows", "phrases", "authors",
        "captions", "dates", "places", "offers", "list_heads", "list_things", "list_tails",
    }  # fmt: skip


@pytest.mark.thorough
async def test_a_third_language_is_a_folder_and_nothing_else(sqlite_url: str, tmp_path: Path) -> None:
    write_third_language(tmp_path / "languages")
    environment = {**os.environ, "VISNYK_LANGUAGES": str(tmp_path / "languages"), "PYTHONPATH": str(ROOT)}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.support.third_language", sqlite_url],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.endswith("walked\n"), done.stderr


@pytest.mark.parametrize(
    ("written", "said"), [("name = ", "language.toml: "), ('name = "X"\nnmae = "Y"', "nmae"), ("", "'name'")]
)
def test_a_language_that_cannot_be_read_is_told_in_one_line(written: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "language.toml").write_text(written, encoding="utf-8")
    done = _help(tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr


def test_a_folder_of_languages_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert _help(tmp_path / "none").stderr == f"VISNYK_LANGUAGES: теки {tmp_path / 'none'} немає.\n"


def _help(languages: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "VISNYK_LANGUAGES": str(languages)}
    return subprocess.run(
        [sys.executable, "-m", "bot", "--help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
