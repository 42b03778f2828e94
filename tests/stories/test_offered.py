"""A long text that an editor writes without a command comes in several messages: what is made of it, is made of all."""

import pytest
import regex

from bot.model.news import Article, ArticleState
from bot.sandbox.client import typed_messages
from tests.support.newsroom import Newsroom

pytestmark = pytest.mark.wide

OFFER = "Зробити з цього новину чи пошукати?"


def _sentences(parts: int) -> str:
    """Return a text without a line break that a client cuts into so many messages."""
    sentence = "Речення {} про міст, який ремонтували пів року і відкрили сьогодні о восьмій ранку."
    text, number = "", 0
    while len(list(typed_messages(text))) < parts or len(text) < (parts - 0.6) * 4000:
        number += 1
        text = f"{text} {sentence.format(number)}".strip()
    assert len(list(typed_messages(text))) == parts
    return text


def _words(article: Article) -> list[str]:
    said = f"{article.title} {article.lead} {article.body}"
    return regex.findall(r"[\p{L}\d]+", regex.sub("<[^>]*>", "", said.replace("</p>", " ")))


async def _has_all(room: Newsroom, text: str, number: int = 1) -> bool:
    assert _words(await room.store.articles.get(number)) == regex.findall(r"[\p{L}\d]+", text)
    return True


async def _drafts(room: Newsroom) -> int:
    return len((await room.store.articles.desk_list(ArticleState.DRAFT, 0, 20)).items)


@pytest.mark.parametrize("label", ["Зробити чернеткою", "Терміново"])
@pytest.mark.parametrize("parts", [2, 3, 5])
async def test_a_draft_of_what_came_in_several_messages_has_all_of_it(room: Newsroom, parts: int, label: str) -> None:
    editor, text = room.owner(), _sentences(parts)
    await editor.says("/start")
    before = len(editor.got)
    await editor.pastes(text)
    await room.heard()
    assert len(await editor.everything()) == before + 1
    assert OFFER in editor.screen
    await editor.taps(label)
    assert await _has_all(room, text)
    assert await _drafts(room) == 1


