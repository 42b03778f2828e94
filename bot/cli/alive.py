"""`python -m bot alive`: asks the process that listens at HTTP_BIND; for containers and supervisors."""

import http.client
import sys

from bot.cli.lines import tell
from bot.config import load_settings
from bot.errors import ConfigError
from bot.text.phrasebook import phrases

_SECONDS = 5
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  nothing is bound here


def alive(*, ready: bool) -> int:
    """Return 0 when the process lives, or with `ready` when it can serve; 1 when it does not say so.

    Raises:
        ConfigError: HTTP_BIND is empty.

    """
    settings = load_settings()
    say = phrases(settings.language)
    if settings.listens_on is None:
        raise ConfigError(say("alive-nowhere"))
    host, port = settings.listens_on
    connection = http.client.HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz" if ready else "/healthz")
        answer = connection.getresponse()
        said = answer.read(1000).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException):
        print(say("alive-silent"), file=sys.stderr)  # noqa: T201  its way to speak
        return 1
    finally:
        connection.close()
    tell(said)
    return 0 if answer.status == 200 else 1
