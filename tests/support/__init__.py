"""What the tests share: people, a newsroom to put them in, a clock, a PostgreSQL."""

import bot  # noqa: F401  before anything imports aiogram, also in the processes that tests start: see bot/lazy_models.py
