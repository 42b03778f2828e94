"""What was opened months ago: corrections and retractions still reach it; which list a message shows is forgotten."""

from sqlalchemy import select

from bot.model.desk import Editor, Role
from bot.model.news import RevisionKind
from bot.wiring.upkeep import forget_old
from storage.schema.tables import shown
from tests.support.newsroom import OWNER, Newsroom
from tests.support.people import text_of

WRONG, RIGHT, GONE = "40 мільйонів", "50 мільйонів", "Новину відкликано"
EDITOR = Editor(OWNER, Role.OWNER)


async def test_an_article_that_was_opened_months_ago_is_corrected_and_retracted_where_it_is_open(
    room: Newsroom,
) -> None:
    reader, late = room.person(), room.person("Пізній", 7)
    await reader.says("/start")
    await room.owner().publishes(f"Місто відкрило міст\n\nМіст будували три роки, коштував він {WRONG} гривень.")
    await reader.sees("Місто відкрило міст")
    await reader.taps("Читати")
    await late.says("/latest")
    await late.taps("1")
    copies = [(one, one.message_with(WRONG)["message_id"]) for one in (reader, late)]
    await late.says("/latest")
    room.clock.advance(days=91)
    await forget_old(room.app.parts.ground)
    async with room.database.read() as connection:
        kept = set((await connection.execute(select(shown.c.chat_id, shown.c.message_id))).all())
    assert {(one.chat.id, number) for one, number in copies} == {tuple(row) for row in kept}
    desk = room.app.parts.desk.corrections
    changed = await desk.proposed(await desk.open(1), "body", f"Міст коштував {RIGHT}.")
    await desk.correct(changed, RevisionKind.TYPO, "", EDITOR)
    for stands in (RIGHT, GONE):
        await room.tick()
        await room.settled()
        assert [stands in text_of(one.chat.messages[number]) for one, number in copies] == [True, True], stands
        if stands == RIGHT:
            await desk.retract(await desk.open(1), "", EDITOR)


async def test_a_list_that_was_opened_in_a_copy_months_ago_makes_way_for_the_corrected_headline(
    room: Newsroom,
) -> None:
    reader, owner = room.person(), room.owner()
    await reader.says("/start")
    for title in ("Місто відкрило міст через річку", "Міст через річку ремонтували три роки"):
        await owner.publishes(f"{title}\n\nМіст через річку в місті будували три роки.")
        await reader.sees(title)
    number = reader.message_with("Місто відкрило міст")["message_id"]
    for label in ("Ще за темою", "1", "Назад"):
        await reader.taps(label, reader.chat.messages[number])
    assert "Ще за темою" in text_of(reader.chat.messages[number])
    room.clock.advance(days=91)
    await forget_old(room.app.parts.ground)
    desk = room.app.parts.desk.corrections
    await desk.correct(
        await desk.proposed(await desk.open(1), "title", "Місто відкрило новий міст"), RevisionKind.TYPO, "", EDITOR
    )
    await room.tick()
    await room.settled()
    assert text_of(reader.chat.messages[number]).startswith("Місто відкрило новий міст")
