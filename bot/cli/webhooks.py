"""`python -m bot webhooks`: addresses of other systems that are told what is published; the bot may run meanwhile."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import uuid4

from bot.cli.language import spoken
from bot.cli.lines import complain, tell
from bot.cli.newsroom import opened
from bot.config import load_settings
from bot.fetch.answers import Reason
from bot.model.listeners import EventKind, Listener, ListenerForm
from bot.screens.listeners import why_text
from bot.screens.look import Look
from bot.text.cleaning import clean_line
from bot.timing.clock import SystemClock
from bot.web.outgoing.deliverer import tell as tell_listener
from bot.web.outgoing.messages import a_test
from bot.web.outgoing.signing import new_secret
from bot.wiring.fetch import make_fetcher
from storage.runtime.listeners import Listeners

MOST = 20
"""So many webhooks there may be: each multiplies what a publication writes."""
_HOLDER = "shell"


async def add(address: str, events: Sequence[str]) -> int:
    """Add a webhook and print its secret, alone on standard output; returns 0, or 1 when it cannot be."""
    settings, clock, address = load_settings(), SystemClock(), clean_line(address)
    look = Look(spoken(), settings.timezone, clock.now())
    refusal = make_fetcher(settings, clock).refusal(address)
    if refusal is not None:
        bad = refusal.reason is Reason.ADDRESS
        why = look.say("webhooks-cli-no-address") if bad else why_text(refusal.reason, refusal.detail, look)
        complain(look.say("webhooks-cli-refused", address=address, why=why))
        return 1
    secret, wanted = new_secret(), reduce(or_, (EventKind[one.upper()] for one in events))
    async with opened() as database:
        number = await Listeners(database, _HOLDER).add(address, secret, wanted, MOST, clock.now())
    if number is None:
        complain(look.say("webhooks-cli-taken", address=address, n=MOST))
        return 1
    complain(look.say("webhooks-cli-added", n=str(number), address=address))
    tell(secret)
    return 0


async def list_() -> int:
    """Print the webhooks, a line each: number, address, events, state, waiting, last taken, failing since, why."""
    look = _look()
    async with opened() as database:
        listeners = await Listeners(database, _HOLDER).all()
        if not listeners:
            complain(look.say("shell-no-webhooks"))
        for one in listeners:
            kinds = ",".join(kind.name.lower() for kind in EventKind if kind in one.events and kind.name)
            state = look.say("webhooks-cli-state", state=one.state.name.lower())
            moments = (_written(at) for at in (one.succeeded_at, one.failing_since))
            why = why_text(one.reason, one.detail, look) if one.reason else "-"
            tell("\t".join([str(one.id), one.address, kinds, state, str(one.waiting), *moments, clean_line(why)]))
    return 0


async def remove(name: str) -> int:
    """End a webhook; returns 0, or 1 when there is none, or it is the hub of a setting."""
    async with _named(name) as (listeners, one):
        if one is None or _is_hub(one):
            return 1
        await listeners.remove(one.id)
        tell(_look().say("webhooks-cli-removed", n=str(one.id), address=one.address))
    return 0


async def enable(name: str) -> int:
    """Have a webhook told again; returns 0, or 1 when there is none."""
    async with _named(name) as (listeners, one):
        if one is None:
            return 1
        await listeners.enable(one.id)
        tell(_look().say("webhooks-cli-enabled", n=str(one.id), address=one.address, waiting=one.waiting))
    return 0


async def test(name: str) -> int:
    """Tell a webhook something that means nothing; returns 0, or 1 when it is not taken or cannot be."""
    settings, clock, look = load_settings(), SystemClock(), _look()
    async with _named(name) as (_, one):
        if one is None or _is_hub(one):
            return 1
    body = a_test(clock.now()).written()
    failed = await tell_listener(make_fetcher(settings, clock), one, f"msg_{uuid4().hex}", body, clock)
    if failed is not None:
        why = why_text(failed.reason, failed.detail, look)
        complain(look.say("webhooks-cli-refused", address=one.address, why=why))
        return 1
    tell(look.say("webhooks-cli-taken-test", address=one.address))
    return 0


@asynccontextmanager
async def _named(name: str) -> AsyncIterator[tuple[Listeners, Listener | None]]:
    """Open the database, and find who is called so; says so when nobody is."""
    plain = clean_line(name)
    async with opened() as database:
        listeners = Listeners(database, _HOLDER)
        found = [one for one in await listeners.all() if plain in {one.address, str(one.id)}]
        if not found:
            complain(_look().say("webhooks-cli-unknown", name=plain))
        yield listeners, found[0] if found else None


def _is_hub(one: Listener) -> bool:
    """Tell whether it is the hub that a setting names, and say so."""
    if one.form is ListenerForm.HUB:
        complain(_look().say("webhooks-cli-hub", address=one.address))
    return one.form is ListenerForm.HUB


def _look() -> Look:
    settings = load_settings()
    return Look(spoken(), settings.timezone, SystemClock().now())


def _written(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at is not None else "-"
