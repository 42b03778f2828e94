"""Files that were packed with gzip, as servers send them and archives keep them: unpacked within bounds."""

import zlib

_MARK = b"\x1f\x8b"
_GZIP = 31  # what zlib calls a stream of gzip's
ENDING = ".gz"


def is_packed(content: bytes) -> bool:
    """Tell whether a file is packed, by how it begins."""
    return content.startswith(_MARK)


def unpacked(content: bytes, most: int) -> bytes:
    """Return at most so many bytes of what was packed; of a file that was cut off or damaged, what is before that."""
    found = bytearray()
    while is_packed(content) and len(found) < most:
        unpacker = zlib.decompressobj(_GZIP)
        try:
            found += unpacker.decompress(content, most - len(found))
        except zlib.error:
            break
        content = unpacker.unused_data  # one file may be several, one behind the other
    return bytes(found)
