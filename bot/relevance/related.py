"""Related items: what else there is on the same matter, the closest first, newer before older among equals."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bot.model.news import Subject
from bot.ports import WordIndex, WordStore
from bot.relevance.answers import Answer, Meant, Ranked, Scored, State, Sure, first_of
from bot.relevance.common_ground import certainty, common_ground, rare_words
from bot.relevance.query import beginning
from bot.relevance.ranking import (
    LEAST,
    Found,
    Vector,
    affordable,
    freshness,
    one_of_each,
    own_score,
    recency,
    top_terms,
    wanted_stems,
    worths,
)
from bot.relevance.semantic import AGE_TAKES, CANDIDATES, SCORE_LESS_ACROSS, SemanticIndex
from bot.relevance.weights import HOT, stem
from bot.text.languages import family_of

MOST_RELATED = 5
_CANDIDATES = 100
_AT_ONCE = 24  # candidates read at a time; mostly one stretch is enough
_ARCHIVED = 100  # articles looked at when the hot table has too few
_KEPT = 40  # different ones of an answer by meaning are remembered at least, of up to three hundred
_REMEMBERED = 2000  # answers, of about a kilobyte each
_TRIES = 4  # of a question in whose midst something is published


@dataclass(frozen=True, slots=True)
class Finder:
    """Finding related items in the word index."""

    words: WordStore
    meaning: SemanticIndex | None = None
    sure: Sure = field(default_factory=Sure)
    _answers: OrderedDict[tuple[int, str], Answer] = field(default_factory=OrderedDict, compare=False, repr=False)

    async def related(
        self, article_id: int, *, language: str = "", limit: int = MOST_RELATED, leave_out: Collection[int] = ()
    ) -> list[Found]:
        """Return up to `limit` published articles on the same matter; none rather than weak ones.

        `leave_out` are articles the reader knows already. Nothing retracted or unpublished is among them, one of
        each recurring series, and one of the copies of an article. What an editor pinned comes first. Answers are
        remembered until something is published, corrected or retracted.
        """
        found: list[Found] | None = None
        tries = _TRIES
        while found is None:
            tries -= 1
            found = await self._related(article_id, language, limit, leave_out, last=not tries)
        return found

    async def _related(
        self, article_id: int, language: str, limit: int, leave_out: Collection[int], *, last: bool
    ) -> list[Found] | None:
        """Return what is related; None when something was published meanwhile, unless it is the `last` try.

        What meaning said rests on another state then, and an answer by words alone would be remembered for this one.
        """
        read = 0 if self.meaning is None else await self.meaning.state()
        # Before the connection for the answer is taken: waiting for a second one while holding one can last for ever.
        most = limit + len(leave_out)
        meant = await self._by_meaning(article_id, language, read, most) if read else None
        async with self.words.reading() as index:
            subject = await index.subject(article_id)
            if subject is None:
                return []
            state = State.of(subject, read)
            if meant is not None and meant.state != state and not last:
                return None
            pinned = [number for number in subject.pinned if number not in leave_out]
            there = {one.id: one for one, _ in await index.candidates(pinned)} if pinned else {}
            first = [(1.0, there[number]) for number in pinned if number in there]
            about = subject if subject.public else None
            while True:
                answer = await self._answer(index, subject, state, language, most, meant)
                rest = [one for one in answer.ranked if one[1].id not in leave_out]
                kept = one_of_each([*first, *rest], about)
                if len(kept) >= limit or answer.most is None or not answer.reaches(most):
                    return [answer.found(score, item) for score, item in kept[:limit]]
                most = 2 * (most + len(first))  # what is pinned or left out hid more than was looked for

    async def _by_meaning(self, article_id: int, language: str, read: int, most: int) -> Meant | None:
        """Return what meaning says; nothing found when the answer is remembered, or the article has not been read."""
        assert self.meaning is not None
        async with self.words.reading() as index:
            subject = await index.subject(article_id)
            if subject is None:
                return None
            state = State.of(subject, read)
            answer = self._answers.get((article_id, language))
            if answer is not None and answer.state == state and answer.reaches(most):
                return Meant(state, remembered=True)
            scored = await self._scored(index, subject, CANDIDATES)
        return Meant(state, await self.meaning.reranked(article_id, scored.scores), scored.rare)

    async def _answer(
        self,
        index: WordIndex,
        subject: Subject,
        state: State,
        language: str,
        most: int,
        meant: Meant | None,
    ) -> Answer:
        key = (subject.id, language)
        answer = self._answers.get(key)
        remembered = answer is not None and answer.state == state
        if answer is None or not (remembered and (answer.reaches(most) or (meant is not None and meant.remembered))):
            if meant is None or meant.found is None:
                answer = await self._by_words(index, subject, state, language, most)
            else:
                answer = await self._with_meaning(index, subject, state, language, meant, most)
            self._answers[key] = answer
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        self._answers.move_to_end(key)
        return answer

    async def _by_words(self, index: WordIndex, subject: Subject, state: State, language: str, most: int) -> Answer:
        scored = await self._scored(index, subject, max(_CANDIDATES, 2 * most))
        scores = _open_to(subject, scored.scores)
        ranked, reached, headings = await _ranked(index, subject, scores, language, most)
        certain = {}
        if self.sure.words:
            at = subject.published_at if subject.public else None
            certain = {
                item.id: certainty(
                    scores[item.id], common_ground(scored.rare, headings[item.id]), recency(at, item.published_at)
                )
                for _, item in ranked
            }
        return Answer(state, ranked, reached, certain, self.sure.words)

    async def _with_meaning(
        self, index: WordIndex, subject: Subject, state: State, language: str, meant: Meant, most: int
    ) -> Answer:
        assert meant.found is not None
        near = meant.found
        there = await index.candidates(list(_open_to(subject, near.likeness)), language)
        scores = near.scores({item.id: common_ground(meant.rare, heading) for item, heading in there})
        at = subject.published_at if subject.public else None
        every = [(scores[item.id] - AGE_TAKES * (1 - recency(at, item.published_at)), item) for item, _ in there]
        every.sort(key=_place)
        ranked, reached = first_of(every, subject, max(_KEPT, 2 * most))
        certain = {item.id: score for score, item in ranked}
        unlike, own = near.unlike & certain.keys(), subject.language
        return Answer(state, ranked, reached, certain, self.sure.meaning, unlike, own, SCORE_LESS_ACROSS)

    async def _scored(self, index: WordIndex, subject: Subject, candidates: int) -> Scored:
        """Return how close other articles are by words; time does not count here.

        So many of the closest are looked at.
        """
        own, total = subject.vector, subject.total
        said = [number for number, (title, lead, _) in own.items() if title + lead]
        families = await index.families(said) if said else []
        terms = top_terms(own, [lemma for lemma in families if lemma.id in own], total)
        if not terms:
            return Scored()
        wanted = frozenset(wanted_stems(terms))
        kin = [lemma for lemma in families if stem(lemma.text) in wanted]
        worth = worths(terms, kin, total)
        itself = max(1, own_score(own, worth))
        read, late = affordable(worth, [*terms, *kin], total)
        scored = dict(await index.sharing(read, candidates + 1, late))
        scored.pop(subject.id, None)
        least = LEAST * itself
        strong = {number: score / itself for number, score in scored.items() if score >= least}
        rare = rare_words(terms, kin, total)
        if len(strong) >= MOST_RELATED or total <= HOT:
            return Scored(strong, rare)
        told = [lemma for lemma in terms if lemma.articles > 1]
        texts = [lemma.text for lemma in sorted(told, key=lambda lemma: (-terms[lemma], lemma.text))]
        for number, vector in (await _archived(index, texts)).items():
            score = own_score(vector, worth)
            if score >= least and number != subject.id:
                strong[number] = score / itself
        return Scored(strong, rare)


def _open_to(subject: Subject, scores: Mapping[int, float]) -> dict[int, float]:
    """Return the scores without what an editor has decided about, and without the article itself."""
    decided = {subject.id, *subject.pinned, *subject.banned}
    return {number: score for number, score in scores.items() if number not in decided}


async def _ranked(
    index: WordIndex, subject: Subject, scores: Mapping[int, float], language: str, most: int
) -> tuple[list[Ranked], int | None, dict[int, AbstractSet[int]]]:
    """Return the candidates in order, time counted, as far as `most` different ones are sure to be the first.

    The number beside them is `most`, or None when these are all; then come the lemmas of their titles and leads.

    Nothing English is related to what is not: by words alone they share numbers and names in Latin letters, which says
    nothing. Time only takes away: once the next score as it stands is below what was found, nothing better can come.
    """
    order = sorted(scores, key=lambda number: (-scores[number], -number))
    at = subject.published_at if subject.public else None
    found: list[Ranked] = []
    headings: dict[int, AbstractSet[int]] = {}
    for start in range(0, len(order), _AT_ONCE):
        for item, heading in await index.candidates(order[start : start + _AT_ONCE], language):
            if family_of(item.language) == family_of(subject.language):
                found.append((scores[item.id] * freshness(at, item.published_at), item))
                headings[item.id] = heading
        found.sort(key=_place)
        if start + _AT_ONCE < len(order):
            sure = [one for one in found if one[0] > scores[order[start + _AT_ONCE]]]
            if len(sure) >= most and len(one_of_each(sure, subject)) >= most:
                return sure, most, headings
    return found, None, headings


def _place(one: Ranked) -> tuple[float, int]:
    return -one[0], -one[1].id


async def _archived(index: WordIndex, texts: Sequence[str]) -> dict[int, Vector]:
    """Return the words of older articles that have two of the eight terms that say most."""
    found: set[int] = set()
    for bit in (1, 2, 4):  # two different places differ in one of their bits: every pair is asked for
        halves = [_tokens(texts[:8], bit, wanted) for wanted in (0, bit)]
        if all(halves):
            found.update(await index.matching(halves, _ARCHIVED))
    return dict(await index.vectors(sorted(found)))


def _tokens(texts: Sequence[str], bit: int, wanted: int) -> list[str]:
    """Return the terms, and what begins like them, whose places have or lack a bit."""
    return [token for place, text in enumerate(texts) if place & bit == wanted for token in (text, *beginning(text))]
