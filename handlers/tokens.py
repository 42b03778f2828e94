"""Owners: tokens with which systems bring articles over HTTP."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.desk.token_desk import TokenDesk, fingerprint, new_secret
from bot.model.desk import Role
from bot.model.tokens import Scope
from bot.screens.tokens import (
    TokenTap,
    made_card,
    revoke_card,
    scope_card,
    secret_card,
    token_card,
    tokens_card,
)
from bot.screens.verbs import TokenVerb
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command
from handlers.filters import Private, RequireRole
from handlers.question_kinds import Name
from handlers.questions import Questions
from handlers.taps import VerbTap

_ALL = Scope.DRAFT | Scope.PUBLISH | Scope.CORRECT


def register(router: Router) -> None:
    """Add the routes of tokens, all of them owners'."""
    owner = RequireRole(Role.OWNER)
    router.message.register(sources, Command("sources"), Private(), owner)
    router.message.register(named, StateFilter(Name.token), Private(), owner)
    query = router.callback_query
    query.register(listed, VerbTap(TokenTap, TokenVerb.LIST), Private(), owner)
    query.register(choose, VerbTap(TokenTap, TokenVerb.ADD), Private(), owner)
    query.register(ask_name, VerbTap(TokenTap, TokenVerb.NAME), Private(), owner)
    query.register(show, VerbTap(TokenTap, TokenVerb.SHOW), Private(), owner)
    query.register(ask_to_revoke, VerbTap(TokenTap, TokenVerb.REVOKE), Private(), owner)
    query.register(revoke, VerbTap(TokenTap, TokenVerb.REVOKED), Private(), owner)
    query.register(hide, VerbTap(TokenTap, TokenVerb.HIDE), Private(), owner)


async def sources(_: Message, actor: Actor, token_desk: TokenDesk, reply: Reply) -> None:
    """`/sources`: which systems may bring articles."""
    await reply.show(tokens_card(await token_desk.good(), actor.look))


async def listed(_: CallbackQuery, tap: TokenTap, actor: Actor, token_desk: TokenDesk, reply: Reply) -> None:
    """Show a page of them."""
    await reply.show(tokens_card(await token_desk.good(), actor.look, tap.number))


def _scope(number: int) -> Scope:
    """Return the scopes that a button names; a button may be forged, and nothing unknown is granted."""
    return Scope(number & _ALL.value)


async def choose(_: CallbackQuery, tap: TokenTap, actor: Actor, reply: Reply) -> None:
    """Show the choice of what a new token may do."""
    await reply.show(scope_card(_scope(tap.number), actor.look))


async def ask_name(_: CallbackQuery, tap: TokenTap, questions: Questions) -> None:
    """Ask how the system is called."""
    await questions.ask(Name.token, scope=tap.number)


async def named(message: Message, questions: Questions, actor: Actor, token_desk: TokenDesk, reply: Reply) -> None:
    """Make a token, and show its secret: once, in a message of its own, which no button brings back to us.

    The secret is shown before the token is kept: after a kill in between, it becomes the token of the same name.
    """
    about, text = await questions.about(), message.text or ""
    number = about.get("scope")
    scope = _scope(number if isinstance(number, int) else 0)
    if "print" not in about:
        await token_desk.free_name(text)
        secret = new_secret()
        shown = await reply.send(secret_card(secret))
        await questions.note(print=fingerprint(secret), shown=shown)
        about = await questions.about()
    token = await token_desk.keep(text, scope, about["print"])
    await questions.answered()
    await reply.send(made_card(token, about["shown"] or 0, actor.look))


async def show(_: CallbackQuery, tap: TokenTap, actor: Actor, token_desk: TokenDesk, reply: Reply) -> None:
    """Show one token."""
    await reply.show(token_card(await token_desk.one(tap.number), actor.look))


async def ask_to_revoke(_: CallbackQuery, tap: TokenTap, actor: Actor, token_desk: TokenDesk, reply: Reply) -> None:
    """Ask whether a token really ends."""
    await reply.show(revoke_card(await token_desk.one(tap.number), actor.look))


async def revoke(_: CallbackQuery, tap: TokenTap, actor: Actor, token_desk: TokenDesk, reply: Reply) -> None:
    """End a token."""
    token = await token_desk.revoke(tap.number)
    await reply.toast(actor.say("token-revoked", name=token.name))
    await reply.show(tokens_card(await token_desk.good(), actor.look))


async def hide(
    _: CallbackQuery, tap: TokenTap, actor: Actor, messenger: TelegramMessenger, token_desk: TokenDesk, reply: Reply
) -> None:
    """Take the message with the secret out of the chat."""
    await messenger.remove(reply.address.chat_id, [tap.number])
    await reply.toast(actor.say("token-hidden"))
    await reply.show(tokens_card(await token_desk.good(), actor.look))
