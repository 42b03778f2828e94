"""Whatever step of its handler a process is killed at, an answer that is handled again does what it did, and says so."""

from collections.abc import Callable
from datetime import time

import pytest
from sqlalchemy import func, select

from bot.desk.token_desk import fingerprint
from bot.model.matching import MatchKey, topic_key
from bot.model.news import ArticleState
from bot.model.readers import Address, AtHours, Instantly
from storage.schema.tables import article, revision
from tests.support.killing import Kills, killed_at_each_step
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, buttons_of, text_of

pytestmark = pytest.mark.wide

_MISTAKEN = ("Пошукати", "змінив", "уже не", "Щось пішло не так", "Зробити", "зайнята")


async def _answers(room: Newsroom, kills: Kills, person: Somebody, text: str, number: int) -> None:
    """Have somebody answer, the bot be killed at that step, and the answer be handled again."""
    before = len(person.got)
    room.clock.advance(minutes=1)  # nobody writes and taps as fast as this
    kills.at(number)
    await person.says(text)
    await room.heard()
    kills.at_rest()
    said = [text_of(one) for one in person.got[before:]]
    assert not [one for one in said if any(words in one for words in _MISTAKEN)], said
    assert person.got[before:], "nothing was said"


async def _drafts(room: Newsroom) -> int:
    async with room.database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(article)) or 0)


PARTS = {
    "title": ("✏️ Заголовок", lambda n: f"Заголовок {n}"),
    "title, mended": ("✏️ Заголовок", lambda _: "Перша -> Перша велика"),
    "body": ("✏️ Текст", lambda n: f"Перший абзац {n}.\n\nДругий абзац."),
    "lead": ("✏️ Лід", lambda n: f"Лід {n}"),
    "source": ("Джерело", lambda n: f"Агенція {n}"),
    "date": ("🗓 Власна дата", lambda n: f"25.06.2023 07:{n:02}"),
}


@pytest.mark.parametrize("part", PARTS)
async def test_a_part_of_a_draft(room: Newsroom, part: str) -> None:
    editor, kills = room.owner(), Kills(room)
    button, answer = PARTS[part]

    async def act(number: int) -> None:
        await editor.says(f"/post Перша {number}\n\nтекст {number}")
        before = await _drafts(room)
        await editor.taps(button)
        await _answers(room, kills, editor, answer(number), number)
        assert await _drafts(room) == before
        assert "🗑 Відкинути" in editor.buttons
        name = part.partition(",")[0]
        made = await room.store.articles.get(before)
        shown = {"title": made.title, "body": made.body, "lead": made.lead, "source": made.source}
        if name in shown:
            wanted = f"Перша велика {number}" if part != name else answer(number).partition("\n")[0]
            assert wanted in shown[name]
        await editor.taps("🗑 Відкинути")
        await editor.taps("Так, відкинути")

    assert len(await killed_at_each_step(kills, act)) > 5


@pytest.mark.parametrize("when", ["завтра о 9:00", "через 2 години"])
async def test_when_a_draft_goes_out(room: Newsroom, when: str) -> None:
    editor, kills = room.owner(), Kills(room)

    async def act(number: int) -> None:
        await editor.says(f"/post Перша {number}\n\nтекст {number}")
        await editor.taps("🕒")
        await _answers(room, kills, editor, when, number)
        made = await room.store.articles.get(await _drafts(room))
        assert made.state is ArticleState.SCHEDULED

    await killed_at_each_step(kills, act)


@pytest.mark.parametrize("how", ["Опублікувати", "Терміново"])
async def test_how_a_send_goes_is_shown_where_it_was_ordered(room: Newsroom, how: str) -> None:
    editor, kills = room.owner(), Kills(room)

    async def act(number: int) -> None:
        await editor.says(f"/post Перша {number}\n\nтекст {number}")
        await editor.taps(how)
        message = editor.last["message_id"]
        room.clock.advance(minutes=1)
        kills.at(number)
        await editor.taps("Так, опублікувати")
        await room.heard()
        kills.at_rest()
        (send, *_) = await room.store.publications.of_article(await _drafts(room))
        assert send.progress == (editor.chat.id, message)
        assert "✅ Опублікувати" not in [one["text"] for one in buttons_of(editor.chat.messages[message])]

    assert len(await killed_at_each_step(kills, act)) > 3


