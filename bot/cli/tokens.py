"""`python -m bot token`: tokens of systems that bring articles; the bot may run meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from bot.cli.language import shell_phrases
from bot.cli.lines import complain, tell
from bot.cli.newsroom import opened
from bot.desk.token_desk import NAME_MOST, fingerprint, new_secret
from bot.model.limits import SOURCE_MOST
from bot.model.tokens import Scope
from bot.text.cleaning import clean_line
from bot.timing.clock import SystemClock
from storage.people.tokens import Tokens


async def add(name: str, source: str, scopes: Sequence[str]) -> int:
    """Make a token and print it, alone on standard output; returns 0, or 1 when the name is no good or taken."""
    say, name = shell_phrases(), clean_line(name)
    if not name or len(name) > NAME_MOST:
        complain(say("token-cli-name", n=NAME_MOST))
        return 1
    secret = new_secret()
    scope = reduce(or_, (Scope[one.upper()] for one in scopes))
    source = clean_line(source)[:SOURCE_MOST] or name
    async with opened() as database:
        if not await Tokens(database).add(name, source, scope, fingerprint(secret), SystemClock().now()):
            complain(say("token-cli-taken", name=name))
            return 1
    complain(say("token-cli-made", name=name))
    tell(secret)
    return 0


async def revoke(name: str) -> int:
    """End a token; returns 0, or 1 when there is no good one of that name."""
    say, name = shell_phrases(), clean_line(name)
    async with opened() as database:
        ended = await Tokens(database).revoke(name, SystemClock().now())
    if not ended:
        complain(say("token-cli-unknown", name=name))
        return 1
    tell(say("token-cli-revoked", name=name))
    return 0


async def list_() -> int:
    """Print the tokens, a line each: name, source, scopes, when it was made, used last, and revoked."""
    async with opened() as database:
        tokens = await Tokens(database).all()
        if not tokens:
            complain(shell_phrases()("shell-no-tokens"))
        for one in tokens:
            scopes = ",".join(scope.name.lower() for scope in Scope if scope in one.scope and scope.name)
            moments = (_written(at) for at in (one.created_at, one.used_at, one.revoked_at))
            tell("\t".join([one.name, one.source, scopes, *moments]))
    return 0


def _written(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at is not None else "-"
