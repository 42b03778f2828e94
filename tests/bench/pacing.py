"""What the server sees of a send at a rate: the most in any sliding second, the mean, and how often it had to refuse."""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import databases, processes
from tests.bench.tables import Goal, show, verdict

_RATES = (30, 1000)
_WAYS = {"visnyk": "Visnyk, the whole sender", "aiolimiter": "aiolimiter(rate, 1)", "sleep": "sleep(1 / rate)"}


def main(arguments: list[str]) -> int:
    """Print the server's view of each way, at both rates, with answers that take 80 ms."""
    parser = argparse.ArgumentParser(prog="pacing")
    parser.add_argument("--seconds", type=float, default=20, help="how long each send takes (60 for the record)")
    parser.add_argument("--delay", type=float, default=0.08, help="seconds until the server answers")
    options = parser.parse_args(arguments)
    rows, goals = [], []
    with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder), ("sqlite",)) as places:
        for rate in _RATES:
            for way, name in _WAYS.items():
                seen = _send(places["sqlite"], way, rate, options)
                if seen is None:
                    rows.append((name, rate, None, None, None, None))
                    continue
                share = seen["mean"] / rate
                rows.append((name, rate, seen["worst"], f"{seen['mean']:.1f}", f"{share:.1%}", seen["refused"]))
                if way == "visnyk":
                    goals += [
                        Goal(f"most in any second at {rate}/s", seen["worst"], rate, form=".0f"),
                        Goal(f"mean at {rate}/s, share of the rate", share, 0.97, at_least=True, form=".3f"),
                        Goal(f"429s at {rate}/s", seen["refused"], 0, form=".0f"),
                    ]
    show(
        f"Pacing as the server sees it: {options.seconds:.0f} s each, answers after {options.delay * 1000:.0f} ms",
        ("way", "rate", "most in any second", "mean a second", "of the rate", "429s"),
        rows,
    )
    return verdict(goals)


def _send(place: "databases.Server | Path", way: str, rate: int, options: argparse.Namespace) -> dict[str, Any] | None:
    count = round(rate * options.seconds)
    with (
        processes.standin("--delay", str(options.delay), "--limit", str(rate)) as standin,
        processes.contenders([way]) as there,
    ):
        url = ""
        if way == "visnyk":
            url = databases.make(place, f"pacing_{rate}")
            databases.fill(url, count)
        if there[way].run(address=standin.address, count=count, database=url, rate=rate) is None:
            return None
        return standin.stats()
