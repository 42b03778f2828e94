"""A language nobody has written, made of the English one, and a walk through the product in it.

Run as a process of its own, with VISNYK_LANGUAGES set to where `write_third_language` put it: languages are listed once.
"""

import asyncio
import re
import shutil
import sys
from datetime import timedelta
from pathlib import Path

CODE = "xx"
_LANGUAGE = """
name = "Xexish"
order = 3
locale = "en"
letters = "[ẋẍ]"
dictionary = "en"
quotes = "‹{}›"

[times]
hourly = ["xourly"]
hours = ["xours"]
tomorrow = ["xomorrow"]
in = ["xin"]
at = ["xat"]
and = ["xand"]

[columns]
title = ["Xitle"]

[records]
kept_back = ["xraft"]

[sandbox]
short = "XEX"
reader = "Xeno"
editor = "Xena"
"""
_TOPICS = """
headings = ["xews"]

[sport]
name = "Xports"
words = ["xootball", "xatch", "xoal"]
called = ["xames"]
"""


def write_third_language(root: Path) -> None:
    """Write the folder of a language: the English phrases with a mark on each title, but one, and data of its own."""
    folder = root / CODE
    shutil.copytree(Path(__file__).parents[2] / "bot" / "text" / "languages" / "en", folder)
    for file in folder.glob("*.ftl"):
        text = re.sub(r"^(help-title) = .*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        file.write_text(re.sub(r"^([a-z-]+-title) = ", r"\1 = ẋ ", text, flags=re.MULTILINE), encoding="utf-8")
    (folder / "language.toml").write_text(_LANGUAGE, encoding="utf-8")
    (folder / "topics.toml").write_text(_TOPICS, encoding="utf-8")
    (folder / "stopwords.txt").write_text("xthe xand\n", encoding="utf-8")
    (folder / "cities.toml").write_text(
        '[typed]\n"Europe/Kyiv" = ["Xyiv"]\n[shown]\n"Europe/Kyiv" = "Xyiv"\n', encoding="utf-8"
    )
    (folder / "page.json").write_text('{"start": "XTART"}\n', encoding="utf-8")


def _data() -> None:
    """Ask everything that lists languages or reads their data."""
    from bot.cli.parser import make_parser
    from bot.config import load_settings
    from bot.feeds.categories import named_topic
    from bot.feeds.fields import TITLES, kept_back, known_name
    from bot.model.readers import Hourly
    from bot.readers.preferences import schedule_named
    from bot.relevance.lemmas import lemmas, terms_of
    from bot.relevance.topics import START_TOPICS, propose_slugs
    from bot.sandbox.languages import page_languages, people
    from bot.text.language import detect_language
    from bot.text.languages import LANGUAGES, language_after
    from bot.text.phrasebook import interface_language, phrases
    from bot.text.quoting import quoted_inside
    from bot.timing.hours import parse_clock_times
    from bot.timing.typed import parse_when
    from bot.timing.zones import city_of, find_zone
    from tests.support.clock import TestClock

    assert LANGUAGES == ("uk", "en", CODE)
    assert (language_after("en"), language_after(CODE), language_after("ru")) == (CODE, "uk", "uk")
    assert load_settings(language=CODE).language == CODE
    assert make_parser().parse_args(["demo", "--language", CODE]).language == CODE
    assert interface_language("xx-XX", "uk") == CODE
    assert phrases(CODE)("settings-title") == "ẋ Settings"
    assert phrases(CODE)("help-title") == phrases("en")("help-title"), "what is not translated is said in English"
    assert phrases(CODE)("digest-title", time="8:00", n=1).endswith("1 headline")
    now = TestClock().now()
    assert parse_when("xin 2 xours", now, "UTC") == now + timedelta(hours=2)
    assert parse_when("xomorrow xat 9:00", now, "UTC").day == now.day + 1
    assert len(parse_clock_times("8:00 xand 19:00")) == 2
    assert schedule_named("xourly") == Hourly()
    assert (find_zone("xyiv"), city_of("Europe/Kyiv", CODE)) == ("Europe/Kyiv", "Xyiv")
    assert {t.slug: t.name(CODE) for t in START_TOPICS}["sport"] == "Xports"
    assert propose_slugs(terms_of("Xootball xatch", "", "", CODE)) == ["sport"]
    known = named_topic("Xames")
    assert known is not None
    assert (known.slug, named_topic("xews")) == ("sport", None)
    assert (known_name("XITLE"), TITLES[-1], kept_back({"status": "Xrafted"})) == ("xitle", "xitle", "xrafted")
    assert quoted_inside('a "b"', CODE) == "a ‹b›"
    assert list(lemmas("xthe xootball", CODE)) == ["xootball"]
    assert detect_language("ẋootball ẍ") == CODE
    assert [person.first_name for person in people() if person.language_code == CODE] == ["Xeno", "Xena"]
    page = {one["code"]: one for one in page_languages()}[CODE]
    assert (page["short"], page["words"]["start"], page["words"]["send"]) == ("XEX", "XTART", "Send")


async def _walk(database_url: str) -> None:
    """Have a reader choose the language in /settings, and one come who has it; have an editor say a draft is in it."""
    from tests.support.newsroom import open_newsroom

    async with open_newsroom(database_url) as room:
        reader, native, editor = room.person(language="en"), room.person("Xeno", 2, CODE), room.owner("en")
        await reader.says("/settings")
        await reader.taps("💬 Language")
        await reader.taps("Xexish")
        await reader.says("/settings")
        await reader.sees_now("ẋ Settings")
        await native.says("/start")
        await native.sees("ẋ Welcome")
        assert "▫️ 🗞 News in this language only: Xexish" in {
            button["text"] for row in native.got[0]["reply_markup"]["inline_keyboard"] for button in row
        }
        assert room.world.menus["all_private_chats:", CODE]
        await editor.says("/post The bridge is open again")
        await editor.taps("English")
        await editor.sees_now("The bridge")
        assert any("Xexish" in label for label in editor.buttons), editor.buttons


def main() -> None:
    """Walk; an assertion that fails ends the process with it."""
    _data()
    asyncio.run(_walk(sys.argv[1]))
    print("walked")


if __name__ == "__main__":
    main()
