"""Asking and answering line by line, for scripts: each answer is written as soon as it is known."""

import sys
from collections.abc import Iterable, Iterator

import orjson


def asked(arguments: Iterable[str]) -> Iterator[str]:
    """Yield what is asked for, one after the other; "-" stands for the lines of standard input, as they come."""
    for argument in arguments:
        if argument == "-":
            for line in iter(sys.stdin.buffer.readline, b""):
                if name := line.decode(errors="replace").strip():
                    yield name
        else:
            yield argument.encode(errors="replace").decode()


def put(answer: object) -> None:
    """Write one answer as a line of JSON, at once."""
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()


def tell(line: str) -> None:
    """Write one line for a person, at once."""
    print(line, flush=True)  # noqa: T201  the command line's way to speak


def complain(line: str) -> None:
    """Write one line for a person beside the answers, so that a script that reads those does not take it for one."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201  the command line's way to speak
