"""What a push shows: as much as a channel's post; and that it arrives once, whatever Telegram refuses of it."""

from dataclasses import replace

import pytest

from bot.model.desk import Editor, Role
from bot.model.news import Incoming, Photo, RevisionKind
from bot.sandbox.faults import Fault
from bot.sandbox.world import Json
from tests.support.arrivals import arrive
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Somebody, text_of

LEAD = "Рух відкриють у вівторок о сьомій ранку."
CAPTION = f"Місто відкрило міст\n{LEAD}\n\nМіст будували три роки, коштував він 40 мільйонів гривень."
BAD_PICTURE = "Bad Request: wrong file identifier/HTTP URL specified"


async def _publishes_picture(room: Newsroom, editor: Desk, caption: str = CAPTION) -> None:
    await editor.sends_photo(caption)
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await room.settled()


def _pictures(message: Json) -> list[Json]:
    return [b for b in message.get("rich_message", {}).get("blocks", ()) if b["type"] == "photo"]


async def _a_reader(room: Newsroom, language: str = "uk") -> tuple[Somebody, Desk]:
    reader, editor = room.person(language=language), room.owner()
    await reader.says("/start")
    return reader, editor


@pytest.mark.parametrize(("language", "minutes"), [("uk", "1 хв читати"), ("en", "1 min read")])
async def test_a_push_shows_title_lead_picture_and_reading_time(room: Newsroom, language: str, minutes: str) -> None:
    reader, editor = await _a_reader(room, language)
    await _publishes_picture(room, editor)
    push = reader.message_with("Місто відкрило міст")
    assert LEAD in text_of(push)
    assert minutes in text_of(push)
    assert "40 мільйонів" not in text_of(push)
    assert len(_pictures(push)) == 1


