"""Asking Telegram what became of uncertain deliveries, round by round (docs/decisions/0017-asking.md).

`look` is called again and again, by every process that sends; each call takes the round a little further, and asks a
few questions at most. Nothing of a round is kept but its verdicts, which are one commit: after a crash another begins
anew.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from bot.delivery.inquiry import Inquiry, one_counter
from bot.delivery.messenger import Messenger
from bot.delivery.pacing import Slots
from bot.model.asking import ACCOUNT, Doubt, Findings, Presence, Unclear, UnderWay, Verdict, counter_of
from bot.model.ledger import Priority
from bot.model.outcomes import Refused, Throttled, Unknown
from bot.model.readers import ChatKind
from bot.ports import DoubtStore, LeaseStore, MessageIdStore
from bot.timing.clock import Clock

GRACE_SECONDS = 60.0
"""How long nothing is asked about a delivery that became uncertain.

A process that cannot reach the database begins none a lease after its last word (15 s), tries other forms for 10 s, and
a request takes 25 s at most; the rest is Telegram's.
"""
TOO_OLD = timedelta(hours=20)  # Telegram forgets updates after a day, and what people wrote then is never known
_BEFORE = timedelta(hours=1)  # messages of unknown number count from so long before the oldest delivery on
_LEASE = timedelta(seconds=60)
_NOTICE_SECONDS = 10.0  # how long a round waits for a message that is sent anyway
_MARKS = 2  # the second was asked for when the first had come, so after whatever came before the first
_MOST_SECONDS = 300.0  # for what is under way to end
_OWN_COUNTER_SECONDS = 900.0  # for a supergroup or channel to get another message
_AT_ONCE = 20  # questions in one look
_MOST_TRIES = 5  # of one delivery; then somebody has to decide
_WIDEST = 1_000_000
_MOST_UNKNOWN = 500
_AGAIN_SECONDS = 5.0
_MOST_LOST = 5

log = structlog.get_logger(__name__)


class AskingListener(Protocol):
    """Hears of rounds that take a while."""

    async def begun(self, number: int) -> None:
        """Note that it is being found out what became of so many deliveries; called at each look until it has ended."""

    async def ended(self, findings: Findings) -> None:
        """Note what was found out."""


@dataclass(slots=True, kw_only=True)
class Round:
    """One round: the deliveries of one counter, the number up to which it goes, and what was under way at that time."""

    counter: int
    doubts: Sequence[Doubt]
    top: int
    begun: float
    under_way: UnderWay
    marks: set[str | None]  # of the inbox, seen since then
    inquiry: Inquiry | None = None


@dataclass(slots=True, kw_only=True)
class Asker:
    """Finds out what became of uncertain deliveries, one round at a time. `sees_groups`: all messages of groups.

    While `held`, nothing is asked; `wake_sender` is called when something may be sent again.
    """

    doubts: DoubtStore
    ids: MessageIdStore
    leases: LeaseStore
    messenger: Messenger
    pacer: Slots
    listener: AskingListener
    clock: Clock
    held: Callable[[], bool]
    wake_sender: Callable[[], None]
    sees_groups: bool = False
    waits: bool = False
    _since: dict[tuple[int, int], float] = field(default_factory=dict)  # when a doubt was first seen here
    _round: Round | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _not_before: float = 0.0
    _lost: int = 0  # answers, one after the other

    async def watch(self) -> None:
        """Look only whether something is being asked, by whatever process: then the inbox has to be quick."""
        self.waits = not self.held() and bool(await self.doubts.open())

    async def look(self) -> None:
        """Take the round further, or begin one when something has waited for long enough. One call after the other."""
        async with self._turn:
            await self._look()

    async def _look(self) -> None:
        open_ = [] if self.held() else await self.doubts.open()
        now = self.clock.monotonic()
        self._since = {(d.id, d.attempt): self._since.get((d.id, d.attempt), now) for d in open_}
        self.waits = bool(open_)
        if not open_:
            self._round = None
            return
        until = self.clock.now() + _LEASE
        if not await self.leases.take("asking", self.clock.now(), until):
            self._round = None
            return
        if now < self._not_before:  # the lease is kept: nobody else asks meanwhile, either
            return
        if self._round is None:
            self._round = await self._begin(open_)
        if self._round is not None:
            await self._go_on(self._round)

    async def _begin(self, open_: Sequence[Doubt]) -> Round | None:
        """Begin a round about what has waited; None when nothing has, or while the number that ends it is not known."""
        now = self.clock.monotonic()
        ripe = [d for d in open_ if now - self._since[d.id, d.attempt] >= GRACE_SECONDS]
        hopeless = [d for d in ripe if self._is_hopeless(d)]
        if hopeless:
            await self._settle(dict.fromkeys(hopeless, Unclear()))
        groups: dict[int, list[Doubt]] = {}
        for doubt in ripe:
            if doubt not in hopeless:
                groups.setdefault(counter_of(doubt.chat_id), []).append(doubt)
        for counter, doubts in sorted(groups.items(), key=lambda group: group[0] != ACCOUNT):
            ripe_at = max(self._since[d.id, d.attempt] for d in doubts) + GRACE_SECONDS
            top = await self._top(counter, doubts, ripe_at)
            if top is not None:
                under_way = await self.doubts.under_way()
                begun = self.clock.monotonic()
                marks = {under_way.mark}
                return Round(counter=counter, doubts=doubts, top=top, begun=begun, under_way=under_way, marks=marks)
        return None

    def _is_hopeless(self, doubt: Doubt) -> bool:
        """Tell whether asking proves nothing, or has been tried for long enough."""
        old = self.clock.now() - doubt.since > TOO_OLD
        return doubt.edits or doubt.after is None or doubt.attempt >= _MOST_TRIES or old

    async def _top(self, counter: int, doubts: Sequence[Doubt], ripe_at: float) -> int | None:
        """Return a number that was given when nothing of the deliveries could be carried out any more; None to wait.

        Where nothing is sent to anybody, the owners are told what is being found out: that is a message, too.
        """
        waited = self.clock.monotonic() - ripe_at
        top = self.messenger.given_since(ripe_at, counter)
        if top is None and counter == ACCOUNT and waited >= _NOTICE_SECONDS:
            await self.listener.begun(len(doubts))
            top = self.messenger.given_since(ripe_at, counter)
        if top is None and counter != ACCOUNT and waited >= _OWN_COUNTER_SECONDS:
            await self._settle(dict.fromkeys(doubts, Unclear()))
        return top

    async def _go_on(self, going: Round) -> None:
        """Wait for what is under way, then ask; at the end write the verdicts down."""
        if going.inquiry is None:
            now_under_way = await self.doubts.under_way()
            going.marks.add(now_under_way.mark)
            late = self.clock.monotonic() - going.begun > _MOST_SECONDS
            if going.under_way.still(now_under_way) or len(going.marks) <= _MARKS:
                self._round = None if late else going
                return
            going.inquiry = await self._inquiry(going)
        if going.inquiry is None:
            await self._end(dict.fromkeys(going.doubts, Unclear()))
        elif await self._ask(going.inquiry):
            await self._end(going.inquiry.verdicts())

    async def _inquiry(self, going: Round) -> Inquiry | None:
        """Return what is to be asked; None where nothing that is heard would prove anything.

        What is known is looked up last: whatever is recorded in between is known then, or was vague before.
        """
        vague = set(await self.ids.vague(min(doubt.since for doubt in going.doubts) - _BEFORE))
        vague |= {doubt.chat_id for doubt in await self._others(going)}
        low = min(doubt.after or 0 for doubt in going.doubts)
        known = await self.ids.known(going.counter, low, going.top)
        if not known.distinct or not low < going.top or going.top - low > _WIDEST:
            log.error("what became of deliveries cannot be asked: the numbers of messages are not as expected")
            return None
        if going.counter == ACCOUNT:
            seen = await self.doubts.evidence(going.doubts[0].id, going.doubts[-1].id)
            if not one_counter(seen):
                log.error("what became of deliveries cannot be asked: chats seem to have counters of their own")
                return None
        unknown = set(range(low + 1, going.top)) - known.ids
        if len(unknown) > _MOST_UNKNOWN + 2 * len(going.doubts):
            log.warning("what became of deliveries is not asked: too many messages are unknown", messages=len(unknown))
            return None
        # Of what others write in a group the bot may hear nothing.
        unheard = {d.chat_id for d in going.doubts if d.kind is ChatKind.GROUP and not self.sees_groups}
        elsewhere = sorted(chat for chat in vague if chat and counter_of(chat) == going.counter)
        return Inquiry(going.doubts, unknown, vague=vague | unheard, elsewhere=elsewhere)

    async def _others(self, going: Round) -> list[Doubt]:
        """Return the uncertain deliveries that are not in the round: their messages may be among the unknown ones."""
        mine = {(doubt.id, doubt.attempt) for doubt in going.doubts}
        found = [*await self.doubts.open(), *await self.doubts.past()]
        return [doubt for doubt in found if (doubt.id, doubt.attempt) not in mine]

    async def _ask(self, inquiry: Inquiry) -> bool:
        """Ask a few questions, each in its turn behind people's replies; returns whether nothing is left to ask."""
        for _ in range(_AT_ONCE):
            question = inquiry.next()
            if question is None:
                return True
            await self.pacer.slot(Priority.INSTANT)
            heard = await self.messenger.exists(*question)
            if not isinstance(heard, (Presence, Refused)):
                wait = heard.seconds if isinstance(heard, Throttled) else _AGAIN_SECONDS
                self._not_before = self.clock.monotonic() + wait
                self._lost += isinstance(heard, Unknown)
                if self._lost < _MOST_LOST:
                    return False
                heard = Presence.UNCLEAR  # of this chat nothing is to be heard
            self._lost = 0
            inquiry.heard(question, heard)
        return inquiry.next() is None

    async def _end(self, verdicts: Mapping[Doubt, Verdict]) -> None:
        await self._settle(verdicts)
        self._round = None

    async def _settle(self, verdicts: Mapping[Doubt, Verdict]) -> None:
        findings = await self.doubts.settle(verdicts, self.clock.now())
        log.info("asked what became of uncertain deliveries", found=findings.found, again=findings.returned,
                 closed=findings.closed, unclear=findings.unclear)  # fmt: skip
        if findings.returned:
            self.wake_sender()
        await self.listener.ended(findings)
