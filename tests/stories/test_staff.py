"""The people of the newsroom: who they are, how they join and leave, what they hear of, and that they are no readers."""

import pytest
from sqlalchemy import text

from bot.errors import BadInvitation
from bot.model.desk import Editor, Role
from bot.model.matching import EVERYTHING
from bot.text.phrasebook import phrases
from tests.support.killing import Kills, killed_at_each_step
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Json, Somebody, buttons_of, text_of

pytestmark = pytest.mark.wide

POST = "Міст відкрили\n\nМіст відкрили о восьмій ранку. Ремонт тривав пів року."


def _invitation(owner: Somebody) -> str:
    button = next(b for b in buttons_of(owner.last) if "copy_text" in b)
    return str(button["copy_text"]["text"]).partition("start=")[2]


async def _author(room: Newsroom, owner: Desk, name: str = "Ігор", number: int = 7, language: str = "uk") -> Desk:
    somebody = room.person(name, number, language)
    await owner.says("/editors")
    await owner.taps("➕")
    await somebody.says(f"/start {_invitation(owner)}")
    return Desk(room.world, somebody.person, somebody.chat, room)


@pytest.mark.parametrize(
    ("language", "words", "role"),
    [
        ("uk", ("Кого додати?", "Запрошення прийнято.", "Ви в редакції"), "▫️ редактор"),
        ("en", ("Who joins?", "The invitation was accepted.", "You are"), "▫️ editor"),
    ],
)
async def test_an_editor_joins_in_three_taps_and_nobody_types_an_id(
    room: Newsroom, language: str, words: tuple[str, str, str], role: str
) -> None:
    owner, ihor = room.owner(language), room.person("Ігор", 7, language)
    await owner.says("/editors")
    await owner.taps("➕")  # the first
    await owner.sees_now(words[0])
    share = next(b for b in buttons_of(owner.last) if b.get("url", "").startswith("https://t.me/share/url?url="))
    assert "start%3De_" in share["url"]  # the second: to send it to somebody
    await ihor.says(f"/start {_invitation(owner)}")
    await owner.sees_now(words[1])
    assert "Ігор" in owner.screen
    await owner.taps(role)  # the third
    assert await room.store.editors.role(7) is Role.EDITOR
    await ihor.says(f"/post {POST}")
    assert any("✅" in label for label in ihor.buttons)


async def test_an_invitation_is_for_one_and_for_a_day_and_ends_with_its_owner(room: Newsroom) -> None:
    owner, ihor, thief = room.owner(), room.person("Ігор", 7), room.person("Злодій", 8)
    await owner.says("/editors")
    await owner.taps("➕")
    first = _invitation(owner)
    await ihor.says(f"/start {first}")
    await ihor.sees_now("Тепер ви в редакції: автор.")
    await ihor.says(f"/start {first}")
    await ihor.sees_now("Тепер ви в редакції: автор.")
    wrong = [first, "e_", "e_100", "e_100-", "e_100-x", "e_0-x", f"e_{'9' * 50}-x", "e_7-" + first.partition("-")[2]]
    for invitation in wrong:
        await thief.says(f"/start {invitation}")
        await thief.sees_now("Це запрошення вже використано")
    await owner.says("/editors")
    await owner.taps("➕")
    late = _invitation(owner)
    room.clock.advance(days=1, seconds=1)
    await thief.says(f"/start {late}")
    await thief.sees_now("Це запрошення вже використано")
    assert await room.store.editors.role(8) is Role.READER


async def test_who_came_by_an_invitation_is_told_though_the_process_was_killed_before_it_said_so(
    room: Newsroom,
) -> None:
    """Then the update is handled again: the person is on the desk already."""
    owner, ihor = room.owner(), room.person("Ігор")
    await owner.says("/start")
    invitations = room.app.parts.desk.invitations
    me = await room.app.parts.desk.staff.editor(owner.person.id, "")
    link = await invitations.make(me)
    taken, by = await invitations.accept(link, Editor(ihor.person.id, Role.READER, "Ігор"))
    assert (taken.role, by) == (Role.AUTHOR, owner.person.id)
    await ihor.says(f"/start e_{link}")
    await owner.sees("Запрошення прийнято")
    await ihor.says(f"/start e_{link}")
    await ihor.says("/start")
    assert await owner.count("Запрошення прийнято") == 1
    await room.store.editors.dismiss(ihor.person.id, owner.person.id, room.clock.now())
    with pytest.raises(BadInvitation):
        await invitations.accept(link, Editor(ihor.person.id, Role.READER, "Ігор"))