async def test_a_push_with_a_picture_opens_and_folds_in_place(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    await _publishes_picture(room, editor)
    number = reader.last["message_id"]
    await reader.taps("Читати")
    assert reader.last["message_id"] == number
    await reader.sees_now("40 мільйонів")
    await reader.taps("Згорнути")
    assert reader.last["message_id"] == number
    assert LEAD in reader.screen
    assert "40 мільйонів" not in reader.screen
    assert _pictures(reader.last)


async def test_without_a_picture_a_push_is_a_plain_message_with_the_lead(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    await editor.publishes(CAPTION)
    await reader.sees_now(LEAD)
    assert "text" in reader.last


async def test_the_desk_previews_what_readers_get(room: Newsroom) -> None:
    editor = room.owner()
    await editor.sends_photo(CAPTION)
    await editor.sees_now(LEAD)
    assert _pictures(editor.last)


@pytest.mark.parametrize(
    ("language", "button", "back"),
    [("uk", "лише заголовок", "заголовок, лід і фото"), ("en", "title only", "title, lead and photo")],
)
async def test_a_reader_can_choose_titles_only(room: Newsroom, language: str, button: str, back: str) -> None:
    reader, editor = await _a_reader(room, language)
    await reader.says("/settings")
    await reader.taps("📄")
    await reader.sees_now(button)
    await _publishes_picture(room, editor)
    push = reader.message_with("Місто відкрило міст")
    assert LEAD not in text_of(push)
    assert not _pictures(push)
    await reader.taps("Читати" if language == "uk" else "Read", push)
    await reader.sees_now(LEAD)
    await reader.taps("Згорнути" if language == "uk" else "Collapse")
    assert LEAD not in reader.screen
    await reader.says("/settings")
    await reader.taps("📄")
    await reader.sees_now(back)


async def test_a_correction_leaves_the_choice_of_titles_only(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    await reader.says("/settings")
    await reader.taps("📄")
    await _publishes_picture(room, editor)
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎ Виправити")
    await editor.taps("Заголовок")
    await editor.says("Місто відкрило новий міст")
    await editor.taps("Одрук")
    await room.tick()
    await room.settled()
    await reader.sees("Місто відкрило новий міст")
    assert await reader.lacks(LEAD)


async def test_a_reader_of_plain_messages_gets_the_words_in_one(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    await reader.says("/settings")
    await reader.taps("🖼")
    await _publishes_picture(room, editor)
    await reader.sees_now(LEAD)
    assert "text" in reader.last
    assert await reader.count("Місто відкрило міст") == 1


@pytest.mark.parametrize(
    "refusal",
    [
        BAD_PICTURE,
        "Bad Request: RICH_MESSAGE_FORBIDDEN",
        "Bad Request: something nobody has heard of",
        "Bad Request: not enough rights to send photos to the chat",
    ],
)
async def test_a_picture_that_is_refused_costs_neither_the_news_nor_the_reader(room: Newsroom, refusal: str) -> None:
    reader, editor = await _a_reader(room)
    room.faults.order(Fault("answer", 1, "sendRichMessage", chat_id=1, status=400, description=refusal))
    await _publishes_picture(room, editor)
    await reader.sees_now(LEAD)
    assert "text" in reader.last
    assert await reader.count("Місто відкрило міст") == 1
    await _publishes_picture(room, editor, CAPTION.replace("міст", "парк"))
    assert _pictures(reader.message_with("Місто відкрило парк"))


async def test_a_chat_that_may_not_be_written_to_is_still_found_out(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    reason = "Bad Request: not enough rights to send text messages to the chat"
    for method in ("sendRichMessage", "sendMessage"):
        room.faults.order(Fault("answer", 1, method, chat_id=1, status=400, description=reason))
    await _publishes_picture(room, editor)
    await editor.sees("Не вдалося: 1")
    assert await reader.lacks("Місто відкрило міст")


async def test_nothing_is_sent_in_another_form_when_nobody_knows_whether_the_first_arrived(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    room.faults.order(Fault("lost", 1, "sendRichMessage", chat_id=1))
    await editor.sends_photo(CAPTION)
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    assert await reader.count("Місто відкрило міст") == 1


async def test_a_picture_nobody_can_get_is_not_asked_for_again_and_again(room: Newsroom) -> None:
    editor = room.owner()
    readers = [room.person(f"Ч{n}", n) for n in range(1, 31)]
    for reader in readers:
        await reader.says("/start")
    room.sender.window = 1
    refused = Fault("answer", 100, "sendRichMessage", status=400, description=BAD_PICTURE)
    await editor.sends_photo(CAPTION)
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    room.faults.order(refused)
    await room.tick()
    await room.settled()
    for reader in readers:
        assert await reader.count("Місто відкрило міст") == 1
    assert 100 - refused.times <= 5


async def _arrives_with_an_address(room: Newsroom) -> None:
    picture = Photo(url="https://example.org/bridge.jpg", caption="Міст")
    item = Incoming(
        title="Місто відкрило міст",
        lead=LEAD,
        body="<p>Текст.</p>",
        photo=picture,
        identity="id:1",
        published_at=room.clock.now(),
    )
    await arrive(room, item)


async def test_a_picture_at_an_address_is_shown_and_in_plain_messages_previewed(room: Newsroom) -> None:
    rich, plain = room.person(), room.person("Проста", 2)
    for reader in (rich, plain):
        await reader.says("/start")
    await plain.says("/settings")
    await plain.taps("🖼")
    await _arrives_with_an_address(room)
    assert _pictures(rich.message_with("Місто відкрило міст"))
    preview = plain.message_with("Місто відкрило міст")["link_preview_options"]
    assert (preview["url"], preview["show_above_text"]) == ("https://example.org/bridge.jpg", True)


async def test_an_address_that_telegram_does_not_preview_costs_no_news(room: Newsroom) -> None:
    plain = room.person("Проста", 2)
    await plain.says("/start")
    await plain.says("/settings")
    await plain.taps("🖼")
    reason = "Bad Request: WEBPAGE_URL_INVALID"
    room.faults.order(Fault("answer", 1, "sendMessage", chat_id=2, status=400, description=reason))
    await _arrives_with_an_address(room)
    message = plain.message_with("Місто відкрило міст")
    assert "entities" in message
    assert await plain.count("Місто відкрило міст") == 1


async def test_a_long_lead_is_cut_at_a_whole_character_and_read_whole(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    await editor.publishes("Місто відкрило міст\n\nТекст новини.")
    corrections = room.app.parts.desk.corrections
    family = "👨‍👩‍👧‍👦"
    lead = family * 90
    article = replace(await corrections.open(1), lead=lead[:990])
    await corrections.correct(article, RevisionKind.TYPO, "", Editor(100, Role.OWNER))
    await room.tick()
    await room.settled()
    shown = text_of(reader.message_with("Місто відкрило міст"))
    assert family in shown
    assert "…" in shown
    assert not shown.split("…")[0].rstrip().endswith("\u200d")


async def test_marks_in_a_title_and_a_lead_are_shown_as_they_are(room: Newsroom) -> None:
    reader, editor = await _a_reader(room)
    caption = "Ціна <b>5</b> & 6 </i> <script>\nЛід: a < b && <a href='x'>y</a>\n\nТекст."
    await _publishes_picture(room, editor, caption)
    await reader.sees_now("Ціна <b>5</b> & 6 </i> <script>")
    await reader.sees_now("Лід: a < b && <a href='x'>y</a>")
