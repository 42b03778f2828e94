"""Approved is approved: what an editor scheduled or published no author changes, discards, or even lists."""

from datetime import timedelta

import pytest

from bot.model.desk import PublicationState
from bot.model.news import ArticleState
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import buttons_of

pytestmark = pytest.mark.wide

POST = "Міст відкрили\n\nМіст відкрили о восьмій ранку. Ремонт тривав пів року."
_NOT_THEIRS = "Це може лише редактор."
_NO = "Цю новину вже затверджено: змінити її може лише редактор."


async def _author(room: Newsroom) -> tuple[Desk, Desk]:
    """Return the owner and an author."""
    owner, ihor = room.owner(), room.person("Ігор", 7)
    await ihor.says("/start")
    await owner.says("/editors")
    await owner.taps("Додати")
    await owner.says("7")
    return owner, Desk(room.world, ihor.person, ihor.chat, room)


async def _scheduled(room: Newsroom) -> tuple[Desk, Desk]:
    """Return the owner and an author whose article the owner has scheduled while a question about it was open."""
    owner, ihor = await _author(room)
    await ihor.says(f"/post {POST}")
    await owner.says("/drafts")
    await owner.taps("1")
    await ihor.taps("✏️ Заголовок")
    await owner.taps("Запланувати")
    await owner.taps("Через годину")
    return owner, ihor


async def test_an_authors_open_question_does_not_rewrite_what_was_scheduled(room: Newsroom) -> None:
    owner, ihor = await _scheduled(room)
    await owner.says("/start")
    await owner.taps("▫️ Усі")
    await ihor.says("Зовсім інший заголовок")
    await ihor.sees_now(_NO)
    room.clock.advance(hours=2)
    await room.tick()
    await owner.sees("Міст відкрили\nВісник · 16:0")
    assert await owner.lacks("Зовсім інший")


async def test_no_button_of_an_author_changes_or_discards_what_was_scheduled(room: Newsroom) -> None:
    owner, ihor = await _scheduled(room)
    await ihor.presses("e:1:0:o:", ihor.got[0])
    assert [b["text"] for b in buttons_of(ihor.chat.messages[ihor.got[0]["message_id"]])] == ["👁 Повний текст"]
    for data in ("e:1:1:qt:", "e:1:1:lg:", "e:1:1:ds:", "e:1:1:dd:", "e:1:1:tp:", "e:1:1:t:1", "e:1:1:un:"):
        await ihor.presses(data, ihor.got[0])
        assert ihor.toast["text"] in {_NO, _NOT_THEIRS}, data
    article = await room.store.articles.get(1)
    assert (article.state, article.version, article.language) == (ArticleState.SCHEDULED, 1, "uk")
    await owner.says("/scheduled")
    await owner.sees_now("1. Міст відкрили")


async def test_an_editor_changes_what_is_scheduled_and_that_is_what_goes_out(room: Newsroom) -> None:
    owner, _ = await _scheduled(room)
    await owner.says("/scheduled")
    await owner.taps("1")
    await owner.taps("✏️ Заголовок")
    await owner.says("Міст відкрили раніше")
    room.clock.advance(hours=2)
    await room.tick()
    await owner.says("/latest")
    await owner.sees_now("1. Міст відкрили раніше\n")


async def test_discarding_what_is_scheduled_takes_its_publication_along(room: Newsroom) -> None:
    owner, _ = await _scheduled(room)
    await owner.says("/scheduled")
    await owner.taps("1")
    await owner.taps("Відкинути")
    await owner.taps("Так, відкинути")
    (publication,) = await room.store.publications.of_article(1)
    assert publication.state is PublicationState.CANCELLED
    assert publication.finished_at is not None
    assert await room.store.publications.due(room.clock.now() + timedelta(days=1)) == []


async def test_authors_list_their_own_drafts_and_nothing_else(room: Newsroom) -> None:
    owner, ihor = await _author(room)
    await owner.says("/post Таємна чернетка\n\nТекст.")
    await owner.says("/post Таємний план\n\nТекст.")
    await owner.taps("Запланувати")
    await owner.taps("Через годину")
    await owner.publishes("Опубліковане\n\nТекст.")
    await ihor.says(f"/post {POST}")
    await ihor.says("/drafts")
    await ihor.sees_now("1. Міст відкрили")
    assert "Таємна" not in ihor.screen
    for name in ("scheduled", "published"):
        await ihor.presses(f"k:{name}:0", ihor.last)
        assert ihor.toast["text"] == _NOT_THEIRS
    await ihor.presses("k:drafts:0", ihor.last)
    assert "Таємна" not in ihor.screen
    await owner.says("/drafts")
    assert "Таємна чернетка" in owner.screen
    assert "Міст відкрили" in owner.screen


async def test_what_is_planned_says_when_is_moved_in_three_taps_and_published_now(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    for title, when in (("Пізніша", "через 3 години"), ("Раніша", "через 2 години")):
        await editor.says(f"/post {title} новина\n\nТекст.")
        await editor.taps("Запланувати")
        await editor.says(when)
        await editor.sees_now("🕒 Вийде")
    await editor.says("/scheduled")
    assert "1. Раніша новина\nВісник · 16:00" in editor.screen
    assert "2. Пізніша новина\nВісник · 17:00" in editor.screen
    await editor.taps("1")
    assert "🕒 Вийде 16:00" in editor.screen
    await editor.taps("🕒 Перенести")
    await editor.taps("Завтра о 8:00")
    await editor.sees_now("🕒 Вийде завтра, 08:00")
    await editor.says("/scheduled")
    await editor.taps("1")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Пізніша новина")
    room.clock.advance(hours=3)
    await room.tick()
    assert await reader.lacks("Раніша новина")


@pytest.mark.parametrize(
    ("language", "plan", "words"),
    [
        ("uk", "🕒 Вийде завтра, 10:00", ("завтра о 10", "Відкрити", "✏️ Заголовок", "✏️ Текст", "вчора о 9")),
        ("en", "🕒 Goes out tomorrow, 10:00", ("tomorrow at 10", "Open", "✏️ Title", "✏️ Text", "yesterday at 9")),
    ],
)
async def test_the_card_of_what_is_planned_says_when_whatever_is_changed_in_it(
    room: Newsroom, language: str, plan: str, words: tuple[str, ...]
) -> None:
    editor = room.owner(language)
    when, opened, title, body, date = words
    await editor.says("/post Hockey in Brovary\n\nFinal on Saturday.")
    await editor.taps("🕒")
    await editor.says(when)
    await editor.taps(opened)
    for tap, answer in (
        ("👁", ""),
        ("👁", ""),
        ("💬", ""),
        (title, "Ice hockey"),
        (body, "On Sunday."),
        ("🗓", date),
        ("↩", ""),
    ):
        await editor.taps(tap)
        if answer:
            await editor.says(answer)
        assert plan in editor.screen, tap
    editor.edits("Hockey", text="/post Hockey in Kyiv\n\nFinal on Monday.")
    await editor.taps("↻")
    assert plan in editor.screen
