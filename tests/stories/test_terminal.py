"""`python -m bot demo --terminal`: the whole product at one terminal, for machines without a browser."""

import signal
from pathlib import Path

import pytest

from tests.support.process import Process

pytestmark = pytest.mark.thorough

WORDS = {
    "uk": ("Вітаємо! Це Вісник.", "✅ Опублікувати", "Так, опублікувати", "Читати"),
    "en": ("Welcome! This is Visnyk.", "✅ Publish", "Yes, publish", "Read"),
}
TITLE = "Kovalskyi Bridge reopens"
END = "The ferry is back at its pier."


def _number(written: str, label: str) -> str:
    """Return the number of the last button with that label."""
    line = next(line for line in reversed(written.splitlines()) if line.strip("│ ").endswith(f"] {label}"))
    return line[line.index("[") + 1 : line.index("]")]


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_two_people_at_one_terminal(language: str, tmp_path: Path) -> None:
    welcome, publish, yes, read = WORDS[language]
    settings = {"TMPDIR": str(tmp_path), "COLUMNS": "160"}
    port = {"uk": "0", "en": "65535"}[language]  # beside the last one there is none for the site
    process = Process(settings, tmp_path / "demo.log", ("demo", "--terminal", "--port", port, "--language", language))
    await process.start()
    try:
        assert "r <text>" in await process.says("Visnyk")
        await process.says(welcome)
        await process.types(f"e /post {TITLE}\\")
        await process.types("\\")
        await process.types(END)
        await process.types(f"e {_number(await process.says(publish), publish)}")
        await process.types(f"e {_number(await process.says(yes), yes)}")
        written = await process.says(f"] {read} ")
        assert TITLE in written
        assert END not in written, "first the headline"
        await process.types(f"r {_number(written, read)}")
        await process.says(END)
        await process.types("what?")
        await process.says("r <text>", times=2)
        await process.types(f"r {'слово ' * 12_000}")  # a page that was pasted: more than one read of a pipe brings
        await process.types("what?")
        await process.says("r <text>", times=3)
        if language == "uk":
            await process.types("q")
        else:
            process.signal(signal.SIGTERM)  # nobody has to press a key for that
        assert await process.ends(30) == 0, process.log.read_text(encoding="utf-8")
    finally:
        await process.kill()
    written = process.log.read_text(encoding="utf-8")
    assert "Traceback" not in written
