"""`python -m tests.bench [NAME…] [OPTION…]`: runs all benchmarks, or the named ones, with the options given.

A benchmark is a module beside this one with `main(arguments) -> int`: it prints its tables and returns how many of
its goals were missed.
"""

import importlib
import importlib.util
import sys
import time

NAMES = (
    "sending", "ledger", "pacing", "fanout", "transactions", "replies", "burst", "startup", "growth", "relevance", "cost", "feeds",
)  # fmt: skip
_BY_HAND = ("judge",)  # run where named only


def main(arguments: list[str]) -> int:
    """Run the benchmarks; the exit status tells whether they ran, not whether the goals were met."""
    there = [name for name in NAMES if importlib.util.find_spec(f"tests.bench.{name}")]
    named = [argument for argument in arguments if argument in (*NAMES, *_BY_HAND)]
    options = [argument for argument in arguments if argument not in named]
    if options and len(named) != 1:
        print(f"Options belong to one benchmark. Name it: {', '.join(there)}.")
        return 2
    missed = {}
    for name in named or there:
        begun = time.monotonic()
        missed[name] = importlib.import_module(f"tests.bench.{name}").main(options)
        print(f"[{name}: {time.monotonic() - begun:.0f} s]\n")
    for name, number in missed.items():
        print(f"{name}: {'all goals met' if not number else f'{number} goals missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
