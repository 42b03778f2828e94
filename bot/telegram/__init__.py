"""Telegram: the only part of the core that knows aiogram."""
