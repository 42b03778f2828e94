"""A correction's edit and a reader's tap at one message, in every order: the reader keeps what they have just opened."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.feeds.intake import drafted
from bot.model.desk import Editor, Role
from bot.model.news import Incoming, RevisionKind
from bot.sandbox.faults import Fault, Kind
from tests.support.newsroom import OWNER, Newsroom, open_newsroom
from tests.support.people import Somebody, text_of
from tests.support.waiting import until

pytestmark = pytest.mark.wide

TITLE, CORRECTED = "Місто відкрило міст", "Місто відкрило новий міст"
BRIGADES = "".join(f"<p>Міст будувала три роки бригада {number} з двох міст.</p>" for number in range(900))
BODY = f"<p>Коштував він 40 мільйонів гривень.</p>{BRIGADES}"
EDITOR = Editor(OWNER, Role.OWNER)
READ, FOLD, MORE, NEXT, BACK = "Читати", "Згорнути", "Ще за темою", "Далі", "Назад"
HEADLINE, ARTICLE, PAGE_TWO = "хв читати", "40 мільйонів", "бригада 500"
ACTS = {  # what was tapped before, what is tapped meanwhile, what stands there then, and what does not
    "an article is opened": ((), READ, ARTICLE, "?"),
    "an article is folded": ((READ,), FOLD, HEADLINE, ARTICLE),
    "what is related is opened": ((), MORE, "Ще за темою", HEADLINE),
    "a page is turned": ((READ,), NEXT, PAGE_TWO, ARTICLE),
    "a list is left": ((MORE,), BACK, HEADLINE, "Ще за темою"),
}


@dataclass
class Meanwhile:
    """A reader with an article in one message, in which its correction and a tap meet."""

    room: Newsroom
    reader: Somebody
    message_id: int

    @property
    def text(self) -> str:
        return text_of(self.reader.chat.messages[self.message_id])

    def held(self, kind: Kind) -> Fault:
        """Have Telegram hold the next edit in the reader's chat."""
        fault = Fault(kind, 1, "editMessageText", chat_id=self.reader.chat.id)
        self.room.faults.order(fault)
        return fault

    def tap(self, label: str) -> None:
        """Tap, and wait for nothing."""
        message = self.reader.chat.messages[self.message_id]
        _, button = self.reader._button(label, message)
        self.room.world.taps_on(self.reader.person, self.reader.chat, message, button["callback_data"])

    async def there(self, fault: Fault) -> None:
        """Wait until the request has come that is held."""
        await until(lambda: fault.times == 0, "the edit does not come")

    async def changed(self, kind: RevisionKind) -> None:
        """Change the article, and begin to change its copies."""
        desk = self.room.app.parts.desk.corrections
        article = await desk.open(1)
        if kind is RevisionKind.RETRACTION:
            await desk.retract(article, "", EDITOR)
        else:
            await desk.correct(await desk.proposed(article, "title", CORRECTED), kind, "", EDITOR)
        await self.room.tick()

    @property
    def edits(self) -> int:
        """How many edits Telegram has been asked for in the reader's chat and has carried out, or had nothing to change."""
        here = self.reader.chat.id
        return sum(c.method == "editMessageText" and c.payload["chat_id"] == here for c in self.room.api.log)

    async def edited(self, before: int) -> None:
        """Wait until more edits than that are carried out."""
        await until(lambda: self.edits > before, "the message is not changed")

    async def over(self) -> None:
        """Wait until nothing is under way any more."""
        await self.room.heard()
        await self.room.settled()


@pytest.fixture
async def meanwhile(database_url: str) -> AsyncIterator[Meanwhile]:
    async with open_newsroom(database_url) as room:
        reader, owner = room.person(), room.owner()
        await reader.says("/start")
        incoming = Incoming(title=TITLE, lead="", body=BODY, source="Рада", language="uk")
        await room.store.articles.draft(drafted(incoming, OWNER, await room.store.topics.all()), room.clock.now())
        await owner.says("/drafts")
        await owner.taps("1")
        await owner.taps("Опублікувати")
        await owner.taps("Так, опублікувати")
        await room.tick()
        await reader.sees(TITLE)
        await room.settled()
        yield Meanwhile(room, reader, reader.message_with(TITLE)["message_id"])


