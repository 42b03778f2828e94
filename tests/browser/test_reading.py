"""The page reads the sandbox's state anew whenever it is connected again: what happens meanwhile is not lost."""

import asyncio

import pytest
from playwright.async_api import Browser, Route, expect

from tests.support.browser import PATIENCE
from tests.support.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.thorough]

# What happens is said by the test: the page listens to this one.
_SOURCE = "window.EventSource = class extends EventTarget { constructor() { super(); window.source = this; } };"
_HAPPENS = """async () => {
  const { roles, bot } = await (await fetch("/sim/state?now")).json();
  const chat = roles.reader.uk;
  const message = { message_id: 900001, date: 1, chat: { id: chat, type: "private" }, from: bot, text: "Між двома" };
  source.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ kind: "message", chat, message }) }));
}"""


async def test_of_two_readings_at_once_the_older_takes_nothing_away(browser: Browser, address: str) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="uk-UA")
    page = await context.new_page()
    await page.add_init_script(_SOURCE)
    asked: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def hold(route: Route) -> None:
        read, gate = await route.fetch(), asyncio.Event()
        asked.put_nowait(gate)
        await gate.wait()
        await route.fulfill(response=read)

    await page.route("**/sim/state", hold)
    await page.goto(address)
    await until(lambda: page.evaluate("Boolean(window.source)"), "the page asks for nothing")  # the page forbids `eval`
    gates = []
    for _ in range(2):
        await page.evaluate("source.dispatchEvent(new Event('open'))")
        gates.append(await asked.get())
    for gate, then in zip(gates, (_HAPPENS, "() => 0"), strict=True):
        async with page.expect_response(lambda response: response.url.endswith("/sim/state")):
            gate.set()
        await page.evaluate("() => new Promise((drawn) => setTimeout(drawn, 100))")
        await page.evaluate(then)
    said = page.locator("[data-role=reader] article.message").filter(has_text="Між двома")
    await expect(said).to_be_visible(timeout=PATIENCE)
    await context.close()
