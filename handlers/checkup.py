"""The owner's look at how the newsroom is: `/doctor` and `/status`."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import Message

from bot import __version__
from bot.desk.checkup import Checkup
from bot.desk.doctor import findings
from bot.model.desk import Role
from bot.screens.checkup import doctor_card, status_card, status_lines
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command
from handlers.filters import Private, RequireRole


def register(router: Router) -> None:
    """Add the routes."""
    owner = RequireRole(Role.OWNER)
    router.message.register(doctor, Command("doctor"), Private(), owner)
    router.message.register(status, Command("status"), Private(), owner)


async def doctor(_: Message, actor: Actor, checkup: Checkup, reply: Reply) -> None:
    """`/doctor`: what is wrong, and what to do."""
    await reply.show(doctor_card(findings(await checkup.look(thoroughly=True)), actor.look))


async def status(_: Message, actor: Actor, checkup: Checkup, reply: Reply) -> None:
    """`/status`: one screen that says whether all is well."""
    seen = await checkup.look()
    # The question itself is an update that is being handled.
    load = replace(seen.load, updates=max(0, seen.load.updates - 1)) if seen.load is not None else None
    lines = status_lines(seen.database, load, seen.failing, seen.backup, actor.look)
    await reply.show(status_card(findings(seen), __version__, lines, actor.look))
