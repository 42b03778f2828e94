"""Parsing in a process of its own: what hangs, dies or eats memory there harms nobody, and the next feed is read."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.fetch.answers import Reason
from bot.inflow.parser import FeedParser
from bot.inflow.worker import Worker
from tests.support.site import an_item, rss
from tests.support.waiting import until

pytestmark = pytest.mark.wide  # each starts processes

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
GOOD = rss(an_item("Міст відкрили", 1)).encode()

_WRONG = {
    "hangs": "import time; time.sleep(60)",
    "dies": "import os; os._exit(9)",
    "says what is none": "import sys; sys.stdout.buffer.write((3).to_bytes(8, 'big') + b'abc'); sys.stdout.flush(); input()",
    "promises too much": "import sys; sys.stdout.buffer.write(b'\\xff' * 8); sys.stdout.flush(); input()",
}


@pytest.mark.parametrize("script", _WRONG.values(), ids=_WRONG)
async def test_what_goes_wrong_in_the_process_is_an_unreadable_feed(script: str) -> None:
    parser = FeedParser(command=(sys.executable, "-c", script), seconds=1.5)
    found = await parser.parse(GOOD, "https://a.example/feed", "Europe/Kyiv", NOW)
    assert found.problem == Reason.UNREADABLE
    parser.command, parser.seconds = FeedParser().command, 60
    found = await parser.parse(GOOD, "https://a.example/feed", "Europe/Kyiv", NOW)
    assert [one.title for one in found.items] == ["Міст відкрили"]
    await parser.close()
    await parser.close()


async def test_a_process_that_was_ended_while_nobody_asked_is_replaced_and_the_feed_is_read() -> None:
    """As a machine without memory ends what it finds large, between one poll and the next."""
    parser = FeedParser()
    for _ in range(3):
        found = await parser.parse(GOOD, "https://a.example/feed", "Europe/Kyiv", NOW)
        assert [one.title for one in found.items] == ["Міст відкрили"]
        [hand] = parser._hands
        assert hand.process is not None
        assert hand.process.stdin is not None
        os.kill(hand.process.pid, signal.SIGKILL)
        await hand.process.wait()
        await until(hand.process.stdin.transport.is_closing, "the pipe is still open")
    await parser.close()


async def test_a_process_that_cannot_be_started_is_no_end(tmp_path: Path) -> None:
    parser = FeedParser(command=(str(tmp_path / "nothing"),))
    assert (await parser.parse(GOOD, "https://a.example/feed", "Europe/Kyiv", NOW)).problem == Reason.UNREADABLE


_NESTED = '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>'
BOMBS = {
    "nested entities": (_NESTED.encode(), Reason.ENTITIES),
    "an entity from elsewhere": (b'<!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>', Reason.ENTITIES),
    "entities in another encoding": (_NESTED.encode("utf-16"), Reason.ENTITIES),
    "a page": (b"<!DOCTYPE html><html><body>Hi</body></html>", Reason.NO_FEED),
    "a page of XML": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', Reason.NO_FEED),
    "nothing": (b"", Reason.NO_FEED),
    "noughts": (b"\0" * 100_000, Reason.NO_FEED),
    "noise": (bytes(range(256)) * 400, Reason.NO_FEED),
    "no JSON": (b'{"items": [', Reason.NO_FEED),
    "a list of feeds": (b"<opml><body/></opml>", Reason.NO_FEED),
}  # fmt: skip


async def test_bombs_and_what_is_no_feed_are_refused_with_their_reason() -> None:
    parser = FeedParser()
    found = {name: await parser.parse(body, "https://a.example/", "UTC", NOW) for name, (body, _) in BOMBS.items()}
    await parser.close()
    assert {name: one.problem for name, one in found.items()} == {name: str(why) for name, (_, why) in BOMBS.items()}


async def test_ten_thousand_elements_inside_each_other_and_a_tag_without_an_end_are_survived() -> None:
    parser = FeedParser(seconds=30)
    deep = rss(
        f"<item><title>{'<b>' * 10_000}Глибоко{'</b>' * 10_000}</title><guid>1</guid></item>", an_item("Далі", 2)
    )
    endless = rss(f"<item><title>Кінець</title><description {'a' * 200_000}")
    for body in (deep, endless):
        found = await parser.parse(body.encode(), "https://a.example/feed", "UTC", NOW)
        assert found.problem in {"", Reason.UNREADABLE}
    assert (await parser.parse(GOOD, "https://a.example/feed", "UTC", NOW)).problem == ""
    await parser.close()


async def test_who_is_cancelled_while_a_feed_is_parsed_leaves_no_answer_for_the_next_one() -> None:
    parser = FeedParser()
    large = rss(*[an_item(f"Велика {n}", n) for n in range(300)]).encode()
    task = asyncio.get_running_loop().create_task(parser.parse(large, "https://a.example/feed", "UTC", NOW))
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    found = await parser.parse(GOOD, "https://a.example/feed", "UTC", NOW)
    await parser.close()
    assert [one.title for one in found.items] == ["Міст відкрили"]


@pytest.mark.thorough
async def test_five_thousand_items_are_read() -> None:
    parser = FeedParser()
    body = rss(*[an_item(f"Новина {n}", n) for n in range(5_100)]).encode()
    found = await parser.parse(body, "https://a.example/feed", "UTC", NOW)
    await parser.close()
    assert (found.problem, len(found.items)) == ("", 5_000)


# Answers what begins with "wait" only once a file is there, and says which process it was.
_SLOW = """
import os, sys, time
from pathlib import Path
from bot.inflow.worker import serve

