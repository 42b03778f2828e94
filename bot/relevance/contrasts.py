"""What words mean when two texts are compared word by word: negations, opposites, numbers, links that say nothing.

The words are data of each language, `contrasts.toml` in its folder. Asked for a word of a text, the answer comes from
the text's language, or from the first language of the word's script.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from bot.text.languages import BY_CODE, contrasts

_REMEMBERED = 20_000
_BEGINNING, _LEAST_UNDONE = 5, 4  # letters

Pole = tuple[int, int]
"""A set of opposites, and one side of it."""


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Words that are known by how they begin, or, where it says so, whole."""

    whole: frozenset[str] = frozenset()
    begun: tuple[str, ...] = ()

    @classmethod
    def of(cls, said: str) -> "Beginnings":
        """Read them as they stand in the file: parted by spaces, `=` before those that are meant whole."""
        words = [plain(word) for word in said.split()]
        whole = frozenset(word[1:] for word in words if word.startswith("="))
        return cls(whole, tuple(word for word in words if not word.startswith("=")))

    def __contains__(self, word: str) -> bool:
        """Whether a word is one of them."""
        return word in self.whole or (bool(self.begun) and word.startswith(self.begun))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrasts:
    """What one language says; the fields are those of its file."""

    negations: Beginnings = field(default_factory=Beginnings)
    concord: Beginnings = field(default_factory=Beginnings)
    idioms: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)  # by their first words
    light: Beginnings = field(default_factory=Beginnings)
    says: Beginnings = field(default_factory=Beginnings)
    rebuttals: Beginnings = field(default_factory=Beginnings)  # what says of what was told that it is not so
    lesser: Beginnings = field(default_factory=Beginnings)  # what makes another person of who has a post
    former: tuple[str, ...] = ()  # how words begin for who has a post no more
    tellers: Beginnings = field(default_factory=Beginnings)
    synonyms: tuple[Beginnings, ...] = ()
    opposites: tuple[tuple[Beginnings, ...], ...] = ()
    turns: tuple[tuple[Beginnings, ...], ...] = ()
    undoing: tuple[str, ...] = ()  # how a word begins that says the opposite of what it has left without that
    swaps: tuple[frozenset[str], ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    single: frozenset[str] = frozenset()  # scales that count one where no number stands before them
    counted_things: tuple[str, ...] = ()  # how go on words that begin with a number
    halves: tuple[tuple[str, ...], ...] = ()  # what stands before a scale of which there is half a one
    and_a_half: tuple[tuple[str, ...], ...] = ()  # what stands behind a number and adds a half to it
    units: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)  # what is a unit behind a number only
    before_numbers: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)  # by their first words
    places: frozenset[str] = frozenset()  # what stands before where it happened
    full_names: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)  # by their first two letters
    within_numbers: frozenset[str] = frozenset()  # what links two parts of a number in letters
    years: frozenset[str] = frozenset()  # what stands behind the number of a year
    given_names: frozenset[str] = frozenset()  # as a dictionary has them
    marks: Beginnings = field(default_factory=Beginnings)  # what an editor's desk puts beside the time of a change
    alike: Mapping[str, str] = field(default_factory=dict)
    posts: Beginnings = field(default_factory=Beginnings)
    posts_named_before: Beginnings = field(default_factory=Beginnings)
    shortened: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)  # by the beginning's two letters
    endings: frozenset[str] = frozenset()
    past: tuple[str, ...] = ()
    infinitive: tuple[str, ...] = ()
    impersonal: tuple[tuple[str, str], ...] = ()  # ends of what is told of them, and of what is told of nobody
    women: tuple[str, ...] = ()  # how words for women end that are words for men without it
    women_too: tuple[str, ...] = ()  # how such words go on in other forms
    manner: tuple[str, ...] = ()  # how words end that say how something is done


def plain(word: str) -> str:
    """Return a word of the files as it is compared."""
    return word.casefold().replace("'", "").replace("ґ", "г")


