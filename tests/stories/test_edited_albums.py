"""An edit of one of several messages: it changes its own part of what they became, and nothing else."""

import pytest

from tests.support.newsroom import Newsroom
from tests.support.people import text_of
from tests.support.scenes import Scene, Situation, files, play

pytestmark = pytest.mark.wide

TEXT = "Міст відкрили\n\nМіст відкрили о восьмій ранку."


async def _a_picture_that_waits_for_words_is_replaced(scene: Scene) -> None:
    first, second = scene.media(), scene.media()
    await scene.sends(**first)
    await scene.sends(**second)
    asked = scene.answers
    new = scene.media()
    await scene.edits_last_own(**new)
    assert scene.answers == asked, "the question is there already"
    await scene.sends(text=TEXT)
    assert files(await scene.newest()) == [one["photo"][0]["file_id"] for one in (first, new)]


async def _an_album_whose_caption_begins_with_the_command(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=f"/post {TEXT}", media_group_id="c1")
    await scene.sends(**scene.media(), media_group_id="c1")
    await scene.edits("/post Міст", caption=f"/post {TEXT}".replace("восьмій", "дев’ятій"))
    article = await scene.newest()
    assert article.title == "Міст відкрили"
    assert "дев’ятій" in article.body
    assert len(files(article)) == 2


async def _a_paste_that_begins_with_the_command(scene: Scene) -> None:
    long = "Міст відкрили\n\n" + "Перше речення тут. " * 200
    await scene.sends(text=f"/post {long[:4000]}")
    await scene.goes_on(text="Кінець тексту.")
    await scene.edits("/post Міст", text=f"/post {long[:3900]}")
    article = await scene.newest()
    assert article.title == "Міст відкрили"
    assert "Кінець тексту." in article.body


async def _the_caption_in_an_album_that_answered(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("Додати фото")
    await scene.sends(**scene.media(), caption="Підпис один", media_group_id="c2")
    await scene.sends(**scene.media(), media_group_id="c2")
    answers = scene.answers
    await scene.edits("Підпис один", caption="Підпис два")
    article = await scene.newest()
    assert article.photo is not None
    assert [one.caption for one in article.photo.all] == ["Підпис два", ""]
    assert scene.answers == answers
    assert "Підпис два" in scene.editor.screen
    assert "Оновлено за зміненим повідомленням." in scene.editor.screen


async def _a_picture_in_an_album_that_answered(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("Додати фото")
    first, new = scene.media(), scene.media()
    await scene.sends(**first, media_group_id="c3")
    await scene.sends(**scene.media(), media_group_id="c3")
    await scene.edits_last_own(**new)
    assert files(await scene.newest()) == [one["photo"][0]["file_id"] for one in (first, new)]
    await scene.editor.taps("🖼 Змінити")
    await scene.editor.says("-")
    await scene.edits_last_own(text="–")
    assert files(await scene.newest()) == []


async def _an_album_that_answered_and_was_changed_since(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("Додати фото")
    await scene.sends(**scene.media(), caption="Підпис один", media_group_id="c4")
    await scene.sends(**scene.media(), media_group_id="c4")
    await scene.editor.taps("✏️ Заголовок")
    await scene.editor.says("Ринок відкрили")
    await scene.edits("Підпис один", caption="Підпис два")
    article = await scene.newest()
    assert article.photo is not None
    assert article.photo.caption == "Підпис один"
    assert "Повідомлення змінено, а новину вже правили" in scene.editor.screen


async def _an_album_with_two_captions_stays_one(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT, media_group_id="c5")
    await scene.sends(**scene.media(), caption="Ремонт тривав рік.", media_group_id="c5")
    before = scene.editor.buttons
    await scene.edits("Ремонт", caption="Ремонт тривав два роки.")
    assert "два роки" in (await scene.newest()).body
    assert scene.editor.buttons[1:] == before[1:]
    assert not any("Розділити" in label for label in scene.editor.buttons)


async def _a_caption_is_taken_away(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT)
    new = scene.media()
    await scene.edits("Міст", **new, caption="")
    article = await scene.newest()
    assert article.title == "Міст відкрили"
    assert files(article) == [new["photo"][0]["file_id"]]
    assert "чернетка зберігає той, що був" in scene.editor.screen


async def _a_mistyped_command_becomes_an_article(scene: Scene) -> None:
    number = await scene.count()
    await scene.editor.says(f"/psot {TEXT}")
    await scene.edits("/psot", text=TEXT)
    assert await scene.count() == number + 1
    assert (await scene.newest()).title == "Міст відкрили"


SITUATIONS: list[Situation] = [
    _a_picture_that_waits_for_words_is_replaced,
    _an_album_whose_caption_begins_with_the_command,
    _a_paste_that_begins_with_the_command,
    _the_caption_in_an_album_that_answered,
    _a_picture_in_an_album_that_answered,
    _an_album_that_answered_and_was_changed_since,
    _an_album_with_two_captions_stays_one,
    _a_caption_is_taken_away,
    _a_mistyped_command_becomes_an_article,
]


async def test_an_edit_of_one_of_several_messages_changes_its_own_part(room: Newsroom) -> None:
    assert await play(room, SITUATIONS) == []


@pytest.mark.parametrize(
    ("language", "said"), [("uk", "Пошукати «міст» у новинах?"), ("en", "Search the news for “міст”?")]
)
async def test_a_reader_who_mends_what_was_not_understood_is_answered(room: Newsroom, language: str, said: str) -> None:
    reader = room.person(language=language)
    await reader.says("/start")
    for mistake in ("/serch міст", "міст " * 60):
        await reader.says(mistake)
        before = len(reader.got)
        reader.edits(mistake.strip(), text="міст")
        await room.heard()
        assert [text_of(message) for message in reader.got[before:]] == [said]


@pytest.mark.parametrize(
    ("language", "ask", "said"),
    [("uk", "Додати фото", "Це не фото й не відео"), ("en", "Add a photo", "That is not a photo or a video")],
)
async def test_an_album_that_cannot_be_taken_is_refused_once(
    room: Newsroom, language: str, ask: str, said: str
) -> None:
    editor = room.owner(language)
    await editor.says(f"/post {TEXT}")
    await editor.taps(ask)
    scene = Scene(room, editor)
    for group in ("d1", "d2"):
        before = len(editor.got)
        for _ in range(3):
            await scene.sends(**scene.media("document"), media_group_id=group)
        assert [said in text_of(message) for message in editor.got[before:]] == [True]
    await scene.sends(**scene.media())
    assert len(files(await scene.newest())) == 1
