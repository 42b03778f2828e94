"""What is told of bytes of a feed that make no characters."""

from bot.fetch.damage import damage_in, damage_of

_ROOM = 200  # characters that are stored of it


def test_nothing_is_told_of_no_damage() -> None:
    assert damage_of((), ()) == ""


def test_items_of_both_kinds_are_named_however_long_or_many_they_are() -> None:
    for damaged, spoilt, told in (
        (("Міст",), (), ("Міст", "")),
        ((), ("Міст", "Паром"), ("", "Міст · Паром")),
        (("А", "Б", "В", "Г"), ("",), ("А · Б · +2", "…")),
        (("д" * 99,), ("е" * 40,), (f"{'д' * 40}…", "е" * 40)),
    ):
        assert damage_in(damage_of(damaged, spoilt)) == told
    assert len(damage_of(["д" * 99] * 5000, ["е" * 99] * 5000)) <= _ROOM