async def test_who_was_not_taken_on_since_the_database_failed_comes_in_by_the_same_link(room: Newsroom) -> None:
    owner, ihor = room.owner(), room.person("Ігор", 7)
    await owner.says("/editors")
    await owner.taps("➕")
    link = _invitation(owner)
    away = "CREATE TRIGGER away BEFORE INSERT ON editor BEGIN SELECT RAISE(ABORT, 'away'); END"
    async with room.database.write() as connection:
        await connection.execute(text(away))
    await ihor.says(f"/start {link}")
    async with room.database.write() as connection:
        await connection.execute(text("DROP TRIGGER away"))
    assert await room.store.editors.role(7) is Role.READER
    await ihor.says(f"/start {link}")
    await ihor.sees_now("Тепер ви в редакції: автор.")
    await owner.sees("Запрошення прийнято")
    assert await ihor.count("Це запрошення вже використано") == 0


async def test_who_was_taken_off_the_desk_before_its_owner_was_told_does_not_come_back_by_the_old_link(
    room: Newsroom,
) -> None:
    owner, ihor = room.owner(), room.person("Ігор", 7)
    await owner.says("/start")
    invitations = room.app.parts.desk.invitations
    link = await invitations.make(await room.app.parts.desk.staff.editor(owner.person.id, ""))
    await invitations.accept(link, Editor(7, Role.READER, "Ігор"))
    await room.store.editors.dismiss(7, owner.person.id, room.clock.now())
    await ihor.says(f"/start e_{link}")
    await ihor.sees_now("Це запрошення вже використано")
    assert await room.store.editors.role(7) is Role.READER


async def test_an_invitation_of_somebody_who_owns_the_newsroom_no_more_lets_nobody_in(room: Newsroom) -> None:
    owner, thief = room.owner(), room.person("Злодій", 8)
    ihor = await _author(room, owner)
    await owner.taps("▫️ власник")
    await ihor.says("/editors")
    await ihor.taps("➕")
    his = _invitation(ihor)
    await owner.says("/editors")
    await owner.taps("Ігор")
    await owner.taps("✖ Прибрати")
    await owner.taps("Так, прибрати")
    await thief.says(f"/start {his}")
    await thief.sees_now("Це запрошення вже використано")


@pytest.mark.parametrize(
    ("language", "me", "may", "ask"),
    [
        ("uk", "• Редакторка (ви) — власник", "Автор пише чернетки", "Прибрати з редакції?"),
        ("en", "• Редакторка (you) – owner", "An author writes drafts", "Remove from the newsroom?"),
    ],
)
async def test_the_people_have_names_and_what_each_may_do_and_nobody_leaves_by_one_tap(
    room: Newsroom, language: str, me: str, may: str, ask: str
) -> None:
    owner = room.owner(language)
    await _author(room, owner)
    await owner.says("/editors")
    assert me in owner.screen
    assert f"• Ігор{phrases(language)('apart')}" in owner.screen
    assert may in owner.screen
    await owner.taps("Ігор")
    await owner.taps("✖")
    await owner.sees_now(ask)
    await owner.presses("u:remove:7:0", owner.last)  # as cards of earlier versions have it
    assert await room.store.editors.role(7) is Role.AUTHOR
    await owner.taps("←")
    assert "Ігор" in owner.screen
    await owner.taps("✖")
    await owner.taps("Так, прибрати" if language == "uk" else "Yes, remove")
    assert await room.store.editors.role(7) is Role.READER
    assert "Ігор" not in owner.screen


