"""What people can do on the sandbox's page: send anything, act on messages, meet in groups, start over."""

import json
import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.browser import PATIENCE, Phone

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.thorough]

SAMPLES = {
    "Альбом із трьох фото": ("Три краєвиди Надріччя після повені", "3 вкладення"),
    "Відео з підписом": ("Ліцеїсти показали розкоп під мурами", "Вісник"),
    "Наліпку": ("Такі повідомлення бот не читає", ""),
    "Сторінку агенції": ("Міська рада Надріччя підтримала новий маршрут порома", "Агенція Узбережжя"),
    "Текст на кілька повідомлень": ("Звіт про рік: що змінилося на Гончарівці", "повідомлень"),
    "Допис каналу": ("Пором «Гончар» ходитиме до опівночі", "Порт Надріччя"),
    "Слова людини": ("Черговий насос на Гончарівці полагодили", "Зоряна Криничар"),
    "Слова прихованої людини": ("На Ставковій знову темно", "Сусід із Гончарівки"),
    "Допис від імені групи": ("Толока на Ставковій", "Двір на Ставковій (Марта)"),
}
WIDE = """() => [document.documentElement, ...document.querySelectorAll("main, .panel, .messages, .bubble, .places, .foot")]
    .filter((node) => node.offsetParent !== null || node === document.documentElement)
    .filter((node) => node.scrollWidth > node.clientWidth + 1 || node.getBoundingClientRect().right > innerWidth + 1)
    .map((node) => node.className || node.tagName)"""

CUT = """(card) => [...card.querySelectorAll(".button-text")]
    .filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent)"""


async def _sends(phone: Phone, label: str) -> None:
    menu = phone.root.locator(".send-menu")
    await phone.root.locator(".attach").click()
    await menu.get_by_role("button", name=label, exact=True).click()


def _place(phone: Phone, name: str) -> Locator:
    return phone.root.locator(".places").get_by_role("button", name=re.compile(f"^{name}"))


async def test_an_editor_sends_everything_that_people_send(page: Page) -> None:
    editor = Phone(page, "editor")
    await editor.starts_or_has_started()
    for label, (title, more) in SAMPLES.items():
        await _sends(editor, label)
        card = await editor.sees(title)
        await expect(card).to_contain_text(more, timeout=PATIENCE)
    assert await editor.root.locator("article.out .forwarded").count() >= 4
    assert await editor.root.locator("article.out .film").count() >= 1
    assert await page.evaluate(WIDE) == []


async def test_what_is_composed_is_published_with_two_taps(page: Page) -> None:
    reader, editor = Phone(page, "reader"), Phone(page, "editor")
    await reader.starts_or_has_started()
    await editor.starts_or_has_started()
    await editor.says("Пристань прикрасили ліхтарями\n\nЇх засвітять увечері.")
    draft = await editor.sees("Пристань прикрасили ліхтарями")
    assert await draft.evaluate(CUT) == []  # a short message grows until its longest label fits
    await editor.taps("Опублікувати", draft)
    await editor.taps("Так, опублікувати", draft)
    await reader.sees("Пристань прикрасили ліхтарями")


async def test_a_message_of_ones_own_is_changed_and_any_is_forwarded(page: Page) -> None:
    editor = Phone(page, "editor")
    await editor.starts_or_has_started()
    await editor.says("Ринок відчинили раніше\n\nПродавці задоволені.")
    draft = await editor.sees("Ринок відчинили раніше")
    mine = editor.root.locator("article.out").filter(has_text="Ринок відчинили раніше").last
    await mine.get_by_role("button", name="Дії з повідомленням").click()
    await mine.get_by_role("button", name="Змінити").click()
    await expect(editor.root.locator(".changing")).to_be_visible()
    await editor.says("Ринок зачинили раніше\n\nПродавці здивовані.")
    await expect(mine).to_have_count(0, timeout=PATIENCE)
    await editor.sees("Оновлено за зміненим повідомленням.")
    await draft.get_by_role("button", name="Дії з повідомленням").click()
    await expect(draft.get_by_role("button", name="Змінити")).to_have_count(0)
    await draft.get_by_role("button", name="Переслати боту").click()
    await editor.sees("Це повідомлення самого бота")


async def test_a_file_that_the_bot_sends_is_there_to_keep(page: Page) -> None:
    reader = Phone(page, "reader")
    await reader.starts_or_has_started()
    await reader.says("/mydata")
    message = await reader.sees("Усе, що редакція зберігає про вас")
    async with page.expect_download(timeout=PATIENCE) as kept:
        await message.get_by_role("link", name="visnyk.json").click()
    file = await (await kept.value).path()
    assert "subscription" in json.loads(file.read_text(encoding="utf-8"))