async def test_what_a_correction_says_of_itself(room: Newsroom) -> None:
    editor, kills = room.owner(), Kills(room)

    async def act(number: int) -> None:
        await editor.publishes(f"Міст відкрито {number}\n\nТекст.")
        await editor.says("/published")
        for label in ("1", "✎ Виправити", "Заголовок"):
            await editor.taps(label)
        await _answers(room, kills, editor, f"Міст зачинено {number}", number)
        await editor.taps("Виправлення")
        await _answers(room, kills, editor, f"Було відкрито {number}", number)
        async with room.database.read() as connection:
            notes = select(func.count()).where(revision.c.note == f"Було відкрито {number}")
            assert await connection.scalar(notes) == 1

    await killed_at_each_step(kills, act)


async def test_the_secret_of_a_token_is_shown_and_is_that_of_its_token(room: Newsroom) -> None:
    owner, kills = room.owner(), Kills(room)

    async def act(number: int) -> None:
        await owner.says("/sources")
        await owner.taps("Новий токен")
        await owner.taps("Далі: назва")
        await _answers(room, kills, owner, f"Сайт {number}", number)
        assert [one.name for one in await room.store.tokens.all()] == [f"Сайт {n}" for n in range(1, number + 1)]
        shown = [text_of(one) for one in owner.got if text_of(one).startswith("visnyk_")]
        token = await room.store.tokens.use(fingerprint(shown[-1].strip()), room.clock.now())
        assert token is not None
        assert token.name == f"Сайт {number}"

    await killed_at_each_step(kills, act)


async def _zone(room: Newsroom) -> str:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    return person.zone


READERS: dict[str, tuple[str, Callable[[int], str]]] = {
    "zone": ("/timezone", lambda n: ("Київ", "Варшава")[n % 2]),
    "hours": ("/schedule", lambda n: f"08:{n:02}"),
    "quiet": ("/quiet", lambda n: f"22:{n:02}–7:00"),
    "words": ("/words", lambda n: f"міст{n}"),
    "search": ("/search", lambda _: "міст"),
}


@pytest.mark.parametrize("question", READERS)
async def test_what_a_reader_answers(room: Newsroom, question: str) -> None:
    reader, editor, kills = room.person(), room.owner(), Kills(room)
    await editor.publishes("Міст відкрито")
    await reader.says("/start")
    command, answer = READERS[question]

    async def act(number: int) -> None:
        await reader.says(command)
        await _answers(room, kills, reader, answer(number), number)
        asked = [one for one in reader.got if "Скасувати" in [b["text"] for b in buttons_of(one)]]
        assert not asked

    await killed_at_each_step(kills, act)


@pytest.mark.parametrize("tail", ["Останній абзац.\n\nІ ще один.", "Речення про тунель. " * 150])
async def test_the_rest_of_a_paste_is_added_once(room: Newsroom, tail: str) -> None:
    editor, kills = room.owner(), Kills(room)

    async def act(number: int) -> None:
        before = await _drafts(room)
        room.clock.advance(minutes=1)
        kills.at(number)
        await editor.pastes(f"Довга новина {number}\n\n" + "Речення про міст. " * 215 + "\n\n" + tail)
        await room.heard()
        kills.at_rest()
        assert await _drafts(room) == before + 1
        made = await room.store.articles.get(before + 1)
        assert made.body.count("Останній") + made.body.count("тунель") == tail.count("Останній") + tail.count("тунель")

    await killed_at_each_step(kills, act)


async def test_a_picture_of_an_album_is_added_once(room: Newsroom) -> None:
    editor, kills = room.owner(), Kills(room)

    async def act(number: int) -> None:
        before = await _drafts(room)
        room.clock.advance(minutes=1)
        kills.at(number)
        await editor.sends_photo(f"Міст відкрито {number}\n\nТекст.", media_group_id=f"g{number}")
        room.world.files["another"] = b"\xff\xd8\xff"
        sizes = [{"file_id": "another", "file_unique_id": "another", "width": 90, "height": 60}]
        editor.sends(photo=sizes, media_group_id=f"g{number}")
        await room.heard()
        kills.at_rest()
        assert await _drafts(room) == before + 1
        made = await room.store.articles.get(before + 1)
        assert made.photo is not None
        assert len(made.photo.all) == 2

    await killed_at_each_step(kills, act)


