"""One word of a text, as it is laid beside another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word, a number or a unit. `key` is what is compared first; numbers begin with "#".

    `capital` is set where a capital letter is no matter of course, `opens` where it is: at the beginning of a sentence,
    after a colon, in a headline that is written in capitals. `before` are the marks between it and the word before.
    `code` is the language its meaning is looked up in.
    """

    key: str
    code: str
    sentence: int
    before: str = ""
    capital: bool = False
    opens: bool = False
    spelt: bool = False  # a number in letters
    quiet: bool = False  # part of an idiom that says nothing of its own
    year: bool = False  # two figures that say a year: "62 року", "Євро-24"
    post: bool = False  # says of whom or what somebody is the head: "міністр енергетики", "energy minister"

    @property
    def number(self) -> bool:
        """Whether it is a number."""
        return self.key.startswith("#")
