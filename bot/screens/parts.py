"""The parts of an article by themselves: as they stand, to be copied and changed, and what a change makes of them."""

from bot.model.news import Article
from bot.screens.look import Look
from bot.text.comparison import Piece, as_rich, as_styled, compared, stored_changes
from bot.text.plain import stored_plain
from bot.text.rich import RichBlock, paragraph
from bot.text.styled import Styled, bold, italic, join, styled

PARTS = ("title", "lead", "body")


def as_it_stands(article: Article, part: str) -> Styled:
    """Return a part so that one tap copies it; a text with links or marks as it is, as copying would lose those."""
    if part == "body":
        body = stored_plain(article.body)
        return body if body.spans else styled(body, "pre")
    words = {"title": article.title, "lead": article.lead, "source": f"{article.source} {article.url}".strip()}
    return styled(words.get(part, ""), "code")


def changes_text(before: Article, after: Article, look: Look) -> Styled:
    """Return what a change makes of an article, part by part and word by word."""
    lines = []
    for part, pieces in _changes(before, after):
        shown = as_styled(pieces) if pieces else italic(look.say("change-of-form"))
        lines.append(join("\n", [italic(look.say(f"change-{part}")), shown]))
    return join("\n\n", [bold(look.say("change-what")), *lines])


def changes_rich(before: Article, after: Article, look: Look) -> list[RichBlock]:
    """Return the same as rich blocks, and a line that ends them."""
    blocks = [paragraph({"type": "bold", "text": look.say("change-what")})]
    for part, pieces in _changes(before, after):
        blocks.append(paragraph({"type": "italic", "text": look.say(f"change-{part}")}))
        form: object = {"type": "italic", "text": look.say("change-of-form")}
        blocks.append(paragraph(as_rich(pieces) or [form]))
    return [*blocks, {"type": "divider"}]


def _changes(before: Article, after: Article) -> list[tuple[str, tuple[Piece, ...]]]:
    """Return the parts that changed; without a piece where only marks or links did."""
    found = []
    for part in PARTS:
        old, new = str(getattr(before, part)), str(getattr(after, part))
        if old != new:
            found.append((part, stored_changes(old, new) if part == "body" else compared(old, new)))
    return found
