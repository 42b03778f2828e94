"""HTML that is nested deeper than anybody writes: made flat before a parser has to climb it.

A parser of HTML looks through all open elements at each tag, so a page of a hundred thousand open ones keeps it busy
for minutes. Tags beyond a depth are taken out; their text stays.
"""

from collections import Counter

import regex

DEEPEST = 100
"""How many elements may stand inside one another; real articles have a dozen."""

_TAG = regex.compile(r"<(/?)([a-zA-Z][^\s/<>]{0,20})[^<>]*+>?")
# What never holds the rest of the page: it is empty, or ends where the next of its kind begins.
_SHALLOW = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
     "param", "source", "td", "th", "tr", "track", "wbr"}
)  # fmt: skip


def flattened(html: str, deepest: int = DEEPEST) -> str:
    """Return HTML whose elements are at most `deepest` inside one another; what is not so deep stays as it is."""
    if html.count("<") <= deepest:
        return html
    flat = _Flat(deepest)
    text = str(_TAG.sub(flat.keep, html))
    return text if flat.too_deep else html


class _Flat:
    """Goes through the tags, in order, and says which stay."""

    def __init__(self, deepest: int) -> None:
        self._deepest = deepest
        self._open: list[str] = []
        self._taken: Counter[str] = Counter()
        self.too_deep = False

    def keep(self, found: "regex.Match[str]") -> str:
        """Return the tag, or a space in its place."""
        name = found[2].lower()
        if name in _SHALLOW:
            return str(found[0])
        if not found[1]:
            return self._opened(name, str(found[0]))
        if self._taken[name]:
            self._taken[name] -= 1
            return " "
        if name in self._open:
            while self._open.pop() != name:
                pass
        return str(found[0])

    def _opened(self, name: str, tag: str) -> str:
        if len(self._open) < self._deepest:
            self._open.append(name)
            return tag
        self.too_deep = True
        self._taken[name] += 1
        return " "
