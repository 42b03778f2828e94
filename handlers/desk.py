"""What the routers of the desk share: finding the article a button or an answer belongs to, showing it as it is now."""

from dataclasses import replace
from hashlib import sha256

from bot.desk.drafts import UNPUBLISHED, Drafts
from bot.desk.sends import SendControl
from bot.desk.typos import taken_whole
from bot.errors import NotFound
from bot.model.desk import Editor
from bot.model.news import Article, ArticleState
from bot.screens.callbacks import Action, Desk, DeskList
from bot.screens.card import Button, Card
from bot.screens.desk import draft_card
from bot.screens.links import Links
from bot.screens.published import discarded_card, published_card
from bot.screens.pushes import noted
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.questions import Questions


async def current(tap: Desk, editor: Editor, drafts: Drafts) -> Article:
    """Return the draft a button belongs to; raises Stale when it has changed since the button was made."""
    return await drafts.current(tap.article, tap.version, editor)


async def asked_about(questions: Questions, editor: Editor, drafts: Drafts) -> tuple[Article, bool]:
    """Return the draft an open question is about, and whether what was asked is still as it was shown then.

    Raises NotFound when there is none any more, and Approved.
    """
    about = await questions.about()
    number, seen = about.get("article"), about.get("seen")
    if not isinstance(number, int):
        raise NotFound
    article = await drafts.changeable(number, editor)
    return article, seen is None or seen[1] == _mark(article, seen[0])


def as_seen(article: Article, part: str) -> tuple[str, str]:
    """Return what a question keeps as `seen` of a part as it is shown, or of the whole draft for no part."""
    return part, _mark(article, part)


def _mark(article: Article, part: str) -> str:
    shown = {"": article.version, "source": (article.source, article.url), "date": article.published_at}
    value = shown[part] if part in shown else getattr(article, part)
    return sha256(repr(value).encode()).hexdigest()[:16]


async def planned_note(article: Article, actor: Actor, send_control: SendControl) -> str:
    """Return when an article goes out, or was to if it is held back; "" for one that does not wait for its time."""
    send = await send_control.latest_of(article.id) if article.state is ArticleState.SCHEDULED else None
    if send is None:
        return ""
    phrase = "scheduled-note" if send.at > actor.now else "scheduled-due"
    return actor.say(phrase, time=actor.look.moment(send.at))


async def as_it_is(
    article: Article, actor: Actor, send_control: SendControl, links: Links, *, full: bool = False
) -> Card:
    """Return the desk's card of an article as it is now, whatever has become of it; of a draft also in full."""
    look, role = actor.look, actor.editor.role
    if article.state is ArticleState.DISCARDED:
        return discarded_card(article, look)
    if article.state in UNPUBLISHED:
        return draft_card(article, look, role, full=full, note=await planned_note(article, actor, send_control))
    send, link = await send_control.latest_of(article.id), links.article(article.id)
    return published_card(article, send, look, role, link, posted=await send_control.is_posted(article.id))


def told_if_whole(card: Card, before: Article, part: str, text: str, actor: Actor) -> Card:
    """Return a card that also says so where "was -> is" was taken as it stands, since what was is not there."""
    missing = taken_whole(before, part, text)
    return noted(card, [actor.say("desk-taken-whole", text=missing)], card.rows) if missing else card


async def show(card: Card, actor: Actor, reply: Reply) -> None:
    """Show a card of the desk in the tapped message, with the way back to the list it was opened from."""
    await reply.show(led_back(card, await reply.way_back(), actor))


async def send_after(card: Card, actor: Actor, reply: Reply, before: object) -> int | None:
    """Show a card in a new message that takes the place of message `before`: it leads back to the same list."""
    back = await reply.way_back(before) if isinstance(before, int) else None
    sent = await reply.send(led_back(card, back, actor))
    if sent is not None and isinstance(back, DeskList):
        await reply.remember_way_back(sent, back)
    return sent


def led_back(card: Card, back: Action | None, actor: Actor) -> Card:
    """Return a card with the way back to a list of the desk, if there is one."""
    if not isinstance(back, DeskList):
        return card
    return replace(card, rows=(*card.rows, (Button(actor.say("desk-back"), back),)))
