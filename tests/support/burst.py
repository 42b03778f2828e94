"""A burst: many people write several things each, all at once or one by one; which answer is to which, and when it came."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from bot.sandbox.world import BOT_ID, Chat, Json, Person
from tests.support.people import text_of
from tests.support.standin import StandIn
from tests.support.waiting import Allowance, within

WORDS = ("alpha", "bravo", "charlie", "delta")
EACH = 1 + len(WORDS)
"""So many updates of each person: who they are, and words that they follow, one after the other."""
_FIRST = 5_000
_LOOK = 0.1


@dataclass(slots=True)
class Burst:
    """What people wrote to the bot, and what it answered: by chat which of the things, in the order they came.

    `answered` is how many were at least once, `said` how many things were written. `waits` are in seconds of a machine
    with no other work (`tests/support/waiting.py`).
    """

    standin: StandIn
    people: int = 0
    answers: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    waits: list[float] = field(default_factory=list)
    answered: int = 0
    said: int = 0
    _time: Allowance = field(default_factory=lambda: Allowance(0))
    _said_at: dict[tuple[int, int], float] = field(default_factory=dict)

    def begin(self) -> None:
        """Let everybody write everything at once."""
        self.standin.world.changed = self._note
        chats = [self._comes(n) for n in range(self.people)]
        now = self._time.spent
        for which in range(EACH):
            for chat in chats:
                self._says(chat, which, now)

    async def flow(self, stop: asyncio.Event, at_once: int = 3) -> None:
        """Let so many people at a time write what they have to, two things in a row, then others, until told to stop.

        Each goes on a moment after the last things are answered: so they show how long a gap is, and not how quick the
        machine.
        """
        self.standin.world.changed = self._note
        async with asyncio.TaskGroup() as tasks:
            for _ in range(at_once):
                tasks.create_task(self._one_after_the_other(stop))

    async def _one_after_the_other(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            chat = self._comes(self.people)
            self.people += 1
            for which in range(0, EACH, 2):
                pair = range(which, min(which + 2, EACH))
                for each in pair:
                    self._says(chat, each, self._time.spent)
                answers = self.answers[chat.id]
                while not set(pair) <= set(answers):  # noqa: ASYNC110  it tells nobody
                    await asyncio.sleep(_LOOK)
                await asyncio.sleep(_LOOK)

    def _comes(self, number: int) -> Chat:
        return self.standin.world.add_person(Person(_FIRST + number, f"Читач {number}"))

    def _says(self, chat: Chat, which: int, now: float) -> None:
        text = f"/words {WORDS[which - 1]}" if which else "/start"
        command = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        self.said += 1
        self._said_at[chat.id, which] = now
        self.standin.world.says(self.standin.world.people[chat.id], chat, {"text": text, "entities": command})

    def _note(self, change: Json) -> None:
        if change["kind"] != "message" or change["message"].get("from", {}).get("id") != BOT_ID:
            return
        text = text_of(change["message"])
        which = next((n for n, word in enumerate(WORDS, 1) if f"«{word}»" in text), 0 if "Вітаємо" in text else None)
        if which is not None:
            self.answered += which not in self.answers[change["chat"]]
            self.answers[change["chat"]].append(which)
            self.waits.append(self._time.spent - self._said_at[change["chat"], which])

    async def until(self, answered: int, seconds: float) -> None:
        """Wait until so many things have been answered."""
        try:
            async with within(seconds):
                while self.answered < answered:  # noqa: ASYNC110  it tells nobody
                    await asyncio.sleep(_LOOK)
        except TimeoutError:
            raise AssertionError(f"{self.answered} of {answered} answered") from None

    def out_of_order(self) -> dict[int, list[int]]:
        """Return the chats whose answers did not first come in the order of what was written."""
        return {chat: found for chat, found in self.answers.items() if list(dict.fromkeys(found)) != sorted(set(found))}

    def repeated(self) -> int:
        """Return how many answers came again."""
        return sum(len(found) - len(set(found)) for found in self.answers.values())
