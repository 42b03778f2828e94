"""Reading what people type."""


def number_in(text: str | None) -> int | None:
    """Return the number somebody typed: "123", "#123"; None for anything else."""
    digits = (text or "").strip().lstrip("#№").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
