"""Open questions have bounds: what answers one, what closes one, and how it shows that it is open."""

from typing import Any

from bot.model.readers import ReaderState
from bot.sandbox.world import Chat
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Json, Somebody, buttons_of

POST = "Міст відкрили\nРух відновлено\n\nМіст відкрили о восьмій ранку. Ремонт тривав пів року."
_LINES = "Перший рядок\nДругий рядок\n\nТретій рядок."


async def _title(room: Newsroom) -> str:
    return (await room.store.articles.get(1)).title


def _cancels(somebody: Somebody) -> list[Json]:
    return [m for m in somebody.got if any(b["text"] == "Скасувати" for b in buttons_of(m))]


async def _asked(editor: Desk, label: str = "✏️ Заголовок") -> None:
    await editor.taps("💬 ", next(m for m in reversed(editor.got) if any("💬 " in b["text"] for b in buttons_of(m))))
    await editor.taps(label)


async def test_a_command_known_or_not_in_text_or_caption_runs_and_closes_the_question(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    for command, answer in (("/drafts", "Чернетки"), ("/weather", "Такої команди немає."), ("/search", "Що шукаємо?")):
        await _asked(editor)
        await editor.says(command)
        assert answer in editor.screen
        await editor.says("Не заголовок")
        assert await _title(room) == "Міст відкрили"
    await _asked(editor)
    await editor.sends_photo("/drafts", caption_entities=[{"type": "bot_command", "offset": 0, "length": 7}])
    await editor.sees_now("Чернетки")
    await editor.says("Не заголовок")
    assert await _title(room) == "Міст відкрили"


async def test_a_readers_command_is_never_searched_for_nor_taken_for_a_city(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/search")
    await reader.says("/stop")
    found = await room.store.readers.get(1)
    assert found.state is ReaderState.LEFT
    await reader.says("/timezone")
    assert "Скасувати" in reader.buttons
    await reader.says("/latest")
    await reader.says("Київ")
    await reader.sees_now("Пошукати «Київ»")


async def test_cancel_works_everywhere(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await editor.says(f"/post {POST}")
    await _asked(editor)
    await editor.says("/cancel")
    await editor.sees_now("Гаразд, без змін.")
    await editor.says("Не заголовок")
    assert await _title(room) == "Міст відкрили"
    await reader.says("/search")
    await reader.says("/cancel")
    await reader.sees_now("Гаразд, без змін.")
    await reader.says("/cancel")
    await reader.sees_now("Немає чого скасовувати.")
    assert _cancels(reader) == []


async def test_another_button_closes_the_question(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    card = editor.last
    await editor.taps("✏️ Заголовок")
    await editor.taps("👁 Повний текст", card)
    await editor.says("Не заголовок")
    await editor.sees_now("Зробити з цього новину чи пошукати?")
    assert await _title(room) == "Міст відкрили"
    assert _cancels(editor) == []


async def test_a_forward_closes_the_question_and_becomes_a_draft(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("✏️ Текст")
    origin = {"type": "user", "date": 1, "sender_user": room.person().person.as_user()}
    editor.sends(text="Переслана новина", forward_origin=origin)
    await editor.sees("Переслана новина\n")
    await editor._rest()
    assert "восьмій ранку" in (await room.store.articles.get(1)).body
    await editor.says("Не текст")
    assert "восьмій ранку" in (await room.store.articles.get(1)).body


async def test_a_quarter_of_an_hour_closes_the_question(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("✏️ Заголовок")
    room.clock.advance(minutes=14)
    await editor.says("Вчасний заголовок")
    assert await _title(room) == "Вчасний заголовок"
    await editor.taps("✏️ Заголовок")
    room.clock.advance(minutes=16)
    await editor.says("Пізній заголовок")
    await editor.sees_now("Зробити з цього новину чи пошукати?")
    assert await _title(room) == "Вчасний заголовок"
    assert _cancels(editor) == []


async def test_an_answer_that_cannot_be_one_closes_the_question_and_can_become_a_draft(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    marks: Any = {"type": "bold", "offset": 27, "length": 6}
    await editor.says(_LINES, marks)
    await editor.sees_now("питання «Коли опублікувати?» закрито")
    assert "Перший рядок" not in editor.screen
    await editor.taps("Зробити чернеткою")
    assert editor.screen.startswith("Перший рядок\nВісник")
    made = await room.store.articles.get(2)
    assert "<b>Третій</b> рядок" in made.body
    await editor.says("завтра 9:00")
    await editor.sees_now("Зробити з цього новину чи пошукати?")
    editor.sends(sticker={"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9,
                          "is_animated": False, "is_video": False})  # fmt: skip
    await editor.sees_now("Такі повідомлення бот не читає.")


async def test_a_picture_with_words_is_no_title(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("✏️ Заголовок")
    await editor.sends_photo("Інша новина\n\nТекст.")
    assert await _title(room) == "Міст відкрили"
    assert (await room.store.articles.get(2)).title == "Інша новина"


async def test_what_keeps_a_question_open_names_it_and_only_the_last_has_a_way_out(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    assert "Скасувати" in editor.buttons
    for wrong, why in (("коли-небудь", "не схоже на час"), ("01.01.2020 10:00", "вже минуло")):
        await editor.says(wrong)
        assert why in editor.screen
        assert "Коли опублікувати?" in editor.screen
        assert editor.buttons == ["Скасувати"]
        assert len(_cancels(editor)) == 1  # the card with the offered times is still there, without it
    await editor.says("завтра 9:00")
    await editor.sees_now("🕒 Вийде завтра")
    await editor._rest()
    assert _cancels(editor) == []


async def test_each_question_says_again_what_it_is_and_how_to_leave_it(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("Додати фото")
    await editor.says("не фото")
    assert "Надішліть фото чи відео" in editor.screen
    assert editor.buttons == ["Скасувати"]
    assert len(_cancels(editor)) == 1
    await editor.taps("Скасувати")
    await editor.says("/editors")
    await editor.taps("Додати")
    await editor.says("хто?")
    assert "За цим людину не впізнати" in editor.screen
    assert editor.buttons == ["Скасувати"]
    reader = room.person()
    await reader.says("/timezone")
    await reader.says("Хтозна-де")
    assert "напишіть своє" in reader.screen
    assert reader.buttons == ["Скасувати"]
    await reader.says("Лондон")
    await reader._rest()
    assert _cancels(reader) == []


async def test_nothing_empty_or_of_several_lines_is_quoted_back(room: Newsroom) -> None:
    reader = room.person()
    for command in ("/schedule зранку\nй увечері", "/timezone Київ\nЛьвів", "/latest Спорт\nПогода"):
        await reader.says(command)
        assert "«»" not in reader.screen
        assert "\n" not in reader.screen.partition("»")[0]
    reader.sends(location={"latitude": 1.0, "longitude": 2.0})
    await reader.sees_now("Такі повідомлення бот не читає.")


async def test_a_link_that_asks_for_words_asks(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await editor.publishes(POST)
    await reader.says("/start search")
    assert reader.buttons == ["Скасувати"]
    await reader.says("міст")
    await reader.sees_now("Міст відкрили")


async def test_hours_may_be_typed_below_their_screen_within_the_bounds_of_every_question(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    for command, typed, saved in (
        ("/quiet", "22:30–7:15", "Тихі години: 22:30–07:15."),
        ("/schedule", "8, 13", "Новини надходитимуть о 08:00 і 13:00."),
    ):
        await reader.says(command)
        asked = reader.last["message_id"]
        await reader.says(typed)
        await reader.sees_now(saved)
        assert asked not in {message["message_id"] for message in _cancels(reader)}
        await reader.says(command)
        await reader.says("/latest")
        await reader.says(typed)
        await reader.sees_now("Пошукати")
        await reader.says(command)
        await reader.taps("Скасувати")
        await reader.says(typed)
        await reader.sees_now("Пошукати")
        await reader.says(command)
        room.clock.advance(minutes=16)
        await reader.says(typed)
        await reader.sees_now("Пошукати")
        await reader.says(command)
        reader.sends(text=typed, forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "Хтось"})
        await reader.sees_now("Пошукати")


async def test_what_people_say_in_a_group_answers_nothing_but_a_reply_to_the_question_does(room: Newsroom) -> None:
    admin = room.person()
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(room.person("Сусід", 2), group)
    await boss.says("/topics")
    for command, typed, saved in (
        ("/quiet", "22–7", "Тихі години: 22:00–07:00."),
        ("/schedule", "8, 13", "Новини надходитимуть о 08:00 і 13:00."),
        ("/timezone", "Варшава", "Часовий пояс: Варшава."),
    ):
        await boss.says(command)
        asked = boss.last
        assert "у відповідь на це повідомлення" in boss.screen
        before = len(boss.got)
        for speaker in (boss, neighbour):
            speaker.sends(text="о восьмій біля під'їзду?")
        neighbour.sends(text=typed, reply_to_message=dict(asked))  # they were not asked
        assert len(await boss.everything()) == before
        boss.sends(text=typed, reply_to_message=dict(asked))
        await boss.sees_now(saved)


async def test_a_channel_is_told_the_command_where_a_person_may_type_hours(room: Newsroom) -> None:
    seat = await room.channel_of(room.person())
    for command in ("/quiet", "/schedule", "/timezone"):
        seat.sends(text=command, entities=[{"type": "bot_command", "offset": 0, "length": len(command)}])
        await seat.sees_now(f"Свої — командою, наприклад: {command} ")
        assert "Скасувати" not in seat.buttons


async def test_whatever_closes_a_question_takes_its_way_out_and_leaves_the_other_buttons(room: Newsroom) -> None:
    """On screens whose other buttons do not need the question, and on those that have nothing else."""
    editor = room.owner()
    await editor.says(f"/post {POST}")
    draft = editor.last["message_id"]

    async def opened(label: str, command: str = "") -> None:
        if command:
            await editor.says(command)
        await editor.taps(label, editor.last if command else editor.chat.messages[draft])

    async def forward() -> None:
        origin: Any = {"type": "hidden_user", "date": 1, "sender_user_name": "Хтось"}
        editor.sends(text="Переслане. Далі ще речення.", forward_origin=origin)

    async def quarter_of_an_hour() -> None:
        room.clock.advance(minutes=16)
        await room.tick()

    for close, ask, left in (
        (lambda: editor.says("/latest"), lambda: editor.says("/schedule"), "19:00"),
        (lambda: editor.says("/latest"), lambda: opened("Запланувати"), "Завтра"),
        (lambda: editor.says("/latest"), lambda: opened("Додати", "/editors"), "запрошення"),
        (forward, lambda: editor.says("/quiet"), "22:00–07:00"),
        (lambda: editor.says(_LINES), lambda: editor.says("/timezone"), "Варшава"),
        (quarter_of_an_hour, lambda: editor.says("/schedule"), "19:00"),
        (quarter_of_an_hour, lambda: opened("Додати", "/editors"), "запрошення"),
        (quarter_of_an_hour, lambda: opened("✏️ Заголовок"), ""),
        (lambda: opened("✏️ Заголовок"), lambda: editor.says("/quiet"), "22:00–07:00"),
    ):
        await ask()
        asked = draft if left == "Завтра" else editor.last["message_id"]
        there = [button["text"] for button in buttons_of(editor.chat.messages[asked])]
        assert "Скасувати" in there, left
        await close()
        await room.heard()
        now = [button["text"] for button in buttons_of(editor.chat.messages[asked])]
        assert "Скасувати" not in now, left
        assert left in " ".join(now)
        if left == "запрошення":
            assert now == [label for label in there if label != "Скасувати"]
        elif left:  # what led back to another screen still does
            assert now == ["← Назад" if label == "Скасувати" else label for label in there]
        else:
            assert now == []
        if left == "Завтра":
            await opened("Назад")


async def test_what_only_answers_with_a_word_takes_the_way_out_too(room: Newsroom) -> None:
    """A button of the very message that asks, which shows nothing else in its place."""
    reader = room.person()
    await reader.says("/start")
    await reader.says("/schedule 8 19")
    await reader.says("/schedule")
    assert _cancels(reader)
    await reader.taps("Дайджест зараз")
    assert _cancels(reader) == []
    assert reader.buttons[-1] == "← Назад"
    await reader.says("8")
    await reader.sees_now("Пошукати")


async def test_in_a_group_a_lapse_leaves_alone_what_another_administrator_has_opened_in_the_message(
    room: Newsroom,
) -> None:
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    first = room.member(room.person(), group, admin=True)
    second = room.member(room.person("Сусід", 2), group, admin=True)
    await first.says("/topics")
    await first.says("/settings")
    await first.taps("Тихі години")
    await second.taps("Скасувати")
    there = second.screen, second.buttons
    room.clock.advance(minutes=16)
    await room.tick()
    await room.heard()
    assert (second.screen, second.buttons) == there
