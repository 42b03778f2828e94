"""Following a story, from its first article on: what comes next answers what its follower has of it."""

import pytest

from bot.model.readers import Address
from bot.sandbox.faults import Fault
from bot.sandbox.world import Json
from tests.stories.test_relevance import FIRST, OTHER, SECOND
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Somebody, buttons_of, text_of

THIRD = SECOND.replace("Депутати Київради", "Опозиція Київради").replace("обіцяє", "пообіцяв")


async def _a_follower(room: Newsroom, editor: Desk, number: int = 1, language: str = "uk") -> Somebody:
    follow, read = ("Стежити за історією", "Читати") if language == "uk" else ("Follow this story", "Read")
    reader = room.person(f"Ч{number}", number, language)
    await reader.says("/start")
    await editor.publishes(FIRST)
    await reader.taps(read, reader.message_with("Київрада ухвалила"))
    await reader.taps(follow)
    return reader


def _answered(message: Json) -> int | None:
    return message.get("reply_to_message", {}).get("message_id")


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_a_story_is_followed_from_its_first_article(room: Newsroom, language: str) -> None:
    reader = await _a_follower(room, room.owner(), language=language)
    told = "надходитимуть вам" if language == "uk" else "You’ll get what comes next"
    assert told in reader.toast["text"]
    assert ("🧵 Уся історія" if language == "uk" else "🧵 The whole story") in reader.buttons
    await reader.says("/settings")
    await reader.sees_now("Київрада ухвалила бюджет столиці")
    await reader.says("/story 1")
    await reader.sees_now("🧵 Київрада ухвалила бюджет столиці (1)")
    assert any(("Не стежити" if language == "uk" else "Stop following") in label for label in reader.buttons)


async def test_a_story_goes_by_the_title_as_it_was_corrected(room: Newsroom) -> None:
    editor = room.owner()
    reader = await _a_follower(room, editor)
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎ Виправити")
    await editor.taps("✏️ Заголовок")
    await editor.says("столиці -> Києва")
    await editor.taps("Одрук")
    await room.settled()
    await reader.says("/story 1")
    await reader.sees_now("🧵 Київрада ухвалила бюджет Києва")
    await reader.says("/settings")
    await reader.sees_now("Київрада ухвалила бюджет Києва")


async def test_what_comes_next_answers_the_message_before_it(room: Newsroom) -> None:
    editor = room.owner()
    reader = await _a_follower(room, editor)
    other = room.person("Сусід", 2)
    await other.says("/start")
    first = reader.message_with("Київрада ухвалила")
    await reader.taps("Згорнути", first)
    room.clock.advance(hours=2)
    await editor.publishes(SECOND)
    await editor.publishes(OTHER)
    room.clock.advance(hours=2)
    await editor.publishes(THIRD)
    second, third = reader.message_with("Депутати Київради"), reader.message_with("Опозиція Київради")
    assert _answered(second) == first["message_id"]
    assert _answered(third) == second["message_id"]
    assert _answered(reader.message_with("У Львові")) is None
    assert _answered(other.message_with("Депутати Київради")) is None
    assert _answered(other.message_with("Опозиція Київради")) is None
    assert await reader.count("Депутати Київради") == 1


async def test_a_follower_who_wants_nothing_else_gets_what_comes_next(room: Newsroom) -> None:
    editor = room.owner()
    reader = await _a_follower(room, editor)
    await reader.says("/topics")
    await reader.taps("Усі новини")
    room.clock.advance(hours=2)
    await editor.publishes(SECOND)
    await editor.publishes(OTHER)
    await reader.sees("Депутати Київради")
    assert await reader.lacks("У Львові")


async def test_what_it_answered_may_be_gone(room: Newsroom) -> None:
    editor = room.owner()
    reader = await _a_follower(room, editor)
    first = reader.message_with("Київрада ухвалила")
    room.world.delete_message(reader.chat, first["message_id"])
    room.clock.advance(hours=2)
    await editor.publishes(SECOND)
    await reader.sees("Депутати Київради")
    assert await reader.count("Депутати Київради") == 1


