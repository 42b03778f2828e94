"""Makes the pictures of the documents anew, from the demo in a browser: `make pictures`.

Each is a phone's screen, in each language, as small as can be read well: what the reader and the editor see, the public
page, and a terminal. `ARGS="en reader feeds"` makes only these.
"""

import asyncio
import base64
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from bot.text.phrasebook import phrases
from tests.support.browser import PATIENCE, POST, Phone, open_browser, open_demo
from tests.support.process import ROOT, Process

FOLDER = ROOT / "docs" / "pictures"
MOST = 80_000  # bytes of one
_PHONE, _DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
_TALL = {"width": 390, "height": 1300}  # a window in which every message is seen whole; none is higher than a phone
_ALONE = """(nodes) => {
    const kept = new Set(nodes);
    document.querySelectorAll("article.message, .day, .to-bottom").forEach((node) => {
        node.style.visibility = kept.has(node) ? "" : "hidden";
    });
}"""
_POSTS = {
    "uk": POST,
    "en": """Kovalsky Bridge in Nadrichchia reopens with all four lanes
Traffic is back after four months of repairs, and nobody has to queue for the ferry any more

The last beam of the fourth span was put in overnight, said Zoriana Krynychar, who is in charge of the repairs.

The ferry Honchar returns to its pier at seven in the morning. Crossing the bridge stays free.""",
}
_CHANGED = {"uk": ("замінили вночі", "замінили на світанку"), "en": ("at seven", "at eight")}
_NEXT = {
    "uk": """Порт Надріччя купує електричний кран
Старий дизельний віддадуть музею

Кран приїде навесні й працюватиме вдвічі тихіше за старий, каже начальник порту.""",
    "en": """The port of Nadrichchia buys an electric crane
The old diesel one goes to a museum

The crane arrives in spring and will be half as loud as the old one, the head of the port says.""",
}
_TABLE = {
    "uk": """id;заголовок;текст;дата;теми
17;Пором повертається на пристань;Ходитиме щогодини.;24 листопада 2026 року о 10:00;Транспорт
18;Ліцеїсти знайшли монету;Їй триста років.;31.02.2026;Наука
19;;;;
""",
    "en": """id,title,text,date,topics
17,The ferry returns to its pier,It sails every hour.,"Nov 24, 2026 10 AM",Transport
18,Pupils find a coin,It is three hundred years old.,2026-02-31,Science
19,,,,
""",
}
_TYPED = {
    "uk": ("import archive.csv", "search пором", "backup copies", "restore --check BACKUP"),
    "en": ("import archive.csv", "search ferries", "backup copies", "restore --check BACKUP"),
}
_TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #14233d; color: #e8edf6; font: 13px/1.45 "DejaVu Sans Mono", monospace; padding: 14px }}
pre {{ margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }} b {{ color: #ffc978; font-weight: 600 }}
</style><pre>{lines}</pre>"""


@dataclass(slots=True)
class Studio:
    """A demo in one language with its two phones, and where pictures go; `wanted` names those to keep, empty: all."""

    page: Page
    language: str
    address: str
    folder: Path
    wanted: set[str]

    @property
    def reader(self) -> Phone:
        return Phone(self.page, "reader", self.language)

    @property
    def editor(self) -> Phone:
        return Phone(self.page, "editor", self.language)

    def label(self, key: str, **values: str | int) -> str:
        return phrases(self.language)(key, **values)

    async def answer(self, phone: Phone, text: str) -> Locator:
        """Say something, and return the message that answers it."""
        known = await phone.messages.last.get_attribute("data-message-id") or "0"
        await phone.says(text)
        answers = phone.root.locator("article.message.in")
        while int(number := await answers.last.get_attribute("data-message-id") or "0") <= int(known):
            await self.page.wait_for_timeout(100)
        return phone.root.locator(f'[data-message-id="{number}"]')

    async def turn_to(self, panel: str) -> None:
        await self.page.locator(f"nav.tabs [data-panel={panel}]").click()

    async def keep(self, name: str, shown: Locator | None = None, room: int = 12) -> None:
        """Take a picture of what is shown, alone, with a little room around it, else of the window; as WebP."""
        if self.wanted and name not in self.wanted:
            return
        await self.page.wait_for_timeout(1500)  # toasts and motions come to rest
        viewport = self.page.viewport_size
        assert viewport is not None
        clip = {"x": 0.0, "y": 0.0, "width": float(viewport["width"]), "height": float(viewport["height"])}
        if shown is not None:
            await shown.evaluate_all(_ALONE)
            await shown.first.evaluate("node => node.scrollIntoView({block: 'end'})")
            box = await shown.first.bounding_box()
            assert box is not None
            top = max(0.0, box["y"] - room)
            clip |= {"y": top, "height": min(box["height"] + 2 * room, clip["height"] - top)}
            assert clip["height"] <= _PHONE["height"], f"{name} is {clip['height']} high"
        session = await self.page.context.new_cdp_session(self.page)
        for quality in (80, 65, 50, 35):
            options = {
                "format": "webp",
                "quality": quality,
                "clip": {**clip, "scale": 1 if viewport["width"] == _PHONE["width"] else 0.7},
            }
            taken = base64.b64decode((await session.send("Page.captureScreenshot", options))["data"])
            if len(taken) < MOST:
                break
        if shown is not None:
            await self.page.locator("article.message, .day, .to-bottom").evaluate_all(_ALONE)
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{name}.webp"
        file.write_bytes(taken)
        print(f"{file.relative_to(ROOT)}: {len(taken) // 1000} kB, quality {quality}", file=sys.stderr)


async def _published(studio: Studio, text: str) -> None:
    editor = studio.editor
    await editor.says(text)
    draft = await editor.sees(text.splitlines()[0])
    await editor.taps(studio.label("desk-publish"), draft)
    await editor.taps(studio.label("confirm-yes"), draft)


async def _sides(studio: Studio) -> None:
    """The whole demo, both phones and the ledger, while a send goes on; and what the reader gets."""
    reader, editor, text = studio.reader, studio.editor, _POSTS[studio.language]
    await reader.starts()
    await reader.taps(studio.label("only-language", code=studio.language, language=""))
    await editor.starts()
    await _published(studio, text)
    headline = await reader.sees(text.splitlines()[0])
    await reader.taps(studio.label("button-read"), headline)
    await expect(headline).to_contain_text(text.splitlines()[-1][:30], timeout=PATIENCE)
    await editor.sees("✅")
    await studio.page.wait_for_timeout(2000)
    await studio.keep("demo")
    await studio.page.set_viewport_size(_TALL)  # from now on one phone fills the window
    await studio.turn_to("reader")
    await studio.keep("article", headline)


async def _planned(studio: Studio) -> None:
    """A draft, the plan for it, and the push it becomes."""
    editor, reader, text = studio.editor, studio.reader, _NEXT[studio.language]
    title = text.splitlines()[0]
    await studio.turn_to("editor")
    await editor.says(text)
    draft = await editor.sees(title)
    await studio.keep("draft", draft)
    await editor.taps(studio.label("desk-schedule"), draft)
    await editor.taps(studio.label("preset-t8"), draft)
    await expect(draft).to_contain_text("🕒", timeout=PATIENCE)
    await studio.keep("scheduled", draft)
    await editor.taps(studio.label("button-open"), draft)
    await editor.taps(studio.label("desk-publish"), draft)
    await editor.taps(studio.label("confirm-yes"), draft)
    await studio.turn_to("reader")
    push = await reader.sees(title)
    await studio.keep("push", push)


async def _corrected(studio: Studio) -> None:
    """A correction with what it changes, before it goes out."""
    editor = studio.editor
    was, now = _CHANGED[studio.language]
    await studio.turn_to("editor")
    sent = await editor.sees(_POSTS[studio.language].splitlines()[0])
    await editor.taps(studio.label("desk-fix"), sent)
    await editor.taps(studio.label("change-body"), sent)
    await editor.says(f"{was} -> {now}")
    proposed = await editor.sees(studio.label("change-what"))
    await studio.keep("correction", proposed)


async def _chosen(studio: Studio) -> None:
    """What the reader looks things up and sets with: the latest, the settings, a digest."""
    reader = studio.reader
    await studio.turn_to("reader")
    await studio.keep("latest", await studio.answer(reader, "/latest"))
    await studio.answer(reader, "/schedule 19:00")
    await studio.keep("settings", await studio.answer(reader, "/settings"))


async def _flows(studio: Studio) -> None:
    """A feed that the newsroom follows, what the owner is told of everything, and a public page."""
    page, editor = studio.page, studio.editor
    await studio.turn_to("ledger")
    await page.locator(".lanes [data-lane=flow]").click()
    await page.locator(".add-feed").click(timeout=PATIENCE)
    await studio.turn_to("editor")
    offer = await editor.sees(studio.label("feed-mode-publish"))
    await editor.taps(studio.label("feed-mode-publish"), offer)
    await studio.keep("feeds", await studio.answer(editor, "/feeds"))
    await studio.keep("status", await studio.answer(editor, "/status"))
    await studio.turn_to("ledger")
    for _ in range(2):  # the site brings something new
        await page.locator(".go-on").click(timeout=PATIENCE)
        await page.wait_for_timeout(3000)
    out = await page.locator(".flow-lines .steps a").first.get_attribute("href", timeout=PATIENCE)
    await studio.turn_to("reader")
    await studio.answer(studio.reader, "/digest")
    await studio.keep(
        "digest", await studio.reader.sees(studio.label("digest-title", time="", n=2).split(" ")[0] + " · ")
    )
    assert out is not None
    await page.set_viewport_size(_PHONE)
    await page.goto(out)
    await studio.keep("page")


async def _terminal(studio: Studio) -> None:
    """A terminal: an archive is taken in, looked through, backed up; how the newsroom stands."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "archive.csv").write_text(_TABLE[studio.language], encoding="utf-8")
        for number, typed in enumerate(_TYPED[studio.language]):
            backup = next((f"copies/{one.name}" for one in (place / "copies").glob("*.db")), "")
            command = typed.replace("BACKUP", backup).split()
            process = Process({"LANGUAGE": studio.language}, place / f"{number}.log", tuple(command))
            await process.start()
            await process.ends()
            said = process.log.read_text(encoding="utf-8").strip()
            lines.append(f"<b>$ python -m bot {escape(' '.join(command))}</b>\n{escape(said)}")
    await studio.page.set_content(_TERMINAL.format(lines="\n\n".join(lines)))
    await studio.keep("terminal", studio.page.locator("pre"), room=14)


SCENES: list[Callable[[Studio], Awaitable[None]]] = [_sides, _planned, _corrected, _chosen, _flows, _terminal]


@asynccontextmanager
async def _studio(language: str, wanted: set[str]) -> AsyncIterator[Studio]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_demo(Path(folder)) as address, open_browser() as browser:
            page = await browser.new_page(viewport=_DESKTOP, device_scale_factor=2, locale=language)
            await page.goto(address)
            await page.locator(f"[data-lang={language}]").click()
            yield Studio(page, language, address, FOLDER / language, wanted)


async def take(languages: list[str], wanted: set[str]) -> None:
    """Go through all scenes in each language; what is named, or everything, is kept."""
    for language in languages:
        async with _studio(language, wanted) as studio:
            for scene in SCENES:
                await scene(studio)


if __name__ == "__main__":
    named = set(sys.argv[1:])
    asyncio.run(take(sorted(named & set(_POSTS)) or list(_POSTS), named - set(_POSTS)))
