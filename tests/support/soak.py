"""A soak: a whole bot on one engine for half an hour, with an editor, readers, and a kill a minute. `make soak` runs it.

`python -m tests.support.soak --engine postgresql --minutes 30` prints what happened and what it comes to: headlines
that came twice, that were lost without a word, counters that are not their rows, and the memory of the process.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import case, func, select

from bot.model.ledger import OPEN, DeliveryKind, DeliveryState
from bot.sandbox.world import Person
from storage.engine.database import Database
from storage.schema.migrate import migrate
from storage.schema.tables import article, delivery, publication, reader
from tests.support.people import Somebody, at_once
from tests.support.postgres import DURABLE, start_server
from tests.support.process import Process
from tests.support.rows import a_crowd
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import within

OWNER = 100
FIRST = 1000
WORDS = ("міст", "дорога", "школа", "ринок", "театр", "лікарня", "парк", "вокзал", "музей", "стадіон", "бюджет", "суд")
COUNTED = ("sent", "failed", "uncertain", "expired", "dropped", "held")


@dataclass(slots=True, kw_only=True)
class Soak:
    """What runs and what has been seen of it."""

    standin: StandIn
    process: Process
    url: str
    readers: int
    seed: random.Random
    titles: list[str] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)
    over: bool = False
    last: str = ""
    people: dict[int, Somebody] = field(default_factory=dict)

    def let_in(self, number: int, name: str) -> None:
        """Let a person in."""
        person = Person(number, name)
        chat = self.standin.world.add_person(person)
        self.people[number] = Somebody(self.standin.world, person, chat, lambda: True, at_once)

    async def repeat(self, act: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Do something again and again; what a kill cut short is counted and left."""
        while not self.over:
            try:
                async with within(30):
                    await act()
            except (AssertionError, TimeoutError, StopIteration) as error:
                self.acts[f"{act.__name__} cut short"] += 1
                words = f"{type(error).__name__}: {error}".replace("\n", " ")
                self.last = words[:200]
                print(f"  {act.__name__} cut short: {words[:400]}", file=sys.stderr, flush=True)
            await asyncio.sleep(self.seed.uniform(0.5, 1.5) * seconds)

    async def publish(self) -> None:
        """Publish an article, and perhaps pause its send for a moment, stop it, or correct it."""
        editor = self.people[OWNER]
        number = len(self.titles) + 1
        title = f"Подія {number}: {' '.join(self.seed.sample(WORDS, 4))}"
        self.titles.append(title)
        await editor.says(f"/post {title}\n\n{' '.join(self.seed.choices(WORDS, k=40))} номер {number}.")
        await press(editor, "Опублікувати")
        await press(editor, "Так, опублікувати")
        self.acts["published"] += 1
        then = self.seed.choice(("nothing", "pause", "pause", "stop", "correct", "correct"))
        await asyncio.sleep(self.seed.uniform(0.2, 2))
        if then == "pause":
            await press(editor, "⏸ Пауза")
            await asyncio.sleep(self.seed.uniform(0.1, 3))
            await press(editor, "▶ Продовжити")
            self.acts["paused and resumed"] += 1
        elif then == "stop" and self.seed.random() < 0.4:
            await press(editor, "⏹ Зупинити")
            await press(editor, "Так, зупинити")
            self.acts["stopped"] += 1
        elif then == "correct":
            await editor.says("/published")
            for step in ("1", "✎ Виправити", "Текст"):
                await press(editor, step)
            await shows(editor, "Скасувати")
            await editor.says(f"Виправлений текст події {number}, {' '.join(self.seed.sample(WORDS, 8))}.")
            await press(editor, "Одрук")
            self.acts["corrected"] += 1

    async def read(self) -> None:
        """Ask for the latest, open one, and what is related to it."""
        somebody = self.people[FIRST + self.seed.randrange(self.readers)]
        await somebody.says("/latest")
        await press(somebody, self.seed.choice("123"[: len(self.titles)] or "1"))
        self.acts["read"] += 1

    async def kill(self) -> None:
        """End the process as a power cut would, and start it again."""
        await self.process.kill()
        await asyncio.sleep(self.seed.uniform(0, 2))
        await self.process.start()
        self.acts["killed"] += 1

    async def weigh(self) -> None:
        """Note how much memory the process holds; it may be dead at the moment."""
        with suppress(FileNotFoundError):
            weight = _status(self.process.number).partition("VmRSS:")[2].split()
            self.memory += [int(number) // 1024 for number in weight[:1]]

    async def settle(self) -> None:
        """Wait until nothing is on its way any more, and Telegram has been asked what became of what is in doubt."""
        deadline = time.monotonic() + 300
        database = Database(self.url)
        waiting = select(func.count()).where(delivery.c.state.in_([*OPEN, DeliveryState.UNCERTAIN]))
        while time.monotonic() < deadline:
            async with database.read() as connection:
                if not await connection.scalar(waiting):
                    break
            await asyncio.sleep(1)
        await database.close()

    async def faults(self) -> list[str]:
        """Return what broke a promise, a line each."""
        database = Database(self.url)
        sums = [func.sum(case((delivery.c.state == DeliveryState[name.upper()], 1), else_=0)) for name in COUNTED]
        pushes = select(delivery.c.publication_id, *sums).group_by(delivery.c.publication_id)
        fates = (
            select(reader.c.chat_id, article.c.title, delivery.c.state)
            .select_from(delivery)
            .join(reader, reader.c.id == delivery.c.reader_id)
            .join(article, article.c.id == delivery.c.article_id)
            .where(delivery.c.kind == DeliveryKind.PUSH)
        )
        async with database.read() as connection:
            counted = {row[0]: tuple(row[1:]) for row in await connection.execute(pushes)}
            said = (
                await connection.execute(select(publication.c.id, *(publication.c[name] for name in COUNTED)))
            ).all()
            rows = {(row.chat_id, row.title): row.state for row in await connection.execute(fates)}
        await database.close()
        found = [
            f"publication {number}: its counters say {tuple(counts)}, its rows {counted.get(number)}"
            for number, *counts in said
            if any(counts) and tuple(counts) != counted.get(number)
        ]
        found += [f"{key} is open still: {state.name}" for key, state in rows.items() if state in OPEN]
        for title in self.titles:
            got = Counter(chat for chat in self.standin.headlines(f"{title}\n") if chat != OWNER)
            found += [f"{title} came {n} times to {chat}" for chat, n in got.items() if n > 1]
            for chat in range(FIRST, FIRST + self.readers):
                state = rows.get((chat, title))
                if state is DeliveryState.SENT and not got[chat]:
                    found.append(f"{title} is SENT to {chat}, who has not got it")
                if state is DeliveryState.DROPPED and got[chat]:
                    found.append(f"{title} is DROPPED for {chat}, who has got it")
        self.acts["uncertain rows"] = sum(state is DeliveryState.UNCERTAIN for state in rows.values())
        self.acts["rows"] = len(rows)
        if not (self.acts["published"] and self.acts["read"] and rows):
            found.append(f"nothing was tried; the last that went wrong: {self.last}")
        return found


async def press(who: Somebody, button: str) -> None:
    """Tap a button once it is there: people look before they tap."""
    await shows(who, button)
    await who.taps(button)


async def shows(who: Somebody, button: str) -> None:
    """Wait until a button is there, for a while."""
    for _ in range(200):
        if any(button in there for there in who.buttons):
            return
        await asyncio.sleep(0.05)


def _status(number: int) -> str:
    return Path(f"/proc/{number}/status").read_text(encoding="utf-8")


async def _run(options: argparse.Namespace, url: str, folder: Path) -> int:
    database = Database(url)
    await migrate(database)
    async with open_standin() as standin:
        await a_crowd(database, range(FIRST, FIRST + options.readers))
        await database.close()
        settings = {
            "BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": standin.address, "DATABASE_URL": url, "ADMINS": str(OWNER),
            "SEND_RATE": "100",
        }  # fmt: skip
        process = Process(settings, folder / "bot.log", afresh=True)
        soak = Soak(
            standin=standin, process=process, url=url, readers=options.readers, seed=random.Random(options.seed)
        )
        soak.let_in(OWNER, "Редакторка")
        for number in range(FIRST, FIRST + options.readers):
            soak.let_in(number, f"Читач {number}")
        await process.start()
        acts = [(soak.publish, 8.0), (soak.read, 1.0), (soak.read, 1.0), (soak.weigh, 20.0), (soak.kill, 60.0)]
        running = [asyncio.create_task(soak.repeat(act, seconds)) for act, seconds in acts]
        await asyncio.sleep(options.minutes * 60)
        soak.over = True
        await asyncio.gather(*running)
        await soak.settle()
        ended = await process.stop()
        found = await soak.faults()
    print(f"{options.engine}, {options.minutes:g} minutes, seed {options.seed}, exit status {ended}")
    for act, number in sorted(soak.acts.items()):
        print(f"  {number:6} {act}")
    third = max(1, len(soak.memory) // 3)
    print(
        f"  memory, MB: {max(soak.memory[:third])} at most in the first third, {max(soak.memory[-third:])} in the last"
    )
    print(*(found[:20] or ["nothing doubled, nothing lost, every counter is its rows"]), sep="\n")
    return 1 if found or ended else 0


def main() -> int:
    """Run it; the exit status tells whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.soak", description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="visnyk-soak-") as folder:
        if options.engine == "sqlite":
            return asyncio.run(_run(options, f"sqlite:///{folder}/visnyk.db", Path(folder)))
        server = start_server(DURABLE)
        try:
            return asyncio.run(_run(options, server.create("soak"), Path(folder)))
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