async def test_the_group_that_moved_loses_no_follow_up(room: Newsroom) -> None:
    editor = room.owner()
    reader = await _a_follower(room, editor)
    room.clock.advance(hours=2)
    room.sender.window = 0
    await editor.publishes(SECOND)
    await room.store.readers.move_chat(1, 9, room.clock.now())
    there = room.person("Ч1", 9)
    room.sender.window = 10
    await room.tick()
    await room.settled()
    await there.sees("Депутати Київради")
    assert _answered(there.message_with("Депутати Київради")) is None
    assert await there.count("Депутати Київради") == 1
    assert await reader.lacks("Депутати Київради")


async def test_a_follow_up_with_a_refused_picture_still_answers(room: Newsroom) -> None:
    editor = room.owner()
    reader = await _a_follower(room, editor)
    first = reader.message_with("Київрада ухвалила")
    room.clock.advance(hours=2)
    title, text = SECOND.split("\n\n")
    await editor.sends_photo(f"{title}\n\n{text}")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    room.faults.order(
        Fault("answer", 1, "sendRichMessage", chat_id=1, status=400, description="Bad Request: PHOTO_INVALID")
    )
    await room.tick()
    await room.settled()
    assert _answered(reader.message_with("Депутати Київради")) == first["message_id"]
    assert await reader.count("Депутати Київради") == 1


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_an_article_that_an_editor_took_out_of_its_story_begins_none(room: Newsroom, language: str) -> None:
    editor, reader, uk = room.owner(), room.person(language=language), language == "uk"
    follow = "Стежити за історією" if uk else "Follow this story"
    first = await editor.publishes(FIRST)
    await reader.says(f"/read {first.id}")
    opened = reader.last
    room.clock.advance(hours=2)
    await editor.publishes(SECOND)
    await editor.says(f"/story {first.id}")
    await editor.taps("✂️ 1")
    await editor.taps("Так, вилучити")
    await reader.says(f"/read {first.id}")
    assert not [label for label in reader.buttons if follow in label]
    await reader.taps(follow, opened)  # of before
    assert ("поки що окрема" if uk else "stands alone so far") in reader.toast["text"]
    assert not [b for b in buttons_of(reader.chat.messages[opened["message_id"]]) if follow in b["text"]]
    person = await room.store.readers.find(Address(1))
    assert person is not None
    assert not (await room.store.readers.choices(person.id, room.clock.now())).wanted


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_less_of_a_story_keeps_away_what_goes_on_with_it_and_nothing_else(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await editor.publishes(FIRST)
    room.clock.advance(hours=2)
    await editor.publishes(SECOND)
    told = reader.message_with("Депутати Київради")
    await reader.taps("❓ Чому це тут?" if uk else "Why am I seeing this?", told)
    await reader.taps("🔕 Менше такого" if uk else "🔕 Less of this", told)
    asked = reader.chat.messages[told["message_id"]]
    story = "історія «Київрада ухвалила бюджет" if uk else "the story “Київрада ухвалила бюджет"
    assert f"• {story}" in text_of(asked)
    rows = asked["reply_markup"]["inline_keyboard"]
    place = next(number for number, row in enumerate(rows) if row[0]["text"].startswith(story[:20]))
    mutes = ["🔕 доба", "🔕 тиждень", "🔕 назавжди"] if uk else ["🔕 1 day", "🔕 1 week", "🔕 For good"]
    assert [button["text"] for button in rows[place + 1]] == mutes
    await reader.presses(rows[place + 1][1]["callback_data"], asked)
    assert ("↩ Повернути" if uk else "↩ Undo") in {
        b["text"] for b in buttons_of(reader.chat.messages[told["message_id"]])
    }
    room.clock.advance(hours=2)
    await editor.publishes(THIRD)
    await editor.publishes(OTHER)
    await reader.sees("У Львові")
    assert await reader.lacks("Опозиція Київради")
    await reader.says("/settings")
    assert ("🔕 історія «" if uk else "🔕 the story “") in reader.screen
    assert ("до 30 листопада" if uk else "until 30 November") in reader.screen
