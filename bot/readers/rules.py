"""What a reader may say of match keys: how much of it, and what a change of it was."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.errors import NotFound, TooManyRules
from bot.model.matching import MatchKey
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
