"""What only one process may do, and the limiter they share."""

from datetime import timedelta

from storage.engine.database import Database
from storage.runtime.leases import Leases, Pace
from tests.support.rows import NOW

SOON = NOW + timedelta(seconds=30)


async def test_a_lease_is_one_process_s_until_it_ends_or_is_given_back(database: Database) -> None:
    mine, other = Leases(database, "mine"), Leases(database, "other")
    assert await mine.take("poll", NOW, SOON)
    assert await mine.take("poll", NOW, SOON)
    assert not await other.take("poll", NOW, SOON)
    assert await other.take("poll", SOON, SOON + timedelta(seconds=30))
    assert not await mine.take("poll", SOON, SOON + timedelta(seconds=30))
    await mine.give_back("poll")
    assert not await mine.take("poll", SOON, SOON + timedelta(seconds=30))
    await other.give_back("poll")
    assert await mine.take("poll", SOON, SOON + timedelta(seconds=30))


async def test_slots_follow_each_other_whoever_takes_them(database: Database) -> None:
    one, two = Pace(database), Pace(database)
    minute = 60_000_000  # slots so long that the time between two statements does not matter
    assert await one.take("bot", 2, minute) < 1
    assert 110 < await two.take("bot", 1, minute) <= 120
    assert 170 < await one.take("bot", 1, minute) <= 180


async def test_slots_nobody_took_in_time_are_gone(database: Database) -> None:
    pace = Pace(database)
    await pace.take("bot", 1, 1)
    assert await pace.take("bot", 1, 1_000_000) < 1


async def test_a_pause_holds_for_everybody(database: Database) -> None:
    await Pace(database).pause("bot", 100)
    await Pace(database).pause("bot", 10)
    assert 90 < await Pace(database).take("bot", 1, 1) <= 100


async def test_a_budget_is_spent_once_whoever_spends_it(database: Database) -> None:
    one, two = Pace(database), Pace(database)
    assert await one.spend("stars", 100, 250) == 100
    assert await two.spend("stars", 100, 250) == 100
    assert await one.spend("stars", 100, 250) == 50
    assert await two.spend("stars", 100, 250) == 0


async def test_a_clock_of_the_database_that_was_set_back_silences_nobody(database: Database) -> None:
    await Pace(database).pause("bot", 40_000)  # an hour ago, by a clock that was half a day ahead
    assert await Pace(database).take("bot", 1, 1) < 1
    await Pace(database).pause("bot", 40_000)
    await Pace(database).pause("bot", 50)
    assert 40 < await Pace(database).take("bot", 1, 1) <= 50
