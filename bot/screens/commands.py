"""The commands: one table for Telegram's menus, for the help, and for the README (a test compares them)."""

from dataclasses import dataclass

from bot.model.desk import Role


@dataclass(frozen=True, slots=True)
class Command:
    """A command; its description is the phrase `command-<name>`, `usage` what may follow it.

    A group, a channel or a forum topic that `begins` with it wants news; with another it has only asked something.
    """

    name: str
    role: Role = Role.READER
    usage: str = ""
    in_groups: bool = True
    begins: bool = False


COMMANDS = (
    Command("start", begins=True),
    Command("latest", usage="[topic]"),
    Command("search", usage="<words>"),
    Command("read", usage="<id>"),
    Command("related", usage="<id>"),
    Command("story", usage="<id>"),
    Command("corrections"),
    Command("topics", begins=True),
    Command("words", usage="[words, -words]"),
    Command("schedule", usage="[now | hourly | 08:00 19:00]", begins=True),
    Command("quiet", usage="[22:30–7:15 | off]", begins=True),
    Command("digest"),
    Command("timezone", usage="[city]", begins=True),
    Command("settings", begins=True),
    Command("pause"),
    Command("resume", begins=True),
    Command("stop"),
    Command("mydata", in_groups=False),
    Command("forget", in_groups=False),
    Command("help"),
    Command("cancel"),
    Command("post", Role.AUTHOR, "[text]", in_groups=False),
    Command("drafts", Role.AUTHOR, in_groups=False),
    Command("scheduled", Role.EDITOR, in_groups=False),
    Command("published", Role.EDITOR, in_groups=False),
    Command("feeds", Role.EDITOR, "[address]", in_groups=False),
    Command("editors", Role.OWNER, in_groups=False),
    Command("sources", Role.OWNER, in_groups=False),
    Command("status", Role.OWNER, in_groups=False),
    Command("doctor", Role.OWNER, in_groups=False),
    Command("claim", usage="<code>", in_groups=False),
)

HIDDEN = frozenset({"start", "claim"})  # known to Telegram or told to one person; not in the menus


def commands_for(role: Role) -> list[Command]:
    """Return the commands somebody with that role may use, in the order they are shown."""
    return [command for command in COMMANDS if command.role <= role]
