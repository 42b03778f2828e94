"""Long texts for the sanitizer of HTML, in stretches it does not choke on.

It appends to a text sign by sign where it has entities or much punctuation, and copies all of it each time: a megabyte
of "&" keeps it busy for a quarter of a minute. So long texts are cut by comments, which it takes out; where it takes
them for text, and within attributes, `without_seams` takes them out afterwards. No tag and no entity is cut.
"""

import regex

LONGEST = 1_000
"""Characters of a stretch, if it has punctuation or spaces at all; letters and digits alone cost nothing."""

_SHORT = 20_000  # characters; of such texts nobody notices it
_PART = regex.compile(r"<[/!?a-zA-Z][^<>]*+|[^<>]++")
_BETWEEN = regex.compile(r"[^A-Za-z0-9#;]")  # no entity goes on with it
_SEAM = "<!--\ue0f5-->"
_SHOWN = "&lt;!--\ue0f5--&gt;"


def in_stretches(html: str) -> str:
    """Return HTML whose long texts are cut; a short one as it is."""
    return html if len(html) < _SHORT else str(_PART.sub(_cut, html))


def without_seams(html: str) -> str:
    """Return HTML without what cut its texts."""
    return html.replace(_SHOWN, "").replace(_SEAM, "")


def _cut(found: "regex.Match[str]") -> str:
    text, begin, pieces = str(found[0]), 0, []
    if text.startswith("<"):
        return text
    while (seam := _BETWEEN.search(text, begin + LONGEST)) is not None:
        pieces.append(text[begin : seam.start()])
        begin = seam.start()
    return _SEAM.join([*pieces, text[begin:]])
