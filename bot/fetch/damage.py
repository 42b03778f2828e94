"""What bytes that make no characters have cost a feed: which items lost them, and which lost too much to be taken."""

from collections.abc import Sequence

_NAMED = 2  # items of each kind; with their names cut they fit where it is stored
_LONGEST = 40


def damage_of(damaged: Sequence[str], spoilt: Sequence[str]) -> str:
    """Return what is to be told of the damage to a feed, "" for none: see `damage_in`.

    `damaged` are the titles of items that lost what makes no characters, `spoilt` of those that were not taken.
    """
    return f"{_listed(damaged)}\n{_listed(spoilt)}" if damaged or spoilt else ""


def damage_in(told: str) -> tuple[str, str]:
    """Return which items lost characters and which were not taken, as `damage_of` wrote it; "" for none of a kind."""
    damaged, _, spoilt = told.partition("\n")
    return damaged, spoilt


def _listed(titles: Sequence[str]) -> str:
    """Return a few of the titles, shortened, and how many there are beside them."""
    named = [f"{title[:_LONGEST].rstrip()}…" if len(title) > _LONGEST else title or "…" for title in titles[:_NAMED]]
    more = len(titles) - len(named)
    return " · ".join([*named, *([f"+{more}"] if more else [])])