async def test_it_is_told_from_how_many_messages_the_draft_is_and_it_can_be_split(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(3)
    await editor.pastes(text)
    await room.heard()
    assert "Разом 3 повідомлення." in editor.screen
    await editor.taps("Зробити чернеткою")
    assert "Нова чернетка з 3 повідомлень." in editor.screen
    await editor.taps("Розділити")
    assert await _drafts(room) == 3


async def test_what_is_set_apart_across_the_cut_stays_so(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(2)
    begin = text.index("Речення 40 ")
    second = list(typed_messages(text))[1]["text"]
    end = text.index(second) + len("Речення")
    link = {"type": "text_link", "url": "https://a.example/", "offset": end + 100, "length": 20}
    await editor.pastes(text, {"type": "bold", "offset": begin, "length": end - begin}, link)
    await room.heard()
    await editor.taps("Зробити чернеткою")
    article = await room.store.articles.get(1)
    assert "<b>Речення 40 про міст" in article.body
    assert f"<b>{second[:7]}</b>" in article.body
    assert f'<a href="https://a.example/">{text[end + 100 : end + 120].strip()}' in article.body
    assert await _has_all(room, text)


@pytest.mark.parametrize("order", [(1, 0), (1, 0, 2), (0, 2, 1), (2, 1, 0), (4, 2, 0, 3, 1)])
async def test_in_whatever_order_its_messages_arrive_the_draft_is_whole(room: Newsroom, order: tuple[int, ...]) -> None:
    editor, text = room.owner(), _sentences(len(order))
    await editor.says("/start")
    await room.stop()
    for content in typed_messages(text):
        editor.sends(**content)
    waiting = room.world.updates
    assert len(waiting) == len(order)
    messages = [waiting[number]["message"] for number in order]
    for update, message in zip(waiting, messages, strict=True):
        update["message"] = message
    await room.start()
    await room.heard()
    assert await editor.count(OFFER) == 1
    await editor.taps("Зробити чернеткою")
    assert await _has_all(room, text)


async def test_a_restart_between_its_messages_and_before_the_button_loses_nothing(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(3)
    first, *others = typed_messages(text)
    await editor.says(first["text"])
    await room.restart()
    for content in others:
        editor.sends(**content)
    await room.heard()
    await room.restart()
    await editor.taps("Зробити чернеткою")
    assert await _has_all(room, text)


@pytest.mark.parametrize("label", ["Зробити чернеткою", "Терміново"])
async def test_what_arrives_after_the_button_was_pressed_goes_into_the_draft(room: Newsroom, label: str) -> None:
    editor, text = room.owner(), _sentences(5)
    first, second, *others = typed_messages(text)
    await editor.says(first["text"])
    editor.sends(**second)
    await room.heard()
    await editor.taps(label)
    before = len(editor.got)
    for content in others:
        editor.sends(**content)
    await room.heard()
    assert len(await editor.everything()) == before
    assert "Нова чернетка з 5 повідомлень." in editor.screen
    assert await _has_all(room, text)
    assert await _drafts(room) == 1


async def test_what_arrives_after_the_beginning_was_published_is_offered_by_itself(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(2)
    first, second = typed_messages(text)
    await editor.says(first["text"])
    await editor.taps("Терміново")
    await editor.taps("Так, опублікувати")
    await room.tick()
    editor.sends(**second)
    await room.heard()
    assert OFFER in editor.screen
    await editor.taps("Зробити чернеткою")
    assert await _has_all(room, second["text"], 2)


async def test_a_rest_with_line_breaks_is_no_article_of_its_own(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(2)
    whole = f"{text}\n\nОстанній абзац.\n\nІ ще один."
    await editor.pastes(whole)
    await room.heard()
    await editor.taps("Зробити чернеткою")
    assert await _has_all(room, whole)
    assert await _drafts(room) == 1


async def test_another_text_meanwhile_takes_nothing_away(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(2)
    await editor.pastes(text)
    await room.heard()
    offered = editor.last
    room.clock.advance(seconds=30)
    await editor.pastes(_sentences(3))
    await room.heard()
    await editor.says("/post Інша новина\n\nТекст.")
    await editor.taps("Зробити чернеткою", offered)
    assert await _has_all(room, text, 2)


async def test_a_text_that_was_no_answer_is_whole_too(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(2)
    await editor.says("/post Інша новина\n\nТекст.")
    await editor.taps("✏️ Заголовок")
    await editor.pastes(text.replace("Речення 9 ", "\n\nРечення 9 ").replace("Речення 40 ", "\n\nРечення 40 "))
    await room.heard()
    assert "Це не схоже на відповідь" in editor.screen
    await editor.taps("Зробити чернеткою")
    assert await _has_all(room, text, 2)
    assert await _drafts(room) == 2


async def test_an_edit_of_any_of_its_messages_is_in_the_draft(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(2)
    first, second = typed_messages(text)
    await editor.pastes(text)
    await room.heard()
    editor.edits("Речення 1 ", text=first["text"].replace("Речення 1 ", "Початок "))
    editor.edits(second["text"][:20], text=f"{second['text']} Кінець.")
    await room.heard()
    assert await editor.count(OFFER) == 1
    await editor.taps("Зробити чернеткою")
    assert await _has_all(room, f"{text.replace('Речення 1 ', 'Початок ', 1)} Кінець.")


async def test_where_nobody_knows_any_more_whether_there_was_a_rest_it_is_said(room: Newsroom) -> None:
    editor, text = room.owner(), _sentences(2)
    await editor.pastes(text)
    await room.heard()
    room.clock.advance(days=8)
    await room.store.dialogs.forget(room.clock.now())
    await editor.taps("Терміново")
    assert "лише одного повідомлення" in editor.screen
    await editor.says("Коротке")
    await room.store.dialogs.forget(room.clock.now())
    await editor.taps("Зробити чернеткою")
    assert "лише одного повідомлення" not in editor.screen


async def test_of_a_text_without_end_no_more_is_kept_than_an_article_may_have_and_that_is_said(room: Newsroom) -> None:
    editor = room.owner()
    part = "Мешканці сходилися на слухання щомісяця. " * 99
    for _ in range(30):
        editor.sends(text=part)
    await room.heard()
    assert await editor.count("Задовго") == 1
    await editor.taps("Зробити чернеткою")
    assert "Задовго" in editor.toast["text"]
    assert await _drafts(room) == 0
    _, kept = await room.store.dialogs.get(f"{editor.chat.id}:{editor.person.id}:0:act")
    assert sum(len(one["text"]) for one in kept["parts"]) < 100_000 + len(part)


async def test_of_what_goes_into_a_draft_nothing_is_left_out_in_the_middle(room: Newsroom) -> None:
    editor = room.owner()
    part = "Мешканці сходилися на слухання щомісяця. " * 99
    editor.sends(text=f"Новина\n\n{part}")
    for _ in range(25):
        editor.sends(text=part)
    editor.sends(text="Кінець.")
    await room.heard()
    article = await room.store.articles.get(1)
    assert "Кінець." not in article.body


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [("uk", "Зробити чернеткою", "Тут немає тексту."), ("en", "Make it a draft", "There is no text in it.")],
)
async def test_of_a_message_that_was_deleted_no_number_is_asked(
    room: Newsroom, language: str, button: str, said: str
) -> None:
    editor = room.owner(language)
    await editor.says("Один рядок")
    del editor.last["reply_to_message"]  # Telegram names no deleted message
    await editor.taps(button)
    assert editor.toast["text"].startswith(said)
