"""The sandbox's page in headless Chromium, and the two phones on it."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.support.process import Process

PATIENCE = 60_000  # milliseconds, on a busy machine
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LABELS = {"uk": {"start": "ПОЧАТИ", "send": "Надіслати"}, "en": {"start": "START", "send": "Send"}}

TITLE = "Ковальський міст у Надріччі відкрили всіма чотирма смугами"
POST = f"""{TITLE}
Транспорт повертається на міст після чотирьох місяців ремонту, мешканці міста більше не стоять у чергах

Останню балку четвертого прогону замінили вночі, повідомила інженерка управління мостів Зоряна Криничар.

Пором «Гончар» повернувся на пристань біля Гончарівки. Проїзд мостом лишається безплатним."""


class NoBrowser(Exception):
    """There is no Chromium to be had here."""


def chromium() -> str:
    """Return where the system's Chromium is; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise NoBrowser("there is no chromium on the PATH (Debian: apt install chromium)")
    return found


@asynccontextmanager
async def open_demo(folder: Path) -> AsyncIterator[str]:
    """Start `python -m bot demo` on a free port, with everything it keeps in `folder`; gives its page's address."""
    process = Process({"TMPDIR": str(folder)}, folder / "demo.log", ("demo", "--port", "0"))
    await process.start()
    try:
        written = await process.says("Ctrl+C")
        found = re.search(r"http://127\.0\.0\.1:\d+", written)
        assert found is not None, written
        yield found.group()
    finally:
        assert await process.stop() == 0, process.log.read_text(encoding="utf-8")


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


class Phone:
    """One of the phones on the page: `role` is reader or editor."""

    def __init__(self, page: Page, role: str, language: str = "uk") -> None:
        self.root = page.locator(f"[data-role={role}]")
        self.messages = self.root.locator("article.message")
        self._labels = LABELS[language]

    async def starts(self) -> None:
        await self.root.get_by_role("button", name=self._labels["start"]).click()
        await expect(self.messages.nth(1)).to_be_visible(timeout=PATIENCE)

    async def starts_or_has_started(self) -> None:
        """Start unless another test has: they share one demo, in any order."""
        started = self.root.locator("textarea")
        await expect(self.root.locator("textarea, button.start").filter(visible=True)).to_have_count(
            1, timeout=PATIENCE
        )
        if not await started.is_visible():
            await self.starts()

    async def says(self, text: str) -> None:
        send = self.root.get_by_role("button", name=self._labels["send"], exact=True)
        for _ in range(20):  # a page that has just been loaded may empty the box once more
            await self.root.locator("textarea").fill(text)
            await asyncio.sleep(0.1)
            if await send.is_enabled():
                break
        await send.click()

    async def taps(self, label: str, message: Locator | None = None) -> None:
        """Press a button, on the newest message that has it unless another is named."""
        within = message or self.messages
        await within.locator(".keyboard button").filter(has_text=label).last.click(timeout=PATIENCE)

    async def sees(self, words: str) -> Locator:
        """Wait for a message of the bot with these words; returns the newest, whatever it will say later."""
        message = self.root.locator("article.message.in").filter(has_text=words).last
        await expect(message).to_be_visible(timeout=PATIENCE)
        number = await message.get_attribute("data-message-id")
        return self.root.locator(f'[data-message-id="{number}"]')
