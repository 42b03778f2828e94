"""HTML to blocks and back.

What is stored is canonical HTML: `p h3 blockquote ul ol li pre hr br b i u s tg-spoiler tg-emoji code a`, nothing
else, always well formed. Anything a feed or a page throws at `parse_html` becomes that or plain text.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

import nh3
import regex

from bot.text.cleaning import clean, safe_url, with_halves_joined
from bot.text.code import code_language
from bot.text.document import Block, Code, Document, Heading, Listing, Marks, Paragraph, Quote, Rule, Run, Runs, trimmed
from bot.text.emoji import custom_emoji, is_emoji
from bot.text.nesting import flattened
from bot.text.stretches import in_stretches, without_seams

_MARK_OF = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
_TAG_OF = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code"}
_MARK_ORDER = tuple(_TAG_OF)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption"})
_BREAKING = frozenset(
    {"p", "div", "section", "article", "header", "footer", "main", "aside", "figure", "figcaption", "details",
     "table", "thead", "tbody", "tfoot", "tr", "dl", "dt", "dd", "address", "center"}
)  # fmt: skip
_ALLOWED = {
    *_MARK_OF, *_HEADINGS, *_BREAKING, "a", "br", "hr", "blockquote", "q", "ul", "ol", "li", "pre", "td", "th", "span",
    "img", "tg-emoji",
}  # fmt: skip
_DROPPED = {"script", "style", "iframe", "svg", "noscript", "object", "embed", "form", "button", "math", "template"}
_WHITE = regex.compile(r"[ \t\n\f]+")
Whole = Callable[[str], str]
"""Makes an address of a page whole, or returns "" for one that may not be opened."""


@lru_cache(maxsize=32)
def stored_document(html: str) -> Document:
    """Return the blocks of a stored body. The last few are kept: many readers open the same."""
    return parse_html(html)


def parse_html(html: str, whole: Whole = safe_url) -> Document:
    """Return the blocks of any HTML, broken or hostile. Scripts vanish; unknown tags leave their text.

    `whole` completes the addresses of links.
    """
    safe = nh3.clean(
        in_stretches(flattened(clean(with_halves_joined(html)))),
        tags=_ALLOWED,
        clean_content_tags=_DROPPED,
        attributes={
            "a": {"href"},
            "ol": {"start"},
            "img": {"src", "alt"},
            "code": {"class"},
            "pre": {"class"},
            "blockquote": {"expandable"},
            "tg-emoji": {"emoji-id"},
        },
        url_schemes={"http", "https", "mailto", "tel", "tg"},
        link_rel=None,
    )
    builder = _Builder(whole)
    builder.feed(clean(without_seams(safe)))  # entities may have stood for what was cleaned before
    builder.close()
    return builder.document()


def to_html(document: Document) -> str:
    """Return the blocks as canonical HTML; `parse_html` of it gives the same blocks."""
    return "".join(map(_block_html, document))


def _block_html(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return f"<p>{_runs_html(runs)}</p>"
        case Heading(runs):
            return f"<h3>{_runs_html(runs)}</h3>"
        case Quote(paragraphs):
            tag = "<blockquote expandable>" if block.expandable else "<blockquote>"
            return tag + "".join(f"<p>{_runs_html(runs)}</p>" for runs in paragraphs) + "</blockquote>"
        case Listing(items, start):
            tag, attribute = ("ul", "") if start is None else ("ol", f' start="{start}"' if start != 1 else "")
            return f"<{tag}{attribute}>" + "".join(f"<li>{_runs_html(runs)}</li>" for runs in items) + f"</{tag}>"
        case Code(text, language):
            attribute = f' class="language-{escape(language)}"' if language else ""
            return f"<pre{attribute}>{escape(text, quote=False)}</pre>"
        case Rule():
            return "<hr>"


def _runs_html(runs: Runs) -> str:
    pieces = []
    for run in runs:
        html = escape(run.text, quote=False).replace("\n", "<br>")
        if run.emoji:
            html = f'<tg-emoji emoji-id="{escape(run.emoji)}">{html}</tg-emoji>'
        for mark in reversed(_MARK_ORDER):
            if mark in run.marks:
                html = f"<{_TAG_OF[mark]}>{html}</{_TAG_OF[mark]}>"
        if run.href:
            html = f'<a href="{escape(run.href)}">{html}</a>'
        pieces.append(html)
    return "".join(pieces)


class _Builder(HTMLParser):
    """Turns clean HTML into blocks. Nested lists become flat ones, tables rows of text."""

    def __init__(self, whole: Whole) -> None:
        super().__init__(convert_charrefs=True)
        self._whole = whole
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._open_marks: list[str] = []
        self._hrefs: list[str] = []
        self._emoji = ""
        self._quotes: list[list[Runs]] = []
        self._expandable = False  # whether the outermost open quotation is
        self._lists: list[tuple[list[Runs], int | None]] = []
        self._heading = 0
        self._code: list[str] | None = None
        self._code_language = ""

    def document(self) -> Document:
        """Return what was built, every open block closed."""
        self._end_paragraph()
        while self._lists:
            self._end_list()
        if self._quotes:
            self._end_quote()
        return tuple(self._blocks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _MARK_OF:
            self._open_marks.append(_MARK_OF[tag])
            if self._code is not None:
                self._code_language = self._code_language or _language(attrs)
        elif tag == "a":
            self._hrefs.append(self._whole(dict(attrs).get("href") or ""))
        elif tag == "tg-emoji":
            self._emoji = dict(attrs).get("emoji-id") or ""
        elif tag == "br":
            self._text("\n")
        elif tag == "img" and is_emoji(said := dict(attrs).get("alt") or ""):
            self._text(said)
        elif tag in {"td", "th"}:
            if self._runs and not self._runs[-1].text.endswith("\n"):
                self._runs.append(Run(" | "))
        elif tag != "img" and tag != "span" and tag != "q":  # noqa: PLR1714  reads as the list of what stays inline
            self._start_block(tag, attrs)

    def _start_block(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_paragraph()
        if tag in _HEADINGS:
            self._heading += 1
        elif tag == "blockquote":
            if not self._quotes:
                self._expandable = "expandable" in dict(attrs)
            self._quotes.append([])
        elif tag in {"ul", "ol"}:
            self._lists.append(([], _start(attrs) if tag == "ol" else None))
        elif tag == "pre":
            self._code, self._code_language = [], _language(attrs)
        elif tag == "hr":
            self._add(Rule())

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARK_OF:
            if _MARK_OF[tag] in self._open_marks:
                self._open_marks.reverse()
                self._open_marks.remove(_MARK_OF[tag])
                self._open_marks.reverse()
        elif tag == "a":
            if self._hrefs:
                self._hrefs.pop()
        elif tag == "tg-emoji":
            self._emoji = ""
        elif tag not in {"td", "th", "img", "span", "q", "br", "hr"}:
            self._end_block(tag)

    def _end_block(self, tag: str) -> None:
        if tag == "pre" and self._code is not None:
            self._end_code()
            return
        self._end_paragraph()
        if tag in _HEADINGS:
            self._heading = max(0, self._heading - 1)
        elif tag == "blockquote" and self._quotes:
            self._end_quote()
        elif tag in {"ul", "ol"} and self._lists:
            self._end_list()

    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code.append(data)
        else:
            self._text(_WHITE.sub(" ", data))

    def _text(self, text: str) -> None:
        if self._code is not None:
            self._code.append(text)
            return
        if not self._runs or self._runs[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if not text:
            return
        if text == "\n" and self._runs:
            last = self._runs.pop()
            self._runs.append(replace(last, text=last.text.rstrip(" ")))
        marks: Marks = frozenset(self._open_marks)
        href = self._hrefs[-1] if self._hrefs else ""
        self._runs.append(Run(text, marks, href, "" if "code" in marks else custom_emoji(self._emoji, text)))

    def _end_paragraph(self) -> None:
        runs, self._runs = trimmed(tuple(self._runs)), []
        if not runs:
            return
        if self._lists:
            self._lists[-1][0].append(runs)
        elif self._quotes:
            self._quotes[-1].append(runs)
        else:
            self._add(Heading(runs) if self._heading else Paragraph(runs))

    def _end_quote(self) -> None:
        paragraphs = self._quotes.pop()
        if self._quotes:
            self._quotes[-1].extend(paragraphs)
        elif paragraphs:
            self._add(Quote(tuple(paragraphs), expandable=self._expandable))

    def _end_list(self) -> None:
        items, start = self._lists.pop()
        if self._lists:
            self._lists[-1][0].extend(items)
        elif self._quotes:
            self._quotes[-1].extend(items)
        elif items:
            self._add(Listing(tuple(items), start))

    def _end_code(self) -> None:
        text, self._code = "".join(self._code or ()).strip("\n"), None
        if not text.strip():
            return
        if self._quotes or self._lists:
            lines = (" ".join(line.split()) for line in text.split("\n"))
            self._runs.append(Run("\n".join(line for line in lines if line), frozenset({"code"})))
            self._end_paragraph()
        else:
            self._add(Code(text, self._code_language))

    def _add(self, block: Block) -> None:
        while self._lists:
            self._end_list()
        self._blocks.append(block)


def _start(attrs: list[tuple[str, str | None]]) -> int:
    value = dict(attrs).get("start") or "1"
    return int(value) if value.removeprefix("-").isdecimal() and len(value) < 6 else 1


def _language(attrs: list[tuple[str, str | None]]) -> str:
    return code_language((dict(attrs).get("class") or "").removeprefix("language-"))
