"""Times typed in a hurry: what may be meant is asked, with the likeliest first, and never taken for sure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import BadTime, PastTime
from bot.screens.moments import moment
from bot.text.languages import LANGUAGES
from bot.timing.guesses import meaning
from bot.timing.typed import parse_when
from tests.unit.test_typed import KYIV, NOW, UNDERSTOOD

GUESSED = {
    "next week": ("2026-11-30 09:00",), "наступного тижня": ("2026-11-30 09:00",),
    "завтра вдень": ("2026-11-24 14:00",), "завтра зранку": ("2026-11-24 09:00",),
    "завтра вранці": ("2026-11-24 09:00",), "завтра ввечері": ("2026-11-24 19:00",),
    "сьогодні вдень": ("2026-11-23 16:00",), "сьогодні ввечері": ("2026-11-23 19:00",),
    "ввечері": ("2026-11-23 19:00",), "зранку": ("2026-11-24 09:00",), "вдень": ("2026-11-24 14:00",),
    "в обід": ("2026-11-24 13:00",), "на обід": ("2026-11-24 13:00",),
    "tomorrow midnight": ("2026-11-25 00:00", "2026-11-24 00:00"), "this evening": ("2026-11-23 19:00",),
    "tomorrow evening": ("2026-11-24 19:00",), "tomorrow morning": ("2026-11-24 09:00",),
    "tomorrow afternoon": ("2026-11-24 14:00",), "пт вечір": ("2026-11-27 19:00",),
    "quarter past 6": ("2026-11-23 18:15", "2026-11-24 06:15"),
    "a quarter to seven": ("2026-11-23 18:45", "2026-11-24 06:45"), "tomorow 9": ("2026-11-24 09:00",),
    "tommorow at 9": ("2026-11-24 09:00",), "tommorrow 9am": ("2026-11-24 09:00",),
    "завтар 9": ("2026-11-24 09:00",), "зватра о 9": ("2026-11-24 09:00",), "завтрао9": ("2026-11-24 09:00",),
    "завтра 900": ("2026-11-24 09:00",), "завтра 0900": ("2026-11-24 09:00",), "0900": ("2026-11-24 09:00",),
    "18 30": ("2026-11-23 18:30",), "18год": ("2026-11-23 18:00",), "о 18год 30хв": ("2026-11-23 18:30",),
    "18 годин 30 хвилин": ("2026-11-23 18:30",), "половина десятого": ("2026-11-24 10:30", "2026-11-24 09:30"),
    "pfdnhf 9": ("2026-11-24 09:00",), "pfdnhf j 9": ("2026-11-24 09:00",), "monday morning": ("2026-11-30 09:00",),
    "monday 9ish": ("2026-11-30 09:00",), "fri 17h": ("2026-11-27 17:00",), "17h30": ("2026-11-23 17:30",),
    "17ч": ("2026-11-23 17:00",), "17г": ("2026-11-23 17:00",), "до 17:00": ("2026-11-23 17:00",),
    "після 17:00": ("2026-11-23 17:00",), "сьогодні о пів на сьому": ("2026-11-23 18:30",),
    "today 1800": ("2026-11-23 18:00",), "today 6": ("2026-11-23 18:00",), "сьогодні 6": ("2026-11-23 18:00",),
    "12/25 18:00": ("2026-12-25 18:00",), "12/25/2026 6pm": ("2026-12-25 18:00",),
    "31 грудня опівночі": ("2027-01-01 00:00", "2026-12-31 00:00"), "in 5": ("2026-11-23 14:05",),
    "через 5": ("2026-11-23 14:05",), "in an hour or so": ("2026-11-23 15:00",), "1h30m": ("2026-11-23 15:30",),
    "1h30": ("2026-11-23 15:30",), "+30": ("2026-11-23 14:30",),
    "next friday": ("2026-12-04 09:00", "2026-11-27 09:00"), "next fri 10": ("2026-12-04 10:00", "2026-11-27 10:00"),
    "наступна п'ятниця": ("2026-12-04 09:00", "2026-11-27 09:00"),
    "наступну п'ятницю 10:00": ("2026-12-04 10:00", "2026-11-27 10:00"), "this afternoon": ("2026-11-23 16:00",),
    "asap": ("2026-11-23 14:05",), "зараз": ("2026-11-23 14:05",), "одразу": ("2026-11-23 14:05",),
    "now": ("2026-11-23 14:05",), "завтра 24:00": ("2026-11-25 00:00", "2026-11-24 00:00"),
    "завтра на ранок": ("2026-11-24 09:00",), "завтра після обіду": ("2026-11-24 14:00",),
    "післязавтра зранку": ("2026-11-25 09:00",), "tomorrow at lunch": ("2026-11-24 13:00",),
    "tomorrow night": ("2026-11-24 23:00",), "friday night": ("2026-11-27 23:00",),
    "wed lunchtime": ("2026-11-25 13:00",), "half 6": ("2026-11-23 18:30", "2026-11-24 06:30"),
    "half nine tomorrow": ("2026-11-24 09:30", "2026-11-24 08:30"),
    "ten to six": ("2026-11-23 17:50", "2026-11-24 05:50"), "5 to 6": ("2026-11-24 17:55", "2026-11-24 05:55"),
    "twenty past eight": ("2026-11-24 08:20",), "завтра о 9 00": ("2026-11-24 09:00",),
    "завтра о 9_00": ("2026-11-24 09:00",), "завтра о 9;30": ("2026-11-24 09:30",), "9,30": ("2026-11-24 09:30",),
    "завтра 9,30": ("2026-11-24 09:30",), "наступної неділі о 12": ("2026-12-06 12:00", "2026-11-29 12:00"),
    "наст. пн": ("2026-11-30 09:00",), "наст пн 9": ("2026-11-30 09:00",), "next wk": ("2026-11-30 09:00",),
    "nxt monday": ("2026-11-30 09:00",), "за годину двадцять": ("2026-11-23 15:20",),
    "через годину двадцять": ("2026-11-23 15:20",), "in 30": ("2026-11-23 14:30",), "an hour": ("2026-11-23 15:00",),
    "позавтра": ("2026-11-24 09:00",), "завтра о шостій": ("2026-11-24 18:00", "2026-11-24 06:00"),
    "о шостій тридцять": ("2026-11-23 18:30", "2026-11-24 06:30"), "тут 20:00": ("2026-11-23 20:00",),
    "давай на 20:00": ("2026-11-23 20:00",), "постав на 20:00": ("2026-11-23 20:00",),
    "о 20:00, будь ласка": ("2026-11-23 20:00",), "at 8 pls": ("2026-11-24 08:00",),
    "8pm please": ("2026-11-23 20:00",), "опублікувати завтра о 9": ("2026-11-24 09:00",),
    "schedule for tomorrow 9am": ("2026-11-24 09:00",), "завтра утром": ("2026-11-24 09:00",),
    "завтра вечером": ("2026-11-24 19:00",), "завтра днем": ("2026-11-24 14:00",),
    "следующая пятница 10:00": ("2026-12-04 10:00", "2026-11-27 10:00"),
    "без пятнадцати девять": ("2026-11-24 08:45",), "за п'ять дев'ята": ("2026-11-24 08:55",),
    "за п'ять хвилин дев'ята": ("2026-11-24 08:55",), "без п'яти дев'ять": ("2026-11-24 08:55",),
    "five to nine": ("2026-11-24 08:55",), "12.25.2026": ("2026-12-25 09:00",), "12:30 ам": ("2026-11-24 12:30",),
    "1230am": ("2026-11-24 00:30",), "1230 pm": ("2026-11-24 12:30",), "8:30 PM EST": ("2026-11-23 20:30",),
    "9:00 UTC": ("2026-11-24 09:00",), "09:00 Kyiv": ("2026-11-24 09:00",), "9:00 за Києвом": ("2026-11-24 09:00",),
    "pfdnhf d 9:00": ("2026-11-24 09:00",), "gjytlskjr 9:00": ("2026-11-30 09:00",),
    "ещьщккщц 9": ("2026-11-24 09:00",), "ещьщккщц фе 9": ("2026-11-24 09:00",), "…завтра 9": ("2026-11-24 09:00",),
    "завтра в 9:00 (за Києвом)": ("2026-11-24 09:00",),
    "ten to six tomorrow": ("2026-11-24 17:50", "2026-11-24 05:50"), "after lunch": ("2026-11-24 14:00",),
    "after lunch tomorrow": ("2026-11-24 14:00",), "2 дні війни": ("2026-11-25 14:00",),
    "не завтра о 9": ("2026-11-24 09:00",),
}  # fmt: skip
REFUSED = [
    "31.02", "31/06 10:00",
    "end of day", "eod", "6p", "полдесятого", "на Різдво", "через півтори", "через кілька хвилин", "в течение часа",
    "1:30h", "a week from Monday", "Monday week", "later today", "in a sec", "за мить", "8 o clock", "завтра о 9:3",
    "9.5", "вихідні", "на вихідних", "ч/з годину", "через 3/4 години", "in a fortnight", "в пол десятого",
    "четверть десятого", "25.13 10:00", "32-го", "ашк 10", "О 10:00 президент підписав закон про бюджет на 2027 рік",
    "Президент підписав закон", "9 людей загинули", "завтра, але не о 9",
]  # fmt: skip
SPOKEN = {"о 3": ("15:00", "03:00"), "at 3 o'clock": ("15:00", "03:00"), "о 6 завтра": ("18:00", "06:00")}


def test_what_may_be_meant_is_asked_the_likeliest_first() -> None:
    for text, meant in GUESSED.items():
        said = meaning(text, NOW, "Europe/Kyiv")
        assert not said.sure, text
        assert tuple(f"{one.at.astimezone(KYIV):%Y-%m-%d %H:%M}" for one in said.whens) == meant, text


def test_what_cannot_be_guessed_is_refused() -> None:
    for text in REFUSED:
        with pytest.raises(BadTime):
            meaning(text, NOW, "Europe/Kyiv")
    with pytest.raises(PastTime):
        meaning("01.01.2020 10:00", NOW, "Europe/Kyiv")


def test_what_is_plain_is_not_asked() -> None:
    asked = []
    for text, meant in UNDERSTOOD.items():
        if meant is None:
            continue
        said = meaning(text, NOW, "Europe/Kyiv")
        assert all(f"{one.at.astimezone(KYIV):%Y-%m-%d %H:%M}" == meant for one in said.whens[-1:]), text
        asked += [] if said.sure else [text]
    # an hour before seven without a word for the part of the day
    assert len(asked) < len(UNDERSTOOD) / 40, asked


def test_an_hour_that_may_be_the_afternoons_is_asked() -> None:
    for text, clocks in SPOKEN.items():
        said = meaning(text, NOW, "Europe/Kyiv")
        assert (said.sure, tuple(f"{one.at.astimezone(KYIV):%H:%M}" for one in said.whens)) == (False, clocks), text


def test_what_is_understood_means_the_same_when_it_is_shown_and_typed_again() -> None:
    nows = [NOW + timedelta(days=37 * n, hours=5 * n, minutes=13 * n) for n in range(6)]
    texts = [text for text, meant in UNDERSTOOD.items() if meant is not None] + [*GUESSED]
    for now in nows:
        for text in texts:
            try:
                whens = meaning(text, now, "Europe/Kyiv").whens
            except (BadTime, PastTime):
                continue  # "this Friday" on a Saturday
            for one in whens:
                assert one.at > now, text
                for language in LANGUAGES:
                    shown = moment(one.at, now, "Europe/Kyiv", language)
                    assert parse_when(shown, now, "Europe/Kyiv") == one.at.replace(second=0), (text, shown)


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York", "Asia/Tokyo"])
def test_nothing_is_understood_as_a_time_that_is_over(zone: str) -> None:
    start = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
    for hours in range(0, 24 * 40, 31):
        now = start + timedelta(hours=hours)
        for text in (
            "next Friday 9",
            "25-го о 18",
            "через місяць",
            "31 числа",
            "у вт",
            "наступного тижня в пн",
            "midnight",
        ):
            assert all(one.at > now for one in meaning(text, now.astimezone(ZoneInfo(zone)), zone).whens), (text, now)
