"""News that flows in and out on the demo's page: a site whose feed changes by itself, and a form that goes to the API."""

from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.browser import PATIENCE, Phone

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.thorough]

WIDE = """() => [document.documentElement, ...document.querySelectorAll("main, .panel, .flow-card, .flow-card *")]
    .filter((node) => node.offsetParent !== null || node === document.documentElement)
    .filter((node) => getComputedStyle(node).display !== "inline" && node.scrollWidth > node.clientWidth + 1)
    .map((node) => node.className || node.tagName)"""


async def _goes_on(page: Page) -> None:
    await page.locator(".go-on").click(timeout=PATIENCE)


def _line(page: Page, title: str) -> Locator:
    return page.locator(".flow-lines li").filter(has_text=title)


async def test_news_flows_in_is_corrected_and_flows_out(page: Page) -> None:
    reader, editor = Phone(page, "reader"), Phone(page, "editor")
    await reader.starts_or_has_started()
    await editor.starts_or_has_started()
    await page.locator(".lanes").get_by_role("button", name="Потік новин").click()
    await expect(page.locator(".ledger-card")).to_be_hidden()
    await page.get_by_role("button", name="Додати стрічку").click()
    offer = await editor.sees("У стрічці 3 новини")
    await editor.taps("Публікувати одразу", offer)
    old = _line(page, "З Тиховоди підняли кілометр покинутих сітей")
    await expect(old).to_contain_text("опубліковано", timeout=PATIENCE)
    assert await reader.messages.filter(has_text="покинутих сітей").count() == 0, "what was there is not sent"

    await _goes_on(page)
    headline = await reader.sees("На набережній відкрили причал для байдарок")
    await _goes_on(page)
    await reader.sees("Порт купує електричний кран")
    await _goes_on(page)  # a slip is mended: silently
    await expect(_line(page, "причал для байдарок")).to_contain_text("виправлено", timeout=PATIENCE)
    await reader.taps("Читати", headline)
    await expect(headline).to_contain_text("прямо з води", timeout=PATIENCE)
    await _goes_on(page)  # another number is another matter
    asked = await editor.sees("«Портові вісті» змінює новину")
    await editor.taps("Виправити й сказати читачам", asked)
    await expect(_line(page, "електричний кран")).to_contain_text("виправлено", timeout=PATIENCE)

    out = await _line(page, "електричний кран").locator(".steps a").get_attribute("href")
    assert out is not None
    async with aiohttp.ClientSession() as session, session.get(out) as answer:
        assert "21 мільйон" in await answer.text()
    parts = urlsplit(out)
    async with aiohttp.ClientSession() as session, session.get(f"{parts.scheme}://{parts.netloc}/feed.xml") as answer:
        assert "Порт купує електричний кран" in await answer.text()


async def test_what_the_form_sends_goes_through_the_api_on_a_phone_too(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.locator("[data-lang=en]").click()
    await page.locator("nav.tabs").get_by_role("button", name="Ledger").click()
    await page.locator(".lanes").get_by_role("button", name="News flow").click()
    form = page.locator(".flow-form")
    await form.locator("input").fill("Rope makers open their doors")
    await form.locator("textarea").fill("Everybody may twist a metre of rope.\nIt stays theirs.")
    await form.get_by_role("button", name="To the drafts").click()
    await expect(form).to_contain_text("The API answered 201", timeout=PATIENCE)
    await expect(_line(page, "Rope makers open their doors")).to_contain_text("draft", timeout=PATIENCE)
    await expect(form.locator("input")).to_have_value("")
    assert await page.evaluate(WIDE) == []


async def test_the_demo_may_fetch_from_its_own_site_and_from_nothing_else_here(page: Page, address: str) -> None:
    editor = Phone(page, "editor")
    await editor.starts_or_has_started()
    await editor.says(f"/feeds {address}/")
    answer = await editor.sees("Стрічки не знайдено")
    await expect(answer).to_contain_text(f"Порт {urlsplit(address).port} закритий")
