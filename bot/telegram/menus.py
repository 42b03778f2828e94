"""What Telegram itself shows of the bot: command menus by language and role, its description."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest

from bot.model.desk import Editor, Role
from bot.ports import EditorStore, FactStore
from bot.screens.commands import HIDDEN, Command, commands_for
from bot.telegram.calls import Call, ask
from bot.text.languages import LANGUAGES
from bot.text.phrasebook import phrases
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

Menu = dict[str, Any]

_FACT, _UNHEARD = "menus", "menus unheard"  # what Telegram knows; for whom it does not, by number, with commas between


@dataclass(frozen=True, slots=True, kw_only=True)
class Menus:
    """Keeps the menus as the desk's people are; `language` is the newsroom's."""

    bot: Bot
    editors: EditorStore
    facts: FactStore
    clock: Clock
    language: str

    async def refresh(self) -> None:
        """Tell Telegram the menus, when they are not what it knows; those of people who were unknown to it, again."""
        calls = menus(self.language, await self.editors.all())
        name, known = fingerprint(calls), await self.facts.get(_FACT)
        if known == name:
            unheard = {int(number) for number in (await self.facts.get(_UNHEARD) or "").split(",") if number}
            calls = [call for call in calls if _person_of(call) in unheard]
            if not calls:
                return
        unheard_now = await set_menus(self.bot, calls)
        if unheard_now is not None:
            now = self.clock.now()
            await self.facts.put(_UNHEARD, ",".join(map(str, sorted(unheard_now))), now)
            await self.facts.put(_FACT, name, now)


def _person_of(call: tuple[str, Menu]) -> int | None:
    number: int | None = call[1].get("scope", {}).get("chat_id")
    return number


def menus(default: str, people: Sequence[Editor]) -> list[tuple[str, Menu]]:
    """Return the requests that make the menus: for everybody in each language, then for each person of the desk.

    A language of "" is what Telegram shows to people whose language has no menu of its own.
    """
    calls: list[tuple[str, Menu]] = []
    for code in ("", *LANGUAGES):
        language = code or default
        say = phrases(language)
        groups = [command for command in commands_for(Role.READER) if command.in_groups]
        for scope, commands in (
            ("default", commands_for(Role.READER)),
            ("all_private_chats", commands_for(Role.READER)),
            ("all_chat_administrators", groups),
        ):
            calls.append(_menu({"type": scope}, commands, language, code))
        calls.append(("setMyDescription", _with_code({"description": say("bot-description")}, code)))
        short = {"short_description": say("bot-short-description")}
        calls.append(("setMyShortDescription", _with_code(short, code)))
    for person in people:
        scope_of_person = {"type": "chat", "chat_id": person.user_id}
        calls += [_menu(scope_of_person, commands_for(person.role), code or default, code) for code in ("", *LANGUAGES)]
    return calls


def _menu(scope: Menu, commands: Sequence[Command], language: str, code: str) -> tuple[str, Menu]:
    listed = [_listed(command.name, language) for command in commands if command.name not in HIDDEN]
    return "setMyCommands", _with_code({"commands": listed, "scope": scope}, code)


@cache
def _listed(name: str, language: str) -> Menu:
    return {"command": name, "description": phrases(language)(f"command-{name}")}


def _with_code(payload: Menu, code: str) -> Menu:
    return {**payload, "language_code": code} if code else payload


def fingerprint(calls: Sequence[tuple[str, Menu]]) -> str:
    """Return a short name of these menus: Telegram is only told when it changes."""
    return hashlib.sha256(orjson.dumps(calls)).hexdigest()[:16]


async def set_menus(bot: Bot, calls: Sequence[tuple[str, Menu]]) -> set[int] | None:
    """Tell Telegram; returns the people whom it cannot show their menu, None when it did not hear everything.

    Whoever of the desk has never written to the bot has no chat to show a menu in. The bot works without menus, so a
    failure is only logged.
    """
    unheard: set[int] = set()
    for method, payload in calls:
        try:
            await ask(bot, Call(method, payload))
        except TelegramBadRequest as error:
            log.debug("a menu was not accepted", method=method, error=error.message)
            if (person := _person_of((method, payload))) is not None:
                unheard.add(person)
        except AiogramError as error:
            log.warning("menus could not be set", method=method, error=str(error))
            return None
    return unheard