async def test_who_gets_another_role_hears_of_it_in_their_own_language_and_only_once(room: Newsroom) -> None:
    owner, john = room.owner(), room.person("John", 7, "en")
    await john.says("/help")
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    await john.sees_now("You are now in the newsroom: author.")
    await owner.taps("▫️ редактор")
    await john.sees_now("You are now in the newsroom: editor.")
    before = len(john.got)
    await owner.taps("✅ редактор")
    assert len(await john.everything()) == before


@pytest.mark.parametrize(
    ("language", "labels", "words"),
    [
        ("uk", ("Прибрати", "Так"), "Вас більше немає серед людей редакції. Читати новини можна й далі."),
        ("en", ("Remove", "Yes"), "You are no longer one of the newsroom’s people. You can go on reading the news."),
    ],
)
async def test_who_leaves_the_newsroom_is_told_so_and_left_no_button_of_it(
    room: Newsroom, language: str, labels: tuple[str, str], words: str
) -> None:
    owner, second = room.owner(), room.person("Second", 7, language)
    await second.says("/help")
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    await owner.taps("▫️ власник")
    await second.says("/editors")
    await second.taps("Second")
    for label in labels:
        await second.taps(label)
    assert (second.screen, second.buttons) == (words, [])


LESS = {
    "leaves": (("Прибрати", "Так"), "Вас більше немає серед людей редакції."),
    "is an editor again": (("▫️ редактор",), "Тепер ви в редакції: редактор."),
}


@pytest.mark.parametrize("less", LESS)
async def test_who_is_no_owner_any_more_sees_so_wherever_the_process_is_killed(room: Newsroom, less: str) -> None:
    second, kills = room.person("Second", 7), Kills(room)
    room.owner()
    await second.says("/help")
    staff, labels = room.app.parts.desk.staff, LESS[less][0]

    async def act(number: int) -> None:
        await room.store.editors.appoint(Editor(7, Role.OWNER, "Second"), 100, room.clock.now())
        await second.says("/editors")
        await second.taps("Second")
        for label in labels[:-1]:
            await second.taps(label)
        room.clock.advance(minutes=1)
        kills.at(number)
        await second.taps(labels[-1])
        await room.heard()
        kills.at_rest()
        assert (await staff.editor(7, "")).role < Role.OWNER
        assert second.screen.startswith(LESS[less][1]), kills.step
        assert second.buttons == []

    assert len(await killed_at_each_step(kills, act)) > 2


async def _hears(room: Newsroom, editor: Somebody) -> list[Json]:
    await room.tick()
    return [m for m in await editor.everything() if "📝 " in text_of(m)]


@pytest.mark.parametrize(("language", "words"), [("uk", "📝 Нова чернетка: Ігор"), ("en", "📝 New draft: Ігор")])
async def test_an_authors_new_draft_is_told_to_the_editors_once_with_the_way_to_it(
    room: Newsroom, language: str, words: str
) -> None:
    owner = room.owner(language)
    ihor = await _author(room, owner)
    await ihor.says(f"/post {POST}")
    (told,) = await _hears(room, owner)
    assert text_of(told) == f"{words}\nМіст відкрили"
    await ihor.taps("✏️ Заголовок")
    await ihor.says("Міст закрили")
    room.clock.advance(hours=1)
    assert len(await _hears(room, owner)) == 1, "of an edit nobody is told"
    assert not [m for m in ihor.got if "📝 " in text_of(m)]
    await owner.taps("Відкрити" if language == "uk" else "Open")
    assert owner.screen.startswith("Міст закрили")
    await owner.says("/post Редакторська чернетка\n\nТекст.")
    room.clock.advance(hours=1)
    assert not [m for m in await _hears(room, owner) if "Редакторська" in text_of(m)]


async def _told_since(room: Newsroom, author: Desk, before: int) -> list[str]:
    """Return what an author has heard, unasked, of what others did; twice the bot has looked, in two processes."""
    await room.tick()
    await room.restart()
    room.clock.advance(minutes=16)
    await room.tick()
    return [text_of(one) for one in author.got[before:]]


