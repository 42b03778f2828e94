"""What somebody met who walked through the product by hand: commands where they do not work, links, greetings."""

import pytest

from bot.model.readers import Address
from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, text_of

pytestmark = pytest.mark.wide

BOTH = pytest.mark.parametrize("language", ["uk", "en"])


def _commands(seat: Somebody, text: str, **content: object) -> None:
    command = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
    seat.sends(text=text, entities=[command], **content)


def _group(room: Newsroom) -> Chat:
    return room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))


@BOTH
async def test_a_group_is_spoken_to_in_the_language_of_who_sets_it_up(room: Newsroom, language: str) -> None:
    boss = room.member(room.person(language=language), _group(room), admin=True)
    await boss.says("/topics")
    assert boss.screen.startswith("Теми" if language == "uk" else "Topics")


async def test_a_member_is_refused_in_their_own_language(room: Newsroom) -> None:
    group = _group(room)
    await room.member(room.person(), group, admin=True).says("/topics")
    member = room.member(room.person("Kate", 2, "en"), group)
    _commands(member, "/settings")
    await member.sees_now("In groups and channels only administrators can do that.")


async def test_a_language_that_we_have_not_leaves_a_group_in_the_newsrooms_own(room: Newsroom) -> None:
    boss = room.member(room.person(language="de"), _group(room), admin=True)
    await boss.says("/topics")
    assert boss.screen.startswith("Теми")


@BOTH
async def test_an_editors_command_in_a_group_is_told_where_it_works_once_a_minute(
    room: Newsroom, language: str
) -> None:
    editor = room.owner(language)
    seat = room.member(editor, _group(room))
    for command in ("/post Пожежа на складі", "/drafts", "/editors"):
        _commands(seat, command)
        await room.heard()
    (told,) = await seat.everything()
    words = "/post працює лише в особистому чаті з ботом." if language == "uk" else "/post works only in your own chat"
    assert words in text_of(told)
    (button,) = told["reply_markup"]["inline_keyboard"][0]
    assert button["url"] == "https://t.me/visnyk_sandbox_bot"
    assert await room.store.readers.find(Address(-50)) is None  # nobody asked for news
    room.clock.advance(seconds=61)
    _commands(seat, "/drafts")
    await seat.sees_now("/drafts")


async def test_a_group_is_told_in_the_language_it_has_chosen(room: Newsroom) -> None:
    group = _group(room)
    boss = room.member(room.person(language="en"), group, admin=True)
    _commands(boss, "/topics")
    await boss.sees_now("Topics")
    editor = room.member(room.owner("uk"), group)
    _commands(editor, "/post Пожежа")
    await boss.sees("/post works only in your own chat")
    assert await boss.count("працює лише") == 0


async def test_a_command_that_a_channel_does_not_have_is_not_answered_before_its_readers(room: Newsroom) -> None:
    seat = await room.channel_of(room.owner())
    for command in ("/post@visnyk_sandbox_bot Пожежа", "/drafts"):
        _commands(seat, command)
    await room.heard()
    assert await seat.count("працює лише") == 0


async def test_somebody_elses_command_is_left_alone_unless_it_names_the_bot(room: Newsroom) -> None:
    seat = room.member(room.person(), _group(room), admin=True)
    for command in ("/post слово", "/mydata", "/forget@other_bot", "/mydata@other_bot", "/nothing@visnyk_sandbox_bot"):
        _commands(seat, command)
    await room.heard()
    assert await seat.everything() == []
    _commands(seat, "/forget@visnyk_sandbox_bot")
    await seat.sees_now("/forget працює лише в особистому чаті з ботом.")


@BOTH
async def test_who_returns_is_not_greeted_as_a_newcomer(room: Newsroom, language: str) -> None:
    reader = room.person(language=language)
    await reader.says("/start")
    greeting = "Вітаємо!" if language == "uk" else "Welcome!"
    assert reader.message_with(greeting)
    for away in ("/stop", "/pause"):
        await reader.says(away)
        await reader.says("/start")
        assert greeting not in reader.screen
        assert reader.screen.count("\n") == 1


async def test_the_newsrooms_people_are_greeted_before_they_are_told_what_they_may_do(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    title, desk, coming = editor.screen.split("\n\n")
    assert title == "Вітаємо! Це Вісник."
    assert desk.startswith("Ви в редакції: власник.")
    assert coming.startswith("Нічого ще не обрано")


async def test_the_parts_of_a_screen_stand_apart(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/timezone")
    assert "\n\nОберіть місто" in reader.screen
    await editor.publishes("Міст відкрито\n\nТекст.", topics=("Спорт",))
    await reader.sees("Міст відкрито")
    await reader.taps("❓ Чому це тут?")
    assert "Міст відкрито\n\n•" in reader.screen
    await reader.taps("Менше")
    assert "Міст відкрито\n\n•" in reader.screen
    await editor.says("/post Планове\n\nТекст.")
    await editor.taps("🕒 Запланувати")
    assert "Планове\n\n" in editor.screen


async def test_what_is_searched_for_is_asked_in_one_line(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("міст\n\nдва рядки")
    await reader.sees_now("Пошукати «міст два рядки» у новинах?")


async def test_a_paste_that_nobody_searches_for_is_answered_once(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.pastes("Мешканці сходилися на слухання щомісяця. " * 220)
    await room.heard()
    assert await reader.count("Для пошуку це задовго") == 1
    room.clock.advance(seconds=5)
    await reader.says("Мешканці сходилися на слухання щомісяця. " * 20)
    assert await reader.count("Для пошуку це задовго") == 2


async def test_of_a_paste_without_end_no_more_is_kept_than_tells_that_it_goes_on(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    for _ in range(12):
        reader.sends(text="Мешканці сходилися на слухання щомісяця. " * 99)
        room.clock.advance(seconds=1)
    await room.heard()
    assert await reader.count("Для пошуку це задовго") == 1
    _, kept = await room.store.dialogs.get(f"{reader.chat.id}:{reader.person.id}:0:act")
    assert len(kept["parts"]) == 1


async def test_a_link_that_was_passed_on_opens_its_article(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    article = await editor.publishes("Міст відкрито\n\nТекст про міст.")
    await editor.publishes("Друга новина\n\nІнший текст.")
    link = f"https://t.me/visnyk_sandbox_bot?start=a_{article.id}"
    for said in (link, f"{link}\nМіст відкрито", f"Міст відкрито\n{link}"):
        await reader.says(said)
        assert "Текст про міст." in reader.screen
    for said in (f"Дивіться: {link}", f"{link}\nЗовсім інше", "https://t.me/visnyk_sandbox_bot?start=a_999"):
        await reader.says(said)
        assert "Пошукати" in reader.screen


async def test_a_link_that_an_editor_passes_on_is_no_draft(room: Newsroom) -> None:
    editor = room.owner()
    article = await editor.publishes("Міст відкрито\n\nТекст про міст.")
    link = f"https://t.me/visnyk_sandbox_bot?start=a_{article.id}"
    await editor.says(f"{link}\nМіст відкрито")
    assert any("Виправити" in button for button in editor.buttons)
    await editor.says("/drafts")
    await editor.sees_now("Чернеток немає")
    await editor.says("Інша новина\n\nТекст.")
    await editor.taps("✏️ Заголовок")
    await editor.says(link)  # an answer stays one
    assert "Міст відкрито" not in editor.screen
