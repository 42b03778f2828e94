"""A push: a headline as a channel's post shows it, with the lead and the picture."""

from collections.abc import Sequence
from dataclasses import replace

from bot.model.limits import LEAD_SHOWN
from bot.model.news import Article, MediaKind, Photo
from bot.screens.callbacks import Open, Related, Show, Why
from bot.screens.card import Button, Card, Row
from bot.screens.headlines import headline_notes, headline_text, picture_block, rich_head, shortened
from bot.screens.look import Look
from bot.screens.screen_refs import HeadlineScreen, SourcesScreen
from bot.text.rich import RichBlock, paragraph
from bot.text.styled import italic, join


def headline_card(article: Article, look: Look, *, titles_only: bool = False, sources: int = 0) -> Card:
    """Return the card of a push; with `titles_only` as short as it can be.

    With `sources`, the number of those that tell the same and stand under it, it leads to what they tell; so it does
    when the article is retracted, for theirs is not.

    One with a picture is rich as well: a text message can be made to show one only as a rich message, so that it still
    opens and folds in place (docs/decisions/0015-pushes.md).
    """
    text = headline_text(article, look)
    more = sources_row(article.id, sources, look)
    if article.retracted:
        return Card(text, more)
    first, *rest = _rows(article, look)
    rows = (first, *more, *rest)
    if titles_only:
        return Card(text, rows)
    lead, picture = shortened(article.lead, LEAD_SHOWN), _picture(article.photo)
    text = join("\n\n", [text, lead])
    if picture is None:
        return Card(text, rows)
    blocks: list[RichBlock] = rich_head(article, shortened(article.title), headline_notes(article, look), look)
    blocks.append(picture_block(picture))
    if lead:
        blocks.append(paragraph(lead))
    # What Telegram holds already cannot stand in a plain message: only an address can, as the preview of a link.
    return Card(text, rows, tuple(blocks), photo=picture if picture.url else None)


def sources_row(article_id: int, sources: int, look: Look) -> tuple[Row, ...]:
    """Return the button that leads to what other sources tell of the same: "+2 sources"; no row for none."""
    return ((Button(look.say("button-sources", n=sources), Show(SourcesScreen(article_id))),),) if sources else ()


def noted(card: Card, notes: Sequence[str], rows: tuple[Row, ...]) -> Card:
    """Return a push as it is previewed: with something said of it, and other buttons."""
    said = [paragraph({"type": "italic", "text": note}) for note in notes]
    text = join("\n\n", [card.text, *map(italic, notes)])
    return replace(card, text=text, rich=(*card.rich, *said) if card.rich else (), rows=rows)


def _rows(article: Article, look: Look) -> tuple[Row, ...]:
    root, say = HeadlineScreen(article.id), look.say
    return (
        (
            Button(say("button-read"), Open(article.id, root), style="primary"),
            Button(say("button-related"), Related(article.id, root)),
        ),
        (Button(say("button-why"), Why(article.id)),),
    )


def _picture(photo: Photo | None) -> Photo | None:
    """Return the first picture or film of an article; a file of another kind is found in the article itself."""
    pictures = photo.all if photo is not None else ()
    return next((one for one in pictures if one.kind is not MediaKind.DOCUMENT), None)
