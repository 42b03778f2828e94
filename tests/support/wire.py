"""A wire to PostgreSQL that is cut in the middle: the server ends the connections, or is gone altogether."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from sqlalchemy import make_url

_PORT = ".s.PGSQL.5432"
_END_ALL = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Cut(Enum):
    """ENDED: an administrator ends the connections, new ones are let in. GONE: nobody listens any more."""

    ENDED = "ended"
    GONE = "gone"


class Wire:
    """Passes on what a client says; at the `left`th time that it says something, the wire is cut instead."""

    def __init__(self, url: str, folder: Path) -> None:
        self._server = url
        self._far = f"{parse_qs(urlsplit(url).query)['host'][0]}/{_PORT}"
        self.url = make_url(url).update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)
        self.left, self.how = -1, Cut.ENDED
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / _PORT))
        self._door.listen()
        threading.Thread(target=self._let_in, daemon=True).start()

    def arm(self, left: int, how: Cut) -> None:
        """Have the wire cut at the `left`th thing that is said from now on."""
        self.left, self.how = left, how

    @property
    def is_cut(self) -> bool:
        """Whether it has been cut since it was armed."""
        return self.left == 0

    def mend(self) -> bool:
        """Have everything pass again; returns whether it was cut."""
        cut, self.left = self.is_cut, -1
        return cut

    def close(self) -> None:
        self._door.close()
        self._hang_up()

    def _hang_up(self) -> None:
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _let_in(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self.is_cut and self.how is Cut.GONE:
                near.close()
                continue
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._far)
            self._open |= {near, far}
            threading.Thread(target=self._pass_on, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(far, near, False), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket, said: bool) -> None:
        with contextlib.suppress(OSError):
            while content := here.recv(65_536):
                if said:
                    self._count()
                there.sendall(content)
        for one in (here, there):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
            self._open.discard(one)

    def _count(self) -> None:
        with self._lock:
            if self.left < 1:
                return
            self.left -= 1
            if self.left:
                return
            if self.how is Cut.ENDED:
                with psycopg.connect(self._server, autocommit=True) as administrator:
                    administrator.execute(_END_ALL)
            else:
                self._hang_up()


@contextmanager
def wired(url: str, folder: Path) -> Iterator[Wire]:
    """Open a wire to the server of an address; what is said on it before it is armed passes."""
    wire = Wire(url, folder)
    try:
        yield wire
    finally:
        wire.close()
