"""Two texts laid side by side: what only one of them has, sentence by sentence, paired where it is one word after all.

What one text may lack without being other news is left out: who reports it, whole sentences, its end when it was cut.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import regex
from rapidfuzz.distance import OSA, Indel

from bot.relevance.attribution import NAMED_MOST, both_report, names_source, reports, says_more
from bot.relevance.contrasts import contrasts_of, interchangeable, turned
from bot.relevance.kinds import light
from bot.relevance.sameness import Sameness, sameness
from bot.relevance.word import Word

_MOST = 6000  # words that differ; laying more side by side would take too much memory
_ASIDE = 24  # words that only one text has in a stretch, and that are paired with those of the other
_CUT, _CUT_SHORT = 3, 12  # words at the end that a text lacks when it was cut, and one that is short by that
_PAIRED = 80  # the same in a whole sentence; in a longer one they stay what they seem
_LONG = 10  # letters of a word that may be written as two with a letter changed where they meet
_INITIALS = 3  # letters of a short name that may be spelled out; two stand for too much
_COMMAS = regex.compile(r"[^,.;:]")


@dataclass(slots=True)
class Sentence:
    """What only one text has, and only the other, around one sentence; `places` are its sentences in the other."""

    ours: list[Word] = field(default_factory=list)
    theirs: list[Word] = field(default_factory=list)
    forms: list[tuple[Word, Sameness]] = field(default_factory=list)
    moved: list[tuple[Word, Sameness]] = field(default_factory=list)
    places: set[int] = field(default_factory=set)
    turned: bool = False  # one word stands in the place of another that turns it round
    relinked: bool = False  # ... in the place of another that links otherwise: "by" for "on"
    denies: bool = False  # both deny something anyhow
    denied: bool = False  # what one of them tells, in the same word, the other denies


@dataclass(slots=True)
class Alignment:
    """Where two texts differ: by the number of the first one's sentence.

    `sources` are the words that name the source in each, `corrected` how many slips one of them corrects in the other.
    """

    sentences: dict[int, Sentence] = field(default_factory=lambda: defaultdict(Sentence))
    sources: tuple[list[Word], list[Word]] = field(default_factory=lambda: ([], []))
    corrected: int = 0


def aligned(a: Sequence[Word], b: Sequence[Word], *, strict: bool) -> Alignment | None:
    """Lay two texts side by side; None where too much differs. If `strict`, neither was cut."""
    begin, end = _ends(a, b)
    mine, yours = a[begin : len(a) - end], b[begin : len(b) - end]
    if min(len(mine), len(yours)) > _MOST:
        return None
    found = Alignment()
    for (i, j), (k, m) in _hunks(mine, yours):
        i, j, k, m = i + begin, j + begin, k + begin, m + begin  # noqa: PLW2901  where it is in the whole text
        if both_report(a, i, j, b, k, m) or says_more(a, i, j, b, k) or says_more(b, k, m, a, i):
            continue
        i, j, k, m = _unattributed(a, i, j, b, k, m, found.sources)  # noqa: PLW2901  what is left of it
        if i == j and _may_lack(b, k, m, found.sources[1], strict=strict):
            continue
        if k == m and _may_lack(a, i, j, found.sources[0], strict=strict):
            continue
        initials = _is_initials(a[i:j], b[k:m]) or _is_initials(b[k:m], a[i:j])
        if initials or _cut_within(a, i, j, b, k, m, strict=strict):
            continue
        one = found.sentences[_sentence_of(a, i, j, b, k, m)]
        one.places.update(word.sentence for word in b[max(0, k - 1) : m + 1])
        if j - i == m - k == 1:
            _look_at_links(a[i], b[k], one)
        found.corrected += _pair(a[i:j], b[k:m], one)
    for one in found.sentences.values():
        if max(len(one.ours), len(one.theirs)) <= _PAIRED:
            one.ours = _unjoined(one.ours, one.theirs)
            _find_moved(one)
    found.corrected += _repunctuated(a, b)
    return found


def _sentence_of(a: Sequence[Word], i: int, j: int, b: Sequence[Word], k: int, m: int) -> int:
    """Return the first text's sentence that a stretch belongs to: what only the other adds at an end, to that one."""
    at = min(i, len(a) - 1)
    ends = i == j and 0 < i < len(a) and k > 0 and m < len(b) and a[i - 1].sentence != a[i].sentence
    if ends and b[k - 1].sentence == b[m - 1].sentence != b[m].sentence:
        at = i - 1
    return a[at].sentence


