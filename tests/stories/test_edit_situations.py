"""What an editor sends and then changes: nothing of it is lost, and nothing that others did meanwhile."""

import pytest

from bot.model.news import ArticleState
from tests.support.newsroom import Newsroom
from tests.support.people import text_of
from tests.support.scenes import Scene, Situation, files, play

pytestmark = pytest.mark.wide

TEXT = "Міст відкрили\n\nМіст відкрили о восьмій ранку."


async def _caption_edited(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT)
    before = files(await scene.newest())
    await scene.edits("Міст", caption=TEXT.replace("восьмій", "дев’ятій"))
    a = await scene.newest()
    assert "дев’ятій" in a.body
    assert files(a) == before
    assert before


async def _picture_replaced(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT)
    new = scene.media()
    await scene.edits("Міст", **new)
    assert files(await scene.newest()) == [new["photo"][0]["file_id"]]


async def _picture_and_caption_replaced(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT)
    new = scene.media()
    await scene.edits("Міст", **new, caption="Ринок закрили\n\nТекст.")
    a = await scene.newest()
    assert a.title == "Ринок закрили"
    assert files(a) == [new["photo"][0]["file_id"]]


async def _caption_added_by_edit(scene: Scene) -> None:
    n = await scene.count()
    await scene.sends(**scene.media())
    await scene.edits_last_own(caption=TEXT)
    a = await scene.newest()
    assert await scene.count() == n + 1
    assert a.title == "Міст відкрили"
    assert files(a) == [f"m{scene.n}"]
    await scene.editor.says("Просто рядок")
    assert (await scene.newest()).title == "Міст відкрили", "the question is closed"


async def _caption_added_when_nobody_asks_for_it_any_more(scene: Scene) -> None:
    for leave in ("/cancel", "/latest"):
        await scene.sends(**scene.media())
        await scene.sends(text=leave)
        scene.room.clock.advance(minutes=20)
        picture = [
            m for m in scene.editor.chat.messages.values() if "photo" in m and m.get("from", {}).get("id") == 100
        ][-1]
        scene.room.world.edits(scene.editor.person, scene.editor.chat, picture, {"caption": TEXT})
        await scene.room.heard()
        assert "Зробити чернеткою" in " ".join(scene.editor.buttons), text_of(scene.editor.last)
        n = await scene.count()
        await scene.editor.taps("Зробити чернеткою")
        a = await scene.newest()
        assert await scene.count() == n + 1
        assert a.title == "Міст відкрили"
        assert files(a) == [f"m{scene.n}"]
        scene.room.clock.advance(minutes=1)


async def _album_first_caption_edited(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT, media_group_id="a1")
    await scene.sends(**scene.media(), media_group_id="a1")
    await scene.edits("Міст", caption=TEXT.replace("восьмій", "дев’ятій"))
    a = await scene.newest()
    assert "дев’ятій" in a.body
    assert len(files(a)) == 2


async def _album_second_caption_edited(scene: Scene) -> None:
    await scene.sends(**scene.media(), media_group_id="a2")
    await scene.sends(**scene.media(), caption=TEXT, media_group_id="a2")
    await scene.edits("Міст", caption=TEXT.replace("восьмій", "дев’ятій"))
    a = await scene.newest()
    assert "дев’ятій" in a.body
    assert len(files(a)) == 2


async def _album_caption_added_to_second(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT, media_group_id="a3")
    await scene.sends(**scene.media(), media_group_id="a3")
    await scene.edits_last_own(caption="Ремонт тривав рік.")
    a = await scene.newest()
    assert "восьмій" in a.body
    assert "тривав рік" in a.body
    assert len(files(a)) == 2


async def _album_without_words_gets_a_caption(scene: Scene) -> None:
    n = await scene.count()
    await scene.sends(**scene.media(), media_group_id="a4")
    await scene.sends(**scene.media(), media_group_id="a4")
    await scene.edits_last_own(caption=TEXT)
    a = await scene.newest()
    assert await scene.count() == n + 1
    assert a.title == "Міст відкрили"
    assert len(files(a)) == 2


async def _album_captions_on_both(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT, media_group_id="a5")
    await scene.sends(**scene.media(), caption="Ремонт тривав рік.", media_group_id="a5")
    a = await scene.newest()
    assert "тривав рік" in a.body
    assert "восьмій" in a.body
    await scene.edits("Ремонт", caption="Ремонт тривав два роки.")
    a = await scene.newest()
    assert "два роки" in a.body
    assert "восьмій" in a.body
    assert len(files(a)) == 2


async def _album_picture_replaced(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT, media_group_id="a6")
    await scene.sends(**scene.media(), media_group_id="a6")
    old = files(await scene.newest())
    new = scene.media()
    await scene.edits_last_own(**new)
    assert files(await scene.newest()) == [old[0], new["photo"][0]["file_id"]]


PART_EDITED = "Змінено одне з кількох повідомлень"
FIRST = "Міст відкрили\n\n" + "Ремонт тривав пів року. " * 120


async def _first_piece_edited_after_another_act(scene: Scene) -> None:
    await scene.sends(text=FIRST.strip())
    await scene.goes_on(text="Друга частина з помилкою.")
    a = await scene.newest()
    scene.room.clock.advance(minutes=2)
    await scene.sends(text="Інша новина\n\nЇї текст.")
    await scene.edits("Міст відкрили", text=FIRST.replace("пів року", "рік").strip())
    b = await scene.room.store.articles.get(a.id)
    assert (b.body, b.version) == (a.body, a.version), "nothing is lost"
    assert PART_EDITED in text_of(scene.editor.last), "and the editor hears why"


