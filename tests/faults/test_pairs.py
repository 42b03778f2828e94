"""Every pair of changes at once, the first one's commit delayed, both ways round, on both engines.

PostgreSQL runs at READ COMMITTED, where a statement that waits for a row goes on with what the other made of it.
A change that is not in the table of pairs, and does not say why, fails the last test.
"""

import ast
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import VisnykError
from tests.support.changes import CHANGES, Change, Restoring
from tests.support.depth import SAMPLE, depth, each
from tests.support.life import Life, SlowCommits, begin
from tests.support.together import together

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def newsroom(database_url: str) -> AsyncIterator[Restoring]:
    database = SlowCommits(database_url)
    room = Restoring(database, await begin(database))
    await room.keep()
    yield room
    await database.close()


async def _caught(change: Change, life: Life) -> BaseException | None:
    """Make a change; returns what it raised."""
    try:
        await change(life)
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return error
    return None


async def _together(room: Restoring, first: Change, second: Change) -> list[str]:
    """Make two changes at once, then let life go on; returns what went wrong."""
    life = await room.again()
    database = life.database
    assert isinstance(database, SlowCommits)
    answers = await together(database, lambda: _caught(first, life), lambda: _caught(second, life))
    wrong = [
        f"{type(answer).__name__}: {str(answer)[:200]}"
        for answer in answers
        if answer is not None and not isinstance(answer, VisnykError)
    ]
    await life.go_on()
    wrong += await life.broken()
    if database is not room.database:
        await database.close()
    return wrong


PARTS = depth(4, 1)  # for processes to share; each makes the newsroom anew, which costs as much as two pairs
IMPOSSIBLE = {
    frozenset({"finish: sent", "finish: again"}),  # one try has one outcome
    frozenset({"finish: sent", "finish: aloud"}),
    frozenset({"finish: again", "finish: aloud"}),
    frozenset({"finish: sent", "finish: a late success"}),
    frozenset({"claim: sent before", "finish: again"}),
    frozenset({"claim: sent before", "finish: aloud"}),
    frozenset({"claim: sent before", "finish: a late success"}),
}
PAIRS = [(first, second) for first in CHANGES for second in CHANGES]
ALWAYS = [
    # Without the turn of a claim on PostgreSQL the correction looks for older copies, finds none in the air and ends,
    # and what was claimed goes out in the old revision.
    ("claim", "correct what waits"),
]
_STEP = {"postgresql": 127, "sqlite": 307}
"""In `make check` one pair of so many is run, others each day; all of them with `make faults`. SQLite has one writer:
there the second always waits. ALWAYS are run as well."""


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(PARTS))
async def test_two_changes_at_once_break_no_promise(newsroom: Restoring, part: int) -> None:
    engine = "sqlite" if newsroom.database.is_sqlite else "postgresql"
    broken = {}
    drawn = list(dict.fromkeys([*ALWAYS, *PAIRS[each(_STEP[engine])]]))
    for first, second in [pair for pair in drawn[part::PARTS] if frozenset(pair) not in IMPOSSIBLE]:
        if wrong := await _together(newsroom, CHANGES[first], CHANGES[second]):
            broken[first, second] = wrong
    assert broken == {}, f"VISNYK_SAMPLE={SAMPLE}"


async def test_a_newsroom_left_alone_keeps_every_promise(newsroom: Restoring) -> None:
    life = await newsroom.again()
    await life.go_on()
    assert await life.broken() == []
    await life.database.close()


def _changing_methods() -> set[str]:
    """Return every method of the storage that opens a transaction, as Class.method."""
    found = set()
    for path in (ROOT / "storage").rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for kind in ast.parse(path.read_text(encoding="utf-8")).body:
            for method in kind.body if isinstance(kind, ast.ClassDef) else ():
                names = {node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute)}
                if isinstance(method, ast.AsyncFunctionDef) and names & {"write", "turn"}:
                    found.add(f"{kind.name}.{method.name}")
    return found


