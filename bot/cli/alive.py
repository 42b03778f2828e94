"""`python -m bot alive`: asks the process that listens at HTTP_BIND; for containers and supervisors."""

import http.client
from threading import Thread

from bot.cli.language import shell_phrases
from bot.cli.lines import complain, tell
from bot.config import load_settings
from bot.errors import ConfigError

_SECONDS = 5.0
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  nothing is bound here


def alive(*, ready: bool, seconds: float = _SECONDS) -> int:
    """Return 0 when the process lives, or with `ready` when it can serve; 1 when it does not say so within `seconds`.

    Raises:
        ConfigError: HTTP_BIND is empty.

    """
    settings = load_settings()
    if settings.listens_on is None:
        raise ConfigError("alive-nowhere")
    host, port = settings.listens_on
    connection = http.client.HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=seconds)
    answers: list[tuple[int, str]] = []

    def ask() -> None:
        try:
            connection.request("GET", "/readyz" if ready else "/healthz")
            answer = connection.getresponse()
            answers.append((answer.status, answer.read(1000).decode("utf-8", "replace").strip()))
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    # By itself: the connection's limit is one for each of its steps, of which an answer that trickles in has many.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if not answers:
        complain(shell_phrases()("alive-silent"))
        return 1
    status, said = answers[0]
    tell(said)
    return 0 if status == 200 else 1