@pytest.mark.parametrize("act", ACTS)
async def test_an_edit_that_was_on_its_way_does_not_undo_a_tap(meanwhile: Meanwhile, act: str) -> None:
    before, label, stands, not_there = ACTS[act]
    for one in before:
        await meanwhile.reader.taps(one)
    edit = meanwhile.held("held")
    await meanwhile.changed(RevisionKind.TYPO)
    await meanwhile.there(edit)
    edits = meanwhile.edits
    meanwhile.tap(label)
    await meanwhile.edited(edits)
    await meanwhile.room.heard()
    edit.gate.set()
    await meanwhile.over()
    assert stands in meanwhile.text
    assert not_there not in meanwhile.text
    assert TITLE not in meanwhile.text


@pytest.mark.parametrize("act", ACTS)
async def test_an_edit_that_arrives_behind_a_tap_whose_answer_does_not_is_made_anew(
    meanwhile: Meanwhile, act: str
) -> None:
    before, label, stands, not_there = ACTS[act]
    for one in before:
        await meanwhile.reader.taps(one)
    edit = meanwhile.held("held")
    await meanwhile.changed(RevisionKind.TYPO)
    await meanwhile.there(edit)
    tapped, edits = meanwhile.held("kept"), meanwhile.edits
    meanwhile.tap(label)
    await meanwhile.there(tapped)
    await meanwhile.edited(edits)
    edit.gate.set()
    await meanwhile.edited(edits + 2)  # it, and the one that mends it, while the handler of the tap still waits
    tapped.gate.set()
    await meanwhile.over()
    assert stands in meanwhile.text
    assert not_there not in meanwhile.text
    assert TITLE not in meanwhile.text


@pytest.mark.parametrize("kind", ["held", "kept"])
@pytest.mark.parametrize("act", ACTS)
async def test_a_tap_whose_edit_or_answer_is_on_its_way_is_not_undone_by_a_correction(
    meanwhile: Meanwhile, act: str, kind: Kind
) -> None:
    before, label, stands, not_there = ACTS[act]
    for one in before:
        await meanwhile.reader.taps(one)
    tapped, edits = meanwhile.held(kind), meanwhile.edits
    meanwhile.tap(label)
    await meanwhile.there(tapped)
    if kind == "kept":
        await meanwhile.edited(edits)
        edits = meanwhile.edits
    await meanwhile.changed(RevisionKind.TYPO)
    await meanwhile.edited(edits)
    tapped.gate.set()
    await meanwhile.over()
    assert stands in meanwhile.text
    assert not_there not in meanwhile.text
    assert TITLE not in meanwhile.text


async def test_a_retraction_that_was_on_its_way_takes_the_opened_article_away(meanwhile: Meanwhile) -> None:
    tapped, edits = meanwhile.held("kept"), meanwhile.edits
    meanwhile.tap(READ)
    await meanwhile.there(tapped)
    await meanwhile.edited(edits)
    retraction, edits = meanwhile.held("held"), meanwhile.edits
    await meanwhile.changed(RevisionKind.RETRACTION)
    await meanwhile.there(retraction)
    tapped.gate.set()
    await meanwhile.edited(edits)
    retraction.gate.set()
    await meanwhile.over()
    assert meanwhile.text == f"✖ Новину відкликано\n«{TITLE}». Вибачте."


@pytest.mark.parametrize("before", [(), (READ,)])
async def test_what_could_not_be_shown_is_not_taken_for_shown(meanwhile: Meanwhile, before: tuple[str, ...]) -> None:
    for one in before:
        await meanwhile.reader.taps(one)
    screens, chat_id = meanwhile.room.store.message_screens, meanwhile.reader.chat.id
    known = await screens.get(chat_id, meanwhile.message_id)
    gone = "Bad Request: message can't be edited"
    meanwhile.room.faults.order(Fault("answer", 1, "editMessageText", chat_id, status=400, description=gone))
    await meanwhile.reader.taps(MORE, meanwhile.reader.chat.messages[meanwhile.message_id])
    assert "Ще за темою" in meanwhile.reader.screen
    assert meanwhile.reader.last["message_id"] != meanwhile.message_id
    assert await screens.get(chat_id, meanwhile.message_id) == known
