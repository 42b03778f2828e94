"""Growth as a picture: log-log charts in one SVG, two in a row, both engines, goals as dashed lines."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

_WIDTH, _HEIGHT = 470, 330  # of one chart
_MARGIN = 20  # for labels that are longer than the room beside a chart
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 128, 44, 40  # what stands around its curves
_COLOURS = {"SQLite": ("#0b5394", "#3d85c6", "#7fb2e0"), "PostgreSQL": ("#b45309", "#e08a2e", "#f0b878")}
_FONT = 'font-family="Helvetica, Arial, sans-serif"'

Value = Callable[[Any], float]
Goal = tuple[float, float, float]
"""From and to which size, and how much there at most."""


class Measured(Protocol):
    """What was measured on an engine at a size: articles, readers."""

    engine: str

    @property
    def size(self) -> int:
        """How many there were."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: a curve for each value on each engine."""

    title: str
    low: float
    high: float
    values: Sequence[tuple[str, Value]]
    goals: Sequence[Goal]


def picture(charts: Sequence[Chart], figures: Sequence[Measured], sizes: str) -> str:
    """Return the SVG of what was measured; `sizes` says what the horizontal axis counts."""
    rows = math.ceil(len(charts) / 2)
    width, height = 2 * _WIDTH + _MARGIN, rows * _HEIGHT + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for place, chart in enumerate(charts):
        left, top = (place % 2) * _WIDTH, (place // 2) * _HEIGHT
        parts.append(f'<g transform="translate({left},{top})">{_drawn(chart, figures)}</g>')
    foot = rows * _HEIGHT + 20
    for n, (engine, colours) in enumerate(_COLOURS.items()):
        parts.append(f'<rect x="{_LEFT + 130 * n}" y="{foot - 11}" width="14" height="14" fill="{colours[0]}"/>')
        parts.append(_text(_LEFT + 20 + 130 * n, foot, engine))
    parts.append(f'<path d="M{_LEFT + 280},{foot - 5}h34" stroke="#444" stroke-dasharray="6 4" stroke-width="1.5"/>')
    parts.append(_text(_LEFT + 322, foot, "goal"))
    parts.append(_text(_LEFT + 380, foot, f"horizontal: {sizes}"))
    return "\n".join([*parts, "</svg>\n"])


def _drawn(chart: Chart, figures: Sequence[Measured]) -> str:
    parts = [_text(_LEFT, 24, chart.title, size=15, weight="bold")]
    for power in range(round(math.log10(chart.low)), round(math.log10(chart.high)) + 1):
        y = _y(chart, 10.0**power)
        parts.append(f'<path d="M{_LEFT},{y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{10.0**power:g}", anchor="end"))
    for size, name in ((1e4, "10k"), (3e4, "30k"), (1e5, "100k"), (3e5, "300k"), (1e6, "1M")):
        parts.append(f'<path d="M{_x(size):.1f},{_TOP}V{_HEIGHT - _BOTTOM}" stroke="#eee"/>')
        parts.append(_text(_x(size), _HEIGHT - _BOTTOM + 18, name, anchor="middle"))
    for begin, end, most in chart.goals:
        y = _y(chart, most)
        line = f'<path d="M{_x(begin):.1f},{y:.1f}H{_x(end):.1f}"'
        parts.append(f'{line} stroke="#444" stroke-dasharray="6 4" stroke-width="1.5"/>')
    labels: list[tuple[float, str, str]] = []
    for engine, colours in _COLOURS.items():
        own = sorted((one for one in figures if one.engine == engine), key=lambda one: one.size)
        for (name, value), colour in zip(chart.values, colours, strict=False):
            points = [(_x(one.size), _y(chart, value(one))) for one in own]
            if not points:
                continue
            path = "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.2"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{colour}"/>' for x, y in points]
            labels.append((points[-1][1], f"{name} {_short(value(own[-1]))}", colour))
    parts += _labels(labels)
    return "".join(parts)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


def _labels(labels: list[tuple[float, str, str]]) -> list[str]:
    """Write what each curve is beside its end, moved apart where two would cover each other."""
    parts, last = [], 0.0
    for y, words, colour in sorted(labels):
        last = max(y, last + 15)
        parts.append(_text(_WIDTH - _RIGHT + 8, last + 4, words, colour=colour))
    return parts


def _x(size: float) -> float:
    inside = _WIDTH - _LEFT - _RIGHT
    return _LEFT + inside * (math.log10(max(1e4, size)) - 4) / 2


def _y(chart: Chart, value: float) -> float:
    inside = _HEIGHT - _TOP - _BOTTOM
    span = math.log10(chart.high / chart.low)
    kept = min(max(value, chart.low), chart.high)
    return _HEIGHT - _BOTTOM - inside * math.log10(kept / chart.low) / span


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    anchor: str = "start",
    colour: str = "#222",
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{colour}">{escape(words)}</text>'
    )
