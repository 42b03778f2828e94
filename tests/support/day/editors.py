"""The editors of a day: they look now and then at drafts and questions, and press what people press."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.model.news import ArticleState
from bot.sandbox.world import Json
from bot.screens.callbacks import Desk as DeskAction
from bot.screens.verbs import DeskVerb
from storage.schema.tables import article
from tests.support.day.plan import Day, News, Verdict
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import buttons_of, text_of

_ANSWERS = ("Виправити й сказати читачам", "Виправити тихо", "Виправити й сказати читачам", "Лишити, як є")
_PLANNED = timedelta(hours=2)
_ZONE = ZoneInfo("Europe/Kyiv")


@dataclass(slots=True)
class Editors:
    """Two people of the desk. `asked` is every question that they were asked of a source that changed something."""

    room: Newsroom
    day: Day
    people: Sequence[Desk]
    asked: list[str] = field(default_factory=list)
    approved: int = 0
    _decided: set[str] = field(default_factory=set)
    _answered: set[tuple[int, int]] = field(default_factory=set)
    _answers: Iterator[str] = field(default_factory=lambda: cycle(_ANSWERS))

    async def look(self) -> None:
        """Decide what is new: drafts by the plan, questions in turn."""
        await self.room.tick()
        for number, one in enumerate([one for one in self.day.news if one.verdict and one.key not in self._decided]):
            await self._decide(one, self.people[number % 2], self.people[1 - number % 2])
        for person in self.people:
            await self._answer(person)

    async def _decide(self, one: News, editor: Desk, other: Desk) -> None:
        now = self.room.clock.now()
        if one.at > now or one.verdict is Verdict.LEAVE:
            return
        number = await self._draft_of(one)
        if number is None:
            return  # its feed was not asked yet
        self._decided.add(one.key)
        draft = await _opened(number, editor)
        match one.verdict:
            case Verdict.DISCARD:
                await editor.taps("Відкинути", draft)
                await editor.taps("Так, відкинути", draft)
            case Verdict.PLAN:
                one.public_from = now.replace(second=0, microsecond=0) + _PLANNED
                await editor.taps("Запланувати", draft)
                await editor.says(f"{one.public_from.astimezone(_ZONE):%d.%m.%Y %H:%M}")
                await editor.sees("Вийде")
            case _:
                both = [(editor, draft)]
                both += [(other, await _opened(number, other))] if one.verdict is Verdict.BOTH else []
                one.public_from = now
                for label in ("Опублікувати", "Так, опублікувати"):
                    for who, message in both:
                        await who.taps(label, message)
                self.approved += 1

    async def _draft_of(self, one: News) -> int | None:
        draft = select(article.c.id).where(article.c.state == ArticleState.DRAFT, article.c.title.in_(one.titles))
        async with self.room.database.read() as connection:
            return await connection.scalar(draft)

    async def _answer(self, person: Desk) -> None:
        """Answer the questions about what sources have changed, and about what came in too large a number."""
        for message in person.got:
            if (person.chat.id, message["message_id"]) in self._answered:
                continue
            labels = [one["text"] for one in buttons_of(message)]
            if any("Виправити й сказати" in label for label in labels):
                self._answered.add((person.chat.id, message["message_id"]))
                self.asked.append(text_of(message))
                await person.taps(next(self._answers), message)
            elif any("Опублікувати й надіслати все" in label for label in labels):
                self._answered.add((person.chat.id, message["message_id"]))
                await person.taps("Опублікувати й надіслати все", message)


async def _opened(number: int, editor: Desk) -> Json:
    """Open a draft in the list of drafts; returns the message."""
    await editor.says("/drafts")
    message = editor.last
    await editor.presses(DeskAction(number, 0, DeskVerb.OPEN).encode(), message)
    return message
