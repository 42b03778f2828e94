"""A stand-in for the optional model, under its name: texts lie as near as the things they speak of.

A folder on PYTHONPATH is all it takes, so that the commands and the bot's own child process can be tested whole. It
knows a few words of two languages; what it does not know says nothing.
"""

import math
import random

from bot.relevance.embeddings import SIZE, _centre
from bot.relevance.lemmas import tokens

_THINGS = (
    "дрон дрони дронів бпла безпілотник drone drones", "київ києва києві столиця столиці столицею kyiv capital",
    "пожежа горить загорівся вогонь fire burning", "будинок багатоповерхівка квартири block apartment",
    "бюджет кошторис гроші budget", "депутати рада київрада council", "музей museum", "львів львові lviv",
    "археологи розкопки archaeologists", "футбол матч match football", "перемога виграли обіграли win beats",
)  # fmt: skip


class _Numbers(list[float]):
    def tolist(self) -> list[float]:
        return list(self)


def _direction(seed: int) -> list[float]:
    dice = random.Random(seed)
    return [dice.gauss(0, 1) for _ in range(SIZE)]


_KNOWN = {word: seed for seed, words in enumerate(_THINGS) for word in words.split()}


class E5:
    """The model."""

    def query(self, text: str) -> _Numbers:
        things = {_KNOWN[word] for word in tokens(text) if word in _KNOWN}
        parts = [_direction(thing) for thing in things] or [_direction(sum(map(ord, text)) + 1000)]
        whole = [sum(column) for column in zip(*parts, strict=True)]
        length = math.sqrt(sum(number * number for number in whole))
        return _Numbers(number / length + middle for number, middle in zip(whole, _centre(), strict=True))
