"""The screens of tokens: which systems may bring articles, a new one, its secret, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.tokens import ApiToken, Scope
from bot.screens.callbacks import Action
from bot.screens.card import Button, Card, in_rows
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.verbs import TokenVerb
from bot.text.styled import Styled, bold, italic, join, styled

PAGE = 8
_USUAL = Scope.DRAFT


@dataclass(frozen=True, slots=True)
class TokenTap(Action):
    """Do something with a token; `number` belongs to the verb: a token's, a page's, a scope's, a message's."""

    code = "tk"
    verb: TokenVerb
    number: int = 0


def tokens_card(tokens: Sequence[ApiToken], look: Look, page: int = 0) -> Card:
    """Return a page of the systems that may bring articles: what each may do, when it was here last."""
    say = look.say
    add = (Button(say("tokens-add"), TokenTap(TokenVerb.ADD, _USUAL.value), style="primary"),)
    head = join("\n", [bold(say("tokens-title")), say("tokens-text")])
    if not tokens:
        return Card(join("\n\n", [head, say("tokens-none")]), (add,))
    first = min(max(0, page), (len(tokens) - 1) // PAGE) * PAGE
    shown = list(enumerate(tokens, 1))[first : first + PAGE]
    entries = [
        join("\n", [join("", [f"{number}. ", bold(shortened(one.name, 60))]), _facts(one, look)])
        for number, one in shown
    ]
    buttons = [Button(str(number), TokenTap(TokenVerb.SHOW, one.id)) for number, one in shown]
    here = first // PAGE
    back = TokenTap(TokenVerb.LIST, here - 1) if here else None
    on = TokenTap(TokenVerb.LIST, here + 1) if first + PAGE < len(tokens) else None
    return Card(join("\n\n", [head, *entries]), (*in_rows(buttons, PAGE), *pager(back, on, say), add))


def _facts(token: ApiToken, look: Look) -> str:
    say = look.say
    used = say("token-used", time=look.moment(token.used_at)) if token.used_at is not None else say("token-unused")
    return f"{_may(token.scope, look)} · {used}"


def _may(scope: Scope, look: Look) -> str:
    return ", ".join(look.say(f"token-may-{one.name.lower()}") for one in Scope if one in scope and one.name)


def scope_card(scope: Scope, look: Look) -> Card:
    """Return the choice of what a new token may do; nothing is made yet."""
    say = look.say
    ticks = tuple(
        (
            Button(
                f"{'✅' if one in scope else '▫️'} {say(f'token-{one.name.lower()}')}",
                TokenTap(TokenVerb.ADD, (scope ^ one).value),
            ),
        )
        for one in Scope
        if one.name
    )
    on = (Button(say("token-next"), TokenTap(TokenVerb.NAME, scope.value), style="primary"),) if scope else ()
    back = Button(say("button-back"), TokenTap(TokenVerb.LIST))
    return Card(join("\n\n", [bold(say("token-new")), say("token-new-text")]), (*ticks, (*on, back)))


def secret_card(secret: str) -> Card:
    """Return the secret of a new token, and nothing else: what is tapped on comes back with its whole text."""
    return Card(styled(secret, "code"))


def made_card(token: ApiToken, message_id: int, look: Look) -> Card:
    """Return what to do with a new token, whose secret stands in a message above."""
    say = look.say
    gone = (Button(say("token-hide"), TokenTap(TokenVerb.HIDE, message_id), style="danger"),) if message_id else ()
    text: list[Styled | str] = [bold(say("token-made", name=shortened(token.name, 60))), say("token-made-text")]
    rest = italic(say("token-made-may", may=_may(token.scope, look)))
    return Card(join("\n\n", [*text, rest]), (gone, (Button(say("tokens-title"), TokenTap(TokenVerb.LIST)),)))


def token_card(token: ApiToken, look: Look) -> Card:
    """Return one token: what it may do, when it was made and used."""
    say = look.say
    end = Button(say("token-revoke"), TokenTap(TokenVerb.REVOKE, token.id), style="danger")
    back = Button(say("button-back"), TokenTap(TokenVerb.LIST))
    made = say("token-since", time=look.moment(token.created_at))
    return Card(join("\n", [bold(shortened(token.name, 60)), _facts(token, look), made]), ((end, back),))


def revoke_card(token: ApiToken, look: Look) -> Card:
    """Return the question whether a token really ends."""
    say = look.say
    yes = Button(say("token-revoke-yes"), TokenTap(TokenVerb.REVOKED, token.id), style="danger")
    no = Button(say("button-back"), TokenTap(TokenVerb.SHOW, token.id))
    title = bold(say("token-revoke-title", name=shortened(token.name, 60)))
    return Card(join("\n\n", [title, say("token-revoke-text")]), ((yes, no),))
