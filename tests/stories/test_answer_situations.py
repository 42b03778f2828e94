"""Answers to questions that are edited: they answer again, unless what they were about has changed since."""

import pytest

from bot.model.news import ArticleState
from tests.support.newsroom import Newsroom
from tests.support.people import text_of
from tests.support.scenes import Scene, Situation, play

pytestmark = pytest.mark.wide

TEXT = "Міст відкрили\n\nМіст відкрили о восьмій ранку."


async def _title_answer_edited(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("✏️ Заголовок")
    await scene.editor.says("Кращій заголовок")
    await scene.edits("Кращій", text="Кращий заголовок")
    assert (await scene.newest()).title == "Кращий заголовок"


async def _lead_answer_edited_twice(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("✏️ Лід")
    await scene.editor.says("Лід з помилкою")
    await scene.edits("Лід з", text="Лід без помилки")
    await scene.edits("Лід без", text="Лід зовсім без помилки")
    assert (await scene.newest()).lead == "Лід зовсім без помилки"


async def _body_answer_edited(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("✏️ Текст")
    await scene.editor.says("Новий текст.\n\nЩе абзац.")
    await scene.edits("Новий текст", text="Новіший текст.\n\nЩе абзац.")
    assert "Новіший" in (await scene.newest()).body


async def _older_answer_edited(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("✏️ Заголовок")
    await scene.editor.says("Перший заголовок")
    await scene.editor.taps("✏️ Заголовок")
    await scene.editor.says("Другий заголовок")
    await scene.edits("Перший", text="Третій заголовок")
    assert (await scene.newest()).title == "Другий заголовок"


async def _answer_edited_after_publishing(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("✏️ Заголовок")
    await scene.editor.says("Кращій заголовок")
    await scene.editor.taps("Опублікувати")
    await scene.editor.taps("Так, опублікувати")
    await scene.room.tick()
    a = await scene.newest()
    before = scene.answers
    await scene.edits("Кращій", text="Кращий заголовок")
    assert (await scene.room.store.articles.get(a.id)).title == "Кращій заголовок", (
        "published: only a correction changes it"
    )
    assert scene.answers > before


async def _time_answer_edited(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    a = await scene.newest()
    await scene.editor.taps("Запланувати")
    await scene.editor.says("завтра о 9")
    before = scene.answers
    await scene.edits("завтра о 9", text="завтра о 11")
    text = text_of(scene.editor.last)
    assert scene.answers > before
    assert "11:00" in text
    assert (await scene.room.store.articles.get(a.id)).state is ArticleState.SCHEDULED


async def _correction_answer_edited(scene: Scene) -> None:
    a = await scene.editor.publishes(TEXT)
    await scene.editor.says("/published")
    await scene.editor.taps("1")
    await scene.editor.taps("Виправити")
    await scene.editor.taps("Заголовок")
    await scene.editor.says("Міст закрилии")
    await scene.edits("закрилии", text="Міст закрили")
    shown = text_of(scene.editor.last)
    assert "Міст закрили" in shown
    assert "закрилии" not in shown, shown
    await scene.editor.taps("Одрук")
    await scene.room.tick()
    assert (await scene.room.store.articles.get(a.id)).title == "Міст закрили"


async def _correction_paste_edited(scene: Scene) -> None:
    await scene.editor.publishes(TEXT)
    await scene.editor.says("/published")
    await scene.editor.taps("1")
    await scene.editor.taps("Виправити")
    await scene.editor.taps("Текст")
    await scene.sends(text=("Ремонт тривав пів року. " * 120).strip())
    await scene.goes_on(text="Друга частина з помилкою.")
    await scene.edits("Друга частина", text="Друга частина без неї.")
    await scene.editor.taps("Одрук")
    await scene.room.tick()
    a = await scene.newest()
    assert "пів року" in a.body
    assert "без неї" in a.body


async def _search_edited(scene: Scene) -> None:
    await scene.editor.says("/search міст")
    await scene.edits("/search міст", text="/search ринок")
    assert "ринок" in text_of(scene.editor.last)


async def _piece_of_an_answered_text_edited_after_another_act(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    await scene.editor.taps("✏️ Текст")
    await scene.sends(text=("Новий початок тексту. " * 180).strip())
    await scene.goes_on(text="Кінець із помилкою.")
    a = await scene.newest()
    assert "Кінець із помилкою" in a.body
    scene.room.clock.advance(minutes=2)
    await scene.sends(text="Інша новина\n\nЇї текст.")
    for words in ("Кінець із", "Новий початок"):
        before = scene.answers
        await scene.edits(words, text="Щось зовсім інше.")
        assert scene.answers > before, f"{words}: the editor hears why nothing changes"
        assert "Змінено одне з кількох повідомлень" in text_of(scene.editor.last)
    b = await scene.room.store.articles.get(a.id)
    assert (b.body, b.version) == (a.body, a.version)


SITUATIONS: list[Situation] = [
    _title_answer_edited,
    _lead_answer_edited_twice,
    _body_answer_edited,
    _older_answer_edited,
    _answer_edited_after_publishing,
    _time_answer_edited,
    _correction_answer_edited,
    _correction_paste_edited,
    _search_edited,
    _piece_of_an_answered_text_edited_after_another_act,
]


async def test_an_edited_answer_answers_again(room: Newsroom) -> None:
    assert await play(room, SITUATIONS) == []
