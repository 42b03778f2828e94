"""Numbers of a text, however they are written: in digits, in letters, with a scale behind them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.relevance.contrasts import Contrasts, contrasts_of
from bot.relevance.word import Word

_HUNDRED = 100
_LONG = 16  # signs of a number that is none to reckon with
_LINKED = frozenset({100, 1000})  # scales that go on with "and"


MOST_DIGITS = 15  # of a number that is compared by what it comes to; longer ones are of cards and accounts


def number_key(value: float, *, negative: bool = False) -> str:
    """Return what a number is compared by."""
    return f"#{'-' if negative else ''}{value:.{MOST_DIGITS}g}"


def halved(words: Iterable[Word]) -> Iterator[Word]:
    """Put one number for half of another, or for one and a half: "пів мільйона", "два з половиною мільйони"."""
    some = list(_more_by_half(list(words)))
    n = 0
    while n < len(some):
        word = some[n]
        own = contrasts_of(word.code)
        for half in own.halves:
            end = n + len(half)
            if tuple(one.key for one in some[n:end]) == half and end < len(some) and some[end].key in own.scales:
                word = replace(word, key=number_key(own.scales[some[end].key] / 2), capital=False, spelt=True)
                n = end
                break
        yield word
        n += 1


def _more_by_half(words: Sequence[Word]) -> Iterator[Word]:
    n = 0
    while n < len(words):
        word = words[n]
        own = contrasts_of(word.code)
        said = own.numbers.get(word.key)
        if said is None and word.number and word.key[1:].isdigit():
            said = float(word.key[1:]) if len(word.key) < _LONG else None
        half = next(
            (half for half in own.and_a_half if tuple(one.key for one in words[n + 1 : n + 1 + len(half)]) == half), ()
        )
        if said is not None and half:
            word = replace(word, key=number_key(said + 0.5), capital=False, spelt=True)
            n += len(half)
        yield word
        n += 1


def counted(words: Iterable[Word]) -> Iterator[Word]:
    """Put numbers for number words, and one for several that make one: "двадцять п’ять тисяч", "1,5 млн"."""
    held: Word | None = None
    value = 0.0
    for word in _unlinked(list(words)):
        own = contrasts_of(word.code)
        if held is not None and (more := _grown(value, held, word, own)) is not None:
            value = more
            held = replace(held, key=number_key(abs(value), negative=held.key.startswith("#-")))
            continue
        if held is not None:
            yield held
            if not word.before and word.key in own.measures:
                word = replace(word, key=own.measures[word.key])  # noqa: PLW2901  "м" behind a number: metres
            held = None
        if (said := own.numbers.get(word.key)) is not None:
            held, value = replace(word, key=number_key(said), capital=False, spelt=True), said
        elif word.number and word.key.count(".") < 2 and len(word.key) < _LONG:
            held, value = word, abs(float(word.key[1:]))
        elif word.key in own.single and (word.opens or not word.capital):
            held, value = replace(word, key=number_key(own.scales[word.key]), spelt=True), own.scales[word.key]
        elif word.key in own.units:
            yield replace(word, key=own.units[word.key], capital=False)
        else:
            yield word
    if held is not None:
        yield held


def _unlinked(words: Sequence[Word]) -> Iterator[Word]:
    """Leave out what links two parts of one number in letters: "one hundred and twenty"."""
    for n, word in enumerate(words):
        own = contrasts_of(word.code)
        if word.key in own.within_numbers and 0 < n < len(words) - 1:
            before, after = words[n - 1].key, words[n + 1].key
            rest = own.numbers.get(after, _HUNDRED)
            if own.scales.get(before) in _LINKED and rest < _HUNDRED and not (word.before or words[n + 1].before):
                continue
        yield word


def _grown(value: float, held: Word, word: Word, own: Contrasts) -> float | None:
    """Return what a number comes to with the word after it, None when that does not belong to it."""
    if scale := own.scales.get(word.key):
        return value * scale if word.before in {"", "-"} and value < scale else None
    more = own.numbers.get(word.key)
    if more is None or word.before not in {"", "-"} or held.sentence != word.sentence:
        return None
    tens = (value % 100 == 0 and value and more < 100) or (value % 10 == 0 and value % 100 >= 20 and more < 10)
    return value + more if tens and more else None
