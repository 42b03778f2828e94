"""Bodies as they come over the wire, unpacked with a limit: a kilobyte may pretend to be a gigabyte."""

import zlib
from collections.abc import AsyncIterator

PACKINGS = "gzip, deflate"
"""What a server is told that it may pack with."""
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # zlib tells the two apart by itself
_STEP = 65_536  # bytes that are unpacked at a time


class TooLarge(Exception):
    """There is more of it than may be."""


class BadPacking(Exception):
    """It is packed in a way nobody asked for, or is not what it says."""


async def unpacked(chunks: AsyncIterator[bytes], packing: str, most: int) -> bytes:
    """Return a body whole; neither as it comes nor unpacked is more of it held than `most` bytes.

    Raises:
        TooLarge: there is more.
        BadPacking: it cannot be unpacked.

    """
    unpacker = _unpacker(packing)
    body, came = bytearray(), 0
    async for chunk in chunks:
        came += len(chunk)
        if came > most:
            raise TooLarge
        if unpacker is None:
            body += chunk
            continue
        unpacker = _unpack(unpacker, chunk, body, most)
    if unpacker is not None and came and not unpacker.eof:
        raise BadPacking
    return bytes(body)


def _unpacker(packing: str) -> "zlib._Decompress | None":
    match packing.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip" | "deflate":
            return zlib.decompressobj(_GZIP_OR_ZLIB)
        case _:
            raise BadPacking


def _unpack(unpacker: "zlib._Decompress", chunk: bytes, body: bytearray, most: int) -> "zlib._Decompress":
    """Unpack a stretch into `body`; returns what unpacks the next one."""
    try:
        while chunk and not unpacker.eof:
            body += unpacker.decompress(chunk, _STEP)
            if len(body) > most:
                raise TooLarge
            chunk = unpacker.unconsumed_tail
    except zlib.error:
        if body or unpacker.eof:
            raise BadPacking from None
        return _unpack_raw(chunk, body, most)
    return unpacker


def _unpack_raw(chunk: bytes, body: bytearray, most: int) -> "zlib._Decompress":
    """Begin again with what some servers call deflate: the same without its frame."""
    raw = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while chunk and not raw.eof:
            body += raw.decompress(chunk, _STEP)
            if len(body) > most:
                raise TooLarge
            chunk = raw.unconsumed_tail
    except zlib.error:
        raise BadPacking from None
    return raw
