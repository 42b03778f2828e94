"""What an editor may make of a published article, and what is asked of the store for it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import pytest

from bot.desk.corrections import Corrections
from bot.errors import Empty, NotFound, TooLong, Unchanged
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, Editor, Role
from bot.model.limits import LEAD_MOST, NOTE_MOST, TEXT_MOST, TITLE_MOST
from bot.model.news import Article, ArticleState, RevisionKind
from bot.relevance.written import written
from bot.text.entities import Entity
from tests.support.clock import TestClock

EDITOR = Editor(100, Role.EDITOR)


@dataclass(slots=True)
class Shelf:
    """The article there is, and what was asked to be made of it."""

    article: Article
    made: list[tuple[Correction, datetime]] = field(default_factory=list)
    woken: int = 0

    async def get(self, article_id: int) -> Article:
        assert article_id == self.article.id
        return self.article

    async def correct(self, correction: Correction, now: datetime) -> int:
        self.made.append((correction, now))
        return 55

    def wake(self) -> None:
        assert self.made
        self.woken += 1


def _article(**values: Any) -> Article:
    return Article(id=7, state=ArticleState.PUBLISHED, version=3, revision=1, title="Міст", lead="Лід", body="<p>Текст</p>", minutes=1, **values)  # fmt: skip


def _service(article: Article) -> tuple[Corrections, Shelf, TestClock]:
    shelf, clock = Shelf(article), TestClock(speed=0)
    stores = cast("Any", shelf)
    return Corrections(articles=stores, corrections=stores, clock=clock, wake_fan_out=shelf.wake), shelf, clock


@pytest.mark.parametrize(
    ("part", "text", "changes"),
    [
        ("title", " Новий\n міст ", {"title": "Новий міст"}),
        ("title", "т" * TITLE_MOST, {"title": "т" * TITLE_MOST}),
        ("lead", " Новий  лід ", {"lead": "Новий лід"}),
        ("lead", "л" * LEAD_MOST, {"lead": "л" * LEAD_MOST}),
        ("lead", "-", {"lead": ""}),
        ("lead", " – ", {"lead": ""}),
        ("lead", "—", {"lead": ""}),
        ("lead", "--", {"lead": "--"}),
        ("body", "Інший\n\nтекст", {"body": "<p>Інший</p><p>текст</p>"}),
        ("body", "слово " * 181, {"body": f"<p>{('слово ' * 181).strip()}</p>", "minutes": 2}),
    ],
)
async def test_one_part_is_changed_and_the_others_stay(part: str, text: str, changes: dict[str, Any]) -> None:
    service, shelf, _ = _service(_article())
    assert (await service.proposed(shelf.article, part, text)) == replace(shelf.article, **changes)
    assert not shelf.made


async def test_a_body_keeps_its_formatting() -> None:
    service, shelf, _ = _service(_article())
    assert (
        await service.proposed(shelf.article, "body", "Новий", [Entity("bold", 0, 5)])
    ).body == "<p><b>Новий</b></p>"


@pytest.mark.parametrize(
    ("part", "text", "error"),
    [
        ("title", " ", Empty), ("lead", " \n", Empty), ("body", "", Empty), ("body", " ", Empty),
        ("title", "Міст", Unchanged), ("lead", "Лід", Unchanged), ("body", "Текст", Unchanged),
    ],
)  # fmt: skip
async def test_nothing_and_nothing_new_is_refused(part: str, text: str, error: type[Empty]) -> None:
    service, shelf, _ = _service(_article())
    with pytest.raises(Empty) as refused:
        await service.proposed(shelf.article, part, text)
    assert refused.type is error


@pytest.mark.parametrize(("part", "most"), [("title", TITLE_MOST), ("lead", LEAD_MOST), ("body", TEXT_MOST)])
async def test_what_is_too_long_is_refused_and_says_by_how_much(part: str, most: int) -> None:
    service, shelf, _ = _service(_article())
    with pytest.raises(TooLong) as refused:
        await service.proposed(shelf.article, part, "т" * (most + 1))
    assert (refused.value.variables["length"], refused.value.variables["limit"]) == (most + 1, most)
    assert await service.proposed(shelf.article, part, "т" * most)


async def test_a_correction_says_what_changed_and_a_typo_says_nothing() -> None:
    service, shelf, clock = _service(_article())
    changed = await service.proposed(shelf.article, "title", "Новий міст")
    parts = ArticleChanges(title="Новий міст", lead="Лід", body="<p>Текст</p>", minutes=1)
    for kind, note in ((RevisionKind.CORRECTION, "Уточнено."), (RevisionKind.TYPO, "")):
        shelf.made.clear()
        assert await service.correct(changed, kind, " Уточнено. ", EDITOR) == 55
        expected = Correction(
            article_id=7, version=3, kind=kind, by=100, note=note, changes=parts, terms=written(changed).terms
        )
        assert shelf.made == [(expected, clock.now())]
    assert shelf.woken == 2


async def test_a_retraction_changes_no_words_and_takes_them_out_of_the_index() -> None:
    service, shelf, clock = _service(_article())
    assert await service.retract(shelf.article, "Не підтвердилося.", EDITOR) == 55
    expected = Correction(article_id=7, version=3, kind=RevisionKind.RETRACTION, by=100, note="Не підтвердилося.")
    assert shelf.made == [(expected, clock.now())]
    assert (expected.changes, expected.terms, shelf.woken) == (ArticleChanges(), None, 1)


@pytest.mark.parametrize(("note", "error"), [("", Empty), (" ", Empty), ("н" * (NOTE_MOST + 1), TooLong)])
async def test_a_note_is_needed_and_has_an_end(note: str, error: type[Exception]) -> None:
    service, shelf, _ = _service(_article())
    with pytest.raises(error):
        await service.correct(shelf.article, RevisionKind.CORRECTION, note, EDITOR)
    if note:  # without any, a retraction gives no reason; of blanks, somebody has to make up their mind
        with pytest.raises(error):
            await service.retract(shelf.article, note, EDITOR)
    assert (shelf.made, shelf.woken) == ([], 0)
    assert service.checked_note("н" * NOTE_MOST) == "н" * NOTE_MOST


async def test_only_what_is_published_can_be_corrected() -> None:
    service, shelf, _ = _service(_article())
    assert await service.open(7) == shelf.article
    for state in ArticleState:
        shelf.article = replace(shelf.article, state=state)
        if state is not ArticleState.PUBLISHED:
            with pytest.raises(NotFound):
                await service.open(7)
