"""A stand-in for Telegram on this machine: the product can be tried and tested without Telegram.

Only the launcher and the tests import it; the bot is pointed at it by the same setting that points it at any Bot API
server. Texts of errors and limits are those of the real server (tdlib/telegram-bot-api).
"""
