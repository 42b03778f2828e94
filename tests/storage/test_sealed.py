"""An encrypted backup's key where the speed of the machine is misjudged: the library tries it for milliseconds."""

import re
from collections.abc import Callable, Iterable

import pytest
from pyrage import DecryptError, passphrase

from storage.engine import sealed
from storage.engine.sealed import TooSlow, locked, opened

SLOW = DecryptError("Excessive work parameter for passphrase.\nDecryption would take around \u206832\u2069 seconds.")
WRONG = DecryptError("Decryption failed")


def _saying(*answers: bytes | DecryptError) -> Callable[[bytes, str], bytes]:
    """Return a library that answers these in a row, the last one ever after."""
    row = list(answers)

    def answer(_: bytes, __: str) -> bytes:
        said = row.pop(0) if len(row) > 1 else row[0]
        if isinstance(said, DecryptError):
            raise said
        return said

    return answer


def _of(works: Iterable[int]) -> tuple[bytes, ...]:
    return tuple(b"age-encryption.org/v1\n-> scrypt sUjGcTFBSDtmfbEWHOA0bA %d\nbody" % work for work in works)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "_PAUSE", 0)


@pytest.mark.parametrize("times", [0, 1, 30])
def test_a_machine_that_was_busy_for_a_moment_opens_its_backup_all_the_same(times: int) -> None:
    assert opened(b"file", "word", _saying(*[SLOW] * times, b"key")) == b"key"


def test_another_passphrase_is_said_at_once() -> None:
    with pytest.raises(DecryptError, match="Decryption failed"):
        opened(b"file", "word", _saying(WRONG, b"key"))


@pytest.mark.thorough
def test_the_true_lock_tells_another_passphrase_and_a_much_faster_machine_by_its_words() -> None:
    made = locked(b"key", "word")
    assert opened(made, "word") == b"key"
    with pytest.raises(DecryptError, match="Decryption failed"):  # by these words another passphrase is known
        opened(made, "sword")
    with pytest.raises(TooSlow, match="Excessive work"):
        opened(re.sub(rb" \d+\n", b" 40\n", made, count=1), "word", passphrase.decrypt)


@pytest.mark.parametrize(
    ("works", "kept"), [([18], 18), ([12, 18], 18), ([12, 14, 13, 16, 20], 16), ([11, 15, 11, 11, 11, 18], 15)]
)
def test_a_moments_load_makes_no_passphrase_cheap_to_guess(works: list[int], kept: int) -> None:
    assert locked(b"key", "word", _saying(*_of(works))) == _of([kept])[0]