IN_THE_TABLE = {
    "Articles.discard", "Articles.revise_draft", "Corrections.correct", "Corrections.spread", "Digests.ask", "Digests.build", "Digests.promise", "Doubts.settle", "Erasure.erase", "Ledger.claim", "Ledger.renew",
    "Ledger.finish", "Ledger.give_back", "LateTruths.write", "Ledger.recover", "Ledger.expire", "LedgerReaders.drop_held",
    "LedgerReaders.move_chat", "LedgerReaders.save", "Moments.bring_forward", "Moments.bring_orders_forward", "Moments.plan_digests", "Publications.order", "Publications.move", "Publications.cancel", "Publications.start",
    "Publications.fan_out", "Publications.settle", "Pictures.use", "Readers.choose", "Readers.exclude", "Readers.put_rules", "Readers.save", "Readers.shut_chat", "Readers.open_chat", "Sends._change",
    "Sends.follow", "Backlogs.drop", "Backlogs.take_back", "Stories.gather", "Stories.look", "Stories.unite", "Uncertain.decide", "Uncertain.follow_policies",
    "Waiting.change",
}  # fmt: skip
APART = {
    "Database.turn": "the turn itself",
    **dict.fromkeys(
        ("Copying.prepare", "Copying._fill_table", "Copying._take_over_numbers", "Copying._finish"),
        "fills a database that no program takes for a newsroom's meanwhile",
    ),
    **dict.fromkeys(
        ("Erasure.sweep", "Erasure._finish"),
        "deletes what has ended, of readers who are nobody any more; tests/storage/test_erasure.py counts",
    ),
    "KeptCopies.compact": "changes nothing that is younger than a week; tests/storage/test_kept_copies.py lets corrections run beside it",
    "Ledger.leave_out": "ends lines of what its holder is about to send, and of nothing else; tests/storage/test_digest_cards.py",
    "Erasure._forget_copies": "deletes what is kept of readers who are nobody any more",
    "Erasure._begin": "changes nothing; its turn and its lock wait for what is being fanned out",
    "LedgerReaders._written": "changes nothing; its turn and its lock wait for what is being fanned out",
    "Waiting.of_reader": "changes nothing; its turn and its lock wait for what is being fanned out",
    **dict.fromkeys(
        ("Articles.draft", "Articles.tie", "Publications.watch",
         "Publications.reported", "Readers.meet", "Readers.take_rule", "Facts.put", "Facts.swap", "Facts.take", "Dialogs.put", "Dialogs.lapse", "Dialogs.forget", "Throttles.put", "Throttles.in_force", "MessageScreens.put", "MessageScreens.fold", "MessageScreens.drop",
         "MessageScreens.count_use", "MessageScreens.forget", "MessageScreens.remember_query", "Leases.take", "Leases.give_back", "Pace.take",
         "Pace.spend", "Pace.give_back", "Pace.pause", "Editors.appoint", "Editors.admit", "Editors.dismiss", "Topics.seed", "Keywords.ensure",
         "Embeddings.put"),
        "changes rows of its own, each by one statement that names what it expects to find",
    ),
    **dict.fromkeys(
        ("Tokens.add", "Tokens.revoke", "Tokens.use", "Tokens.own", "Tokens.begin", "Tokens._take_over", "Tokens.end", "Tokens.forget"),
        "tokens and what was answered to them, which no delivery hangs on",
    ),
    **dict.fromkeys(
        ("MessageIds.begin", "MessageIds.end", "MessageIds.forget"),
        "what is known of messages: whoever asks looks it up last, when nothing of its deliveries can change any more",
    ),
    **dict.fromkeys(
        ("Inbox.store", "Inbox.store_poisoned", "Inbox.claim", "Inbox.done_and_claim", "Inbox.try_again", "Inbox._end", "Inbox.take_over", "Inbox.renew",
         "Inbox.give_back", "Inbox.forget"),
        "updates, which no delivery hangs on; claims take turns of their own",
    ),
    **dict.fromkeys(
        ("Feeds.add", "Feeds.change", "Feeds.remove", "Feeds.ask_soon", "Feeds.claim", "Feeds.renew", "Feeds.polled", "Feeds.note_pages", "Feeds.forget_offers",
         "FeedItems.put", "FeedItems.rename", "FeedItems.take_gathered", "FeedItems.forget", "FeedNotices.add", "FeedNotices.close", "FeedNotices.settle", "FeedNotices.answer", "FeedNotices.forget"),
        "feeds and what is said of them: no delivery hangs on them; what they bring comes in by Imports and Articles",
    ),
    **dict.fromkeys(
        ("Listeners.add", "Listeners.keep_hub", "Listeners.remove", "Listeners.enable", "Listeners.claim", "Listeners.renew", "Listeners.give_back",
         "Listeners.delivered", "Listeners.drop", "Listeners.failed", "Listeners.settle", "Listeners.forget"),
        "other systems that are told what has happened: no delivery hangs on them",
    ),
    **dict.fromkeys(
        ("Pictures.add", "Pictures.forget"),
        "pictures that systems upload and no article has",
    ),
    **dict.fromkeys(
        ("Imports._add", "Reindexing.replace", "Reindexing.finish", "Stories.thread", "Stories.begin", "Stories.cut", "Stories.put"),
        "articles and their index; deliveries are made from them by fan_out, under the article's lock",
    ),
}  # fmt: skip


def test_every_change_is_in_the_table_or_says_why_it_stands_apart() -> None:
    assert _changing_methods() == IN_THE_TABLE | set(APART)