@cache
def contrasts_of(code: str) -> Contrasts:
    """Return what a language says; nothing for one that says nothing."""
    said = contrasts(code) if code in BY_CODE else {}
    return Contrasts(
        negations=Beginnings.of(said.get("negations", "")),
        concord=Beginnings.of(said.get("concord", "")),
        idioms=_by_first(tuple(map(plain, idiom.split())) for idiom in said.get("idioms", ())),
        light=Beginnings.of(said.get("light", "")),
        says=Beginnings.of(said.get("says", "")),
        rebuttals=Beginnings.of(said.get("rebuttals", "")),
        lesser=Beginnings.of(said.get("lesser", "")),
        former=_endings(said.get("former", "")),
        tellers=Beginnings.of(said.get("tellers", "")),
        synonyms=tuple(map(Beginnings.of, said.get("synonyms", ()))),
        opposites=tuple(tuple(map(Beginnings.of, sides)) for sides in said.get("opposites", ())),
        turns=tuple(tuple(map(Beginnings.of, sides)) for sides in said.get("turns", ())),
        undoing=_endings(said.get("undoing", "")),
        swaps=tuple(frozenset(map(plain, group.split())) for group in said.get("swaps", ())),
        numbers=_by_word(said.get("numbers", {})),
        scales=_by_word(said.get("scales", {})),
        single=frozenset(map(plain, said.get("single", "").split())),
        measures=said.get("measures", {}),
        before_numbers=_before_numbers(said.get("before_numbers", {})),
        places=frozenset(map(plain, said.get("places", "").split())),
        full_names=_full_names(said.get("full_names", ())),
        within_numbers=frozenset(map(plain, said.get("within_numbers", "").split())),
        years=frozenset(map(plain, said.get("years", "").split())),
        given_names=frozenset(map(plain, said.get("given_names", "").split())),
        marks=Beginnings.of(said.get("marks", "")),
        counted_things=_endings(said.get("counted_things", "")),
        halves=tuple(tuple(map(plain, half.split())) for half in said.get("halves", ())),
        and_a_half=tuple(tuple(map(plain, half.split())) for half in said.get("and_a_half", ())),
        units={plain(word): unit for unit, words in said.get("units", {}).items() for word in words.split()},
        alike=_alike(said.get("alike", ()), said.get("alike_stems", ())),
        posts=Beginnings.of(said.get("posts", "")),
        posts_named_before=Beginnings.of(said.get("posts_named_before", "")),
        shortened=_shortened(said.get("shortened", {})),
        endings=frozenset(["", *said.get("endings", "").split()]),
        past=_endings(said.get("past", "")),
        infinitive=_endings(said.get("infinitive", "")),
        impersonal=tuple((first, second) for first, second in said.get("impersonal", ())),
        women=_endings(said.get("women", "")),
        women_too=_endings(said.get("women_too", "")),
        manner=_endings(said.get("manner", "")),
    )


def _shortened(said: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[str, ...]]]:
    """Return by its first two letters what is said in one word, each with that word before it, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for word, full in said.items():
        for meant in [full] if isinstance(full, str) else full:
            found.setdefault(plain(meant)[:2], []).append((plain(word), *map(plain, meant.split())))
    return {beginning: sorted(some, key=len, reverse=True) for beginning, some in found.items()}


def _before_numbers(said: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[str, ...]]]:
    """Return by its first word what is said before a number, each with the word that says the same before it."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for word, others in said.items():
        for other in sorted(others, key=len, reverse=True):
            found.setdefault(plain(other).split()[0], []).append((plain(word), *map(plain, other.split())))
    return found


def _full_names(said: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return how what a name may lack begins, as a first name, with how the name begins that is known without it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for lacking, name in (plain(one).split() for one in said):
        found.setdefault(lacking[:2], []).append((lacking, name))
    return found


def _alike(groups: Iterable[str], stems: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return for each word the one that stands for all that are alike; stems are alike with the same ending."""
    found = {word: group.split()[0] for group in groups for word in group.split()}
    for beginnings, endings in stems:
        first, *others = beginnings.split()
        for ending in endings.split():
            found |= {f"{other}{ending}": f"{first}{ending}" for other in others}
    return found


def _by_first(idioms: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for idiom in idioms:
        found.setdefault(idiom[0], []).append(idiom)
    return found


def _by_word(said: Mapping[str, str]) -> dict[str, float]:
    return {plain(word): float(value) for value, words in said.items() for word in words.split()}


def _endings(said: str) -> tuple[str, ...]:
    return tuple(said.split())


@lru_cache(maxsize=_REMEMBERED)
def poles(word: str, code: str) -> tuple[Pole, ...]:
    """Return on which sides of which opposites a word stands."""
    groups = contrasts_of(code).opposites
    return tuple((n, m) for n, sides in enumerate(groups) for m, side in enumerate(sides) if word in side)


@lru_cache(maxsize=_REMEMBERED)
def synonyms(word: str, code: str) -> frozenset[tuple[str, int]]:
    """Return the sets of words that may stand for this one; a side of opposites is such a set."""
    groups = (("synonyms", n) for n, group in enumerate(contrasts_of(code).synonyms) if word in group)
    return frozenset((*groups, *((f"pole {side}", group) for group, side in poles(word, code))))


def undone(some: Iterable[tuple[str, str]], others: Iterable[str]) -> bool:
    """Tell whether some words, each with its language, undo one of others: "невідомо" and "відомо".

    The others are told by their beginnings.
    """
    begun = {word[:_BEGINNING] for word in others if len(word) >= _LEAST_UNDONE}
    left = (word[len(own) :] for word, code in some for own in contrasts_of(code).undoing if word.startswith(own))
    return any(len(rest) >= _LEAST_UNDONE and rest[:_BEGINNING] in begun for rest in left)


def turned(one: str, other: str, code: str) -> bool:
    """Tell whether a word in the place of another one turns what is said round: "from" for "to"."""
    for sides in contrasts_of(code).turns:
        mine, theirs = ({n for n, side in enumerate(sides) if word in side} for word in (one, other))
        if mine and theirs and not mine & theirs:
            return True
    return False


def interchangeable(one: str, other: str, code: str) -> bool:
    """Tell whether two words that say nothing may stand in each other's place."""
    return any({one, other} <= group for group in contrasts_of(code).swaps)


def opposed(one: Iterable[Sequence[Pole]], other: Iterable[Sequence[Pole]]) -> bool:
    """Tell whether a word of one text stands against a word of the other, and nothing there stands on its side."""
    mine, theirs = {pole for own in one for pole in own}, {pole for own in other for pole in own}
    groups = {group for group, _ in theirs}
    return any(group in groups for group, _ in mine - theirs)
