"""Bodies as they come over the wire, unpacked with a limit: a kilobyte may pretend to be a gigabyte."""

import zlib
from collections.abc import AsyncIterator

PACKINGS = "gzip, deflate"
"""What a server is told that it may pack with."""
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # zlib tells the two apart by itself
_GZIP = b"\x1f\x8b"
_STEP = 65_536  # bytes that are unpacked at a time
_MOST_PARTS = 1_000


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
    unpacker = _unpacker(packing, most)
    body, came = bytearray(), 0
    async for chunk in chunks:
        came += len(chunk)
        if came > most:
            raise TooLarge
        if unpacker is None:
            body += chunk
        else:
            unpacker.take(chunk)
    if unpacker is None or not came:
        return bytes(body)
    if not unpacker.is_whole:
        raise BadPacking
    return bytes(unpacker.body)


def _unpacker(packing: str, most: int) -> "_Unpacker | None":
    match packing.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip" | "deflate":
            return _Unpacker(most)
        case _:
            raise BadPacking


class _Unpacker:
    """Unpacks what comes: gzip, of which several parts may stand one behind the other (RFC 1952, 2.2), or deflate.

    What else stands behind the end is nothing: some servers fill up with noughts.
    """

    def __init__(self, most: int) -> None:
        self.body = bytearray()
        self._most = most
        self._parts = 0
        self._part: zlib._Decompress | None = None
        self._begun = b""  # of the next part: two bytes tell what it is
        self._over = False

    @property
    def is_whole(self) -> bool:
        """Whether what has come ends where something packed does."""
        return self._parts > 0 and self._part is None

    def take(self, chunk: bytes) -> None:
        """Unpack the next stretch."""
        rest = self._begun + chunk
        while not self._over and (self._part is not None or len(rest) >= len(_GZIP)):
            if self._part is None and not self._begin(rest):
                return
            rest = self._unpack(rest)
            if self._part is not None:  # it goes on with the next stretch
                rest = b""
                break
        self._begun = rest

    def _begin(self, start: bytes) -> bool:
        """Begin the next part; returns whether there is one."""
        if self._parts and not start.startswith(_GZIP):
            self._over = True
            return False
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadPacking
        self._part = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            self._part.copy().decompress(start[: len(_GZIP)])
        except zlib.error:  # what some servers call deflate is without its frame
            self._part = zlib.decompressobj(-zlib.MAX_WBITS)
        return True

    def _unpack(self, chunk: bytes) -> bytes:
        """Unpack a stretch of the part that has begun; returns what stands behind the part."""
        part = self._part
        assert part is not None
        try:
            full = False  # then there may be more, though all that came is taken
            while (chunk or full) and not part.eof:
                piece = part.decompress(chunk, _STEP)
                self.body += piece
                if len(self.body) > self._most:
                    raise TooLarge
                chunk, full = part.unconsumed_tail, len(piece) == _STEP
        except zlib.error:
            raise BadPacking from None
        if not part.eof:
            return b""
        self._part = None
        return part.unused_data
