"""Scripted misfortune: what the network and the server do wrong, on order."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["answer", "page", "reset", "lost", "hang", "slow", "held", "kept"]


@dataclass(slots=True)
class Fault:
    """One way things go wrong, for the next `times` requests that it fits.

    `answer` answers with `status` and `description` (and `retry_after`); `page` with an HTML page of `status`; `reset`
    closes the connection before anything happens; `lost` does what was asked and then closes the connection; `hang`
    never answers; `slow` answers after `seconds`; `held` does nothing before `gate` is set; `kept` does what was asked,
    and answers only then.
    """

    kind: Kind
    times: int = 1
    method: str = ""
    chat_id: int | None = None
    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    seconds: float = 0.0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Tell whether the fault is for this request; one without a method is for all but asking for updates."""
        name = method.lower()
        meant = name == self.method.lower() if self.method else name not in {"getupdates", "getme"}
        return self.times > 0 and meant and self.chat_id in {None, chat_id}


@dataclass(slots=True)
class Faults:
    """The faults that are on order. `away` makes the server refuse every request with a 502 page."""

    waiting: list[Fault] = field(default_factory=list)
    away: Callable[[], bool] = lambda: False

    def order(self, fault: Fault) -> None:
        """Order a fault."""
        self.waiting.append(fault)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault for a request, or None."""
        if self.away():
            return Fault("page", status=502)
        for fault in self.waiting:
            if fault.fits(method, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
