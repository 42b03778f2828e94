"""Makes the README's picture anew: `python -m tests.browser.screenshot docs/screenshot.png`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import expect

from tests.support.browser import PATIENCE, POST, TITLE, Phone, open_browser, open_demo


async def take(file: str) -> None:
    """Sit down as reader and editor, publish, and take a picture while the send goes on."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_demo(Path(folder)) as address, open_browser() as browser:
            page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="uk-UA")
            await page.goto(address)
            reader, editor = Phone(page, "reader"), Phone(page, "editor")
            await reader.starts()
            await editor.starts()
            await editor.says(POST)
            draft = await editor.sees(TITLE)
            await editor.taps("Опублікувати", draft)
            await editor.taps("Так, опублікувати", draft)
            headline = await reader.sees(TITLE)
            await reader.taps("Читати", headline)
            await expect(headline).to_contain_text("лишається безплатним", timeout=PATIENCE)
            await editor.sees("✅ Готово")
            await page.wait_for_timeout(3000)  # toasts and motions come to rest
            await page.screenshot(path=file)


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1]))
