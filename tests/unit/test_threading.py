"""Where an article belongs as it comes in, over a shelf of articles in memory."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.model.news import Lemma
from bot.model.relevance import BatchPlacement, NewArticle, Placement, Sibling, Stored
from bot.relevance.lemmas import terms_of
from bot.relevance.threading import Threader, story_name

NOW = datetime(2026, 11, 23, 12, 7, tzinfo=UTC)
TITLE = "Київрада ухвалила бюджет столиці"
TEXT = (
    "У понеділок Київрада ухвалила бюджет столиці на наступний рік. Документ підтримали 84 депутати. Найбільше коштів "
    "передбачено на ремонт мостів, закупівлю тролейбусів і школи. Мер заявив, що видатки на транспорт зростуть на "
    "третину, а борг міста скоротиться. Опозиція вимагала відкласти голосування, бо не побачила розрахунків."
)
EVENT_TITLE = "Депутати Київради проголосували за бюджет столиці"
EVENT = (
    "Бюджет столиці на наступний рік підтримали 84 депутати. Мер обіцяє закупівлю тролейбусів і ремонт мостів, опозиція "
    "вимагала відкласти голосування Київради."
)
WEAKER = (
    "Бюджет столиці на наступний рік підтримали 84 депутати. Мер обіцяє закупівлю тролейбусів, проте є й інша думка: "
    "експерти радять почекати весни, бо ціни на пальне ще можуть змінитися."
)


@dataclass(slots=True)
class Shelf:
    """Articles as the store has them; `copies` is how many articles more have each word."""

    articles: list[Stored] = field(default_factory=list)
    pages: dict[str, list[int]] = field(default_factory=dict)
    copies: int = 0
    asked: list[tuple[dict[int, list[str]], int, int]] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def put(self, number: int, text: str, hours: float | None, title: str = TITLE, same_as: int | None = None) -> None:
        at = None if hours is None else NOW - timedelta(hours=hours)
        self.articles.append(Stored(number, title, text, at, same_as))

    def _words(self, one: Stored) -> set[str]:
        terms = terms_of(one.title, "", one.text, "uk")
        return {*terms.title, *terms.body}

    async def size(self) -> int:
        return 1000

    async def known(self, texts: Sequence[str]) -> list[Lemma]:
        counted = Counter(word for one in self.articles for word in self._words(one))
        return [
            Lemma(self._numbers.setdefault(text, len(self._numbers)), text, counted[text] + self.copies)
            for text in texts
            if text in counted
        ]

    async def having(self, lemma_ids: Mapping[int, Sequence[int]], least: int, most: int) -> dict[int, list[int]]:
        texts = {number: text for text, number in self._numbers.items()}
        self.asked.append(({n: [texts[i] for i in ids] for n, ids in lemma_ids.items()}, least, most))
        found = {}
        for key, ids in lemma_ids.items():
            wanted = {texts[i] for i in ids}
            shared = {one.id: len(wanted & self._words(one)) for one in self.articles}
            close = [one.id for one in self.articles if shared[one.id] >= least]
            if close:
                found[key] = sorted(close, key=lambda number: -shared[number])[:most]
        return found

    async def appeared(self, article_ids: Iterable[int]) -> dict[int, datetime]:
        wanted = set(article_ids)
        return {one.id: one.at for one in self.articles if one.id in wanted and one.at is not None}

    async def stored(self, article_ids: Iterable[int]) -> dict[int, Stored]:
        wanted = set(article_ids)
        return {one.id: one for one in self.articles if one.id in wanted}

    async def by_url(self, keys: Iterable[str], most: int) -> dict[str, list[int]]:
        return {key: self.pages[key][-most:] for key in keys if key in self.pages}


def _new(text: str = TEXT, title: str = TITLE, *, at: datetime | None = NOW, page: str = "") -> NewArticle:
    return NewArticle(title, text, terms_of(title, "", text, "uk"), at, page)


def _threader(shelf: Shelf) -> Threader:
    return Threader(cast("Any", shelf))


@pytest.mark.parametrize(
    ("hours", "place"),
    [
        (0, Placement(same_as=7)),
        (48, Placement(same_as=7)),
        (48.1, Placement(follows=7)),  # the same text later is no copy, but of the same story
        (-48.1, Placement(follows=7)),
        (72, Placement(follows=7)),
        (72.1, Placement()),
        (80, Placement()),
        (None, Placement()),
    ],
)
async def test_the_place_of_the_same_text_by_the_hours_between(hours: float | None, place: Placement) -> None:
    shelf = Shelf()
    shelf.put(7, TEXT, hours)
    assert await _threader(shelf).place(_new()) == place


async def test_what_has_no_time_has_no_place() -> None:
    shelf = Shelf()
    shelf.put(7, TEXT, 0)
    assert await _threader(shelf).place(_new(at=None)) == Placement()
    assert shelf.asked[0][0] == {}


async def test_a_copy_of_a_copy_is_a_copy_of_the_first() -> None:
    shelf = Shelf()
    shelf.put(7, TEXT, 1, same_as=5)
    assert await _threader(shelf).place(_new()) == Placement(same_as=5)


@pytest.mark.parametrize("order", [1, -1])
async def test_of_several_accounts_the_closest_is_followed(order: int) -> None:
    shelf = Shelf()
    for number, text in [(7, EVENT), (8, WEAKER)][::order]:
        shelf.put(number, text, 1, EVENT_TITLE)
    assert await _threader(shelf).place(_new()) == Placement(follows=7)
    shelf.articles = [one for one in shelf.articles if one.id == 8]
    assert await _threader(shelf).place(_new()) == Placement(follows=8)


async def test_titles_alone_join_no_story() -> None:
    for mine, theirs in ((TEXT, ""), ("", TEXT), ("", "")):
        shelf = Shelf()
        shelf.put(7, theirs, 1, EVENT_TITLE)
        assert await _threader(shelf).place(_new(mine)) == Placement()


async def test_what_is_too_old_takes_no_place_of_the_eight_that_are_compared() -> None:
    shelf = Shelf()
    for number in range(1, 9):
        shelf.put(number, TEXT, 80)
    shelf.put(9, TEXT, 1)
    assert await _threader(shelf).place(_new()) == Placement(same_as=9)


async def test_what_comes_together_but_lies_far_apart_does_not_belong_together() -> None:
    found = await _threader(Shelf()).places([_new(at=NOW - timedelta(hours=80)), _new()])
    assert found == [BatchPlacement(), BatchPlacement()]


async def test_what_is_asked_for_are_eight_of_the_rarest_words_and_three_must_be_shared() -> None:
    shelf = Shelf()
    shelf.put(7, TEXT, 1)
    await _threader(shelf).place(_new())
    ((asked, least, most),) = shelf.asked
    assert (least, most) == (3, 48)
    # The title's words say most: they stand there, too. Of equals the first of the alphabet.
    assert asked[0][:4] == ["бюджет", "київрада", "столиця", "ухвалити"]
    assert len(asked[0]) == 8


async def test_words_that_many_articles_have_say_less_than_one_that_few_have() -> None:
    shelf = Shelf()
    shelf.put(7, TEXT, 1)
    for number in range(100, 200):
        shelf.put(number, "Бюджет столиці.", 100, "Київрада")
    await _threader(shelf).place(_new())
    assert not {"бюджет", "столиця", "київрада"} & set(shelf.asked[0][0][0])


async def test_no_more_than_twelve_are_compared() -> None:
    shelf = Shelf()
    for number in range(1, 12):
        shelf.put(number, WEAKER, 1, EVENT_TITLE)
    assert (await _threader(shelf).places([_new(), _new()]))[1].same_as == Sibling(0)
    shelf.put(12, WEAKER, 1, EVENT_TITLE)
    assert (await _threader(shelf).places([_new(), _new()]))[1].same_as is None


@pytest.mark.parametrize(("others", "place"), [(399, Placement(same_as=7)), (400, Placement())])
async def test_words_that_too_many_articles_have_bring_nothing(others: int, place: Placement) -> None:
    shelf = Shelf(copies=others)
    shelf.put(7, TEXT, 1)
    assert await _threader(shelf).place(_new()) == place


async def test_a_batch_is_compared_with_itself_by_words_nobody_has_yet() -> None:
    found = await _threader(Shelf()).places([_new(), _new(EVENT, EVENT_TITLE), _new(), _new("Зовсім інше", "Погода")])
    assert found[0] == found[3] == BatchPlacement()
    assert found[2] == BatchPlacement(same_as=Sibling(0))


async def test_what_is_stored_comes_before_what_comes_with_it() -> None:
    shelf = Shelf()
    shelf.put(7, TEXT, 1)
    assert await _threader(shelf).places([_new(), _new()]) == [BatchPlacement(same_as=7)] * 2


async def test_another_text_of_a_page_that_is_known_is_a_copy() -> None:
    shelf = Shelf(pages={"e.org/a": [5]})  # 5 is gone by now: nothing is known to be its copy
    batch = [
        _new("Перше", "Раз", page="e.org/a"),
        _new("Рух відновили зранку", "Міст відкрили", page="e.org/b"),
        _new("Рух відновили зранку, о сьомій, і черга зникла за годину", "Міст відкрили", page="e.org/b"),
        _new("Traffic has been flowing since the morning", "Bridge opened", page="e.org/b"),
    ]
    assert await _threader(shelf).places([*batch, _new("Інше", "Чотири"), _new("Ще", "П’ять")]) == [
        BatchPlacement(), BatchPlacement(), BatchPlacement(same_as=Sibling(1)), BatchPlacement(same_as=Sibling(1)),
        BatchPlacement(), BatchPlacement(),
    ]  # fmt: skip


async def test_other_news_on_a_page_that_is_known_is_no_copy() -> None:
    shelf = Shelf()
    shelf.put(7, TEXT, 0)
    shelf.pages["e.org/live"] = [7]
    batch = [
        _new("Судно стоїть у доку до понеділка", "Паром не ходитиме", page="e.org/live"),
        _new("Перший матч зіграли випускники", "У школі відкрили стадіон", page="e.org/live"),
        _new(TEXT, "Допис іншими словами", page="e.org/live"),
    ]
    assert [one.same_as for one in await _threader(shelf).places(batch)] == [None, None, 7]


async def test_what_comes_again_on_a_page_with_much_news_is_a_copy_of_it_and_not_only_of_the_first() -> None:
    shelf = Shelf()
    shelf.put(7, "Паром не ходитиме до понеділка: судно стоїть у доку, пасажирів везуть автобуси.", 90, "Пором")
    shelf.put(8, TEXT, 90)
    shelf.put(9, TEXT, 80, same_as=8)
    shelf.put(10, "", 80, "Тривога у Києві")
    shelf.pages["e.org/live"] = [7, 8, 9, 10]
    batch = [
        _new(f"{TEXT} Сесію закрили.", "Бюджет столиці", page="e.org/live", at=NOW - timedelta(hours=80)),
        _new(TEXT.replace("84 депутати", "85 депутатів"), page="e.org/live", at=NOW - timedelta(hours=80)),
        _new("", "Відбій тривоги у Києві", page="e.org/live"),
        _new("", "Zelensky visits Kyiv", page="e.org/live"),
        _new("У новому таборі для дітей відкрили басейн, бібліотеку, їдальню і поле.", "Табір", page="e.org/live"),
        _new("У новому таборі для дітей відкрили басейн, книгозбірню, їдальню і поле.", "Табір", page="e.org/live"),
    ]
    found = await _threader(shelf).places(batch)
    assert [one.same_as for one in found] == [8, None, None, None, None, Sibling(4)]
    assert [one.resembles for one in found] == [None, 8, 10, None, None, None]


ALARM, CLEAR = "Повітряна тривога у Києві", "Відбій повітряної тривоги у Києві"


@pytest.mark.parametrize("page", ["e.org/live", ""])
@pytest.mark.parametrize("text", ["", "Загроза балістики. Пройдіть в укриття."])
async def test_alerts_that_read_alike_are_each_news_and_say_what_they_look_like(page: str, text: str) -> None:
    told = [(0, ALARM), (25, CLEAR), (40 if page else 400, ALARM), (60 if page else 420, CLEAR), (24 * 60, ALARM)]
    batch = [_new(text, title, at=NOW + timedelta(minutes=after), page=page) for after, title in told]
    found = await _threader(Shelf()).places(batch)
    assert [one.same_as for one in found] == [None] * 5
    assert all(one.resembles is not None for one in found[2:])


@pytest.mark.parametrize(("after", "same_as"), [(0, 7), (59, 7), (61, None), (24 * 60, None)])
async def test_the_same_few_words_of_a_page_are_said_anew_an_hour_later(after: int, same_as: int | None) -> None:
    for text, expected in (("", same_as), (TEXT, 7)):
        shelf = Shelf()
        shelf.put(7, text, 0, ALARM)
        shelf.pages["e.org/live"] = [7]
        place = await _threader(shelf).place(_new(text, ALARM, at=NOW + timedelta(minutes=after), page="e.org/live"))
        assert (place.same_as, place.resembles) == (expected, None if expected else 7)


async def test_of_dates_without_a_time_nothing_is_known_to_be_one_moment() -> None:
    day = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    found = await _threader(Shelf()).places([_new("", title, at=day, page="e.org/live") for title in (ALARM, CLEAR)])
    assert (found[1].same_as, found[1].resembles) == (None, Sibling(0))


async def test_titles_of_small_words_alone_make_no_versions() -> None:
    batch = [
        _new("Рух через міст відновили о сьомій.", "Як це було", page="e.org/live"),
        _new("Басейн у школі відкрили для дітей.", "Ось так", page="e.org/live"),
    ]
    assert [one.same_as for one in await _threader(Shelf()).places(batch)] == [None, None]


def _sets(*words: str) -> list[frozenset[str]]:
    return [frozenset(own.split()) for own in words]


@pytest.mark.parametrize(
    ("titles", "words", "name"),
    [
        ([], [], ""),
        (["Один"], ["а"], "Один"),
        # The middle one shares two words with the others; the shortest shares one.
        (["Бюджет", "Рада ухвалила бюджет", "Рада проти"], ["б", "р б", "р в"], "Рада ухвалила бюджет"),
        (["Довгий заголовок", "Короткий"], ["а б", "а б"], "Короткий"),
        (["Перший", "Другий"], ["а", "а"], "Перший"),
        (["Три слова тут", "Двоє слів"], ["а б в", "а б"], "Двоє слів"),
        (["Порожній", "Слова про інше", "Слова про те"], ["", "а б", "а в"], "Слова про те"),
        # Many words of which few are shared say less than few of which all are.
        (["Усе про все на світі", "Рада і бюджет", "Бюджет"], ["б р в г ґ д е є", "б р", "б"], "Рада і бюджет"),
    ],
)
def test_a_story_is_named_by_its_most_central_title(titles: list[str], words: list[str], name: str) -> None:
    assert story_name(titles, _sets(*words)) == name