def work(said, content):
    while content.startswith(b"wait") and not Path(sys.argv[1]).exists():
        time.sleep(0.01)
    return os.getpid()

sys.exit(serve(work, 0))
"""


async def _asked(worker: Worker, content: bytes = b"wait") -> "asyncio.Task[int | None]":
    task = asyncio.get_running_loop().create_task(worker.ask({}, content, int))
    await asyncio.sleep(0)
    return task


async def test_what_takes_long_holds_up_nothing_else_and_there_are_never_more_processes_than_may_be(
    tmp_path: Path,
) -> None:
    done = tmp_path / "done"
    worker = Worker(command=(sys.executable, "-c", _SLOW, str(done)), seconds=300, most=2)
    first = await worker.ask({}, b"", int)
    slow = await _asked(worker)
    second = await worker.ask({}, b"", int)
    assert second != first, "it waited for the slow one"
    assert [await worker.ask({}, b"", int) for _ in range(3)] == [second] * 3, "who is free is asked again"
    others = [await _asked(worker) for _ in range(3)]
    last = await _asked(worker, b"")
    await asyncio.sleep(2)  # longer than anybody waits before another process begins
    assert sorted(worker.pids) == sorted([first, second])
    others[1].cancel()  # who gives up while waiting takes no process with it
    done.touch()
    assert {await slow, await others[0], await others[2], await last} == {first, second}
    await worker.close()
    assert worker.pids == []


async def test_of_several_processes_those_end_that_nobody_needs_but_one_stays(tmp_path: Path) -> None:
    done = tmp_path / "done"
    worker = Worker(command=(sys.executable, "-c", _SLOW, str(done)), seconds=300, unused=0.5)
    slow = await _asked(worker)
    await worker.ask({}, b"", int)
    assert len(worker.pids) == 2
    done.touch()
    await slow
    await until(lambda: len(worker.pids) == 1, "both are still there")
    (left,) = worker.pids
    await asyncio.sleep(1)
    assert await worker.ask({}, b"", int) == left
    await worker.close()


async def test_a_process_that_hangs_is_replaced_and_another_one_answers_meanwhile(tmp_path: Path) -> None:
    worker = Worker(command=(sys.executable, "-c", _SLOW, str(tmp_path / "never")), seconds=60)
    good = await worker.ask({}, b"", int)
    worker.seconds = 3.0
    hangs = await _asked(worker)
    worker.seconds = 60.0
    assert await worker.ask({}, b"", int) not in {None, good}
    assert await hangs is None
    assert good not in worker.pids
    assert await worker.ask({}, b"", int) is not None
    await worker.close()


async def test_who_waits_is_answered_by_whoever_is_free_first_not_by_what_only_begins(tmp_path: Path) -> None:
    done = tmp_path / "done"
    worker = Worker(command=(sys.executable, "-c", _SLOW, str(done)), seconds=300)
    first = await worker.ask({}, b"", int)
    slow = await _asked(worker)
    worker.command = (sys.executable, "-c", "input()")  # never ready
    waits = await _asked(worker, b"")
    await until(lambda: len(worker.pids) == 2, "no other process begins")
    done.touch()
    assert {await slow, await waits} == {first}
    await worker.close()
    assert worker.pids == []