DONE = {
    "published": (
        ("Опублікувати", "Так, опублікувати"),
        "✅ Вашу новину схвалено, вона виходить:",
        "✅ Your article was approved and is going out:",
    ),
    "planned": (
        ("🕒 Запланувати", "Завтра о 19:00"),
        "✅ Вашу новину схвалено, вона вийде завтра, 19:00:",
        "✅ Your article was approved and goes out tomorrow, 19:00:",
    ),
    "discarded": (
        ("Відкинути", "Так, відкинути"),
        "🗑 Вашу чернетку відкинуто:",
        "🗑 Your draft was discarded:",
    ),
}


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("done", DONE)
async def test_an_author_hears_once_what_an_editor_did_with_their_draft(
    room: Newsroom, done: str, language: str
) -> None:
    owner = room.owner()
    ihor = await _author(room, owner, language=language)
    await ihor.says(f"/post {POST}")
    await _hears(room, owner)
    before = len(ihor.got)
    await owner.taps("Відкрити")
    taps, uk, en = DONE[done]
    for label in taps:
        await owner.taps(label)
    assert await _told_since(room, ihor, before) == [f"{uk if language == 'uk' else en}\nМіст відкрили"]
    assert not [one for one in owner.got if "Вашу" in text_of(one)]
    if done != "discarded":
        await ihor.taps("Відкрити" if language == "uk" else "Open")
        assert "Міст відкрили" in ihor.screen


async def test_an_author_hears_that_a_plan_is_a_draft_again_and_nothing_of_what_they_do_themselves(
    room: Newsroom,
) -> None:
    owner = room.owner()
    ihor = await _author(room, owner)
    await ihor.says(f"/post {POST}")
    await _hears(room, owner)
    await owner.taps("Відкрити")
    await owner.taps("🕒 Запланувати")
    await owner.taps("Завтра о 19:00")
    await room.tick()
    before = len(ihor.got)
    await owner.taps("✖ Зняти з плану")
    assert await _told_since(room, ihor, before) == ["↩ Вашу новину повернуто до чернеток:\nМіст відкрили"]
    before = len(ihor.got)
    await ihor.taps("Відкрити")
    await ihor.taps("Відкинути")
    await ihor.taps("Так, відкинути")
    await owner.publishes("Редакторська новина")
    assert [one for one in await _told_since(room, ihor, before) if "Ваш" in one] == []
    assert not [one for one in owner.got if "Вашу" in text_of(one)]