async def test_a_group_a_channel_and_a_forum_have_the_bot_when_their_administrator_adds_it(page: Page) -> None:
    reader, editor = Phone(page, "reader"), Phone(page, "editor")
    await reader.starts_or_has_started()
    await editor.starts_or_has_started()
    await _place(reader, "Група").click()
    await expect(reader.root.locator(".aside")).to_contain_text("Бота тут ще немає")
    await _place(editor, "Група").click()
    await editor.root.locator(".add").click()
    await reader.sees("Щойно адміністратор надішле сюди")
    await reader.says("/topics")
    await reader.sees("лише адміністратор")
    await editor.says("/topics")
    await editor.sees("Ви отримуєте всі новини")
    name = reader.root.locator("article.in .name-over").filter(has_text="Тарас")
    await expect(name.first).to_be_visible()

    await _place(editor, "Канал").click()
    await editor.root.locator(".add").click()
    await editor.says("/topics")
    await editor.sees("Ви отримуєте всі новини")
    await _place(reader, "Канал").click()
    await reader.sees("Ви отримуєте всі новини")
    await expect(reader.root.locator(".aside")).to_contain_text("пише лише адміністратор")
    await expect(reader.root.locator(".composer")).to_be_hidden()

    await _place(editor, "Форум").click()
    await editor.root.locator(".add").click()
    await _place(editor, "Спорт").click()
    await editor.says("/topics")
    await editor.sees("Ви отримуєте всі новини")
    await _place(editor, "Транспорт").click()
    await expect(editor.messages.filter(has_text="Ви отримуєте")).to_have_count(0)
    await _place(editor, "Бот").click()


@pytest.mark.parametrize(("code", "hide"), [("УКР", "Сховати підказки"), ("ENG", "Hide the hints")])
async def test_three_hints_say_what_to_try_and_can_be_hidden(page: Page, code: str, hide: str) -> None:
    await page.get_by_role("button", name=code, exact=True).click()
    language = {"УКР": "uk", "ENG": "en"}[code]
    reader, editor = Phone(page, "reader", language), Phone(page, "editor", language)
    for size in ({"width": 1440, "height": 900}, {"width": 390, "height": 844}):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for phone, tab in ((reader, 0), (editor, 1)):
            if size["width"] < 800:
                await page.locator("nav.tabs button").nth(tab).click()
            await phone.starts_or_has_started()
            hints = phone.root.locator(".hint")
            await expect(hints).to_have_count(3)
            for number in range(3):
                await expect(hints.nth(number)).to_be_in_viewport(ratio=1)
            await expect(phone.root.locator(".attach")).to_be_in_viewport(ratio=1)
            assert await page.evaluate(WIDE) == []
    await hints.first.click()
    await editor.sees("Прочитано як сторінку" if language == "uk" else "Read as a news page")
    await editor.root.get_by_role("button", name=hide).click()
    await expect(hints.first).to_be_hidden()


async def test_starting_over_asks_first_and_wipes_everything(page: Page) -> None:
    editor = Phone(page, "editor")
    await editor.starts_or_has_started()
    await editor.says("Останній допис старого світу\n\nТекст.")
    await editor.sees("Останній допис старого світу")
    dialog = page.locator("#restart")
    await page.locator(".restart").click()
    await expect(dialog).to_contain_text("Стерти все")
    await dialog.get_by_role("button", name="Скасувати").click()
    await expect(editor.messages.filter(has_text="старого світу").first).to_be_visible()
    await page.locator(".restart").click()
    await dialog.get_by_role("button", name="Так, стерти").click()
    await expect(editor.root.locator("button.start")).to_be_visible(timeout=60_000)
    await expect(dialog).to_be_hidden()
    await editor.starts()
    await editor.says("/drafts")
    await editor.sees("Чернеток немає")
    await editor.says("/published")
    await editor.sees("Опубліковані")


async def test_what_is_passed_on_goes_to_a_chat_of_the_page_and_its_link_opens_the_bots(page: Page) -> None:
    reader, editor = Phone(page, "reader"), Phone(page, "editor")
    await reader.starts_or_has_started()
    await editor.starts_or_has_started()
    for phone in (reader, editor):
        await _place(phone, "Бот").click()
    await reader.says("/read 42")
    opened = await reader.sees("№ 42")
    await opened.locator(".keyboard button").filter(has_text="Поділитися").click()
    menu = reader.root.locator(".offer-menu")
    await expect(menu).to_contain_text("Кому надіслати")
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await editor.says("/editors")
    await editor.taps("Додати")
    await editor.taps("Надіслати запрошення")
    await editor.root.locator(".offer-menu").get_by_role("button", name="Група").click()
    add = editor.root.locator(".add")
    if await add.is_visible():
        await add.click()
    await editor.root.get_by_role("button", name="Надіслати", exact=True).click()
    await _place(reader, "Група").click()
    await reader.messages.locator("a").filter(has_text="start=e_").last.click()
    await reader.sees("редакції: автор")
    await expect(_place(reader, "Бот")).to_have_attribute("aria-pressed", "true")
    assert len(page.context.pages) == 1
