"""The picture of a draft: what may answer the question for it, and what is said of anything else."""

import pytest

from bot.model.news import MediaKind, Photo
from tests.support.newsroom import Desk, Newsroom

pytestmark = pytest.mark.wide


async def _asked(editor: Desk) -> None:
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("🖼 Додати фото")


async def _photo(room: Newsroom) -> Photo | None:
    await room.heard()
    return (await room.store.articles.get(1)).photo


async def test_a_film_answers_as_well_and_what_is_written_under_a_picture_stays_with_it(room: Newsroom) -> None:
    editor = room.owner()
    await _asked(editor)
    editor.sends(video={"file_id": "v1", "file_unique_id": "v1", "width": 1, "height": 1, "duration": 1})
    assert await _photo(room) == Photo(file_id="v1", kind=MediaKind.VIDEO)
    await editor.taps("🎬 Змінити відео")
    await editor.sends_photo("Фото: Олена Коваль")
    kept = await _photo(room)
    assert kept is not None
    assert (kept.caption, kept.kind) == ("Фото: Олена Коваль", MediaKind.PHOTO)


async def test_a_picture_sent_as_a_file_is_refused_and_the_question_stays_open(room: Newsroom) -> None:
    editor = room.owner()
    await _asked(editor)
    editor.sends(document={"file_id": "d1", "file_unique_id": "d1", "mime_type": "image/jpeg", "file_name": "a.jpg"})
    await editor.sees_now("Це не фото й не відео; надіслане файлом не підходить.")
    assert editor.buttons == ["Скасувати"]
    await editor.sends_photo()
    assert await _photo(room) is not None


async def test_a_picture_with_a_whole_article_is_no_answer_but_a_draft(room: Newsroom) -> None:
    editor = room.owner()
    await _asked(editor)
    await editor.sends_photo("Друга новина\n\nТекст другої.")
    assert await _photo(room) is None
    assert (await room.store.articles.get(2)).title == "Друга новина"


async def test_a_dash_takes_a_source_away_and_its_link(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    for typed, source, url in (
        ("Укрінформ https://u.example/1", "Укрінформ", "https://u.example/1"),
        ("-", "Вісник", ""),
    ):
        await editor.taps("Джерело")
        await editor.says(typed)
        article = await room.store.articles.get(1)
        assert (article.source, article.url) == (source, url)
