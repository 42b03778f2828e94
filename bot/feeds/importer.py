"""Importing: items from files into the archive, in batches, each once however often it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import Refused, Stale
from bot.feeds.fields import is_address
from bot.feeds.findings import Finding, Follow, Item
from bot.feeds.intake import fed, placed, within_limits
from bot.feeds.items import without_id
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.news import FromFeed, Imported, Incoming, RevisionKind
from bot.model.relevance import PreparedArticle
from bot.ports import CorrectionStore, ImportStore
from bot.relevance.fingerprints import fingerprint
from bot.relevance.one_page import is_version
from bot.relevance.threading import Threader
from bot.relevance.written import plain_text, whole_text, work_out
from bot.text.beside import beside
from bot.text.urls import url_key
from bot.timing.clock import Clock

BATCH = 200
_COMMON = 0.5  # of their words two versions of one article have at least
FILES = FromFeed("files")
"""The feed that everything out of a file counts to."""


@dataclass(slots=True)
class Report:
    """What an import did.

    `rejected` are items with their places and reasons, `notes` what else there is to say, with the places. `changed`
    are known items whose title or text is another one by now, `updated` those of them that became a new revision.
    `follows` are feeds that a list of feeds names.
    """

    new: int = 0
    known: int = 0
    rejected: list[Item] = field(default_factory=list)
    notes: list[tuple[str, Finding]] = field(default_factory=list)
    follows: list[Follow] = field(default_factory=list)
    undated: int = 0
    changed: int = 0
    updated: int = 0
    seen: set[str] = field(default_factory=set)

    @property
    def reasons(self) -> Counter[str]:
        """How often each reason was given."""
        return Counter(item.problem for item in self.rejected)

    def note(self, place: str, key: str, **values: str | int) -> None:
        """Say something of what stands at a place."""
        self.notes.append((place, Finding(key, values)))


@dataclass(frozen=True, slots=True)
class _Ready:
    """An item that may be taken, and the article it means, within the limits."""

    item: Item
    incoming: Incoming

    @property
    def identity(self) -> str:
        """What makes it the same item the next time."""
        return self.incoming.identity or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """Taking items in. With `update`, what has changed at its source becomes a new revision."""

    store: ImportStore
    corrections: CorrectionStore
    placing: Threader
    clock: Clock
    feed: FromFeed = FILES
    update: bool = False

    async def take_batch(self, items: list[Item], report: Report, *, push: bool) -> None:
        """Store one batch and add to the report. May be repeated: what is known stays as it is, or is updated once."""
        ready = []
        for item in items:
            report.notes += [(item.place, finding) for finding in item.notes]
            if item.follow is not None:
                report.follows.append(item.follow)
            elif item.problem:
                report.rejected.append(item)
            elif item.incoming is not None:
                ready.append(_Ready(item, within_limits(item.incoming)))
        if not ready:
            return
        unknown = await self._compare(ready, report)
        # Only what is not known yet: working out an article's words is most of the work.
        new = await self._add([(one.item, fed(one.incoming, self.feed)) for one in unknown], report, push=push)
        report.undated += sum(one.incoming.published_at is None for one in ready)
        report.new += new
        report.known += len(ready) - new

    async def _compare(self, ready: Sequence[_Ready], report: Report) -> list[_Ready]:
        """Look at what is known of a batch: what has changed, and whose id is another article's; returns the rest."""
        there = await self.store.imported([one.identity for one in ready])
        result, renamed = [], []
        for one in ready:
            known = there.get(one.identity)
            if known is not None and await _is_another(known, one.incoming):
                if named := not _is_known_by_address(one.incoming):
                    report.note(one.item.place, "import-id-reused", id=one.incoming.external_id[:80])
                else:
                    report.note(one.item.place, "import-shared-address", address=one.incoming.url[:80], n=2)
                # It is known by another name.
                renamed.append(replace(one, incoming=without_id(one.incoming, with_address=named)))
            elif known is None:
                result.append(one)
            elif one.identity not in report.seen:
                await self._revise(known, one, report)
            report.seen.add(one.identity)
        there = await self.store.imported([one.identity for one in renamed]) if renamed else {}
        for one in renamed:
            known = there.get(one.identity)
            if known is None:
                result.append(one)
            elif one.identity not in report.seen:
                await self._revise(known, one, report)
            report.seen.add(one.identity)
        return result

    async def _revise(self, known: Imported, one: _Ready, report: Report) -> None:
        incoming = one.incoming
        if known.retracted or (incoming.title, incoming.lead, incoming.body) == (known.title, known.lead, known.body):
            return
        report.changed += 1
        if known.edited:
            report.note(one.item.place, "import-changed-edited", title=incoming.title[:80])
            return
        if not self.update:
            report.note(one.item.place, "import-changed", title=incoming.title[:80])
            return
        # With the tags that are stored: what is one in the source may be a topic by now.
        words = await beside(
            len(incoming.body), work_out, incoming.title, incoming.lead, incoming.body, incoming.language, known.tags
        )
        changes = ArticleChanges(title=incoming.title, lead=incoming.lead, body=incoming.body, minutes=words.minutes)
        correction = Correction(
            article_id=known.id,
            version=known.version,
            kind=RevisionKind.TYPO,  # the copies that readers have are changed; nobody is told of each comma
            by=None,
            changes=changes,
            terms=words.terms,
        )
        try:
            await self.corrections.correct(correction, self.clock.now())
        except Stale:
            report.note(one.item.place, "import-changed-edited", title=incoming.title[:80])
            return
        report.updated += 1
        report.note(one.item.place, "import-updated", title=incoming.title[:80])

    async def _add(self, ready: Sequence[tuple[Item, PreparedArticle]], report: Report, *, push: bool) -> int:
        """Store what is new; returns how many. What the store refuses is looked for by halves, and rejected alone."""
        try:
            batch = await placed(await self.store.unknown([prepared for _, prepared in ready]), self.placing)
            new = await self.store.add(batch, self.clock.now(), push=push)
        except Refused:
            if len(ready) == 1:
                ((item, prepared),) = ready
                report.rejected.append(replace(item, incoming=None, problem="import-refused"))
                report.known -= 1  # it is neither
                report.undated -= prepared.incoming.published_at is None
                return 0
            half = len(ready) // 2
            return await self._add(ready[:half], report, push=push) + await self._add(ready[half:], report, push=push)
        return len(new)


