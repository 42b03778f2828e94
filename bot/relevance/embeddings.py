"""Embeddings: what the optional model makes of a text, as it is kept and compared, without the model and without numpy.

A vector is 384 bytes: the model's numbers less their mean over news, brought to length 1, times 400, plus 128. The mean
is taken away because the model's vectors all point much the same way: what is left is what a text says beside being
news. The mean is that of Ukrainian, English and Russian together, so that no language is at home: a text and its
translation lie next to each other. docs/RELEVANCE.md gives the figures.
"""

import math
from base64 import b64decode
from collections.abc import Callable, Sequence
from functools import cache
from operator import mul
from pathlib import Path
from struct import Struct

MODEL = "e5-small-q4/1"
"""Which model and which way of keeping what it says; embeddings of another name are made anew."""

SIZE = 384
_SCALE, _ZERO, _MOST = 400, 128, 127
_TEXT = 300  # characters after the title: more take longer and tell the model no more
_CENTRE = Path(__file__).with_name("centre.txt")  # in parts of 20 000, two bytes each, as base64
_PARTS = 20_000
_NUMBERS = Struct(f"<{SIZE}h")


class ModelFailed(Exception):
    """The model does not run, or does not answer; the text says why."""


def embedded_text(title: str, text: str) -> str:
    """Return what the model reads of an article; `text` is lead and body without markup."""
    return f"{title}\n{text[:_TEXT]}".strip()


def pack_vector(numbers: Sequence[float]) -> bytes:
    """Return the model's numbers as they are kept."""
    centred = [number - middle for number, middle in zip(numbers, _centre(), strict=True)]
    length = math.sqrt(sum(map(mul, centred, centred))) or 1.0
    steps = (round(_SCALE * number / length) for number in centred)
    return bytes(_ZERO + max(-_MOST, min(_MOST, step)) for step in steps)


@cache
def _centre() -> tuple[float, ...]:
    return tuple(part / _PARTS for part in _NUMBERS.unpack(b64decode(_CENTRE.read_text(encoding="ascii"))))


def cosine_to(own: bytes) -> Callable[[bytes], float]:
    """Return the function that tells how alike in meaning another vector is: 1 for the same, about 0 for unrelated.

    Ten microseconds a call. Only one side is freed of its 128: the other's is a sum that never changes.
    """
    mine = [step - _ZERO for step in own]
    offset = _ZERO * sum(mine)

    def cosine(other: bytes) -> float:
        return float((sum(map(mul, mine, other)) - offset) / (_SCALE * _SCALE))

    return cosine


def signs_of(vector: bytes) -> int:
    """Return which numbers of a vector are above zero, a bit each: vectors that are alike differ in few of them."""
    bits = 0
    for step in vector:
        bits = bits << 1 | (step > _ZERO)
    return bits
