"""What goes out."""

from dataclasses import dataclass
from functools import partial

from bot.delivery.asker import Asker
from bot.delivery.attempts import Attempts
from bot.delivery.composer import CardComposer
from bot.delivery.copies import CopyComposer
from bot.delivery.fan_out import FanOut
from bot.delivery.progress import Progress
from bot.delivery.sender import Sender
from bot.operations.asking_notice import AskingNotice
from bot.operations.backups import BackupGuard
from bot.operations.clock_guard import ClockGuard
from bot.operations.compaction import Compaction
from bot.operations.desk_acts import DeskActs
from bot.operations.disk_guard import DiskGuard
from bot.operations.doubts import DoubtAlarm
from bot.operations.lock_alarm import LockAlarm
from bot.operations.new_drafts import NewDrafts
from bot.operations.notices import Notices
from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.restart_guard import RestartGuard
from bot.operations.send_alarm import SendAlarm
from bot.operations.telegram_alarm import TelegramAlarm
from bot.operations.troubles import Troubles
from bot.telegram.files import FileSender
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.questions import LapsedQuestions
from bot.timing.jumps import JumpWatch
from bot.wiring.backups import build_backup_guard
from bot.wiring.ground import CONTROL, SPIKES, TROUBLES, UNREAD, Ground
from bot.wiring.pace import Pace
from bot.wiring.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What goes out."""

    messenger: TelegramMessenger
    files: FileSender
    owners: OwnerAlerts
    clock_guard: ClockGuard
    restart_guard: RestartGuard
    disk_guard: DiskGuard
    backup_guard: BackupGuard
    compaction: Compaction
    sender: Sender
    fan_out: FanOut
    progress: Progress
    doubt_alarm: DoubtAlarm
    asker: Asker
    notices: Notices
    new_drafts: NewDrafts
    desk_acts: DeskActs
    troubles: Troubles
    telegram_alarm: TelegramAlarm
    send_alarm: SendAlarm
    lapsed_questions: LapsedQuestions
    lock_alarm: LockAlarm


def build_delivery(ground: Ground, reading: Reading, pace: Pace) -> Delivery:
    """Return what goes out, with the sender that sends it."""
    store, clock = ground.store, ground.clock
    messenger, files = _messenger(ground, pace), _files(ground, pace)
    owners = OwnerAlerts(editors=store.editors, readers=store.readers, messenger=messenger, locale=ground.locale)
    notices = Notices(readers=store.readers, messenger=messenger, locale=ground.locale)
    troubles = _troubles(ground, owners)
    clock_guard = _clock_guard(ground, troubles)
    alarm = _telegram_alarm(ground, troubles, owners)
    send_alarm = _send_alarm(ground, owners)
    reading.embedding_worker.on_filled = alarm.all_read
    pace.throttle.listener = alarm
    sender = _sender(ground, reading, pace, messenger, send_alarm)
    return Delivery(
        messenger=messenger,
        files=files,
        troubles=troubles,
        telegram_alarm=alarm,
        send_alarm=send_alarm,
        owners=owners,
        clock_guard=clock_guard,
        restart_guard=_restart_guard(ground, owners),
        disk_guard=DiskGuard(health=store.health, owners=owners, clock=clock),
        backup_guard=build_backup_guard(ground, owners, files),
        compaction=_compaction(ground, clock_guard),
        sender=sender,
        fan_out=FanOut(
            articles=store.articles,
            publications=store.publications,
            corrections=store.corrections,
            stories=store.stories,
            keywords=store.keywords,
            clock=clock,
            wake_sender=sender.wake,
            held=lambda: sender.held,
            premature=clock_guard.premature,
        ),
        progress=_progress(ground, messenger),
        lapsed_questions=LapsedQuestions(store.dialogs, messenger, clock),
        notices=notices,
        new_drafts=_new_drafts(ground, notices),
        desk_acts=_desk_acts(ground, notices),
        asker=_asker(ground, pace, messenger, owners, sender),
        doubt_alarm=_doubt_alarm(ground, owners),
        lock_alarm=LockAlarm(vitals=store.vitals, troubles=troubles, clock=clock),
    )


def _progress(ground: Ground, messenger: TelegramMessenger) -> Progress:
    store = ground.store
    return Progress(
        publications=store.publications,
        articles=store.articles,
        posts=store.posts,
        readers=store.readers,
        messenger=messenger,
        locale=ground.locale,
        links=ground.links,
        rate=ground.settings.send_rate,
    )


def _messenger(ground: Ground, pace: Pace) -> TelegramMessenger:
    return TelegramMessenger(
        bot=ground.bot,
        pacer=pace.pacer,
        chats=pace.chats,
        throttle=pace.throttle,
        clock=ground.clock,
        ids=ground.store.message_ids,
    )


def _files(ground: Ground, pace: Pace) -> FileSender:
    return FileSender(
        bot=ground.bot,
        pacer=pace.pacer,
        chats=pace.chats,
        throttle=pace.throttle,
        clock=ground.clock,
        ids=ground.store.message_ids,
    )


def _asker(ground: Ground, pace: Pace, messenger: TelegramMessenger, owners: OwnerAlerts, sender: Sender) -> Asker:
    store = ground.store
    return Asker(
        doubts=store.doubts,
        ids=store.message_ids,
        leases=store.leases,
        messenger=messenger,
        pacer=pace.pacers[0],  # a question is never paid for
        listener=AskingNotice(owners=owners, messenger=messenger, locale=ground.locale),
        clock=ground.clock,
        held=lambda: sender.held,
        wake_sender=sender.wake,
    )


def _compaction(ground: Ground, clock_guard: ClockGuard) -> Compaction:
    store = ground.store
    return Compaction(
        kept_copies=store.kept_copies,
        facts=store.facts,
        leases=store.leases,
        clock=ground.clock,
        settled=clock_guard.settled,
        days=ground.settings.keep_ledger_days,
    )


def _restart_guard(ground: Ground, owners: OwnerAlerts) -> RestartGuard:
    return RestartGuard(
        facts=ground.store.facts,
        backlogs=ground.store.backlogs,
        continuity=ground.store.continuity,
        owners=owners,
        turn=ground.turn("backlog"),
        clock=ground.clock,
        wake=partial(ground.ticker.soon, CONTROL),
    )


def _new_drafts(ground: Ground, notices: Notices) -> NewDrafts:
    store = ground.store
    return NewDrafts(
        articles=store.articles,
        feed_items=store.feed_items,
        editors=store.editors,
        facts=store.facts,
        notices=notices,
        turn=ground.turn("drafts"),
        clock=ground.clock,
    )


def _desk_acts(ground: Ground, notices: Notices) -> DeskActs:
    store = ground.store
    return DeskActs(
        audit=store.audit,
        articles=store.articles,
        editors=store.editors,
        facts=store.facts,
        notices=notices,
        turn=ground.turn("acts"),
        clock=ground.clock,
    )


def _clock_guard(ground: Ground, troubles: Troubles) -> ClockGuard:
    return ClockGuard(
        watch=JumpWatch(ground.clock),
        moments=ground.store.moments,
        facts=ground.store.facts,
        vitals=ground.store.vitals,
        troubles=troubles,
        clock=ground.clock,
        look_again=ground.ticker.jumped,
    )


def _troubles(ground: Ground, owners: OwnerAlerts) -> Troubles:
    return Troubles(
        owners=owners,
        facts=ground.store.facts,
        turn=ground.turn("troubles"),
        clock=ground.clock,
        wake=partial(ground.ticker.soon, TROUBLES),
    )


def _doubt_alarm(ground: Ground, owners: OwnerAlerts) -> DoubtAlarm:
    store = ground.store
    return DoubtAlarm(
        uncertain=store.uncertain, facts=store.facts, owners=owners, turn=ground.turn("doubts"), clock=ground.clock
    )


def _telegram_alarm(ground: Ground, troubles: Troubles, owners: OwnerAlerts) -> TelegramAlarm:
    return TelegramAlarm(
        troubles=troubles,
        owners=owners,
        turn=ground.turn("unread"),
        inbox=ground.store.inbox,
        facts=ground.store.facts,
        clock=ground.clock,
        count_soon=partial(ground.ticker.soon, UNREAD),
    )


def _send_alarm(ground: Ground, owners: OwnerAlerts) -> SendAlarm:
    store = ground.store
    return SendAlarm(
        throttles=store.throttles,
        sends=store.sends,
        publications=store.publications,
        articles=store.articles,
        facts=store.facts,
        owners=owners,
        turn=ground.turn("sends"),
        clock=ground.clock,
        wake=partial(ground.ticker.soon, SPIKES),
    )


def _sender(ground: Ground, reading: Reading, pace: Pace, messenger: TelegramMessenger, alarm: SendAlarm) -> Sender:
    store, clock, settings = ground.store, ground.clock, ground.settings
    copies = CopyComposer(
        composer=CardComposer(articles=store.articles, digests=reading.digests, ledger=store.ledger, clock=clock),
        presenter=reading.presenter,
        articles=store.articles,
        corrections=store.corrections,
        shown=store.message_screens,
        messenger=messenger,
        clock=clock,
    )
    attempts = Attempts(
        readers=store.readers,
        composer=copies,
        messenger=messenger,
        pacer=pace.pacer,
        chats=pace.chats,
        throttle=pace.throttle,
        clock=clock,
        alarm=alarm,
        overtaken=copies.overtaken,
        refund=pace.purse.refund if pace.purse is not None else lambda: None,
    )
    window = window_for(max(settings.send_rate, settings.paid_rate))
    return Sender(ledger=store.ledger, attempts=attempts, clock=clock, window=window)


def window_for(rate: float) -> int:
    """Return how many deliveries may be between "about to send" and their outcome: a third of a second's worth.

    Two where that is less: what is claimed and only waits for its turn is uncertain after a crash, too.
    """
    return max(2, round(rate / 3))


def workers_for(rate: float) -> int:
    """Return how many requests may be under way: enough for the rate when an answer takes a quarter of a second."""
    return min(256, max(8, round(rate / 4)))