async def _is_another(known: Imported, incoming: Incoming) -> bool:
    """Tell whether an id that is known, or an address that stands for one, means another article by now.

    It does where title and address are others; where it is a mere number, as everybody counts from one, title and
    words are; and where there is only the address, what stands there is no later version.
    """
    if incoming.title == known.title or is_address(incoming.external_id):
        return False  # nobody gives an address to two articles, but a new title often brings a new link
    if _is_known_by_address(incoming):
        return not await beside(len(known.body) + len(incoming.body), _goes_on, known, incoming)
    own = url_key(incoming.url)
    if own and known.url_key:
        return own != known.url_key
    if not incoming.external_id.isdecimal():
        return False
    return await beside(len(known.body) + len(incoming.body), _in_other_words, known, incoming)


def _is_known_by_address(incoming: Incoming) -> bool:
    return (incoming.identity or "").startswith("url:")


def _goes_on(known: Imported, incoming: Incoming) -> bool:
    before, after = (fingerprint(one.title, whole_text(one.lead, plain_text(one.body))) for one in (known, incoming))
    return is_version(after, before, incoming.published_at, None)


def _in_other_words(known: Imported, incoming: Incoming) -> bool:
    """Tell whether two texts have less than half of the words of the shorter one in common.

    Of 6 000 pairs of news of other things two had as much; of 200 texts before and after editing all had four fifths.
    """
    one, other = (_words(text.title, text.lead, text.body, incoming.language) for text in (known, incoming))
    return len(one & other) < _COMMON * min(len(one), len(other))


def _words(title: str, lead: str, body: str, language: str) -> frozenset[str]:
    terms = work_out(title, lead, body, language).terms
    return frozenset([*terms.title, *terms.lead, *terms.body])


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
