"""The launcher: `python -m bot <command>`. Commands import what they need themselves, so that help is quick."""

import os
import sys
from pathlib import Path

from bot.errors import ConfigError

_OURS = Path(__file__).parents[1] / ".venv"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 failed, 2 called wrongly.

    Where this Python lacks what `make setup` has installed beside, that one runs it.
    """
    try:
        from bot.cli.parser import make_parser  # lists the languages: one that is broken is told here

        options = make_parser().parse_args(arguments)
        return int(options.run(options))
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201  the command line's way to speak
        return 2
    except ModuleNotFoundError as error:
        return _elsewhere(error.name or "", sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return 130


def _elsewhere(missing: str, arguments: list[str]) -> int:
    python = _OURS / "bin" / "python"
    if python.is_file() and Path(sys.prefix).resolve() != _OURS.resolve():
        os.execv(python, [str(python), "-m", "bot", *arguments])  # noqa: S606  its arguments are this process's own
    print(  # noqa: T201  the command line's way to speak
        f"This Python ({sys.executable}) does not have what Visnyk needs: {missing}. "
        f"Install it, in {_OURS.parent}: make setup",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
