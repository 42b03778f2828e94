"""What is said when the database fails in the middle of a command: how, what that leaves, and what to do then."""

import argparse
import errno

from bot.errors import ConfigError
from bot.faults import code_of
from bot.model.trouble import Loss
from storage.engine.losses import loss_of

_DISKS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
_ON = {"copy-database", "restore"}  # go on where they were
_ONCE = {("token", "add"), ("webhooks", "add")}  # what they make is shown once
_CHANGES = {
    ("import", ""),
    ("erase-reader", ""),
    ("reindex", ""),
    *(("feeds", act) for act in ("add", "remove")),
    ("token", "revoke"),
    *(("webhooks", act) for act in ("remove", "test", "enable")),
    *(("semantic", act) for act in ("on", "off", "fill")),
}


def refusal_of(error: Exception, options: argparse.Namespace) -> ConfigError | None:
    """Return what to say of an error that a command ended with, None for one that is no disk's."""
    loss = loss_of(error)
    if loss is not None:
        return lost(loss, str(options.command), str(getattr(options, "act", "")))
    if isinstance(error, OSError) and error.errno in _DISKS:
        return ConfigError("config-system", name=str(error.filename or options.command), code=code_of(error))
    return None


def lost(loss: Loss, command: str, act: str = "") -> ConfigError:
    """Return what to say of a database that failed in the middle of a command."""
    then = "nothing"
    if command == "run":
        then = "start"
    elif command in _ON:
        then = "on"
    elif (command, act) in _ONCE:
        then = "once"
    elif (command, act) in _CHANGES:
        then = "again"
    lists = {"list": f"python -m bot {command} list"} if then == "once" else {}
    return ConfigError("database-lost", why=loss.value, then=then, **lists)
