"""How fast messages may go."""

from dataclasses import dataclass

from bot.delivery.pacing import ChatPacer, Pacer, Slots
from bot.delivery.paid import PayingPacer, StarsBudget
from bot.delivery.shared_pacing import SharedPacer
from bot.delivery.throttle import Throttle
from bot.model.ledger import Priority
from bot.wiring.ground import Ground

_PAID = {"urgent": frozenset({Priority.URGENT}), "all": frozenset({Priority.URGENT, Priority.INSTANT, Priority.DIGEST})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast messages may go: `pacers` are those that take from the limits, `pacer` the one everybody asks.

    `throttle` is told of every 429, whatever it was for.
    """

    pacers: tuple[Pacer | SharedPacer, ...]
    pacer: Slots
    chats: ChatPacer
    throttle: Throttle
    purse: StarsBudget | None = None


def build_pace(ground: Ground) -> Pace:
    """Return how fast messages may go, by the settings."""
    settings, store = ground.settings, ground.store
    usual = _pacer(ground, settings.send_rate, "bot")
    chats = ChatPacer(ground.clock)
    if settings.paid_rate <= settings.send_rate or not settings.paid_stars:
        return _pace(ground, (usual,), usual, chats)
    paid = _pacer(ground, settings.paid_rate - settings.send_rate, "paid")
    purse = StarsBudget(store.pace, ground.clock, settings.paid_stars)
    paying = PayingPacer(usual=usual, paid=paid, purse=purse, lanes=_PAID[settings.paid_for])
    return _pace(ground, (usual, paid), paying, chats, purse)


def _pace(
    ground: Ground,
    pacers: tuple[Pacer | SharedPacer, ...],
    pacer: Slots,
    chats: ChatPacer,
    purse: StarsBudget | None = None,
) -> Pace:
    throttle = Throttle(clock=ground.clock, pacer=pacer, chats=chats)
    return Pace(pacers=pacers, pacer=pacer, chats=chats, throttle=throttle, purse=purse)


def _pacer(ground: Ground, rate: float, name: str) -> Pacer | SharedPacer:
    """Return a pacer: one process paces by itself, several share the slots in their database."""
    if ground.database.is_sqlite:
        return Pacer(rate, ground.clock)
    return SharedPacer(rate, ground.clock, ground.store.pace, name=name)
