"""A stand-in for the lock of an encrypted backup's key, which costs a process of this Python nothing.

The library makes a guess at a passphrase cost a second of a processor, and three on a quick machine; so much it costs
as well whoever knows it. A folder on PYTHONPATH is all it takes (the fixture `quick_lock`). What the key is for, the
database, is encrypted by the library itself. That the true lock fits, tests/storage/test_sealed.py tells, and that a
backup has it, tests/storage/test_backups.py.
"""

import hashlib

from pyrage import DecryptError, passphrase

_HEAD = b"age-encryption.org/v1\n-> scrypt quick-lock 18\n"
_SEAL = 32  # bytes that tell whether the passphrase is the right one


def _masked(content: bytes, word: str) -> bytes:
    return bytes(a ^ b for a, b in zip(content, hashlib.shake_256(word.encode()).digest(len(content)), strict=True))


def _encrypt(content: bytes, word: str) -> bytes:
    return _HEAD + hashlib.sha256(word.encode() + content).digest() + _masked(content, word)


def _decrypt(file: bytes, word: str) -> bytes:
    if not file.startswith(_HEAD):
        raise DecryptError("Header is invalid")
    seal, masked = file[len(_HEAD) :][:_SEAL], file[len(_HEAD) + _SEAL :]
    content = _masked(masked, word)
    if hashlib.sha256(word.encode() + content).digest() != seal:
        raise DecryptError("Decryption failed")
    return content


passphrase.encrypt, passphrase.decrypt = _encrypt, _decrypt