async def test_an_author_who_cannot_be_told_at_first_is_told_within_a_day_and_once(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _author(room, owner)
    await ihor.says(f"/post {POST}")
    await _hears(room, owner)
    ihor.blocks_the_bot()
    before = len(ihor.got)
    await owner.taps("Відкрити")
    await owner.taps("Опублікувати")
    await owner.taps("Так, опублікувати")
    for _ in range(4):
        await room.tick()
        room.clock.advance(minutes=10)
    ihor.unblocks_the_bot()
    await room.heard()
    for _ in range(3):
        room.clock.advance(hours=1)
        await room.tick()
    assert [text_of(one) for one in ihor.got[before:]] == ["✅ Вашу новину схвалено, вона вийшла:\nМіст відкрили"]


LATE = {
    "out": ("✅ Вашу новину схвалено, вона вийшла:", "✅ Your article was approved and is out:"),
    "held back": ("✅ Вашу новину схвалено:", "✅ Your article was approved:"),
}


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("then", LATE)
async def test_an_author_who_hears_of_a_plan_late_is_told_of_no_time_that_is_past(
    room: Newsroom, then: str, language: str
) -> None:
    owner = room.owner()
    ihor = await _author(room, owner, language=language)
    await ihor.says(f"/post {POST}")
    await _hears(room, owner)
    ihor.blocks_the_bot()
    before = len(ihor.got)
    await owner.taps("Відкрити")
    await owner.taps("🕒 Запланувати")
    await owner.says("через 2 години")
    await room.tick()
    if then == "held back":  # after so long a stop an owner is asked first
        await room.stop()
        room.clock.advance(hours=5)
        await room.start()
        await owner.says("/scheduled")
        await owner.taps("1")
        await owner.sees("🕒 Мало вийти 16:00")
    else:
        room.clock.advance(hours=3)
        await room.tick()
        await room.delivered()
    ihor.unblocks_the_bot()
    await room.heard()
    for _ in range(3):
        room.clock.advance(hours=1)
        await room.tick()
    heads = [text_of(one).partition("\n")[0] for one in ihor.got[before:] if "✅" in text_of(one)]
    assert heads == [LATE[then][language == "en"]]


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_an_author_hears_when_the_plan_they_were_told_of_is_moved(room: Newsroom, language: str) -> None:
    owner = room.owner()
    ihor = await _author(room, owner, language=language)
    await ihor.says(f"/post {POST}")
    await _hears(room, owner)
    await owner.taps("Відкрити")
    await owner.taps("🕒 Запланувати")
    await owner.taps("Завтра о 19:00")
    await room.tick()
    uk, before = language == "uk", len(ihor.got)
    await owner.says("/scheduled")
    await owner.taps("1")
    await owner.taps("🕒 Перенести")
    await owner.says("завтра о 21:00")
    told = "✅ Вашу новину схвалено, вона вийде" if uk else "✅ Your article was approved and goes out"
    at = "завтра, 21:00:" if uk else "tomorrow, 21:00:"
    assert await _told_since(room, ihor, before) == [f"{told} {at}\nМіст відкрили"]
    before, desk = len(ihor.got), room.app.parts.desk
    await desk.publisher.order(await room.store.articles.get(1), await desk.staff.person(100))
    now = "✅ Вашу новину схвалено, вона виходить:" if uk else "✅ Your article was approved and is going out:"
    assert [one for one in await _told_since(room, ihor, before) if "✅" in one] == [f"{now}\nМіст відкрили"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", "Вас більше немає серед людей редакції. Читати новини можна й далі."),
        ("en", "You are no longer one of the newsroom’s people. You can go on reading the news."),
    ],
)
async def test_who_is_removed_from_the_newsroom_is_told_once(room: Newsroom, language: str, words: str) -> None:
    owner = room.owner()
    ihor = await _author(room, owner, language=language)
    before = len(ihor.got)
    await owner.says("/editors")
    for label in ("Ігор", "Прибрати", "Так"):
        await owner.taps(label)
    assert await _told_since(room, ihor, before) == [words]


