"""A send that runs: pause, resume, stop, undo; what is in doubt of it; and what waits after a long stop."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.delivery.restart_guard import RestartGuard
from bot.desk.drafts import Drafts
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.model.desk import Role
from bot.model.ledger import Policy
from bot.screens.callbacks import BacklogTap, Control
from bot.screens.card import Card
from bot.screens.desk import draft_card
from bot.screens.sends import doubts_card, progress_card, stop_card
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.access import Actor, RequireRole
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


async def change(
    _: CallbackQuery, tap: Control, asker: Actor, controlling: SendControl, publishing: Publisher, screen: Reply
) -> None:
    """Pause, resume or stop a send."""
    await controlling.change(tap.publication, tap.verb, asker.editor)
    await _progress(tap.publication, asker, publishing, screen)


async def show(_: CallbackQuery, tap: Control, asker: Actor, publishing: Publisher, screen: Reply) -> None:
    """Go back to the progress."""
    await _progress(tap.publication, asker, publishing, screen)


async def _progress(number: int, asker: Actor, publishing: Publisher, screen: Reply) -> None:
    publication = await publishing.publications.get(number)
    article = await publishing.articles.get(publication.article_id)
    await screen.show(progress_card(publication, article, asker.look, publishing.rate))
    if screen.tapped is not None:
        await publishing.publications.watch(number, asker.reader.address.chat_id, screen.tapped)


async def ask_to_stop(_: CallbackQuery, tap: Control, asker: Actor, publishing: Publisher, screen: Reply) -> None:
    """Ask whether a send really ends."""
    publication = await publishing.publications.get(tap.publication)
    await publishing.publications.reported([tap.publication])  # the question is not painted over meanwhile
    article = await publishing.articles.get(publication.article_id)
    await screen.show(stop_card(publication, article, asker.look))


async def undo(
    _: CallbackQuery, tap: Control, asker: Actor, publishing: Publisher, drafting: Drafts, screen: Reply
) -> None:
    """Take a send back before it begins: the article is a draft again."""
    publication = await publishing.publications.get(tap.publication)
    await publishing.undo(publication, asker.editor)
    article = await drafting.open(publication.article_id, asker.editor)
    await screen.toast(asker.say("undone"))
    await screen.show(draft_card(article, asker.look, asker.editor.role, full=False))


async def doubts(
    _: CallbackQuery, tap: Control, asker: Actor, controlling: SendControl, publishing: Publisher, screen: Reply
) -> None:
    """List what nobody knows to have arrived."""
    publication = await publishing.publications.get(tap.publication)
    await publishing.publications.reported([tap.publication])
    await screen.show(doubts_card(publication, await controlling.doubts(tap.publication), asker.look))


async def decide(
    _: CallbackQuery, tap: Control, asker: Actor, controlling: SendControl, publishing: Publisher, screen: Reply
) -> None:
    """Send what is in doubt again, or let it go."""
    policy = Policy.RESEND if tap.verb == "resend" else Policy.DROP
    number = await controlling.decide(tap.publication, policy, asker.editor)
    await screen.toast(asker.say("doubts-resent" if policy is Policy.RESEND else "doubts-dropped", n=number))
    await _progress(tap.publication, asker, publishing, screen)


async def gate(
    _: CallbackQuery,
    tap: BacklogTap,
    asker: Actor,
    guard: RestartGuard,
    run_due_soon: Callable[[], None],
    screen: Reply,
) -> None:
    """Let sending go on after a long stop, with what waited or without."""
    dropped = await guard.release(drop=tap.verb == "drop")
    text = asker.say("gate-dropped", n=dropped) if tap.verb == "drop" else asker.say("gate-sent")
    await screen.show(Card(Styled(text)))
    run_due_soon()
