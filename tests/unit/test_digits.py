"""Digits of every script: each is read as a number, or is a letter like others; none ends what reads it.

Libraries disagree about what a digit is: `regex` knows newer ones than Python, and Python takes "²" for one that `int`
refuses.
"""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
import regex

from bot.errors import VisnykError
from bot.feeds.dates import BadDate, moment_in
from bot.feeds.pages import read_page
from bot.relevance.fingerprints import fingerprint
from bot.relevance.query import parse_query
from bot.relevance.similarity import compare
from bot.text.markup import parse_html, to_html
from bot.timing.hours import parse_clock_times, parse_quiet
from bot.timing.typed import parse_when
from bot.timing.typed_past import parse_past

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@cache
def _digits() -> list[str]:
    """Return every sign that Python or the patterns take for a digit."""
    known = set(regex.findall(r"\d", "".join(map(chr, range(sys.maxunicode + 1)))))
    return [sign for sign in map(chr, range(sys.maxunicode + 1)) if sign in known or sign.isdigit()]


@pytest.mark.thorough
@pytest.mark.parametrize("tens", range(16))
def test_no_digit_of_any_script_ends_what_reads_it(tens: int) -> None:
    for sign in _digits()[tens::16]:
        for written in (sign, f"1{sign}"):
            parse_html(f'<ol start="{written}"><li>Перше</li></ol><p>{to_html(parse_html(written))}</p>')
            title = fingerprint(f"Подорожчання на {written} грн: A{written} і {written}A", "")
            compare(title, fingerprint("Подорожчання на 5 грн", ""))
            compare(fingerprint("0A", f"A{written}"), fingerprint(f"A{written}", "0A"))
            parse_query(f"міст від:{written}.11.2026 G{written}")
            read_page(f"{written}:00 {written}.11.2026\nЗаголовок\n{written} хв читати\nТекст.")
            for read in (
                lambda text: parse_when(text, NOW, "Europe/Kyiv"),
                lambda text: parse_past(text, NOW, "Europe/Kyiv"),
                parse_clock_times,
                parse_quiet,
                lambda text: moment_in(text, ZoneInfo("Europe/Kyiv")),
            ):
                for text in (
                    written,
                    f"{written}:00",
                    f"завтра о {written}",
                    f"{written}.12",
                    f"{written} грудня 2026",
                ):
                    with suppress(VisnykError, BadDate):
                        read(text)
