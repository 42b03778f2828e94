"""A send that runs: pause, resume, stop, undo; what is in doubt of it; and what waits after a long stop."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.delivery.restart_guard import RestartGuard
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.model.desk import Role
from bot.model.ledger import Policy
from bot.screens.callbacks import BacklogTap, Control
from bot.screens.card import Card
from bot.screens.desk import draft_card
from bot.screens.sends import doubts_card, stop_card
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.filters import RequireRole
from handlers.progress import show_progress
from handlers.taps import Tap, VerbTap


def make_router() -> Router:
    """Return the router of sends."""
    router = Router(name="sends")
    editor = RequireRole(Role.EDITOR)
    query = router.callback_query
    query.register(change, VerbTap(Control, "pause", "resume", "stopped"), editor)
    query.register(ask_to_stop, VerbTap(Control, "stop"), editor)
    query.register(undo, VerbTap(Control, "undo"), editor)
    query.register(show, VerbTap(Control, "back"), editor)
    query.register(doubts, VerbTap(Control, "doubts"), editor)
    query.register(decide, VerbTap(Control, "resend", "drop"), editor)
    query.register(gate, Tap(BacklogTap), RequireRole(Role.OWNER))
    return router


async def change(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """Pause, resume or stop a send."""
    await send_control.change(tap.publication, tap.verb, actor.editor)
    await show_progress(tap.publication, actor, send_control, reply)


async def show(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """Go back to the progress."""
    await show_progress(tap.publication, actor, send_control, reply)


async def ask_to_stop(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """Ask whether a send really ends; the question is not painted over meanwhile."""
    send = await send_control.pause_watching(tap.publication)
    await reply.show(stop_card(send.publication, send.article, actor.look))


async def undo(_: CallbackQuery, tap: Control, actor: Actor, publisher: Publisher, reply: Reply) -> None:
    """Take a send back before it begins: the article is a draft again."""
    article = await publisher.undo(tap.publication, actor.editor)
    await reply.toast(actor.say("undone"))
    await reply.show(draft_card(article, actor.look, actor.editor.role, full=False))


async def doubts(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """List what nobody knows to have arrived."""
    send = await send_control.pause_watching(tap.publication)
    await reply.show(doubts_card(send.publication, await send_control.doubts(tap.publication), actor.look))


async def decide(_: CallbackQuery, tap: Control, actor: Actor, send_control: SendControl, reply: Reply) -> None:
    """Send what is in doubt again, or let it go."""
    policy = Policy.RESEND if tap.verb == "resend" else Policy.DROP
    number = await send_control.decide(tap.publication, policy, actor.editor)
    await reply.toast(actor.say("doubts-resent" if policy is Policy.RESEND else "doubts-dropped", n=number))
    await show_progress(tap.publication, actor, send_control, reply)


async def gate(_: CallbackQuery, tap: BacklogTap, actor: Actor, restart_guard: RestartGuard, reply: Reply) -> None:
    """Let sending go on after a long stop, with what waited or without."""
    dropped = await restart_guard.release(drop=tap.verb == "drop")
    text = actor.say("gate-dropped", n=dropped) if tap.verb == "drop" else actor.say("gate-sent")
    await reply.show(Card(Styled(text)))
