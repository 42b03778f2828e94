"""An encrypted backup: a tar of the database as an age file, of the key that opens it, and of a note that says how.

Each backup has a key of its own, which stands in it encrypted with the passphrase: so the database is encrypted piece
by piece, however large it is, and whoever has the passphrase needs `tar` and `age` and nothing of ours
(age-encryption.org/v1; an identity file that is encrypted is what age asks a passphrase for).

The work is done by a process of its own, this file: the library holds Python's lock for seconds, and a bot that stops
waits for no thread. It imports nothing of ours.
"""

import asyncio
import io
import json
import os
import sys
import tarfile
import time
from asyncio.subprocess import PIPE
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from pyrage import DecryptError, decrypt_io, encrypt_io, passphrase, x25519

_NOTE, _KEY, _BODY = "README.txt", "key.age", "visnyk.db.age"
_SAYS = b"""A backup of Visnyk, encrypted. With the program: python -m bot restore FILE
Without it: tar xf FILE && age -d -i key.age -o visnyk.db visnyk.db.age (it asks for the passphrase)
"""
_BLOCK = 512
_LONGEST_KEY = 10_000
_STRONG = 16  # the logarithm of the work that a guess costs: a tenth of a second or more
_TRIES = 5  # at that; a machine that is really slow takes a second for each
_TRIALS, _PAUSE = 100, 0.1  # of the library's where it opens, and seconds between them


class WrongPassphrase(Exception):
    """The passphrase does not open the backup."""


class Damaged(Exception):
    """The file is not as it was written; the text says where."""


class TooSlow(Exception):
    """This machine would need very long to open the backup, which a much faster one made."""


def is_sealed(path: Path) -> bool:
    """Tell whether a file looks like an encrypted backup; raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_NOTE) + 1) == f"{_NOTE}\0".encode()


async def seal(plain: Path, to: Path, word: str) -> None:
    """Encrypt a file with a passphrase into another, for its owner's eyes only.

    Raises:
        OSError: it could not be written.

    """
    await _elsewhere("seal", plain, to, word)


async def unseal(sealed: Path, to: Path, word: str) -> None:
    """Decrypt a backup into a file, for its owner's eyes only.

    Raises:
        WrongPassphrase: the passphrase is another.
        Damaged: it is not whole, or was changed.
        TooSlow: this machine is no match for the one that made it.
        OSError: it could not be read, or the other not be written.

    """
    await _elsewhere("unseal", sealed, to, word)


async def _elsewhere(act: str, source: Path, to: Path, word: str) -> None:
    """Have the process do it; whoever is cancelled ends it. The passphrase is in no list of processes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", __file__, act, str(source), str(to), stdin=PIPE, stdout=PIPE
    )
    said = b""
    try:
        with suppress(RuntimeError):  # what uvloop says when it has ended before it was told anything
            said, _ = await process.communicate(word.encode())
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()  # its pipes are closed before the loop is
    failed = json.loads(said or '{"kind": "OSError", "says": "the process that encrypts was ended"}')
    match failed["kind"]:
        case "":
            return
        case "WrongPassphrase":
            raise WrongPassphrase
        case "Damaged":
            raise Damaged(failed["says"])
        case "TooSlow":
            raise TooSlow(failed["says"])
    raise OSError(failed.get("errno"), failed["says"])


def _main() -> int:
    act, source, to = sys.argv[1:]
    with suppress(OSError):
        os.nice(10)  # it can wait; whoever is to be answered cannot
    failed: dict[str, object] = {"kind": "", "says": ""}
    try:
        (_seal if act == "seal" else _unseal)(Path(source), Path(to), sys.stdin.buffer.read().decode())
    except (WrongPassphrase, Damaged, TooSlow) as error:
        failed = {"kind": type(error).__name__, "says": str(error)}
    except OSError as error:
        failed = {"kind": "OSError", "says": str(error.strerror or error), "errno": error.errno}
    sys.stdout.write(json.dumps(failed))
    return 0


def _seal(plain: Path, to: Path, word: str) -> None:
    identity = x25519.Identity.generate()
    with (
        plain.open("rb", buffering=0) as source,
        os.fdopen(os.open(to, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as target,
    ):
        _put(target, _NOTE, _SAYS)
        _put(target, _KEY, locked(f"{identity}\n".encode(), word))
        start = target.tell()
        target.write(bytes(_BLOCK))
        encrypt_io(source, target, [identity.to_public()])
        target.seek(0, io.SEEK_END)
        size = target.tell() - start - _BLOCK
        target.write(bytes(-size % _BLOCK + 2 * _BLOCK))  # two empty blocks end a tar
        target.seek(start)
        target.write(_head(_BODY, size))


def locked(content: bytes, word: str, encrypt: Callable[[bytes, str], bytes] = passphrase.encrypt) -> bytes:
    """Encrypt with a passphrase, strongly.

    The library chooses how much work a guess is to cost by one trial of a few milliseconds: where another process took
    the machine just then, it takes it for a slow one and the passphrase is cheap to guess.
    """
    best = b""
    for _ in range(_TRIES):
        best = max(best, encrypt(content, word), key=_work)
        if _work(best) >= _STRONG:
            break
    return best


def _work(file: bytes) -> int:
    """Return the logarithm of the work by the form of age: the second line is `-> scrypt`, the salt, and it."""
    return int(file.split(b"\n", 2)[1].rsplit(b" ", 1)[1]) if file else 0


def opened(file: bytes, word: str, decrypt: Callable[[bytes, str], bytes] = passphrase.decrypt) -> bytes:
    """Decrypt what a passphrase encrypted.

    The same trial decides whether the library thinks this machine quick enough. So it is asked again: of the
    trials the quickest is right.

    Raises:
        DecryptError: the passphrase is another, or the file was changed.
        TooSlow: by each trial it would take very long.

    """
    for _ in range(_TRIALS):
        try:
            return decrypt(file, word)
        except DecryptError as error:
            if not str(error).startswith("Excessive work"):
                raise
            says = str(error)
        time.sleep(_PAUSE)
    raise TooSlow(says)


def _put(target: IO[bytes], name: str, content: bytes) -> None:
    target.write(_head(name, len(content)) + content + bytes(-len(content) % _BLOCK))


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _unseal(sealed: Path, to: Path, word: str) -> None:
    try:
        with tarfile.open(sealed, "r:") as tar:
            identity = _identity(tar, word)
            with (
                _member(tar, _BODY) as body,
                os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target,
            ):
                decrypt_io(body, target, [identity])
    except (tarfile.TarError, DecryptError, EOFError, ValueError) as error:
        raise Damaged(str(error)) from error
    except OSError as error:
        if error.errno is None:  # age's own: a piece was changed or is missing
            raise Damaged(str(error)) from error
        raise


def _identity(tar: tarfile.TarFile, word: str) -> x25519.Identity:
    with _member(tar, _KEY) as file:
        key = file.read(_LONGEST_KEY)
    try:
        return x25519.Identity.from_str(opened(key, word).decode().strip())
    except DecryptError as error:
        if "Decryption failed" in str(error):
            raise WrongPassphrase from error
        raise


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise Damaged(f"there is no {name} in it")
    return found


if __name__ == "__main__":
    raise SystemExit(_main())
