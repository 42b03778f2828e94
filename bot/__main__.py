"""The launcher: `python -m bot <command>`. Commands import what they need themselves, so that help is quick."""

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError, DatabaseAway

if TYPE_CHECKING:
    import argparse

_OURS = Path(__file__).parents[1] / ".venv"
_LANGUAGES = Path(__file__).parent / "text" / "languages"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 failed, 2 called wrongly.

    Where this Python lacks what `make setup` has installed beside, that one runs it.
    """
    options = None
    try:
        from bot.cli.parser import make_parser  # lists the languages: one that is broken is told here

        options = make_parser().parse_args(arguments)
        return int(options.run(options))
    except ConfigError as error:
        return _refused(error, options)
    except ModuleNotFoundError as error:
        return _elsewhere(error.name or "", sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:  # whoever reads the answers has had enough: python -m bot feeds list | head -1
        _write_no_more()
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if options is None:
            raise
        from bot.cli.broken_off import refusal_of  # loads SQLAlchemy, whose errors are told apart there

        refusal = refusal_of(error, options)
        if refusal is None:
            raise
        _refused(refusal, options)
        try:
            sys.stdout.flush()
        except OSError:  # it is where answers go that has no room
            _write_no_more()
        return 1


def _refused(error: ConfigError, options: "argparse.Namespace | None") -> int:
    status = 1 if isinstance(error, DatabaseAway) else 2
    try:
        from bot.cli.language import shell_phrases
        from bot.text.phrasebook import told

        sentence = told(error, shell_phrases())
    except ConfigError:  # the languages are what is broken
        sentence = _plainly(error.phrase, error.variables)
    if getattr(options, "json", False):
        try:
            print(json.dumps({"ok": False, "error": error.phrase, "says": sentence}, ensure_ascii=False), flush=True)  # noqa: T201  the command line's way to speak
        except OSError:
            _complain(sentence)
    else:
        _complain(sentence)
    return status


def _write_no_more() -> None:
    """Have nothing more written to standard output, or Python says once more as it ends that it cannot be."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _elsewhere(missing: str, arguments: list[str]) -> int:
    python = _OURS / "bin" / "python"
    if python.is_file() and Path(sys.prefix).resolve() != _OURS.resolve():
        os.execv(python, [str(python), "-m", "bot", *arguments])  # noqa: S606  its arguments are this process's own
    values: dict[str, str | int] = {"python": sys.executable, "missing": missing, "folder": str(_OURS.parent)}
    _complain(_plainly("config-no-libraries", values))
    return 2


def _plainly(phrase: str, values: dict[str, str | int]) -> str:
    """Return a sentence without the libraries that phrases need: one line, into which values are put as they are."""
    names = [os.environ.get(name, "")[:2].lower() for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    files = [_LANGUAGES / name / "shell.ftl" for name in (*names, "uk") if name.isalpha()]
    text = next(file for file in files if file.is_file()).read_text(encoding="utf-8")
    found = re.search(rf"^{phrase} = (.*)$", text, re.MULTILINE)
    return re.sub(r"\{ \$(\w+) \}", lambda name: str(values.get(name[1], "")), found[1] if found else phrase)


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201  the command line's way to speak


if __name__ == "__main__":
    sys.exit(main())
