"""What the desk does."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.desk.agency import Agency
from bot.desk.checkup import Checkup
from bot.desk.corrections import Corrections
from bot.desk.drafts import Drafts
from bot.desk.invitations import Invitations
from bot.desk.ownership import OwnerCode
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.desk.staff import Staff
from bot.desk.stories import StoryDesk
from bot.desk.token_desk import TokenDesk
from bot.desk.unread import Unread
from bot.operations.owner_alerts import OwnerAlerts
from bot.relevance.threading import Threader
from bot.relevance.topic_adviser import TopicAdviser
from bot.screens.warnings import wrong_codes_card
from bot.telegram.menus import Menus
from bot.telegram.probe import Probe
from bot.wiring.ground import PUBLISH, Ground
from bot.wiring.reading import Reading
from storage.articles.imports import Imports


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskParts:
    """What the desk does."""

    drafts: Drafts
    publisher: Publisher
    corrections: Corrections
    story_desk: StoryDesk
    send_control: SendControl
    menus: Menus
    staff: Staff
    invitations: Invitations
    owner_code: OwnerCode
    unread: Unread
    token_desk: TokenDesk
    agency: Agency
    checkup: Checkup


def build_desk(ground: Ground, reading: Reading, owners: OwnerAlerts, wake_sender: Callable[[], None]) -> DeskParts:
    """Return what the desk does; `wake_sender` is called when a send may go on."""
    store, clock, settings = ground.store, ground.clock, ground.settings
    publish_soon = partial(ground.ticker.soon, PUBLISH)
    menus = Menus(bot=ground.bot, editors=store.editors, facts=store.facts, clock=clock, language=settings.language)
    staff = Staff(editors=store.editors, clock=clock, refresh_menus=menus.refresh)
    publisher = _publisher(ground, publish_soon)
    corrections = Corrections(
        articles=store.articles, corrections=store.corrections, clock=clock, wake_fan_out=publish_soon
    )
    return DeskParts(
        drafts=Drafts(
            articles=store.articles,
            topics=store.topics,
            clock=clock,
            newsroom=settings.newsroom,
            zone=settings.timezone,
            adviser=reading.adviser,
        ),
        publisher=publisher,
        corrections=corrections,
        story_desk=StoryDesk(articles=store.articles, stories=store.stories, finder=reading.finder, clock=clock),
        send_control=SendControl(
            sends=store.sends,
            uncertain=store.uncertain,
            publications=store.publications,
            articles=store.articles,
            posts=store.posts,
            clock=clock,
            wake_sender=wake_sender,
            rate=settings.send_rate,
        ),
        menus=menus,
        staff=staff,
        invitations=Invitations(staff=staff, facts=store.facts, clock=clock),
        owner_code=OwnerCode(
            editors=store.editors,
            facts=store.facts,
            clock=clock,
            refresh_menus=menus.refresh,
            warn=lambda number: owners.tell(partial(wrong_codes_card, number)),
        ),
        unread=Unread(store.inbox),
        token_desk=TokenDesk(tokens=store.tokens, clock=ground.clock),
        agency=_agency(ground, publisher, corrections, reading.adviser),
        checkup=_checkup(ground),
    )


def _agency(ground: Ground, publisher: Publisher, corrections: Corrections, adviser: TopicAdviser | None) -> Agency:
    store = ground.store
    return Agency(
        articles=store.articles,
        imports=Imports(ground.database),
        publications=store.publications,
        topics=store.topics,
        tokens=store.tokens,
        pictures=store.pictures,
        placing=Threader(store.stories),
        publisher=publisher,
        corrections=corrections,
        clock=ground.clock,
        adviser=adviser,
    )


def _checkup(ground: Ground) -> Checkup:
    store, settings = ground.store, ground.settings
    return Checkup(
        settings=settings,
        vitals=store.vitals,
        loads=store.loads,
        feeds=store.feeds,
        backups=store.backups,
        clock=ground.clock,
        ask_telegram=Probe(bot=ground.bot, api_url=settings.telegram_api_url, wall=ground.clock.wall),
    )


def _publisher(ground: Ground, publish_soon: Callable[[], None]) -> Publisher:
    store, settings = ground.store, ground.settings
    return Publisher(
        articles=store.articles,
        publications=store.publications,
        audiences=store.audiences,
        keywords=store.keywords,
        stories=store.stories,
        clock=ground.clock,
        rate=settings.send_rate,
        hold_above=settings.hold_above,
        wake_fan_out=publish_soon,
    )
