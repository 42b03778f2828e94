"""One act, several messages: a paste longer than one message is one text, wherever an editor pastes it."""

from typing import Any

import pytest
from sqlalchemy import text

from bot.sandbox.client import typed_messages
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, buttons_of, text_of

pytestmark = pytest.mark.wide

_SENTENCE = "Ремонт мосту тривав пів року, і рух ним відновили сьогодні о восьмій ранку."
_PARAGRAPHS = [f"{number}. " + " ".join([_SENTENCE] * 8) for number in range(1, 30)]
LONG = "\n\n".join(["Міст відкрили після ремонту", *_PARAGRAPHS])


def _words(html: str) -> list[str]:
    return html.replace("<p>", " ").replace("</p>", " ").split()


async def test_a_long_paste_is_one_draft_with_one_answer(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    before = len(editor.got)
    at = LONG.index("29. ")
    await editor.pastes(LONG, {"type": "bold", "offset": at, "length": 3})
    await room.heard()
    assert len(await editor.everything()) == before + 1
    assert editor.screen.startswith("Міст відкрили після ремонту")
    assert "Нова чернетка з 5 повідомлень." in editor.screen
    article = await room.store.articles.get(1)
    assert _words(article.body.replace("<b>29.</b>", "29.")) == " ".join(_PARAGRAPHS).split()
    assert article.body.count("<p>") == len(_PARAGRAPHS)
    assert "<b>29.</b>" in article.body
    await editor.says("/drafts")
    assert "2." not in editor.screen


async def test_it_can_be_split_into_the_messages_it_came_in(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    await editor.pastes(LONG)
    await room.heard()
    await editor.taps("Розділити")
    await editor.says("/drafts")
    assert "5. " in editor.screen
    assert "6. " not in editor.screen
    first = await room.store.articles.get(1)
    assert "29. " not in first.body
    await editor.presses("sp:1", editor.last)
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."


async def test_what_was_worked_on_or_published_since_is_split_no_more(room: Newsroom) -> None:
    owner, author = room.owner(), room.person("Ігор", 7)
    await author.says("/start")
    await owner.says("/editors")
    await owner.taps("Додати")
    await owner.says("7")
    await author.pastes(LONG)
    await room.heard()
    card = author.message_with("Нова чернетка з 5 повідомлень.")
    await owner.says("/drafts")
    await owner.taps("1")
    await owner.taps("✏️ Заголовок")
    await owner.says("Кращий заголовок")
    await author.taps("Розділити", card)
    assert author.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert text_of(author.chat.messages[card["message_id"]]).startswith("Кращий заголовок")
    await owner.pastes(LONG)
    await room.heard()
    data = next(one["callback_data"] for one in buttons_of(owner.last) if "Розділити" in one["text"])
    card = dict(owner.last)
    await owner.taps("Опублікувати")
    await owner.taps("Так, опублікувати")
    await room.tick()
    await owner.presses(data, card)
    assert owner.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    await owner.says("/drafts")
    assert "1. Кращий заголовок" in owner.screen
    assert "2. " not in owner.screen


async def test_a_split_that_the_database_cut_off_loses_nothing_and_goes_on_where_it_was(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    await editor.pastes(LONG)
    await room.heard()
    async with room.database.write() as connection:
        away = "SELECT RAISE(ABORT, 'away') WHERE NEW.identity = 'message:part:1:2'"
        await connection.execute(text(f"CREATE TRIGGER away BEFORE INSERT ON article BEGIN {away}; END"))
    await editor.taps("Розділити")
    async with room.database.write() as connection:
        await connection.execute(text("DROP TRIGGER away"))
    await editor.taps("Розділити")
    await editor.says("/drafts")
    assert "5. " in editor.screen
    assert "6. " not in editor.screen
    made = [await room.store.articles.get(number) for number in range(1, 6)]
    kept = "\n".join(f"{one.title} {one.lead} {one.body}" for one in made)
    assert kept.count("о восьмій ранку") == LONG.count("о восьмій ранку")


async def test_a_paste_behind_post_and_one_that_answers_the_question_are_whole(room: Newsroom) -> None:
    editor = room.owner()
    await editor.pastes(f"/post {LONG}", {"type": "bot_command", "offset": 0, "length": 5})
    await room.heard()
    await editor.says("/post")
    room.clock.advance(seconds=30)
    await editor.pastes(LONG)
    await room.heard()
    for number in (1, 2):
        article = await room.store.articles.get(number)
        assert _words(article.body) == " ".join(_PARAGRAPHS).split()
    await editor.says("/drafts")
    assert "3. " not in editor.screen


async def test_the_new_text_of_a_draft_and_of_a_correction_is_the_whole_paste(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.says("/post Міст відкрили\n\nКоротко.")
    await editor.taps("✏️ Текст")
    await editor.pastes("\n\n".join(_PARAGRAPHS))
    await room.heard()
    assert _words((await room.store.articles.get(1)).body) == " ".join(_PARAGRAPHS).split()
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили")
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎ Виправити")
    await editor.taps("✏️ Текст")
    corrected = [paragraph.replace("восьмій", "дев’ятій") for paragraph in _PARAGRAPHS]
    before = len(editor.got)
    await editor.pastes("\n\n".join(corrected))
    await room.heard()
    assert len(await editor.everything()) == before + 1
    await editor.taps("Одрук")
    await room.tick()
    assert _words((await room.store.articles.get(1)).body) == " ".join(corrected).split()


async def test_what_follows_later_or_is_forwarded_or_follows_a_short_text_is_no_rest(room: Newsroom) -> None:
    editor = room.owner()
    half = "\n\n".join(["Перша новина", *_PARAGRAPHS[:4]])
    await editor.says(half)
    room.clock.advance(seconds=5)
    await editor.says("Друга новина\n\nТекст.")
    await editor.says("Третя новина\n\nТекст.")
    await editor.says(half)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Х"}
    editor.sends(text="Четверта новина\n\nТекст.", forward_origin=origin)
    await room.heard()
    await editor.says("/drafts")
    for title in ("Друга новина", "Третя новина", "Четверта новина"):
        assert title in editor.screen
    assert not any("Нова чернетка з" in text_of(message) for message in editor.got)


async def test_a_paste_survives_a_restart_between_its_messages(room: Newsroom) -> None:
    editor = room.owner()
    first, *rest = LONG.split("\n\n10. ")
    await editor.says(first)
    await room.restart()
    editor.sends(text="10. " + rest[0][:1000], date=_when(editor, first))
    await room.heard()
    assert "Нова чернетка з 2 повідомлень." in text_of(editor.last)


CHANGED = {"title": ("✏️ Заголовок", "Кращий заголовок"), "body": ("✏️ Текст", "Кращий текст.")}


@pytest.mark.parametrize("changed", CHANGED)
@pytest.mark.parametrize("asked", [False, True])
async def test_what_an_editor_changes_before_the_rest_of_a_paste_comes_stays_and_that_is_said(
    room: Newsroom, changed: str, asked: bool
) -> None:
    owner, author = room.owner(), room.person("Ігор", 7)
    await author.says("/start")
    await owner.says("/editors")
    await owner.taps("Додати")
    await owner.says("7")
    first, rest = LONG.split("\n\n10. ")
    if asked:
        await author.says("/post Міст\n\nТекст про міст.")
        await author.taps("✏️ Текст")
    await author.says(first)
    await room.heard()
    await owner.says("/drafts")
    await owner.taps("1")
    button, answer = CHANGED[changed]
    await owner.taps(button)
    await owner.says(answer)
    before = len(author.got)
    for part in rest[:3000], rest[3000:6000]:
        author.sends(text=part, date=_when(author, first))
        await room.heard()
    article = await room.store.articles.get(1)
    assert getattr(article, changed).replace("<p>", "").replace("</p>", "") == answer
    assert len(author.got) == before  # in the card that is there
    assert "чернетку змінили" in author.screen
    assert ("Кращий" in author.screen) is (asked or changed == "title")  # the card of a new draft has its headline


@pytest.mark.parametrize("begin", ["Новина\n\n", ""])
async def test_a_message_that_is_handled_again_is_in_it_once(room: Newsroom, begin: str) -> None:
    editor, part = room.owner(), "Мешканці сходилися на слухання щомісяця. " * 99
    await editor.says("/start")
    await room.stop()
    for said in (f"{begin}Початок. {part}", f"Середина. {part}", f"Кінець. {part[:100]}"):
        message = room.world.says(editor.person, editor.chat, {"text": said})
        room.world.put_update({"message": message})
    await room.start()
    await room.heard()
    if not begin:
        await editor.taps("Зробити чернеткою")
    article = await room.store.articles.get(1)
    whole = f"{article.title} {article.lead} {article.body}"
    assert [whole.count(word) for word in ("Середина", "Кінець")] == [1, 1]
    assert whole.count("щомісяця") == 2 * 99 + 2
    await editor.says("/drafts")
    assert "2. " not in editor.screen


def _media(room: Newsroom, name: str, kind: str = "photo") -> dict[str, Any]:
    room.world.files[name] = b"\xff\xd8\xff"
    file = {"file_id": name, "file_unique_id": name, "width": 90, "height": 60}
    return {kind: [file]} if kind == "photo" else {kind: file | {"duration": 3}}


async def test_an_album_is_one_draft_with_all_its_pictures_and_readers_see_them(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.says("/start")
    before = len(editor.got)
    editor.sends(**_media(room, "one"), caption="Міст відкрили\n\nТекст.", media_group_id="7")
    editor.sends(**_media(room, "two"), media_group_id="7")
    editor.sends(**_media(room, "film", "video"), media_group_id="7")
    await room.heard()
    assert len(await editor.everything()) == before + 1
    assert "3 вкладення" in editor.screen
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили")
    await reader.taps("Читати")
    kinds = [block["type"] for block in reader.last["rich_message"]["blocks"]]
    assert kinds[2:5] == ["photo", "photo", "video"]


async def test_an_album_whose_words_come_late_or_never_has_one_answer(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    before = len(editor.got)
    editor.sends(**_media(room, "one"), media_group_id="8")
    editor.sends(**_media(room, "two"), caption="Міст відкрили\n\nТекст.", media_group_id="8")
    editor.sends(**_media(room, "three"), media_group_id="8")
    await room.heard()
    assert len(await editor.everything()) == before + 1
    assert editor.screen.startswith("Міст відкрили")
    article = await room.store.articles.get(1)
    assert article.photo is not None
    assert [one.file_id for one in article.photo.all] == ["one", "two", "three"]
    editor.sends(**_media(room, "four"), media_group_id="9")
    editor.sends(**_media(room, "five"), media_group_id="9")
    await room.heard()
    assert len(await editor.everything()) == before + 2
    await editor.sees_now("Альбом є. Надішліть заголовок і текст.")
    assert editor.buttons == ["Скасувати"]
    await editor.says("Ринок відкрили\n\nТекст.")
    article = await room.store.articles.get(2)
    assert article.photo is not None
    assert [one.file_id for one in article.photo.all] == ["four", "five"]


async def test_pictures_that_are_sent_one_by_one_without_words_wait_together(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/post")
    for number in range(10):
        editor.sends(**_media(room, f"one-{number}"))
        await room.heard()
    await editor.sees_now("Альбом є. Надішліть заголовок і текст.")
    editor.sends(**_media(room, "beyond"))
    await editor.sees_now("Разом не більше 10 вкладень: останнє не додано.\n\nАльбом є.")
    await room.heard()
    ways_out = [one for message in editor.got for one in buttons_of(message) if one["text"] == "Скасувати"]
    assert len(ways_out) == 1
    await editor.says("Ринок відкрили\n\nТекст.")
    article = await room.store.articles.get(1)
    assert article.photo is not None
    assert [one.file_id for one in article.photo.all] == [f"one-{number}" for number in range(10)]


async def test_what_an_album_has_beyond_what_fits_beside_the_pictures_before_it_is_said(room: Newsroom) -> None:
    editor = room.owner()
    for number in range(9):
        editor.sends(**_media(room, f"one-{number}"))
        await room.heard()
    editor.sends(**_media(room, "ten"), caption="Ринок відкрили\n\nТекст.", media_group_id="9")
    editor.sends(**_media(room, "beyond"), media_group_id="9")
    await editor.sees("Разом не більше 10 вкладень: останнє не додано.")
    article = await room.store.articles.get(1)
    assert article.photo is not None
    assert [one.file_id for one in article.photo.all] == [*(f"one-{number}" for number in range(9)), "ten"]


async def test_an_album_behind_a_picture_joins_it_and_is_answered_once(room: Newsroom) -> None:
    editor = room.owner()
    editor.sends(**_media(room, "one"))
    await editor.sees_now("Фото є.")
    before = len(editor.got)
    editor.sends(**_media(room, "two"), media_group_id="8")
    editor.sends(**_media(room, "film", "video"), media_group_id="8")
    await editor.sees_now("Альбом є.")
    await room.heard()
    assert len(await editor.everything()) == before + 1
    await editor.says("Ринок відкрили\n\nТекст.")
    article = await room.store.articles.get(1)
    assert article.photo is not None
    assert [one.file_id for one in article.photo.all] == ["one", "two", "film"]


@pytest.mark.parametrize(
    ("language", "kind", "asked", "change"),
    [
        ("uk", "video", "Відео є. Надішліть заголовок і текст.", "🎬 Змінити відео"),
        ("en", "animation", "Got the video. Now send the title and the text.", "🎬 Change the animation"),
        ("en", "document", "Got the file. Now send the title and the text.", "📎 Change the file"),
        ("uk", "photo", "Фото є. Надішліть заголовок і текст.", "🖼 Змінити фото"),
    ],
)
async def test_what_came_without_words_is_called_what_it_is(
    room: Newsroom, language: str, kind: str, asked: str, change: str
) -> None:
    editor = room.owner(language)
    room.world.files["clip"] = b"x"
    editor.sends(**_media(room, "clip", kind))
    await editor.sees(asked)
    await editor.says("Ринок відкрили\n\nТекст.")
    assert change in editor.buttons


async def test_a_film_or_a_file_with_words_is_kept_and_what_cannot_be_is_said(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    room.world.files["clip"] = b"x"
    for number, kind in enumerate(("video", "document", "animation"), 1):
        editor.sends(**_media(room, f"clip-{kind}", kind), caption=f"Новина {kind}\n\nТекст.")
        await room.heard()
        article = await room.store.articles.get(number)
        assert article.photo is not None
        assert (article.photo.kind, article.photo.file_id) == (kind, f"clip-{kind}")
    await editor.taps("Повний текст")
    assert any(block["type"] == "animation" for block in editor.last["rich_message"]["blocks"])
    editor.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 3}, caption="Новина голосом\n\nТекст.")
    await room.heard()
    assert editor.screen.startswith("Новина голосом")
    assert "Вкладення не ввійшло" in editor.screen


def _when(editor: Somebody, words: str) -> int:
    """Return when a message was sent; its rest was sent together with it, however long the test has taken."""
    return int(next(one for one in editor.chat.messages.values() if one.get("text") == words)["date"])


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("part", ["draft", "body"])
async def test_the_rest_that_was_left_out_as_somebody_changed_the_draft_is_taken_with_a_tap(
    room: Newsroom, language: str, part: str
) -> None:
    editor, uk = room.owner(language=language), language == "uk"
    text = ("Довга новина\n\n" if part == "draft" else "") + "Речення про міст. " * 300 + "\n\nОстанній абзац."
    first, *rest = typed_messages(text, [])
    if part == "body":
        await editor.says("/post Довга новина\n\nКоротко.")
        await editor.taps("Текст" if uk else "Text")
    await editor.says(first["text"])
    article = await room.store.articles.get(1)
    desk = room.app.parts.desk
    await desk.drafts.set_title(article, "Назва, яку змінили", await desk.staff.person(100))
    for one in rest:
        editor.sends(**one, date=_when(editor, first["text"]))
    await room.heard()
    button = "↻ Взяти весь текст" if uk else "↻ Take the whole text"
    assert button in editor.buttons, editor.screen[-300:]
    assert "Останній" not in (await room.store.articles.get(1)).body
    await editor.taps(button)
    taken = await room.store.articles.get(1)
    assert "Останній" in taken.body
    assert taken.title == ("Довга новина" if part == "draft" else "Назва, яку змінили")
    assert button not in editor.buttons


async def test_what_was_left_out_is_not_taken_once_something_else_was_sent(room: Newsroom) -> None:
    editor = room.owner()
    first, *rest = typed_messages("Довга новина\n\n" + "Речення про міст. " * 300, [])
    await editor.says(first["text"])
    desk = room.app.parts.desk
    changed = await desk.drafts.set_title(
        await room.store.articles.get(1), "Назва, яку змінили", await desk.staff.person(100)
    )
    for one in rest:
        editor.sends(**one, date=_when(editor, first["text"]))
    await room.heard()
    card = editor.last
    await editor.says("/post Інша новина\n\nТекст.")
    await editor.taps("↻ Взяти весь текст", card)
    kept = await room.store.articles.get(1)
    assert (kept.title, kept.version) == (changed.title, changed.version)
    assert "Довга" not in (await room.store.articles.get(2)).title
