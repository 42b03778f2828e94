"""Who asks: the token of a request, and how often it may ask."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from bot.desk.token_desk import PREFIX, fingerprint
from bot.model.tokens import ApiToken
from bot.ports import TokenStore
from bot.timing.clock import Clock
from bot.web.guard import client
from bot.web.problems import Problem

A_MINUTE = 120
FAILURES_A_MINUTE = 20
_MOST_KNOWN = 10_000
_MINUTE = 60.0


@dataclass(slots=True)
class Rate:
    """How often something may happen in a minute, by name; the longest silent names are forgotten first."""

    most: int
    monotonic: Callable[[], float]
    _times: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def wait(self, name: str) -> float:
        """Return how many seconds too early this is; 0 when it may happen."""
        times = self._recent(name)
        return max(0.0, times[0] + _MINUTE - self.monotonic()) if len(times) >= self.most else 0.0

    def note(self, name: str) -> None:
        """Note that it happens."""
        self._recent(name).append(self.monotonic())

    def _recent(self, name: str) -> deque[float]:
        times = self._times.setdefault(name, deque())
        self._times.move_to_end(name)
        while len(self._times) > _MOST_KNOWN:
            self._times.popitem(last=False)
        while times and times[0] <= self.monotonic() - _MINUTE:
            times.popleft()
        return times


@dataclass(slots=True, kw_only=True)
class Access:
    """Lets in who has a good token, as often as one may ask."""

    tokens: TokenStore
    clock: Clock
    _asked: Rate = field(init=False)
    _failed: Rate = field(init=False)

    def __post_init__(self) -> None:
        self._asked = Rate(A_MINUTE, self.clock.monotonic)
        self._failed = Rate(FAILURES_A_MINUTE, self.clock.monotonic)

    async def token_of(self, request: web.Request) -> ApiToken:
        """Return the token of a request; raises Problem when there is no good one, or it asks too often."""
        _within(self._failed.wait(client(request)))
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        token = None
        if scheme.lower() == "bearer" and secret.startswith(PREFIX):
            token = await self.tokens.use(fingerprint(secret.strip()), self.clock.now())
        if token is None:
            self._failed.note(client(request))
            sentence = "A good token is needed: Authorization: Bearer visnyk_…"
            raise Problem(HTTPStatus.UNAUTHORIZED, sentence, headers={"WWW-Authenticate": 'Bearer realm="visnyk"'})
        _within(self._asked.wait(token.name))
        self._asked.note(token.name)
        return token


def _within(seconds: float) -> None:
    if seconds > 0:
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS, "That was too often.", headers={"Retry-After": str(int(seconds) + 1)}
        )
