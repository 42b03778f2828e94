"""What a reader said of match keys, as lines that are kept for the button that brings it back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.errors import NotFound
from bot.model.matching import MatchKey
from bot.model.readers import Rule

Said = Mapping[MatchKey, Rule | None]

_NOTHING, _WANTED, _UNWANTED = "0", "1", "2"
_SINCE = "\n=\n"
_AGAIN = timedelta(hours=1)  # two mutes of as many days


def kept_text(said: Said, since: Said) -> str:
    """Return what was said of keys as lines to keep, and what is said of them `since`; None stands for nothing."""
    return _SINCE.join(map(said_text, (said, since)))


def said_text(said: Said) -> str:
    """Return what is said of keys as lines, which `said_in` reads."""
    return "\n".join(_kept_line(key, rule) for key, rule in said.items())


def _kept_line(key: MatchKey, rule: Rule | None) -> str:
    if rule is None:
        return f"{_NOTHING} {key.encode()}"
    until = int(rule.until.timestamp()) if rule.until else 0
    return f"{_UNWANTED if rule.exclude else _WANTED} {key.encode()} {until} {rule.words}"


def kept_rules(text: str) -> tuple[Said, Said | None]:
    """Read what `kept_text` wrote, of an older version without the second.

    Raises NotFound for anything else, and for what is kept no longer.
    """
    said, _line, since = text.partition(_SINCE)
    return said_in(said), said_in(since) if since else None


def said_in(lines: str) -> Said:
    """Read what `said_text` wrote; raises NotFound for anything else."""
    return dict(map(_kept_rule, lines.split("\n")))


def _kept_rule(line: str) -> tuple[MatchKey, Rule | None]:
    try:
        was, encoded, *more = line.split(" ", 3)
        key = MatchKey.parse(encoded)
        if was == _NOTHING:
            return key, None
        second, words = int(more[0]), more[1]
        until = datetime.fromtimestamp(second, UTC) if second else None
    except (ValueError, IndexError, OverflowError, OSError) as error:
        raise NotFound from error
    return key, Rule(key=key, exclude=was == _UNWANTED, until=until, words=words)


def are_alike(one: Said, other: Said, now: datetime) -> bool:
    """Tell whether the same is said of the same keys, but for the moments between two taps; what is over is nothing."""
    return all(_alike(_in_force(one[key], now), _in_force(other[key], now)) for key in one)


def _in_force(rule: Rule | None, now: datetime) -> tuple[bool, datetime | None] | None:
    if rule is None or rule.until is None or rule.until > now:
        return (rule.exclude, rule.until) if rule is not None else None
    return None if rule.exclude else (False, None)


def _alike(one: tuple[bool, datetime | None] | None, other: tuple[bool, datetime | None] | None) -> bool:
    if one is None or other is None or one[1] is None or other[1] is None:
        return one == other
    return one[0] == other[0] and abs(one[1] - other[1]) < _AGAIN
