"""A text as another keyboard gives it: who forgot to switch typed "pfdnhf" and meant "завтра"."""

from collections.abc import Iterator
from itertools import permutations

from bot.text.languages import ALL


def other_keyboards(text: str) -> Iterator[str]:
    """Yield a text, in small letters, as the same keys of another language's keyboard give it."""
    boards = [language.keyboard for language in ALL if language.keyboard]
    typed = text.casefold()
    for here, there in permutations(boards, 2):
        keys = dict(zip(here, there, strict=False))
        letters = [sign for sign in typed if sign.isalpha()]
        if letters and all(sign in keys for sign in letters):
            yield "".join(keys.get(sign, sign) for sign in typed)
