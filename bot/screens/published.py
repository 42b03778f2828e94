"""What is out, at the desk: how readers see it, how its send went, and the ways to correct it and to pass it on."""

from bot.model.desk import Publication, Role
from bot.model.news import Article
from bot.screens.callbacks import Action, CorrectionTap, Desk
from bot.screens.card import Button, Card, Row
from bot.screens.headlines import article_card, headline_text
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.screen_refs import HeadlineScreen
from bot.screens.sends import PostLinks, link_button
from bot.screens.verbs import CorrectionVerb, DeskVerb
from bot.text.rich import stored_pages
from bot.text.styled import Styled, bold, join


def published_card(
    article: Article, publication: Publication | None, look: Look, role: Role, link: str = "", *, posted: bool = False
) -> Card:
    """Return a published article for the desk: how readers see it, and how its send went; `link` opens it.

    `posted` says whether there are posts in channels with addresses of their own.
    """
    lines: list[Styled | str] = [headline_text(article, look)]
    if publication is not None:
        tally = publication.tally
        lines.append(look.say("published-reach", sent=tally.sent, held=tally.held, failed=tally.failed))
        if tally.told:
            lines.append(look.say("progress-told", n=tally.told))
    view = Button(look.say("desk-view-full"), Desk(article.id, article.version, DeskVerb.SHOW_PUBLISHED_FULL))
    if article.retracted:
        return Card(join("\n\n", lines), ((view,),))
    links = link_button(link, look, PostLinks(article.id) if posted and role >= Role.EDITOR else None)
    return Card(join("\n\n", lines), ((view, *_fix(article, look, role)), links))


def published_full_card(article: Article, look: Look, role: Role, page: int = 0, *, back: Action | None = None) -> Card:
    """Return the whole of it as readers read it, a very long one in pages; `back` leads to its headline by default."""
    whole = article_card(article, look, HeadlineScreen(article.id), page)
    pages = len(stored_pages(article.body))
    page = min(page, pages - 1)
    on = _full(article, page + 1) if page < pages - 1 else None
    turn = pager(_full(article, page - 1) if page > 0 else None, on, look.say)
    folded = Button(look.say("button-back"), back) if back is not None else _folded(article, look)
    fix = () if article.retracted else _fix(article, look, role)
    return Card(whole.text, (*turn, (folded, *fix)), whole.rich, whole.photo)


def discarded_card(article: Article, look: Look) -> Card:
    """Return what is left of a draft that was discarded: what it was."""
    return Card(join("\n", [look.say("discarded"), bold(article.title)]))


def _full(article: Article, page: int) -> Desk:
    return Desk(article.id, article.version, DeskVerb.SHOW_PUBLISHED_FULL, str(page))


def _folded(article: Article, look: Look) -> Button:
    return Button(look.say("desk-view-headline"), Desk(article.id, article.version, DeskVerb.OPEN))


def _fix(article: Article, look: Look, role: Role) -> Row:
    if role < Role.EDITOR:
        return ()
    return (Button(look.say("desk-fix"), CorrectionTap(CorrectionVerb.CHOOSE, article.id, article.version)),)