def _is_initials(short: Sequence[Word], full: Sequence[Word]) -> bool:
    """Tell whether one word has the initials of several others: "ДПСУ", "Державна прикордонна служба України"."""
    letters, said = ([word for word in own if not light(word)] for own in (short, full))
    if len(letters) != 1 or len(said) < _INITIALS or not letters[0].capital:
        return False
    return letters[0].key == "".join(word.key[0] for word in said)


def _ends(a: Sequence[Word], b: Sequence[Word]) -> tuple[int, int]:
    """Return how many words the texts have in common at the beginning and at the end."""
    most = min(len(a), len(b))
    begin = next((n for n in range(most) if a[n].key != b[n].key), most)
    end = next((n for n in range(most - begin) if a[-1 - n].key != b[-1 - n].key), most - begin)
    return begin, end


def _hunks(a: Sequence[Word], b: Sequence[Word]) -> Iterable[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the stretches, from and to, that are not the same in both."""
    last: list[int] | None = None
    for step in Indel.opcodes([word.key for word in a], [word.key for word in b]):
        if step.tag == "equal":
            if last is not None:
                yield (last[0], last[1]), (last[2], last[3])
            last = None
        elif last is None:
            last = [step.src_start, step.src_end, step.dest_start, step.dest_end]
        else:
            last[1], last[3] = step.src_end, step.dest_end
    if last is not None:
        yield (last[0], last[1]), (last[2], last[3])


def _may_lack(words: Sequence[Word], at: int, to: int, sources: list[Word], *, strict: bool) -> bool:
    """Tell whether a text may lack what the other has there: a source, whole sentences, or its end when it was cut."""
    if names_source(words, at, to):
        sources += [word for word in words[at:to] if not light(word)]
        return True
    if _dates_a_change(words, at, to) or _glosses(words, at, to):
        return True
    starts = at == 0 or words[at - 1].sentence != words[at].sentence
    ends = to == len(words) or words[to].sentence != words[to - 1].sentence
    # Of sentences that begin alike, the words laid side by side may be the beginning of the next one.
    shifted = words[at - 1].sentence + 1 == words[min(to, len(words) - 1)].sentence
    if strict and any(word.key in contrasts_of(word.code).rebuttals for word in words[at:to]):
        return False
    whole = (starts and ends) or (shifted and to < len(words) and _begins_alike(words, at, to))
    return whole or (to == len(words) and to - at >= (_CUT_SHORT if strict else _CUT))


def _dates_a_change(words: Sequence[Word], at: int, to: int) -> bool:
    """Tell whether these words only say when a text was changed: "оновлено о 14:20"."""
    marks = contrasts_of(words[at].code).marks
    return words[at].key in marks and all(word.number or light(word) for word in words[at:to])


def _glosses(words: Sequence[Word], at: int, to: int) -> bool:
    """Tell whether these words stand in brackets of their own and only name something: "на Драгобраті (Закарпаття)"."""
    closed = to == len(words) or ")" in words[to].before
    return closed and words[at].before.endswith("(") and all(word.capital or light(word) for word in words[at:to])


def _cut_within(a: Sequence[Word], i: int, j: int, b: Sequence[Word], k: int, m: int, *, strict: bool) -> bool:
    """Tell whether one text ends in the middle of a word where the other goes on."""
    if j != len(a) or m != len(b) or 1 not in {j - i, m - k} or not (j > i and m > k):
        return False
    shorter, longer, left = (a[i], b[k], m - k) if j - i == 1 else (b[k], a[i], j - i)
    return longer.key.startswith(shorter.key) and left > (_CUT_SHORT if strict else _CUT)


def _begins_alike(words: Sequence[Word], at: int, to: int) -> bool:
    """Tell whether a stretch, moved back to where its sentence begins, is whole sentences."""
    back = 0
    while at - back > 0 and words[at - back - 1].key == words[to - back - 1].key and to - back - 1 >= at:
        back += 1
        if words[at - back - 1].sentence != words[at - back].sentence:
            return words[to - back].sentence != words[to - back - 1].sentence
    return False


def _unattributed(
    a: Sequence[Word], i: int, j: int, b: Sequence[Word], k: int, m: int, sources: tuple[list[Word], list[Word]]
) -> tuple[int, int, int, int]:
    """Return two stretches without who reports it, where there is something else in both."""
    if i < j and k < m:
        i, j = _without_source(a, i, j, b[k:m], sources[0])
        k, m = _without_source(b, k, m, a[i:j], sources[1])
    return i, j, k, m


def _without_source(
    words: Sequence[Word], at: int, to: int, others: Sequence[Word], sources: list[Word]
) -> tuple[int, int]:
    """Return a stretch without what says who reports it, at its end or its beginning: ", повідомили в ДСНС".

    A mere name behind a dash does where all that is left is the same in the other text.
    """
    for begin, end, left in [
        *((n, to, (at, n)) for n in range(max(at, to - NAMED_MOST), to)),
        *((at, n, (n, to)) for n in range(min(to, at + NAMED_MOST), at, -1)),
    ]:
        mere = begin > at and names_source(words, begin, end) and _all_paired(words[slice(*left)], others)
        if mere or reports(words, begin, end):
            sources += [word for word in words[begin:end] if not light(word)]
            return left
    return at, to


def _all_paired(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    found = Sentence()
    _pair(ours, theirs, found)
    return not (found.ours or found.theirs or found.moved)


def _pair(ours: Sequence[Word], theirs: Sequence[Word], into: Sentence) -> int:
    """Pair the words of a stretch that are one; the rest goes into the sentence. Returns how many are respelled."""
    if _joined(ours) == _joined(theirs):
        return 1
    respelled = reached = 0
    left = list(theirs)
    if len(ours) <= _ASIDE and len(left) <= _ASIDE:
        for word in _unjoined(ours, left):
            close, found = _closest(word, left)
            if close is None:
                into.ours.append(word)
                continue
            left.remove(close)
            at = next(n for n, other in enumerate(theirs) if other is close)
            if found is Sameness.SAME:
                respelled += word.key != close.key
            else:  # in another form before a word that comes first here: who did it to whom may be turned round
                (into.forms if at >= reached else into.moved).append((word, found))
            reached = max(reached, at)
    else:
        into.ours += ours
    into.theirs += left
    return respelled


def _closest(word: Word, others: Sequence[Word]) -> tuple[Word | None, Sameness]:
    """Return which of some words is the same, or another form of it, and how; None if none is."""
    best, close = Sameness.OTHER, None
    for other in others:
        found = sameness(word, other)
        if found > best:
            best, close = found, other
        if best is Sameness.SAME:
            break
    return close, best


def _repunctuated(a: Sequence[Word], b: Sequence[Word]) -> int:
    """Return between how many words that both have one text has a comma or a stop, and the other has not."""
    marks = [[(one.key, two.key, _COMMAS.sub("", two.before)) for one, two in pairwise(words)] for words in (a, b)]
    there = {(one, two): mark for one, two, mark in marks[0]}
    return sum(there.get((one, two), mark) != mark for one, two, mark in marks[1])


def _unjoined(ours: Sequence[Word], theirs: list[Word]) -> list[Word]:
    """Leave out, of both, what one writes as one word and the other as two."""
    kept = list(ours)
    for some, others in ((kept, theirs), (theirs, kept)):
        for n in range(len(some) - 1, 0, -1):
            one = next((other for other in others if _as_one(some[n - 1].key, some[n].key, other.key)), None)
            if one is not None:
                others.remove(one)
                del some[n - 1 : n + 1]
                break
    return kept


def _as_one(first: str, second: str, one: str) -> bool:
    """Tell whether a word is two others written as one; a long one may change a letter where they meet."""
    two = first + second
    most = 2 if len(two) >= _LONG and one.startswith(first[:-1]) and one.endswith(second[1:] or second) else 0
    return abs(len(two) - len(one)) <= most and OSA.distance(two, one, score_cutoff=most) <= most


def _look_at_links(word: Word, other: Word, into: Sentence) -> None:
    """Note a word that stands alone in the place of another, and turns what is said round, or may."""
    into.turned = into.turned or turned(word.key, other.key, word.code)
    if light(word) and light(other) and not interchangeable(word.key, other.key, word.code):
        into.relinked = into.relinked or not word.quiet


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.key for word in words)


def _find_moved(one: Sentence) -> None:
    """Part from what one text has alone what the other has at another place."""
    for word in [*one.ours]:
        close, how = _closest(word, one.theirs)
        if close is not None:
            one.ours.remove(word)
            one.theirs.remove(close)
            one.moved.append((word, how))
