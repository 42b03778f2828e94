"""What a reader may say of match keys: how much of it, and what a change of it was."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.errors import NotFound, TooManyRules
from bot.model.matching import EVERYTHING, MatchKey, MatchKind
from bot.model.readers import Choices, Rule

MOST_RULES = 200  # of one reader: topics, words, stories and sources, wanted or not


@dataclass(frozen=True, slots=True)
class WordChange:
    """What a reader says of some words now, and what they had said before, None for nothing."""

    rule: Rule
    before: Rule | None

    @property
    def changed(self) -> bool:
        """Whether they say anything else now."""
        return self.before is None or self.before.exclude != self.rule.exclude or self.before.until is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What choosing a topic comes to, or giving it up: what is chosen, dropped, and `lost` to another tap."""

    choose: Sequence[MatchKey]
    drop: Sequence[MatchKey]
    lost: dict[MatchKey, Rule | None]


def tick_of(key: MatchKey, choices: Choices, said: Rule | None, *, on: bool | None) -> Tick | None:
    """Return what it comes to that a topic or all news is chosen (`on`) or given up, or with None whichever is not so.

    None where it is so already. `said` is what the reader said of the key. Raises TooManyRules.
    """
    if on is (key in choices.wanted):
        return None
    lost = {key: said} if key in choices.unwanted else {}
    if key in choices.wanted:
        return Tick(choose=[], drop=[key], lost=lost)
    drop = [EVERYTHING]
    if key == EVERYTHING:
        drop = [k for k in choices.wanted if k.kind is MatchKind.TOPIC]
        lost |= {k: Rule(key=k) for k in drop} | ({key: None} if drop else {})
    elif lost and EVERYTHING in choices.wanted:
        lost[EVERYTHING] = Rule(key=EVERYTHING)
    check_room(choices, [key], drop)
    return Tick(choose=[key], drop=drop, lost=lost)


def key_named(text: str) -> MatchKey:
    """Return the match key that a button carries as text; raises NotFound for a text that is none."""
    try:
        return MatchKey.parse(text)
    except ValueError as error:
        raise NotFound from error


def check_room(choices: Choices, keys: Iterable[MatchKey], drop: Collection[MatchKey] = ()) -> None:
    """Raise TooManyRules when these rules more, those of `drop` less, would be more than MOST_RULES.

    Whoever has more of them already may still exchange one for another.
    """
    now = choices.wanted | choices.unwanted
    if len((now - set(drop)) | set(keys)) > max(MOST_RULES, len(now)):
        raise TooManyRules(limit=MOST_RULES)
