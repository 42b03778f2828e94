"""A burst: many people write several things each, all at once; which answer is to which, and when it came."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field

from bot.sandbox.world import BOT_ID, Json, Person
from tests.support.people import text_of
from tests.support.standin import StandIn
from tests.support.waiting import within

WORDS = ("alpha", "bravo", "charlie", "delta")
EACH = 1 + len(WORDS)
"""So many updates of each person: who they are, and words that they follow, one after the other."""
_FIRST = 5_000
_LOOK = 0.1


@dataclass(slots=True)
class Burst:
    """What people wrote to the bot, and what it answered: by chat which of the things, in the order they came.

    `answered` is how many were at least once.
    """

    standin: StandIn
    people: int
    answers: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    waits: list[float] = field(default_factory=list)
    answered: int = 0
    _began: float = 0.0

    def begin(self) -> None:
        """Let everybody write everything at once."""
        world = self.standin.world
        world.changed = self._note
        chats = [world.add_person(Person(_FIRST + n, f"Читач {n}")) for n in range(self.people)]
        self._began = time.perf_counter()
        for text in ("/start", *(f"/words {word}" for word in WORDS)):
            command = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
            for chat in chats:
                world.says(world.people[chat.id], chat, {"text": text, "entities": command})

    def _note(self, change: Json) -> None:
        if change["kind"] != "message" or change["message"].get("from", {}).get("id") != BOT_ID:
            return
        text = text_of(change["message"])
        which = next((n for n, word in enumerate(WORDS, 1) if f"«{word}»" in text), 0 if "Вітаємо" in text else None)
        if which is not None:
            self.answered += which not in self.answers[change["chat"]]
            self.answers[change["chat"]].append(which)
            self.waits.append(time.perf_counter() - self._began)

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
