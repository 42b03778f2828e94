"""The sandbox's page as a person meets it: `python -m bot demo`, a browser, two phones and a ledger."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.browser import PATIENCE, POST, TITLE, Phone

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.thorough]

END = "Проїзд мостом лишається безплатним."


async def _has(message: Locator, words: str) -> None:
    await expect(message).to_contain_text(words, timeout=PATIENCE)


async def _far_from_a_full_hour() -> None:
    """Wait until no digest is near: a hundred of them at once push everything else out of the ledger's table."""
    now = datetime.now(UTC)
    past = now.minute * 60 + now.second
    await asyncio.sleep(3620 - past if past > 3420 else max(0, 20 - past))


async def test_an_article_goes_from_the_editors_phone_to_the_readers_and_opens_in_place(page: Page) -> None:
    await _far_from_a_full_hour()
    reader, editor = Phone(page, "reader"), Phone(page, "editor")
    await reader.starts()
    await reader.taps("Суспільство")
    topics = await reader.sees("Вітаємо! Це Вісник.")
    await expect(topics.get_by_role("button", name="✅ 👥 Суспільство")).to_be_visible(timeout=PATIENCE)
    await expect(topics.get_by_role("button", name="▫️ ⚽ Спорт")).to_be_visible()

    await editor.starts()
    await editor.says(POST)
    draft = await editor.sees(TITLE)
    await expect(draft.get_by_role("button", name="🏷 Суспільство")).to_be_visible()
    await editor.taps("Опублікувати", draft)
    await _has(draft, "Опублікувати?")
    await _has(draft, "Отримають зараз: ")
    await editor.taps("Так, опублікувати", draft)

    headline = await reader.sees(TITLE)
    ledger = page.locator(".ledger-card")
    await expect(ledger.locator("tbody tr").filter(has_text=TITLE).first).to_be_visible(timeout=PATIENCE)
    await expect(headline.locator(".keyboard button")).to_have_text(["Читати", "Ще за темою", "❓ Чому це тут?"])
    await expect(headline).not_to_contain_text(END)
    shown = await reader.messages.count()

    await reader.taps("Читати", headline)
    await _has(headline, END)
    assert await headline.locator(".rich").count() == 1
    await reader.taps("Згорнути", headline)
    await expect(headline).not_to_contain_text(END, timeout=PATIENCE)
    await reader.taps("Ще за темою", headline)
    await _has(headline, "Ковальськ")
    await _has(headline, "2. ")
    await reader.taps("← Назад", headline)
    await expect(headline.get_by_role("button", name="Читати")).to_be_visible(timeout=PATIENCE)
    assert await reader.messages.count() == shown

    await editor.sees("✅ Готово за")

    await expect(ledger.locator("tbody tr").filter(has_text="надіслано").first).to_be_visible()
    sent = ledger.locator("[data-ledger-state=SENT] .count")
    assert int(await sent.inner_text()) > 10
    assert await ledger.locator("[data-ledger-state=QUEUED] .count").inner_text() == "0"


async def test_in_english_a_digest_comes_when_the_clock_is_moved_to_the_hour(page: Page) -> None:
    await page.get_by_role("button", name="ENG", exact=True).click()
    await expect(page).to_have_title("Visnyk: the sandbox")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    reader, editor = Phone(page, "reader", "en"), Phone(page, "editor", "en")
    await expect(reader.root.locator(".caption-text")).to_have_text("Emma reads")
    await reader.starts()
    await reader.sees("Welcome!")
    await reader.says("/schedule hourly")
    await reader.sees("hour")

    await editor.starts()
    await editor.says("Kovalskyi Bridge reopens to lorries\n\nThe last beam of the fourth span was replaced overnight.")
    draft = await editor.sees("Kovalskyi Bridge reopens to lorries")
    await editor.taps("Publish", draft)
    await editor.taps("Yes, publish", draft)
    await editor.sees("✅ Done in")
    assert await reader.messages.filter(has_text="reopens to lorries").count() == 0

    await page.locator(".skip.until").click()
    digest = await reader.sees("Digest")
    await _has(digest, "Kovalskyi Bridge reopens to lorries")
    await reader.taps("1", digest)
    await _has(digest, "The last beam of the fourth span was replaced overnight.")


async def _seconds(page: Page) -> int:
    hours, minutes, seconds = map(int, (await page.locator("#clock").inner_text()).split(":"))
    return hours * 3600 + minutes * 60 + seconds


async def test_the_clock_runs_faster_and_jumps(page: Page) -> None:
    faster = page.get_by_role("button", name="×60", exact=False).first
    await faster.click()
    await expect(faster).to_have_attribute("aria-pressed", "true")
    before = await _seconds(page)
    began = time.monotonic()
    while not 20 <= (await _seconds(page) - before) % 86_400 <= 3600:  # the page puts its clock right every second
        assert time.monotonic() - began < 10, "the clock does not run faster"
        await page.wait_for_timeout(100)
    await page.locator("[data-speed='1']").click()
    await expect(faster).to_have_attribute("aria-pressed", "false")
    await page.wait_for_timeout(1500)  # the page may have been ahead, and puts its clock right every second
    before, began = await _seconds(page), time.monotonic()
    await page.locator(".skip.hour").click()
    while not 3600 <= (await _seconds(page) - before) % 86_400 <= 3660:
        assert time.monotonic() - began < 10, "the clock does not jump"
        await page.wait_for_timeout(100)


async def test_on_a_phone_one_panel_is_seen_at_a_time_and_nothing_is_wider_than_the_screen(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.reload()
    reader = Phone(page, "reader")
    await reader.starts_or_has_started()
    await reader.says("/latest спорт")
    latest = await reader.sees("Останнє: Спорт")
    await reader.taps("1", latest)
    await expect(latest.locator(".rich")).to_be_visible(timeout=PATIENCE)
    tabs = page.locator("nav.tabs")
    for name in ("Редактор", "Журнал", "Читач"):
        await tabs.get_by_role("button", name=name).click()
        await expect(tabs.get_by_role("button", name=name)).to_have_attribute("aria-current", "true")
        assert await page.locator("section.panel:visible").count() == 1
        wide = await page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll("main, .panel, .messages, .lines, .bubble")]
                .filter((node) => node.offsetParent !== null || node === document.documentElement)
                .filter((node) => node.scrollWidth > node.clientWidth + 1 || node.getBoundingClientRect().right > 391)
                .map((node) => node.className || node.tagName)"""
        )
        assert wide == []


async def test_a_reader_who_blocks_the_bot_is_told_so_and_can_come_back(page: Page) -> None:
    reader = Phone(page, "reader")
    menu = reader.root.get_by_role("button", name="Ще", exact=True)
    await menu.click()
    await reader.root.get_by_role("button", name="Заблокувати бота").click()
    await expect(reader.root.locator(".presence")).to_have_text("заблоковано вами")
    await reader.root.locator(".unblock").click()
    await expect(reader.root.locator(".presence")).to_have_text("бот")
