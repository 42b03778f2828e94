"""Words that say nothing about what a text is about, as they stand after normalisation: one file a language."""

from pathlib import Path

_FOLDER = Path(__file__).parent

ALL = frozenset(word for file in _FOLDER.glob("*.txt") for word in file.read_text(encoding="utf-8").split())
