"""Pictures: what one is, by what it holds."""

from dataclasses import dataclass

_JPEG, _PNG, _RIFF, _WEBP = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"WEBP"
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
"""What is taken, and how the names of such files end."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its kind, one of `EXTENSIONS`, and its bytes."""

    kind: str
    content: bytes


def picture_of(content: bytes) -> Picture | None:
    """Return the picture that these bytes are, whatever anybody calls them; None when they are none that is taken."""
    if content.startswith(_JPEG):
        return Picture("image/jpeg", content)
    if content.startswith(_PNG):
        return Picture("image/png", content)
    if content.startswith(_RIFF) and content[8:12] == _WEBP:
        return Picture("image/webp", content)
    return None