async def _wanted(room: Newsroom) -> set[MatchKey]:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    return set((await room.store.readers.choices(person.id, room.clock.now())).wanted)


TICKS = {
    "a topic": ("/topics", "Спорт"),
    "all news": ("/topics", "Усі новини"),
    "an hour": ("/schedule", "09:00"),
}


async def _chosen(room: Newsroom) -> object:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    return person.schedule, await _wanted(room)


@pytest.mark.parametrize("ticked", TICKS)
async def test_a_box_is_ticked_once_and_so_is_an_hour(room: Newsroom, ticked: str) -> None:
    reader, kills = room.person(), Kills(room)
    await reader.says("/start")
    command, label = TICKS[ticked]

    async def act(number: int) -> None:
        await reader.says(command)
        was, was_on = await _chosen(room), any("✅" in one and label in one for one in reader.buttons)
        room.clock.advance(minutes=1)
        kills.at(number)
        await reader.taps(label)
        await room.heard()
        kills.at_rest()
        assert await _chosen(room) != was
        assert any("✅" in one and label in one for one in reader.buttons) is not was_on

    assert len(await killed_at_each_step(kills, act)) > 2


@pytest.mark.parametrize("ticked", TICKS)
async def test_a_box_that_is_tapped_twice_says_what_the_first_tap_did(room: Newsroom, ticked: str) -> None:
    reader = room.person()
    await reader.says("/start")
    command, label = TICKS[ticked]
    for _ in range(2):  # on, and off again
        await reader.says(command)
        was = await _chosen(room)
        button = next(b for b in buttons_of(reader.last) if label in b["text"])
        await reader.presses(button["callback_data"], reader.last)
        chosen = await _chosen(room)
        assert chosen != was
        await reader.presses(button["callback_data"], reader.last)
        assert await _chosen(room) == chosen


async def test_boxes_that_were_shown_long_ago_are_still_ticked(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    (sport,) = [one for one in await room.store.topics.all() if one.name("uk") == "Спорт"]
    await reader.says("/topics")
    await reader.presses(f"t:{sport.id}:topics", reader.last)
    assert await _wanted(room) == {topic_key(sport.id)}
    await reader.presses(f"t:{sport.id}:topics", reader.last)
    assert await _wanted(room) == set()
    for times in ((time(9),), ()):
        await reader.presses("c:hour:540", reader.last)
        person = await room.store.readers.find(Address(1))
        assert person is not None
        assert person.schedule == (AtHours(times) if times else Instantly())


async def test_a_verdict_on_what_is_related_is_given_once(room: Newsroom) -> None:
    editor = room.owner()
    first = await editor.publishes("Міст відкрито в Києві\n\nТекст про міст у Києві.")
    other = await editor.publishes("Міст закрито в Києві\n\nТекст про міст у Києві знову.")
    await editor.says(f"/read {first.id}")
    for verdict, label in ((True, "📌"), (False, "🚫"), (True, "📌")):
        await editor.presses(f"i:show:{first.id}:0:h{first.id}", editor.last)
        button = next(b for b in buttons_of(editor.last) if f"{label} 1" in b["text"])
        for _ in range(2):
            await editor.presses(button["callback_data"], editor.last)
            assert await room.store.articles.ties(first.id) == {other.id: verdict}
    button = next(b for b in buttons_of(editor.last) if "✅ 📌 1" in b["text"])
    for _ in range(2):
        await editor.presses(button["callback_data"], editor.last)
        assert await room.store.articles.ties(first.id) == {}
    for verdicts in ({other.id: True}, {}):  # a button of long ago takes its own verdict back
        await editor.presses(f"i:pin:{first.id}:{other.id}:h{first.id}", editor.last)
        assert await room.store.articles.ties(first.id) == verdicts
