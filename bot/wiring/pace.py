"""How fast messages may go."""

from dataclasses import dataclass

from bot.delivery.pacing import ChatPacer, Pacer, Slots
from bot.delivery.paid import PayingPacer, StarsBudget
from bot.delivery.shared_pacing import SharedPacer
from bot.model.ledger import Priority
from bot.wiring.ground import Ground

_PAID = {"urgent": frozenset({Priority.URGENT}), "all": frozenset({Priority.URGENT, Priority.INSTANT, Priority.DIGEST})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast messages may go: `pacers` are those that take from the limits, `pacer` the one everybody asks."""

    pacers: tuple[Pacer | SharedPacer, ...]
    pacer: Slots
    chats: ChatPacer
    purse: StarsBudget | None = None


def build_pace(ground: Ground) -> Pace:
    """Return how fast messages may go, by the settings."""
    settings, store = ground.settings, ground.store
    usual = _pacer(ground, settings.send_rate, "bot")
    chats = ChatPacer(ground.clock)
    if settings.paid_rate <= settings.send_rate or not settings.paid_stars:
        return Pace(pacers=(usual,), pacer=usual, chats=chats)
    paid = _pacer(ground, settings.paid_rate - settings.send_rate, "paid")
    purse = StarsBudget(store.pace, ground.clock, settings.paid_stars)
    paying = PayingPacer(usual=usual, paid=paid, purse=purse, lanes=_PAID[settings.paid_for])
    return Pace(pacers=(usual, paid), pacer=paying, chats=chats, purse=purse)


def _pacer(ground: Ground, rate: float, name: str) -> Pacer | SharedPacer:
    """Return a pacer: one process paces by itself, several share the slots in their database."""
    if ground.database.is_sqlite:
        return Pacer(rate, ground.clock)
    return SharedPacer(rate, ground.clock, ground.store.pace, name=name)
