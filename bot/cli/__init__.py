"""The command line. Only `run` and `demo` import aiogram."""
