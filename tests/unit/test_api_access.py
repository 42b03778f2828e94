"""Who is let in over the API, and how often: without a server, without a database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.desk.token_desk import fingerprint, new_secret
from bot.model.tokens import ApiToken, Scope
from bot.web import guard
from bot.web.api.access import A_MINUTE, FAILURES_A_MINUTE, Access, Rate
from bot.web.problems import Problem
from tests.support.clock import TestClock

GOOD = "visnyk_good"
TOKEN = ApiToken(id=1, name="cms", source="Агенція", scope=Scope.DRAFT, created_at=datetime(2026, 11, 23, tzinfo=UTC))


@dataclass(slots=True)
class Tokens:
    """One token; `asked` are the fingerprints that were looked for."""

    clock: TestClock = field(default_factory=lambda: TestClock(speed=0))
    asked: list[str] = field(default_factory=list)

    async def use(self, print_: str, now: datetime) -> ApiToken | None:
        assert now == self.clock.now()
        self.asked.append(print_)
        return TOKEN if print_ == fingerprint(GOOD) else None

    def access(self) -> Access:
        return Access(tokens=cast("Any", self), clock=self.clock)


def _request(authorization: str = f"Bearer {GOOD}", client: str = "203.0.113.9") -> web.Request:
    headers = {"Authorization": authorization} if authorization else {}
    request = make_mocked_request("GET", "/api/v1/articles", headers=headers)
    request[guard._CLIENT] = client
    return request


@pytest.mark.parametrize("said", [f"Bearer {GOOD}", f"bearer {GOOD}", f"BEARER {GOOD} "])
async def test_whoever_has_a_good_token_is_let_in(said: str) -> None:
    assert (await Tokens().access().token_of(_request(said))).name == "cms"


@pytest.mark.parametrize(
    ("said", "looked_for"),
    [
        ("", 0),
        (GOOD, 0),
        (f"Basic {GOOD}", 0),
        ("Bearer good", 0),
        (f"Bearer x{GOOD}", 0),
        ("Bearer visnyk_guess", 1),
    ],
)
async def test_whoever_has_none_hears_what_is_needed(said: str, looked_for: int) -> None:
    tokens = Tokens()
    with pytest.raises(Problem) as refused:
        await tokens.access().token_of(_request(said))
    assert (refused.value.status, len(tokens.asked)) == (401, looked_for)
    assert refused.value.headers["WWW-Authenticate"].startswith("Bearer")


async def test_whoever_guesses_has_to_wait_and_nobody_else_has() -> None:
    tokens = Tokens()
    access = tokens.access()
    for _ in range(FAILURES_A_MINUTE):
        with pytest.raises(Problem) as refused:
            await access.token_of(_request("Bearer visnyk_guess"))
        assert refused.value.status == 401
    tokens.clock.advance(seconds=20)
    looked = len(tokens.asked)
    with pytest.raises(Problem) as refused:
        await access.token_of(_request())
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "41")
    assert len(tokens.asked) == looked, "nothing is looked for meanwhile"
    assert (await access.token_of(_request(client="203.0.113.10"))).name == "cms"
    tokens.clock.advance(seconds=40)
    assert (await access.token_of(_request())).name == "cms"


async def test_a_token_may_ask_so_often_from_wherever_it_asks() -> None:
    tokens = Tokens()
    access = tokens.access()
    for n in range(A_MINUTE):
        await access.token_of(_request(client=f"203.0.113.{n}"))
    with pytest.raises(Problem) as refused:
        await access.token_of(_request(client="198.51.100.1"))
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "61")


def test_a_rate_lets_so_many_through_in_any_minute() -> None:
    clock = TestClock(speed=0)
    rate = Rate(2, clock.monotonic)
    assert rate.wait("one") == 0
    rate.note("one")
    clock.advance(seconds=10)
    assert rate.wait("one") == 0
    rate.note("one")
    assert (rate.wait("one"), rate.wait("another")) == (50, 0)
    clock.advance(seconds=50)
    assert rate.wait("one") == 0
    rate.note("one")
    assert rate.wait("one") == 10


def test_a_rate_forgets_who_was_silent_for_longest() -> None:
    rate = Rate(1, lambda: 0.0)
    rate.note("first")
    rate.note("second")
    assert rate.wait("first") > 0  # it is heard of again
    for n in range(9_999):
        rate.note(f"t{n}")
    assert rate.wait("first") > 0
    assert rate.wait("second") == 0


def test_a_token_is_long_and_none_is_made_twice() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(one.startswith("visnyk_") and len(one) == 50 for one in made)
    assert {len(fingerprint(one)) for one in made} == {64}
    assert fingerprint("\ud800")  # what cannot be a token is no mistake of ours
