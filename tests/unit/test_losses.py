"""Which errors of the database will pass, so that what met them is done again for as long as that takes."""

import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from storage.engine.losses import passes


@pytest.mark.parametrize(
    ("error", "will"),
    [
        (errors.AdminShutdown(), True),
        (errors.DeadlockDetected(), True),
        (errors.LockNotAvailable(), True),
        (errors.QueryCanceled(), False),  # it may take as long each time
        (errors.UniqueViolation(), False),
        (ValueError(), False),
    ],
)
def test_what_will_pass_is_told_from_what_may_come_each_time(error: Exception, *, will: bool) -> None:
    assert passes(error) is will
    assert passes(DBAPIError("SELECT 1", {}, error)) is will
