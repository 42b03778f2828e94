"""What kind a word is: a name, a "not", one that may come or go."""

from functools import cache

from bot.relevance.contrasts import contrasts_of, plain
from bot.relevance.lemmas import proper
from bot.relevance.word import Word
from bot.text import languages


def surely_name(word: Word) -> bool:
    """Tell whether a word is a name: a capital letter that is no matter of course, or the dictionary, says so."""
    return word.capital and not light(word) and (not word.opens or proper(word.key, word.code))


def negates(word: Word) -> bool:
    """Tell whether a word turns what is said into its opposite."""
    return not word.quiet and word.key in contrasts_of(word.code).negations


def stresses(word: Word) -> bool:
    """Tell whether a word only stresses another "not" of its sentence, when there is one."""
    return word.key in contrasts_of(word.code).concord


def light(word: Word) -> bool:
    """Tell whether a word may come or go without changing what is said."""
    own = contrasts_of(word.code)
    return word.quiet or word.key in own.light or not (word.number or word.key[0].isalpha())


@cache
def date_words() -> frozenset[str]:
    """Return the names of days and months, in all forms that people type."""
    return _named("weekdays") | month_words()


@cache
def month_words() -> frozenset[str]:
    """Return the names of months, in all forms that people type."""
    return _named("months")


def _named(name: str) -> frozenset[str]:
    return frozenset(plain(word) for words, _ in languages.words_for(name) for word in words.split())
