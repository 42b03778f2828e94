"""A send that runs: pause, resume, stop, undo; its uncertain deliveries; and what waits after a long stop."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.desk.drafts import Drafts
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.errors import Stale
from bot.model.desk import Role
from bot.model.ledger import Policy
from bot.model.pushes import ChannelPost
from bot.operations.restart_guard import RestartGuard
from bot.screens.backlog import BacklogTap, skipped_card
from bot.screens.card import Card
from bot.screens.desk import draft_card
from bot.screens.links import Links, post_link
from bot.screens.posts import POSTS_A_PAGE, PostLink, links_card
from bot.screens.published import published_full_card
from bot.screens.sends import (
    OVER,
    Control,
    DoubtsTap,
    PostLinks,
    UndoHeld,
    doubts_card,
    loose_doubts_card,
    stop_card,
)
from bot.screens.verbs import BacklogVerb, DoubtsVerb, SendVerb
from bot.telegram.directory import Directory
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.desk import show as show_at_desk
from handlers.filters import RequireRole
from handlers.progress import show_progress
from handlers.taps import Tap, VerbTap


def register(router: Router) -> None:
    """Add the routes of sends."""
    editor = RequireRole(Role.EDITOR)
    query = router.callback_query
    query.register(change, VerbTap(Control, SendVerb.PAUSE, SendVerb.RESUME, SendVerb.STOP), editor)
    query.register(ask_to_stop, VerbTap(Control, SendVerb.ASK_TO_STOP), editor)
    query.register(undo, VerbTap(Control, SendVerb.UNDO), editor)
    query.register(undo, Tap(UndoHeld), editor)
    query.register(show, VerbTap(Control, SendVerb.SHOW), editor)
    query.register(opened, VerbTap(Control, SendVerb.OPEN), editor)
    query.register(show_links, Tap(PostLinks), editor)
    query.register(doubts, VerbTap(Control, SendVerb.SHOW_DOUBTS), editor)
    query.register(decide, VerbTap(Control, SendVerb.RESEND_DOUBTS, SendVerb.DROP_DOUBTS), editor)
    owner = RequireRole(Role.OWNER)
    query.register(loose_doubts, VerbTap(DoubtsTap, DoubtsVerb.SHOW), owner)
    query.register(decide_loose, VerbTap(DoubtsTap, DoubtsVerb.RESEND, DoubtsVerb.DROP), owner)
    query.register(gate, Tap(BacklogTap), owner)


async def change(
    _: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, links: Links, reply: Reply
) -> None:
    """Pause, resume or stop a send."""
    match tap.verb:
        case SendVerb.PAUSE:
            await send_control.pause(tap.publication, actor.editor)
        case SendVerb.RESUME:
            await send_control.resume(tap.publication, actor.editor)
        case _:
            await send_control.stop(tap.publication, actor.editor)
    await show_progress(tap.publication, actor, send_control, links, reply)


async def show(
    _: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, links: Links, reply: Reply
) -> None:
    """Go back to the progress."""
    await show_progress(tap.publication, actor, send_control, links, reply)


async def ask_to_stop(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """Ask whether a send really ends; the question is not painted over meanwhile."""
    send = await send_control.pause_watching(tap.publication)
    if send.publication.state in OVER:
        raise Stale
    await reply.show(stop_card(send.publication, send.article, actor.look))


async def undo(_: CallbackQuery, tap: Control | UndoHeld, actor: Actor, publisher: Publisher, reply: Reply) -> None:
    """Take a send back before it begins: the article is a draft again."""
    until = tap.until if isinstance(tap, UndoHeld) else None
    article = await publisher.undo(tap.publication, actor.editor, until)
    await reply.toast(actor.say("undone"))
    await show_at_desk(draft_card(article, actor.look, actor.editor.role, full=False), actor, reply)


async def opened(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """Show what was sent as readers read it, with the way back to how it went."""
    send = await send_control.pause_watching(tap.publication)
    back = Control(SendVerb.SHOW, tap.publication)
    await reply.show(published_full_card(send.article, actor.look, actor.editor.role, back=back))


async def show_links(
    _: CallbackQuery,
    tap: PostLinks,
    actor: Actor,
    send_control: SendControl,
    drafts: Drafts,
    directory: Directory,
    links: Links,
    reply: Reply,
) -> None:
    """Show a page of an article's links: into the bot, and of its posts in channels."""
    if tap.publication:
        await send_control.pause_watching(tap.publication)
    article = await drafts.open(tap.article, actor.editor)
    posts, more = await send_control.posts_of(article.id, page=tap.page, size=POSTS_A_PAGE)
    found = [await _post(post, directory) for post in posts]
    listed = [post for post in found if post.address]
    await reply.show(links_card(article, links.article(article.id), listed, actor.look, tap, more=more))


async def _post(post: ChannelPost, directory: Directory) -> PostLink:
    known = await directory.look_up(post.chat_id)
    return PostLink(known.name or post.channel, post_link(post.chat_id, known.username, post.message_id))


async def doubts(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """List what nobody knows to have arrived."""
    send = await send_control.pause_watching(tap.publication)
    await reply.show(doubts_card(send.publication, await send_control.doubts(tap.publication), actor.look))


async def decide(
    _: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, links: Links, reply: Reply
) -> None:
    """Send what is uncertain again, or drop it."""
    policy = Policy.RESEND if tap.verb is SendVerb.RESEND_DOUBTS else Policy.DROP
    number = await send_control.decide(tap.publication, policy, actor.editor)
    await reply.toast(_decided(policy, number, actor))
    await show_progress(tap.publication, actor, send_control, links, reply)


async def loose_doubts(_: CallbackQuery, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """List the digests and notes that nobody knows to have arrived."""
    number, doubts = await send_control.loose_number(), await send_control.loose_doubts()
    await reply.show(loose_doubts_card(number, doubts, actor.look))


async def decide_loose(_: CallbackQuery, tap: DoubtsTap, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """Send those again, or drop them."""
    policy = Policy.RESEND if tap.verb is DoubtsVerb.RESEND else Policy.DROP
    number = await send_control.decide(None, policy, actor.editor)
    await reply.show(Card(Styled(_decided(policy, number, actor))))


def _decided(policy: Policy, number: int, actor: Actor) -> str:
    if not number:  # somebody else has decided, or this tap is the second one
        return actor.say("doubts-none")
    return actor.say("doubts-resent" if policy is Policy.RESEND else "doubts-dropped", n=number)


async def gate(_: CallbackQuery, tap: BacklogTap, actor: Actor, restart_guard: RestartGuard, reply: Reply) -> None:
    """Let sending go on after a long stop, with what waited or without."""
    skips = tap.verb is BacklogVerb.DROP
    gone = await restart_guard.release(drop=skips, by=actor.editor.user_id)
    await reply.show(skipped_card(gone, actor.look) if skips else Card(Styled(actor.say("gate-sent"))))
