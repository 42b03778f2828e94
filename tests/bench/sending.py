"""Sending one card to many chats: this project's sender beside the ways people send with today."""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench import databases, processes
from tests.bench.processes import Contender, StandIn
from tests.bench.tables import Goal, show, verdict

_PLAIN = "aiogram-workers"  # aiogram as it comes, at its fastest
# Contender, how it is called in the table, and the share of the messages it sends: slow ones would take minutes.
_CONTENDERS = (
    ("aiogram-loop", "aiogram, one after the other", 0.3),
    ("aiogram-gather", "aiogram, gather over all", 1.0),
    (_PLAIN, "aiogram, 64 workers", 1.0),
    ("aiogram-broadcaster", "aiogram-broadcaster 0.6", 0.3),
    ("python-telegram-bot", "python-telegram-bot 22, 64 workers", 0.1),
    ("aiohttp", "aiohttp alone, 64 workers", 1.0),
    ("prepared-aiohttp", "prepared body, aiogram's session", 1.0),
    ("visnyk-bare", "Visnyk without its ledger", 1.0),
    ("visnyk+sqlite", "Visnyk, whole, SQLite", 1.0),
    ("visnyk+postgresql", "Visnyk, whole, PostgreSQL", 1.0),
)
_PACED = 1000

Figures = dict[str, Any]
Places = dict[str, "databases.Server | Path"]


def main(arguments: list[str]) -> int:
    """Print rate, processor time and memory of each, and of a paced send over TLS with answers after 80 ms."""
    parser = argparse.ArgumentParser(prog="sending")
    parser.add_argument("--count", type=int, default=10_000, help="messages of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20, help="how long the paced send takes")
    options = parser.parse_args(arguments)
    seen: dict[str, list[Figures]] = {name: [] for name, _, _ in _CONTENDERS}
    with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder)) as places:
        names = [name for name, _, _ in _CONTENDERS]
        with processes.standin() as standin, processes.contenders(names) as there:
            for number in range(options.rounds):  # in turn, so that a busy moment of the machine hits all alike
                for name, _, share in _CONTENDERS:
                    figures = _run(there[name], name, round(options.count * share), standin, places, f"{number}")
                    seen[name] += [] if figures is None else [figures]
        paced = {engine: _paced(places, engine, options.seconds) for engine in places}
    _show(seen, options)
    _show_paced(paced)
    return verdict(_goals(seen, paced))


def _run(
    contender: Contender, name: str, count: int, standin: StandIn, places: Places, suffix: str, rate: float = 0
) -> Figures | None:
    engine, url = name.partition("+")[2], ""
    if engine:
        if engine not in places:
            return None
        url = databases.make(places[engine], f"sending_{suffix}")
        databases.fill(url, count)
    figures = contender.run(address=standin.address, authority=standin.authority, count=count, database=url, rate=rate)
    if figures is not None:
        figures["cpu_each"] = figures["cpu"] / count * 1e6
        figures["rate"] = count / figures["wall"]
    return figures


def _paced(places: Places, engine: str, seconds: float) -> Figures:
    name = f"visnyk+{engine}"
    with processes.standin("--tls", "--delay", "0.08") as standin, processes.contenders([name]) as there:
        figures = _run(there[name], name, round(_PACED * seconds), standin, places, "paced", _PACED)
        assert figures is not None
        return {**standin.stats(), **figures}


def _median(seen: dict[str, list[Figures]], name: str, figure: str) -> float | None:
    return statistics.median(one[figure] for one in seen[name]) if seen.get(name) else None


def _against(seen: dict[str, list[Figures]], name: str, other: str, figure: str) -> float | None:
    """Return the median of the ratios within each round."""
    pairs = list(zip(seen[name], seen[other], strict=False))
    return statistics.median(one[figure] / two[figure] for one, two in pairs) if pairs else None


def _show(seen: dict[str, list[Figures]], options: argparse.Namespace) -> None:
    rows: list[Sequence[object]] = []
    for name, title, _ in _CONTENDERS:
        if not seen[name]:
            rows.append((f"{title}: absent", *[None] * 7))
            continue
        cpu, ratio = _median(seen, name, "cpu_each"), _against(seen, name, _PLAIN, "cpu_each")
        rate, peak = _median(seen, name, "rate"), _median(seen, name, "peak")
        least = min(one["cpu_each"] for one in seen[name])
        raw = _against(seen, name, "aiohttp", "rate")
        memory = _against(seen, name, _PLAIN, "peak")
        assert rate is not None
        rows.append(
            (
                title,
                f"{rate:,.0f}",
                f"{raw:.2f}",
                f"{cpu:.0f}",
                f"{least:.0f}",
                f"{ratio:.2f}",
                f"{peak:.0f}",
                f"{memory:.2f}",
            )
        )
    show(
        f"One card to {options.count:,} chats (slow ways: fewer), answers at once; medians of {options.rounds} rounds",
        ("way", "messages/s", "× aiohttp", "CPU µs/message", "least", "× aiogram", "peak MB", "× aiogram"),
        rows,
    )


def _show_paced(paced: dict[str, Figures]) -> None:
    rows = [
        (
            f"Visnyk, whole, {engine}",
            f"{one['mean']:.1f}",
            one["worst"],
            f"{one['cpu_each'] / 1000:.2f}",
            f"{one['cpu'] / one['wall']:.0%}",
            f"{one['peak']:.0f}",
        )
        for engine, one in paced.items()
    ]
    show(
        f"Paced at {_PACED}/s over TLS, answers after 80 ms",
        ("way", "mean a second", "most in any second", "CPU ms/message", "of a core", "peak MB"),
        rows,
    )


def _goals(seen: dict[str, list[Figures]], paced: dict[str, Figures]) -> list[Goal]:
    whole = "visnyk+sqlite"
    goals = [
        Goal("sender's CPU, × aiogram as it comes", _against(seen, "visnyk-bare", _PLAIN, "cpu_each"), 0.30),
        Goal("the same with the SQLite ledger", _against(seen, whole, _PLAIN, "cpu_each"), 0.16),
        Goal("sender's rate, × aiohttp alone", _against(seen, "visnyk-bare", "aiohttp", "rate"), 0.85, at_least=True),
        Goal(
            "whole pipeline, × a prepared body over aiogram's session",
            _against(seen, whole, "prepared-aiohttp", "rate"),
            0.75,
            at_least=True,
        ),
        Goal("the same, messages a second", _median(seen, whole, "rate"), 3400, at_least=True, form=".0f"),
        Goal("peak memory with the SQLite ledger, × aiogram", _against(seen, whole, _PLAIN, "peak"), 1.25),
    ]
    for engine, one in paced.items():
        share = one["mean"] / _PACED
        goals += [
            Goal(f"{_PACED}/s over TLS, {engine}: share of the rate", share, 0.98, at_least=True, form=".3f"),
            Goal(f"{_PACED}/s over TLS, {engine}: share of a core", one["cpu"] / one["wall"], 0.70),
        ]
    return goals
