"""Tokens of systems, and what was answered to them: each request with a key is done by one, whoever asks together."""

import asyncio
from datetime import timedelta

import pytest

from bot.model.tokens import Answered, Scope
from storage.engine.database import Database
from storage.people.tokens import Tokens
from tests.support.rows import NOW

KEY = "key"


async def _token(database: Database, name: str = "cms") -> int:
    tokens = Tokens(database)
    assert await tokens.add(name, "Агенція", Scope.DRAFT | Scope.CORRECT, f"secret of {name}", NOW)
    found = await tokens.use(f"secret of {name}", NOW)
    assert found is not None
    return found.id


async def test_a_token_is_known_until_it_is_revoked_and_its_name_is_taken(database: Database) -> None:
    tokens = Tokens(database)
    await _token(database)
    assert not await tokens.add("cms", "", Scope.DRAFT, "another secret", NOW)
    assert await tokens.add("cms", "", Scope.DRAFT, "secret of cms", NOW)  # the same once more, after a kill
    later = NOW + timedelta(hours=1)
    found = await tokens.use("secret of cms", later)
    assert found is not None
    assert (found.source, found.scope) == ("Агенція", Scope.DRAFT | Scope.CORRECT)
    assert [one.used_at for one in await tokens.all()] == [later]
    assert await tokens.revoke("cms", later)
    assert not await tokens.revoke("cms", later)
    assert await tokens.use("secret of cms", later) is None
    assert await tokens.use("secret of nobody", later) is None


async def test_of_many_who_ask_the_same_together_one_does_it(database: Database) -> None:
    number, tokens = await _token(database), Tokens(database)
    begun = await asyncio.gather(*(tokens.begin(number, KEY, "asked", NOW) for _ in range(8)))
    assert sorted(begun, key=lambda one: one is None) == [Answered(0, "")] * 7 + [None]
    await tokens.end(number, KEY, Answered(201, "{}"))
    assert await tokens.begin(number, KEY, "asked", NOW) == Answered(201, "{}")
    with pytest.raises(KeyError):
        await tokens.begin(number, KEY, "something else", NOW)
    assert await tokens.begin(await _token(database, "another"), KEY, "asked", NOW) is None


async def test_what_a_killed_process_was_at_is_done_by_one_who_asks_again_minutes_later(database: Database) -> None:
    number, tokens = await _token(database), Tokens(database)
    assert await tokens.begin(number, KEY, "asked", NOW) is None
    assert await tokens.begin(number, KEY, "asked", NOW + timedelta(minutes=1)) == Answered(0, "")
    for later in (NOW + timedelta(minutes=3), NOW - timedelta(hours=3)):  # also where the clock was set back since
        begun = await asyncio.gather(*(tokens.begin(number, KEY, "asked", later) for _ in range(8)))
        assert sorted(begun, key=lambda one: one is None) == [Answered(0, "")] * 7 + [None]
    await tokens.end(number, KEY, Answered(201, "{}"))
    assert await tokens.begin(number, KEY, "asked", NOW) == Answered(201, "{}")


async def test_what_was_refused_or_never_answered_may_be_asked_again(database: Database) -> None:
    number, tokens = await _token(database), Tokens(database)
    assert await tokens.begin(number, KEY, "asked", NOW) is None
    await tokens.end(number, KEY, None)
    assert await tokens.begin(number, KEY, "mended", NOW) is None
    await tokens.forget(NOW - timedelta(days=2), NOW + timedelta(seconds=1))  # whoever did it has died
    assert await tokens.begin(number, KEY, "mended", NOW) is None
    await tokens.end(number, KEY, Answered(200, "{}"))
    await tokens.forget(NOW, NOW + timedelta(seconds=1))
    assert await tokens.begin(number, KEY, "mended", NOW) == Answered(200, "{}")
    await tokens.forget(NOW + timedelta(seconds=1), NOW)
    assert await tokens.begin(number, KEY, "mended", NOW) is None
