"""What of a text says who reports it: "УНІАН:", "— Bloomberg", ", повідомили в ДСНС"."""

from collections.abc import Sequence

from bot.relevance.contrasts import contrasts_of
from bot.relevance.kinds import light, negates
from bot.relevance.word import Word

NAMED_MOST = 6
"""How many words may say who reports something."""


def names_source(words: Sequence[Word], at: int, to: int) -> bool:
    """Tell whether these words only say who reports it: "УНІАН:", "— Bloomberg", "(AP)", "За даними поліції,".

    Behind a mere comma who it is does not do: "Поліція, медики прибули".
    """
    if to - at > NAMED_MOST:
        return False
    some = words[at:to]
    if any(word.number or negates(word) for word in some):
        return False
    says = any(word.key in contrasts_of(word.code).says and not light(word) for word in some)
    tells = says or any(word.key in contrasts_of(word.code).tellers for word in some)
    if not tells and not any(word.capital or light(word) for word in some):
        return False
    starts = at == 0 or words[at - 1].sentence != words[at].sentence
    after = words[to].before if to < len(words) else ""
    if starts and to < len(words):
        return any(mark in after for mark in ":|—–)]") or (says and "," in after)
    ends = to == len(words) or words[to].sentence != words[to - 1].sentence
    before = some[0].before
    return ends and (any(mark in before for mark in "|—–([") or before in {"-", ",-"} or (says and "," in before))


def reports(words: Sequence[Word], at: int, to: int) -> bool:
    """Tell whether these words only say who reports it, and say so."""
    if to - at > NAMED_MOST:
        return False
    kinds = [(word, contrasts_of(word.code)) for word in words[at:to] if not light(word)]
    says = any(word.key in own.says or word.key in own.tellers for word, own in kinds)
    return says and names_source(words, at, to)


def both_report(a: Sequence[Word], i: int, j: int, b: Sequence[Word], k: int, m: int) -> bool:
    """Tell whether two stretches name nobody, each in what says who reports it: "it said", "the company said"."""
    if not (i < j and k < m):
        return False
    if any(word.capital for word in (*a[i:j], *b[k:m])):
        return False
    ends = _end_of_sentence(a, j), _end_of_sentence(b, m)
    return ends[0] - j == ends[1] - m and reports(a, i, ends[0]) and reports(b, k, ends[1])


def says_more(words: Sequence[Word], at: int, to: int, others: Sequence[Word], place: int) -> bool:
    """Tell whether both texts name one source, and these words only say that it tells it: "Bloomberg reports".

    The other text has them not, at `place`; who says it stands before them in both, or behind them.
    """
    if at == to or not all(word.key in contrasts_of(word.code).says for word in words[at:to]):
        return False
    for back in range(1, min(NAMED_MOST, at, place) + 1):
        if words[at - back].key != others[place - back].key:
            break
        if _names(words, at - back, to) and _names(others, place - back, place):
            return True
    for on in range(1, min(NAMED_MOST, len(words) - to, len(others) - place) + 1):
        if words[to + on - 1].key != others[place + on - 1].key:
            break
        if _names(words, at, to + on) and _names(others, place, place + on):
            return True
    return False


def _names(words: Sequence[Word], at: int, to: int) -> bool:
    """Tell whether these words name a source as headlines do, too: "Macron says …", "…: Macron"."""
    some = words[at:to]
    if names_source(words, at, to):
        return True
    if to - at > NAMED_MOST or not all(word.capital or word.key in contrasts_of(word.code).says for word in some):
        return False
    starts = at == 0 or words[at - 1].sentence != words[at].sentence
    if starts:
        return some[-1].key in contrasts_of(some[-1].code).says
    return to == len(words) and some[0].before == ":"


def _end_of_sentence(words: Sequence[Word], at: int) -> int:
    sentence = words[at - 1].sentence
    return next((n for n in range(at, len(words)) if words[n].sentence != sentence), len(words))
