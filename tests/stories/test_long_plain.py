"""A long article open in plain messages, of which further ones follow the first: whatever takes its place, none is left."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.world import Chat, Json
from tests.support.newsroom import Desk, Newsroom, open_newsroom
from tests.support.people import Somebody, text_of

pytestmark = pytest.mark.wide

PART = "Міст будувала бригада"  # in every message of the long text
LONG = "Місто відкрило міст\n\n" + "".join(f"{PART} номер {number} з двох міст.\n\n" for number in range(240))
SHORT = "Театр показав прем’єру\n\nГлядачі аплодували пів години."
LATER = "Міст пофарбували\n\nМіст через річку, що його місто відкрило, пофарбували в синє."
RETRACTED = "Новину відкликано"


@dataclass
class Reading:
    """A reader, an editor, and the message in which the reader opens what is long."""

    room: Newsroom
    reader: Somebody
    editor: Desk
    number: int = 0

    @property
    def message(self) -> Json:
        return self.reader.chat.messages[self.number]

    @property
    def text(self) -> str:
        return text_of(self.message)

    async def further(self) -> int:
        """Return how many messages of the long text stand beside the one it was opened in."""
        return sum(PART in text_of(one) for one in await self.reader.everything() if one["message_id"] != self.number)

    async def taps(self, label: str) -> None:
        await self.reader.taps(label, self.message)

    async def opens(self, label: str) -> int:
        """Open the long article in the message; returns in how many further ones it goes on."""
        await self.taps(label)
        assert text_of(self.message).startswith("Місто відкрило міст")
        return await self.further()

    async def changes_look(self) -> None:
        """Change between rich and plain messages."""
        await self.reader.says("/settings")
        await self.reader.taps("Вигляд")

    async def changes(self, title: str, part: str, text: str) -> None:
        """Correct an article, or take it back."""
        await self.editor.says("/published")
        listed = [line for line in self.editor.screen.split("\n") if line[:1].isdigit() and "." in line]
        await self.editor.taps(next(line for line in listed if title in line).split(".")[0])
        await self.editor.taps("✎ Виправити")
        await self.editor.taps(part)
        await self.editor.says(text)
        await self.editor.taps("Так, відкликати" if part == "Відкликати" else "Одрук")
        await self.settled()

    async def settled(self) -> None:
        await self.room.tick()
        await self.room.settled()


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url) as opened:
        yield opened


async def _reading(room: Newsroom, *, plain: bool = True) -> Reading:
    reading = Reading(room, room.person(), room.owner())
    await reading.reader.says("/start")
    if plain:
        await reading.changes_look()
    return reading


async def _pushed(room: Newsroom, *, plain: bool = True, text: str = LONG) -> Reading:
    """Let a reader have an article as a push."""
    reading = await _reading(room, plain=plain)
    title = text.split("\n", maxsplit=1)[0]
    await reading.editor.publishes(text)
    await reading.reader.sees(title)
    reading.number = reading.reader.message_with(title)["message_id"]
    return reading


async def _in_a_digest(room: Newsroom, *, plain: bool = True) -> Reading:
    """Let a reader have a digest of what is long, 1, and something else, 2."""
    reading = await _reading(room, plain=plain)
    await reading.reader.says("/schedule hourly")
    await reading.editor.publishes(SHORT, topics=())
    await reading.editor.publishes(LONG, topics=())
    room.clock.advance(hours=1)
    await room.tick()
    await reading.reader.sees("Дайджест")
    reading.number = reading.reader.message_with("Дайджест")["message_id"]
    return reading


async def test_of_what_was_retracted_while_it_was_open_in_a_digest_nothing_is_left(room: Newsroom) -> None:
    reading = await _in_a_digest(room)
    assert await reading.opens("1") == 2
    await reading.changes("Місто", "Відкликати", "Не підтвердилося.")
    assert await reading.reader.lacks(PART)
    assert RETRACTED in reading.text
    assert "Не підтвердилося" in reading.text
    await reading.taps("Назад")
    assert reading.text.startswith("Дайджест")
    assert "Театр показав" in reading.text
    assert RETRACTED in reading.text


async def test_what_was_corrected_while_it_was_open_in_a_digest_is_folded_into_it(room: Newsroom) -> None:
    reading = await _in_a_digest(room)
    assert await reading.opens("1") == 2
    await reading.changes("Місто", "Заголовок", "Місто відкрило новий міст")
    assert await reading.reader.lacks(PART)
    assert reading.text.startswith("Дайджест")
    assert "Місто відкрило новий міст" in reading.text
    assert "Театр показав" in reading.text


@pytest.mark.parametrize("look", ["", "rich by now"])
@pytest.mark.parametrize("part", ["Заголовок", "Відкликати"])
async def test_what_is_open_in_a_digest_stays_whole_when_another_line_is_changed(
    room: Newsroom, part: str, look: str
) -> None:
    reading = await _in_a_digest(room)
    assert await reading.opens("1") == 2
    before = reading.message | {}
    if look:
        await reading.changes_look()
    await reading.changes("Театр", part, "Театр показав дві прем’єри")
    assert reading.text == text_of(before)
    assert await reading.further() == 2
    await reading.taps("Назад")
    assert await reading.reader.lacks(PART)
    assert ("Театр показав дві" if part == "Заголовок" else RETRACTED) in reading.text


@pytest.mark.parametrize("look", ["", "rich by now"])
async def test_what_was_corrected_is_folded_into_the_list_it_was_opened_from(room: Newsroom, look: str) -> None:
    reading = await _pushed(room)
    late = Reading(room, room.person("Пізній", 7), reading.editor)
    await late.reader.says("/settings")
    await late.reader.taps("Вигляд")
    await late.reader.says("/latest")
    late.number = late.reader.last["message_id"]
    assert await late.opens("1") == 2
    if look:
        await late.changes_look()
    await late.changes("Місто", "Заголовок", "Місто відкрило новий міст")
    assert await late.reader.lacks(PART)
    assert "1. Місто відкрило новий міст" in late.text


async def _beside_a_push(room: Newsroom, *, plain: bool = True) -> Reading:
    """Let a reader open what is long from what is related to a short article that was pushed."""
    reading = await _reading(room, plain=plain)
    await reading.editor.publishes(LONG)
    await reading.editor.publishes(LATER)
    await reading.reader.sees("пофарбували")
    reading.number = reading.reader.message_with("пофарбували")["message_id"]
    await reading.taps("Ще за темою")
    assert await reading.opens("1") == (2 if plain else 0)
    return reading


async def test_what_is_open_in_a_push_stays_when_the_push_is_corrected(room: Newsroom) -> None:
    reading = await _beside_a_push(room)
    await reading.changes("пофарбували", "Заголовок", "Міст пофарбували в синє")
    assert reading.text.startswith("Місто відкрило міст")
    assert await reading.further() == 2


@pytest.mark.parametrize("plain", [True, False])
async def test_what_is_open_in_a_push_goes_when_the_push_is_retracted_and_does_not_come_back(
    room: Newsroom, plain: bool
) -> None:
    reading = await _beside_a_push(room, plain=plain)
    await reading.changes("пофарбували", "Відкликати", "Не підтвердилося.")
    assert await reading.further() == 0
    assert reading.text.startswith(f"✖ {RETRACTED}\n«Міст пофарбували»")
    await reading.changes("Місто", "Заголовок", "Місто відкрило новий міст")
    assert reading.text.startswith(f"✖ {RETRACTED}\n«Міст пофарбували»")


@pytest.mark.parametrize("part", ["Заголовок", "Відкликати"])
async def test_a_push_is_not_lost_by_what_becomes_of_an_article_that_was_opened_in_it(
    room: Newsroom, part: str
) -> None:
    reading = await _beside_a_push(room)
    await reading.changes("Місто", part, "Місто відкрило новий міст")
    assert await reading.further() == 0
    if part == "Відкликати":
        assert RETRACTED in reading.text
        await reading.taps("Назад")
    assert "Ще за темою" in reading.text
    await reading.taps("Назад")
    assert reading.text.startswith("Міст пофарбували")


async def test_a_digest_is_not_lost_by_the_retraction_of_what_was_opened_from_what_is_related_in_it(
    room: Newsroom,
) -> None:
    reading = await _reading(room)
    await reading.editor.publishes(LONG)
    await reading.reader.says("/schedule hourly")
    await reading.editor.publishes(LATER, topics=())
    room.clock.advance(hours=1)
    await room.tick()
    await reading.reader.sees("Дайджест")
    reading.number = reading.reader.message_with("Дайджест")["message_id"]
    await reading.taps("1")
    await reading.taps("Ще за темою")
    assert await reading.opens("1") == 2
    await reading.changes("Місто", "Відкликати", "Не підтвердилося.")
    assert await reading.further() == 0
    assert RETRACTED in reading.text
    for _ in range(3):  # to what is related, to what it is related to, and to the digest
        await reading.taps("Назад")
    assert reading.text.startswith("Дайджест")
    assert "пофарбували" in reading.text


@pytest.mark.parametrize("where", ["a push", "a digest"])
async def test_of_what_was_open_whole_nothing_is_cut_off_for_who_wants_plain_messages_by_now(
    room: Newsroom, where: str
) -> None:
    reading = await (_pushed if where == "a push" else _in_a_digest)(room, plain=False)
    await reading.opens("Читати" if where == "a push" else "1")
    assert "номер 239" in reading.text
    await reading.changes_look()
    await reading.changes("Місто", "Заголовок", "Місто відкрило новий міст")
    assert await reading.reader.lacks(PART)
    assert reading.text.startswith("Місто відкрило новий міст" if where == "a push" else "Дайджест")


async def test_a_short_text_that_has_become_long_is_folded(room: Newsroom) -> None:
    reading = await _pushed(room, text=SHORT)
    await reading.taps("Читати")
    assert "аплодували" in reading.text
    await reading.changes("Театр", "Текст", LONG)
    assert await reading.reader.lacks(PART)
    assert await reading.reader.lacks("аплодували")
    assert reading.text.startswith("Театр показав прем’єру")


@pytest.mark.parametrize("part", ["Заголовок", "Відкликати"])
@pytest.mark.parametrize("where", ["a push", "a digest"])
async def test_of_what_was_opened_days_ago_no_text_is_left(room: Newsroom, where: str, part: str) -> None:
    reading = await (_pushed if where == "a push" else _in_a_digest)(room)
    assert await reading.opens("Читати" if where == "a push" else "1") == 2
    room.clock.advance(hours=49)
    await reading.changes("Місто", part, "Місто відкрило новий міст")
    assert await reading.reader.lacks(PART)


async def test_what_is_folded_by_hand_days_later_leaves_no_text(room: Newsroom) -> None:
    reading = await _pushed(room)
    assert await reading.opens("Читати") == 2
    room.clock.advance(hours=49)
    await reading.taps("Згорнути")
    assert await reading.reader.lacks(PART)


@pytest.mark.parametrize("where", ["a push", "a digest"])
async def test_what_a_reader_has_deleted_of_it_keeps_nothing_of_the_rest(room: Newsroom, where: str) -> None:
    reading = await (_pushed if where == "a push" else _in_a_digest)(room)
    assert await reading.opens("Читати" if where == "a push" else "1") == 2
    del reading.reader.chat.messages[reading.number]
    await reading.changes("Місто", "Відкликати", "Не підтвердилося.")
    assert await reading.reader.lacks(PART)


async def test_in_a_group_nothing_is_left_either(room: Newsroom) -> None:
    reading = await _reading(room)
    group = room.world.add_chat(Chat(-60, "group", "Сусіди"))
    room.world.membership(reading.reader.person, group, "left", "member")
    seat = room.member(reading.reader, group, admin=True)
    await seat.says("/settings")
    await seat.taps("Вигляд")
    await reading.editor.publishes(LONG)
    await seat.sees("Місто відкрило міст")
    there = Reading(room, seat, reading.editor, seat.message_with("Місто відкрило міст")["message_id"])
    assert await there.opens("Читати") == 2
    await there.changes("Місто", "Відкликати", "Не підтвердилося.")
    assert await seat.lacks(PART)
    assert RETRACTED in there.text


@pytest.mark.parametrize("label", ["Згорнути", "Ще за темою", "Останнє"])
async def test_whatever_is_tapped_takes_the_further_messages_away(room: Newsroom, label: str) -> None:
    reading = await _pushed(room)
    assert await reading.opens("Читати") == 2
    await reading.taps(label)
    assert await reading.further() == 0


@pytest.mark.parametrize("tries", [1, 2])
async def test_further_messages_that_cannot_be_deleted_at_once_go_later(room: Newsroom, tries: int) -> None:
    reading = await _in_a_digest(room)
    assert await reading.opens("1") == 2
    room.faults.order(Fault("answer", tries, "deleteMessages", reading.reader.chat.id, status=502))
    await reading.changes("Місто", "Відкликати", "Не підтвердилося.")
    assert await reading.reader.lacks(PART)
    assert RETRACTED in reading.text


async def test_a_tap_takes_away_what_could_not_be_deleted_by_the_one_before(room: Newsroom) -> None:
    reading = await _pushed(room)
    assert await reading.opens("Читати") == 2
    room.faults.order(Fault("answer", 1, "deleteMessages", reading.reader.chat.id, status=502))
    await reading.taps("Згорнути")
    assert await reading.further() == 2
    await reading.taps("Читати")
    assert await reading.further() == 2
    await reading.taps("Згорнути")
    assert await reading.reader.lacks(PART)


async def test_a_retraction_reaches_a_digest_of_which_the_reader_wants_nothing_any_more(room: Newsroom) -> None:
    reading = await _in_a_digest(room)
    await reading.reader.says("/words -міст, -театр")
    await reading.changes("Місто", "Відкликати", "Не підтвердилося.")
    assert reading.text.startswith(f"✖ {RETRACTED}\n«Місто відкрило міст»")


async def test_at_the_desk_nothing_is_left_of_a_text_that_was_looked_at(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/settings")
    await editor.taps("Вигляд")
    await editor.says(f"/post {LONG}")
    card = editor.last
    await editor.taps("Повний текст", card)
    assert await editor.count(PART) == 3
    await editor.taps("Опублікувати", card)
    await editor.taps("Так, опублікувати", card)
    await room.tick()
    assert await editor.lacks(PART)
    await editor.says("/published")
    listed = editor.last
    await editor.taps("1", listed)
    for label in ("Заголовок", "Виправити"):
        await editor.taps("Повний текст", listed)
        assert await editor.count(PART) == 3
        await editor.taps(label, listed)
        assert await editor.lacks(PART)


async def test_at_the_desk_nothing_is_left_of_a_text_whose_card_is_drawn_anew(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/settings")
    await editor.taps("Вигляд")
    await editor.says(f"/post {LONG}")
    await editor.taps("Повний текст")
    assert await editor.count(PART) == 3
    editor.edits("/post", text="/post Місто відкрило новий міст\n\nКоротко.")
    await editor.sees("Місто відкрило новий міст")
    await room.heard()
    assert await editor.lacks(PART)
