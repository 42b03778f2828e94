"""The screens of feeds: the list, one feed with its settings, what was found at an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.fetch.answers import Failed, Reason
from bot.model.feeds import AUTOMATIC, Activity, Feed, FeedMode, FeedState
from bot.model.news import Headline, Incoming
from bot.screens.callbacks import Action
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.failures import failure_text
from bot.screens.headlines import headline_text, shortened
from bot.screens.look import Look
from bot.screens.moments import duration
from bot.screens.pager import pager
from bot.screens.verbs import FeedVerb
from bot.text.languages import LANGUAGES, known
from bot.text.styled import Styled, bold, italic, join

PAGE = 8
PREVIEWED = 5
EVERY = (AUTOMATIC, 300, 600, 900, 1800, 3600, 10_800, 86_400)
"""How often a feed may be asked, in seconds."""
_MODES = (FeedMode.APPROVE, FeedMode.PUBLISH, FeedMode.ARCHIVE)
_SHOWN = 120  # characters of an address


@dataclass(frozen=True, slots=True)
class FeedTap(Action):
    """Do something with a feed; `value` belongs to the verb."""

    code = "fd"
    verb: FeedVerb
    feed: int = 0
    value: str = ""


def feeds_card(feeds: Sequence[tuple[Feed, Activity]], look: Look, page: int = 0) -> Card:
    """Return a page of the feeds: when each was asked last, when it is next, how much it brings, what is wrong."""
    say = look.say
    add = (Button(say("feeds-add"), FeedTap(FeedVerb.ADD), style="primary"),)
    if not feeds:
        return Card(join("\n\n", [bold(say("feeds-title")), say("feeds-none")]), (add,))
    first = min(max(0, page), (len(feeds) - 1) // PAGE) * PAGE
    shown = list(enumerate(feeds, 1))[first : first + PAGE]
    entries = [
        join("\n", [join("", [f"{number}. ", bold(shortened(feed.title, 80))]), _line(feed, activity, look)])
        for number, (feed, activity) in shown
    ]
    buttons = [Button(str(number), FeedTap(FeedVerb.SHOW, feed.id)) for number, (feed, _) in shown]
    here = first // PAGE
    back = FeedTap(FeedVerb.LIST, 0, str(here - 1)) if here else None
    on = FeedTap(FeedVerb.LIST, 0, str(here + 1)) if first + PAGE < len(feeds) else None
    rows = (*in_rows(buttons, PAGE), *pager(back, on, say), add)
    return Card(join("\n\n", [bold(say("feeds-title")), *entries]), rows)


def _line(feed: Feed, activity: Activity, look: Look) -> str:
    say = look.say
    parts = [say(f"feed-mode-{feed.mode.name.lower()}")]
    parts += _moments(feed, look)
    parts.append(say("feed-rate", n=round(activity.a_day)))
    if activity.held:
        parts.append(say("feed-held", n=activity.held))
    line = " · ".join(parts)
    return f"{line}\n⚠️ {_trouble(feed, look)}" if feed.reason else line


def _moments(feed: Feed, look: Look) -> list[str]:
    """Return where a feed stands, and when it was asked last and is asked next; a channel is not asked."""
    say = look.say
    said = [say("feed-channel")] if feed.is_channel else []
    if feed.state is not FeedState.ACTIVE:
        said.append(say(f"feed-{feed.state.name.lower()}"))
    if feed.succeeded_at is not None:
        said.append(say("feed-last", time=look.moment(feed.succeeded_at)))
    if feed.state is FeedState.ACTIVE and not feed.is_channel:
        said.append(say("feed-next", time=look.moment(feed.next_at)))
    return said


def _trouble(feed: Feed, look: Look) -> str:
    return failure_text(Failed(Reason(feed.reason), feed.detail), look)


def feed_card(feed: Feed, activity: Activity, look: Look, *, note: str = "") -> Card:
    """Return one feed with its settings; `note` comes first."""
    say = look.say
    trouble = [f"⚠️ {_trouble(feed, look)}"] if feed.reason else []
    if feed.reason not in {"", Reason.DAMAGED}:
        trouble.append(say("feed-failures", n=max(1, feed.failures)))
    facts = [*_moments(feed, look), say("feed-rate", n=round(activity.a_day))]
    where = [] if feed.is_channel else [shortened(feed.address, _SHOWN)]
    if feed.full_text and feed.page_trouble:
        trouble.append(say("feed-page-trouble", reason=failure_text(Failed(Reason(feed.page_trouble)), look)))
    head = join("\n", [bold(shortened(feed.title, 120)), *where])
    about = join("\n", [say(f"feed-mode-{feed.mode.name.lower()}-text"), " · ".join(facts), *trouble])
    text = join("\n\n", [italic(note) if note else "", head, about])
    return Card(text, _settings(feed, activity, look))


def _of_pages(feed: Feed, look: Look) -> tuple[Row, ...]:
    """Return what may be taken from the pages of its items: with a text comes the picture."""
    full = ticked(look.say("feed-full-text"), on=feed.full_text)
    pictures = ticked(look.say("feed-page-pictures"), on=feed.page_pictures)
    rows: tuple[Row, ...] = ((Button(full, FeedTap(FeedVerb.FULL_TEXT, feed.id, str(int(not feed.full_text)))),),)
    if not feed.full_text:
        rows += ((Button(pictures, FeedTap(FeedVerb.PAGE_PICTURES, feed.id, str(int(not feed.page_pictures)))),),)
    return rows


def _settings(feed: Feed, activity: Activity, look: Look) -> tuple[Row, ...]:
    say = look.say

    def tap(verb: FeedVerb, value: str = "") -> FeedTap:
        return FeedTap(verb, feed.id, value)

    modes = tuple(
        (
            Button(
                ticked(say(f"feed-mode-{mode.name.lower()}"), on=mode is feed.mode), tap(FeedVerb.MODE, str(int(mode)))
            ),
        )
        for mode in _MODES
    )
    held = ((Button(say("feed-held", n=activity.held), tap(FeedVerb.HELD), style="danger"),),) if activity.held else ()
    language = known(feed.language).name if feed.language in LANGUAGES else say("feed-language-own")
    pages = () if feed.is_channel else _of_pages(feed, look)
    active = feed.state is FeedState.ACTIVE
    every = (
        ()
        if feed.is_channel
        else (Button(say("feed-every", every=every_text(feed.every, look)), tap(FeedVerb.CHOOSE_EVERY)),)
    )
    pause = (
        Button(say("feed-pause"), tap(FeedVerb.PAUSE)) if active else Button(say("feed-resume"), tap(FeedVerb.RESUME))
    )
    return (
        *held,
        *modes,
        (*every, Button(say("feed-language", language=language), tap(FeedVerb.CHOOSE_LANGUAGE))),
        (Button(say("feed-topics"), tap(FeedVerb.TOPICS)), Button(say("feed-source"), tap(FeedVerb.ASK_SOURCE))),
        *pages,
        (pause, *((Button(say("feed-ask-now"), tap(FeedVerb.ASK_NOW)),) if active and not feed.is_channel else ())),
        (
            Button(say("feed-remove"), tap(FeedVerb.REMOVE), style="danger"),
            Button(say("button-back"), FeedTap(FeedVerb.LIST)),
        ),
    )


def ticked(label: str, *, on: bool) -> str:
    """Return the label of a button with the mark whether it is chosen."""
    return f"{'✅' if on else '▫️'} {label}"


def every_text(every: int, look: Look) -> str:
    """Return how often a feed is asked, in words."""
    return look.say("feed-every-auto") if every == AUTOMATIC else duration(every, look.language)


def every_card(feed: Feed, look: Look) -> Card:
    """Return the choice of how often a feed is asked."""
    buttons = [
        Button(ticked(every_text(every, look), on=every == feed.every), FeedTap(FeedVerb.EVERY, feed.id, str(every)))
        for every in EVERY
    ]
    back = (Button(look.say("button-back"), FeedTap(FeedVerb.SHOW, feed.id)),)
    text = join("\n\n", [bold(shortened(feed.title, 120)), look.say("feed-every-text")])
    return Card(text, (*in_rows(buttons, 2), back))


def language_card(feed: Feed, look: Look) -> Card:
    """Return the choice of the language a feed is in."""
    choices = {"": look.say("feed-language-own")} | {code: known(code).name for code in LANGUAGES}
    buttons = [
        Button(ticked(name, on=code == feed.language), FeedTap(FeedVerb.LANGUAGE, feed.id, code))
        for code, name in choices.items()
    ]
    back = (Button(look.say("button-back"), FeedTap(FeedVerb.SHOW, feed.id)),)
    text = join("\n\n", [bold(shortened(feed.title, 120)), look.say("feed-language-text")])
    return Card(text, (*in_rows(buttons, 2), back))


def offer_card(feed: Feed, items: Sequence[Incoming], look: Look, *, note: str = "") -> Card:
    """Return a feed that was found: its newest items as readers would see them, and what may become of such.

    `note` is what is to be thought of before.
    """
    say = look.say
    newest = [headline_text(_headline(one, feed), look) for one in items[:PREVIEWED]]
    if feed.state is not FeedState.OFFERED:
        show = (Button(say("feed-show"), FeedTap(FeedVerb.SHOW, feed.id)),)
        text: list[Styled | str] = [bold(shortened(feed.title, 120)), say("feed-there")]
        return Card(join("\n\n", [*text, *newest]), (show,))
    rows = tuple(
        (Button(say(f"feed-mode-{mode.name.lower()}"), FeedTap(FeedVerb.ACCEPT, feed.id, str(int(mode)))),)
        for mode in _MODES
    )
    no = (Button(say("button-cancel"), FeedTap(FeedVerb.LIST)),)
    where = say("feed-channel") if feed.is_channel else shortened(feed.address, _SHOWN)
    head = join("\n", [bold(shortened(feed.title, 120)), where])
    about = say("feed-offer-channel") if feed.is_channel else say("feed-offer-empty")
    about = say("feed-offer", n=len(items)) if items else about
    noted = [note] if note else []
    return Card(join("\n\n", [head, *newest, *noted, about]), (*rows, no))


def _headline(incoming: Incoming, feed: Feed) -> Headline:
    source = feed.source or incoming.source
    return Headline(id=0, title=incoming.title, source=source, published_at=incoming.published_at)


def offers_card(feeds: Sequence[tuple[Feed, int]], look: Look) -> Card:
    """Return the feeds that one page has, each with how many items it holds, to choose from."""
    buttons = tuple(
        (Button(shortened(f"{feed.title} ({number})", 60), FeedTap(FeedVerb.OFFER, feed.id)),) for feed, number in feeds
    )
    no = (Button(look.say("button-cancel"), FeedTap(FeedVerb.LIST)),)
    return Card(join("\n\n", [bold(look.say("feed-offers")), look.say("feed-offers-text")]), (*buttons, no))


def not_found_card(failed: Failed, look: Look) -> Card:
    """Return why there is no feed at an address, and the way to name another."""
    again = (Button(look.say("feeds-add"), FeedTap(FeedVerb.ADD)),)
    return Card(join("\n\n", [bold(look.say("feed-not-found")), failure_text(failed, look)]), (again,))


def no_channel_card(name: str, look: Look) -> Card:
    """Return why a channel cannot be followed: the bot is no administrator there, or nobody knows it ("")."""
    say = look.say
    again = (Button(say("feeds-add"), FeedTap(FeedVerb.ADD)),)
    text = say("feed-channel-not-ours", name=shortened(name, 80)) if name else say("feed-channel-unknown")
    return Card(join("\n\n", [bold(say("feed-not-found")), text]), (again,))


def remove_card(feed: Feed, look: Look) -> Card:
    """Return the question whether a feed really goes."""
    say = look.say
    yes = Button(say("feed-remove-yes"), FeedTap(FeedVerb.REMOVED, feed.id), style="danger")
    no = Button(say("button-back"), FeedTap(FeedVerb.SHOW, feed.id))
    return Card(
        join("\n", [bold(say("feed-remove-title")), shortened(feed.title, 120), say("feed-remove-text")]), ((yes, no),)
    )


def held_card(feed: Feed, held: int, look: Look) -> Card:
    """Return the question what becomes of what is held of a feed."""
    say, labels = look.say, _releases(look)
    rows = tuple((Button(label, FeedTap(FeedVerb.RELEASE, feed.id, value)),) for value, label in labels.items())
    text = join("\n\n", [bold(say("flood-title", n=held)), shortened(feed.title, 120), say("flood-text")])
    return Card(text, rows)


def _releases(look: Look) -> Mapping[str, str]:
    modes = {FeedMode.ARCHIVE: "flood-archive", FeedMode.APPROVE: "flood-approve", FeedMode.PUBLISH: "flood-publish"}
    return {str(int(mode)): look.say(key) for mode, key in modes.items()} | {"x": look.say("flood-drop")}
