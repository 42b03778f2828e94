"""Reading what people type."""

import re

_LINK = re.compile(r"[?&]start=a_(\d{1,15})(?![\w-])", re.ASCII)


def article_in(text: str | None) -> int | None:
    """Return the article somebody names by its number or by a link to it in this bot; None for anything else."""
    found = _LINK.search(text or "")
    return int(found[1]) if found else number_in(text)


def number_in(text: str | None) -> int | None:
    """Return the number somebody typed: "123", "#123"; None for anything else."""
    digits = (text or "").strip().lstrip("#№").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