async def test_twenty_drafts_are_told_in_two_messages(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _author(room, owner)
    for number in range(20):
        await ihor.says(f"/post Чернетка {number}\n\nТекст.")
        await room.tick()
    assert len(await _hears(room, owner)) == 1
    room.clock.advance(minutes=16)
    first, second = await _hears(room, owner)
    assert "Чернетка 0" in text_of(first)
    assert text_of(second).startswith("📝 19 нових чернеток\nІгор (19)\n\n1. Чернетка 1")
    assert buttons_of(second)[-1]["text"] == "🗂 Усі чернетки"
    await room.restart()
    room.clock.advance(minutes=16)
    assert len(await _hears(room, owner)) == 2
    await owner.taps("🗂 Усі чернетки")
    await owner.sees_now("1. Чернетка 19")


async def test_what_is_taken_off_the_plan_again_is_not_told_as_new(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _author(room, owner)
    await ihor.says(f"/post {POST}")
    await _hears(room, owner)
    await owner.taps("Відкрити")
    await owner.taps("🕒 Запланувати")
    await owner.taps("Завтра о 19:00")
    planned = owner.last
    room.clock.advance(minutes=16)
    await ihor.says("/post Друга чернетка\n\nТекст.")
    assert len(await _hears(room, owner)) == 1, "what the first message said is the plan by now"
    await owner.taps("✖ Зняти з плану", planned)
    room.clock.advance(minutes=16)
    assert len(await _hears(room, owner)) == 1


async def test_a_draft_that_was_discarded_or_published_meanwhile_is_not_told(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _author(room, owner)
    await ihor.says(f"/post {POST}")
    await ihor.taps("Відкинути")
    await ihor.taps("Так, відкинути")
    assert await _hears(room, owner) == []


@pytest.mark.parametrize(
    ("language", "words"), [("uk", "Ви в редакції: власник."), ("en", "You are in the newsroom: owner.")]
)
async def test_the_newsrooms_people_are_readers_only_when_they_say_so(
    room: Newsroom, language: str, words: str
) -> None:
    owner, reader = room.owner(language), room.person()
    uk = language == "uk"
    await owner.says("/start")
    await owner.sees(words)
    ihor = await _author(room, owner)
    await ihor.says("/start")
    await reader.says("/start")
    await owner.says(f"/post {POST}")
    await owner.taps("✅")
    assert ("Отримають зараз: 1." if uk else "1 reader now") in owner.screen
    await owner.says("/topics")
    await owner.taps("▫️ Усі" if uk else "▫️ All")
    await owner.says("/drafts")
    await owner.taps("1")
    await owner.taps("✅")
    assert ("Отримають зараз: 2." if uk else "2 readers now") in owner.screen


async def test_a_reader_who_joins_the_newsroom_goes_on_reading(room: Newsroom) -> None:
    owner, ihor = room.owner(), room.person("Ігор", 7)
    await ihor.says("/start")
    await owner.says("/editors")
    await owner.taps("➕")
    await ihor.says(f"/start {_invitation(owner)}")
    await ihor.says("/start")
    await owner.publishes(POST)
    await ihor.sees("Міст відкрили\nВісник")


async def test_who_claims_the_newsroom_has_asked_for_no_news_by_pressing_start(sqlite_url: str) -> None:
    from tests.support.newsroom import open_newsroom

    async with open_newsroom(sqlite_url, admins="") as room:
        owner, chooser = room.person("Власниця", 6), room.person("Інший", 5)
        await chooser.says("/start")
        await owner.says("/start")
        await owner.says(f"/claim {room.app.code}")
        await owner.sees_now("Самі новини вам не надходять.")
        assert EVERYTHING not in (await room.store.readers.choices(2, room.clock.now())).wanted
        assert await room.store.editors.role(6) is Role.OWNER


@pytest.mark.parametrize(
    ("language", "unmet"), [("uk", "ще не писали боту (id 77)"), ("en", "hasn’t written to the bot yet (id 77)")]
)
async def test_people_who_have_not_written_yet_are_named_as_telegram_names_them(
    room: Newsroom, language: str, unmet: str
) -> None:
    owner = room.owner(language)
    room.person("Марія", 78)  # known to Telegram, not to the bot
    for number in ("77", "78"):
        await owner.says("/editors")
        await owner.taps("➕")
        await owner.says(number)
        await owner.sees_now(unmet if number == "77" else "Марія")
    await owner.says("/editors")
    apart = phrases(language)("apart")
    assert f"• {unmet}{apart}" in owner.screen
    assert f"• Марія{apart}" in owner.screen
    assert {"77", "Марія"} <= set(owner.buttons)
    await owner.taps("77")
    assert unmet in owner.screen


async def test_everybody_of_a_large_desk_can_be_reached(room: Newsroom) -> None:
    owner = room.owner()
    for n in range(1, 131):
        await room.store.editors.appoint(Editor(5000 + n, Role.AUTHOR, f"Автор {n}."), None, room.clock.now())
    await owner.says("/editors")
    seen = {button for button in owner.buttons if button.startswith("Автор")}
    for _ in range(2):
        await owner.taps("Далі ▶")
        seen |= {button for button in owner.buttons if button.startswith("Автор")}
    assert len(seen) == 130
    assert "Далі ▶" not in owner.buttons
    await owner.taps("◀ Попередня")
    assert "Далі ▶" in owner.buttons


async def test_a_contact_names_a_person_and_one_without_telegram_is_refused(room: Newsroom) -> None:
    owner = room.owner()
    await owner.says("/editors")
    await owner.taps("Додати")
    owner.sends(contact={"phone_number": "+380501112233", "first_name": "Олег"})
    await owner.sees_now("За цим людину не впізнати.\n\nНадішліть сюди контакт")
    owner.sends(contact={"phone_number": "+380501112233", "first_name": "Олег", "last_name": "Бондар", "user_id": 555})
    await owner.sees_now("Олег Бондар")
    assert (await room.store.editors.role(555)) is Role.AUTHOR


@pytest.mark.parametrize(
    ("language", "used", "over"),
    [
        ("uk", "Запрошення використано: у редакції тепер є Ігор.", "Це посилання вже не діє."),
        ("en", "The invitation has been used: Ігор is in the newsroom now.", "This link no longer works."),
    ],
)
async def test_the_message_of_a_used_invitation_says_who_came_and_asks_nothing_more(
    room: Newsroom, language: str, used: str, over: str
) -> None:
    owner, ihor = room.owner(language), room.person("Ігор", 7)
    await owner.says("/editors")
    await owner.taps("➕")
    shown = owner.last
    await ihor.says(f"/start {_invitation(owner)}")
    await owner.sees(used)
    changed = next(one for one in owner.got if one["message_id"] == shown["message_id"])
    assert used in text_of(changed)
    assert not buttons_of(changed)
    await owner.says("77")  # nobody is asked for any more
    assert await room.store.editors.role(77) is Role.READER
    await owner.presses("n", shown)  # a phone that has not drawn it anew
    await owner.sees(over)


async def test_a_cancelled_invitation_lets_nobody_in_and_a_newer_one_says_so_of_the_older(room: Newsroom) -> None:
    owner, thief = room.owner("en"), room.person("Злодій", 8)
    await owner.says("/editors")
    await owner.taps("➕")
    first = _invitation(owner)
    await owner.says("/editors")
    await owner.taps("➕")
    second = _invitation(owner)
    await owner.sees("This link no longer works: you have made a newer one.")
    await owner.taps("Cancel")
    await owner.sees("Cancelled. The link no longer works.")
    await owner.says("88")  # nor does what is typed now name anybody
    assert await room.store.editors.role(88) is Role.READER
    for invitation in (first, second):
        await thief.says(f"/start {invitation}")
        await thief.sees_now("Це запрошення вже використано")
    await owner.says("/editors")
    await owner.taps("➕")
    third = _invitation(owner)
    await owner.says("/help")  # closes the question, not the invitation
    await room.person("Ігор", 7).says(f"/start {third}")
    assert await room.store.editors.role(7) is Role.AUTHOR


async def test_whom_to_add_is_said_by_one_message_of_an_album_and_by_no_bot_or_channel(room: Newsroom) -> None:
    owner = room.owner()
    bot = {"type": "user", "date": 1, "sender_user": {"id": 556, "is_bot": True, "first_name": "Бот"}}
    channel = {"type": "channel", "date": 1, "chat": {"id": -1005, "type": "channel", "title": "К"}, "message_id": 4}
    ada = {"type": "user", "date": 1, "sender_user": {"id": 555, "is_bot": False, "first_name": "Ада"}}
    await owner.says("/editors")
    await owner.taps("➕")
    for origin in (bot, channel):
        owner.sends(text="2026", forward_origin=origin)
        await room.heard()
        assert "За цим людину не впізнати." in owner.screen
    before = len(owner.got)
    for number in range(3):
        picture = {"file_id": f"p{number}", "file_unique_id": f"p{number}", "width": 9, "height": 9}
        owner.sends(photo=[picture], forward_origin=ada, media_group_id="9")
        await room.heard()
    assert [text_of(message).split("\n")[0] for message in owner.got[before:]] == ["Ада"]
    assert {one.user_id for one in await room.store.editors.all()} == {100, 555}


async def test_a_phone_number_makes_nobody_an_author(room: Newsroom) -> None:
    owner = room.owner()
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("0501234567")
    assert "За цим людину не впізнати." in owner.screen
    await owner.says("501234567")
    assert {one.user_id for one in await room.store.editors.all()} == {100, 501_234_567}