async def _second_piece_edited_after_another_act(scene: Scene) -> None:
    await scene.sends(text=FIRST.strip())
    await scene.goes_on(text="Друга частина з помилкою.")
    a = await scene.newest()
    scene.room.clock.advance(minutes=2)
    await scene.sends(text="Інша новина\n\nЇї текст.")
    await scene.edits("Друга частина", text="Друга частина без неї.")
    b = await scene.room.store.articles.get(a.id)
    assert (b.body, b.version) == (a.body, a.version)
    assert PART_EDITED in text_of(scene.editor.last)


async def _pieces_edited_after_the_split(scene: Scene) -> None:
    await scene.sends(text=FIRST.strip())
    await scene.goes_on(text="Друга частина з помилкою.\n\nЇї текст.")
    await scene.editor.taps("Розділити")
    await scene.room.heard()
    second = await scene.newest()
    assert second.title == "Друга частина з помилкою."
    await scene.edits("Друга частина", text="Друга частина без неї.\n\nЇї текст.")
    assert (await scene.room.store.articles.get(second.id)).title == "Друга частина без неї."
    await scene.edits("Міст відкрили", text=FIRST.replace("пів року", "цілий рік").strip())
    first = await scene.room.store.articles.get(second.id - 1)
    assert "цілий рік" in first.body
    assert "Друга частина" not in first.body
    await scene.edits("Друга частина", text="Друга частина ще раз.\n\nЇї текст.")
    assert (await scene.room.store.articles.get(second.id)).title == "Друга частина ще раз."


async def _edited_after_schedule(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    a = await scene.newest()
    await scene.editor.taps("Запланувати")
    await scene.editor.says("завтра о 9")
    await scene.edits("Міст відкрили", text="Міст закрили\n\nТекст.")
    b = await scene.room.store.articles.get(a.id)
    assert b.title == "Міст відкрили"
    assert "↻ Взяти текст із повідомлення" in scene.editor.buttons


async def _edited_after_discard(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    a = await scene.newest()
    await scene.editor.taps("Відкинути")
    await scene.editor.taps("Так")
    before = scene.answers
    await scene.edits("Міст відкрили", text="Міст закрили\n\nТекст.")
    assert (await scene.room.store.articles.get(a.id)).state is ArticleState.DISCARDED
    assert scene.answers > before
    await scene.editor.taps("Зробити чернеткою")
    b = await scene.newest()
    assert b.title == "Міст закрили"
    assert b.state is ArticleState.DRAFT


async def _empty_post_edited_into_a_post(scene: Scene) -> None:
    n = await scene.count()
    await scene.editor.says("/post")
    await scene.edits("/post", text=f"/post {TEXT}")
    assert await scene.count() == n + 1
    assert (await scene.newest()).title == "Міст відкрили"
    await scene.editor.says("Просто рядок")
    assert (await scene.newest()).title == "Міст відкрили"


async def _text_edited_into_cancel(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    a = await scene.newest()
    await scene.edits("Міст", text="/cancel")
    assert (await scene.room.store.articles.get(a.id)).title == "Міст відкрили"


async def _text_edited_into_post(scene: Scene) -> None:
    n = await scene.count()
    await scene.sends(text=TEXT)
    await scene.edits("Міст", text="/post Ринок\n\nТекст ринку.")
    assert await scene.count() == n + 1
    assert (await scene.newest()).title == "Ринок"


async def _post_loses_its_command(scene: Scene) -> None:
    n = await scene.count()
    await scene.editor.says(f"/post {TEXT}")
    await scene.edits("/post", text="Ринок\n\nТекст ринку.")
    assert await scene.count() == n + 1
    assert (await scene.newest()).title == "Ринок"


async def _formatting_added_by_edit(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    at = TEXT.index("восьмій")
    await scene.edits("Міст", entities=[{"type": "bold", "offset": at, "length": 7}])
    assert "<b>восьмій</b>" in (await scene.newest()).body


async def _a_line_made_a_draft_then_edited(scene: Scene) -> None:
    await scene.editor.says("Один рядок без тексту")
    await scene.editor.taps("Зробити чернеткою")
    await scene.edits("Один рядок", text="Один рядок із текстом\n\nТекст.")
    assert (await scene.newest()).title == "Один рядок із текстом"


async def _two_quick_edits(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    scene.editor.edits("Міст", text=TEXT.replace("восьмій", "дев’ятій"))
    scene.editor.edits("Міст", text=TEXT.replace("восьмій", "десятій"))
    await scene.room.heard()
    assert "десятій" in (await scene.newest()).body


SITUATIONS: list[Situation] = [
    _caption_edited,
    _picture_replaced,
    _picture_and_caption_replaced,
    _caption_added_by_edit,
    _caption_added_when_nobody_asks_for_it_any_more,
    _album_first_caption_edited,
    _album_second_caption_edited,
    _album_caption_added_to_second,
    _album_without_words_gets_a_caption,
    _album_captions_on_both,
    _album_picture_replaced,
    _first_piece_edited_after_another_act,
    _second_piece_edited_after_another_act,
    _pieces_edited_after_the_split,
    _edited_after_schedule,
    _edited_after_discard,
    _empty_post_edited_into_a_post,
    _text_edited_into_cancel,
    _text_edited_into_post,
    _post_loses_its_command,
    _formatting_added_by_edit,
    _a_line_made_a_draft_then_edited,
    _two_quick_edits,
]


async def test_an_edit_changes_what_came_of_the_message_or_is_answered(room: Newsroom) -> None:
    assert await play(room, SITUATIONS) == []
