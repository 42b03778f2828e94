"""The desk's screens: a draft, the last question before publishing, lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.model.desk import Audience, Role
from bot.model.ledger import Policy
from bot.model.news import Article, ArticleState, Page, Photo, Topic
from bot.screens.callbacks import CorrectionTap, Desk, DeskList, SplitPaste, TakeEdit
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.draft_parts import date_row
from bot.screens.headlines import article_card, headline_text, meta_line, shortened, source_name
from bot.screens.look import Look
from bot.screens.moments import duration
from bot.screens.pager import pager
from bot.screens.pushes import headline_card, noted
from bot.screens.screen_refs import HeadlineScreen
from bot.screens.topic_pages import topics_on, turner_of
from bot.screens.verbs import CorrectionVerb, DeskListName, DeskVerb
from bot.text.languages import LANGUAGES, known
from bot.text.phrasebook import Phrasebook
from bot.text.styled import Styled, bold, italic, join
from bot.timing.stored_zones import stored_zone
from bot.timing.typed_said import When
from bot.timing.zones import city_of

PAGE = 8
PRESETS = ("15m", "1h", "3h", "t8", "t19")  # see bot/timing/typed.py


def draft_card(article: Article, look: Look, role: Role, *, full: bool, note: str = "") -> Card:
    """Return a draft exactly as readers will get it, as a headline or in full, with the desk's buttons under it.

    `note` is something to say of it; how many pictures there are is said by itself, under a headline.
    """
    preview = as_it_goes_out(article, look, urgent=article.urgent and article.state is ArticleState.SCHEDULED)
    rows = draft_rows(article, look, role, full=full)
    number = len(article.photo.all) if article.photo is not None and not full else 0
    notes = [look.say("desk-media", n=number)] if number > 1 else []
    notes += [note] if note else []
    card = article_card(preview, look, HeadlineScreen(article.id)) if full else headline_card(preview, look)
    return noted(card, notes, rows)


def as_it_goes_out(article: Article, look: Look, *, urgent: bool) -> Article:
    """Return what is not out yet as its readers would get it now."""
    return replace(article, published_at=article.published_at or look.now, urgent=urgent)


def edited_card(article: Article, look: Look, role: Role, *, whole: bool = True, untouched: bool = False) -> Card:
    """Return a draft that stays as it is although its message was edited, as somebody has worked on it since.

    The message's text can be taken after all if that is the `whole` of what the draft was made of; where it is one
    of several, that is why the draft stays, also if it is `untouched`.
    """
    note = look.say("desk-part-edited" if untouched else "desk-not-edited")
    card = draft_card(article, look, role, full=False, note=note)
    if not whole or (article.state is ArticleState.SCHEDULED and role < Role.EDITOR):
        return card
    take = (Button(look.say("desk-take-edit"), TakeEdit(article.id, article.version)),)
    return replace(card, rows=(take, *card.rows))


def fix_offer_card(article: Article, look: Look, role: Role) -> Card:
    """Return the note that an article whose message was edited is out, and the way to correct it."""
    fix = Button(look.say("desk-fix"), CorrectionTap(CorrectionVerb.CHOOSE, article.id, article.version))
    text = join("\n", [look.say("desk-edited-published"), bold(shortened(article.title))])
    return Card(text, ((fix,),) if role >= Role.EDITOR else ())


def pasted_card(article: Article, messages: int, look: Look, role: Role, *, note: str = "") -> Card:
    """Return a draft that was put together from several messages: that is told, and can be undone."""
    card = draft_card(article, look, role, full=False, note=note)
    split = (Button(look.say("desk-split"), SplitPaste(article.id)),)
    return noted(card, [look.say("desk-pasted", n=messages)], (split, *card.rows))


def draft_rows(article: Article, look: Look, role: Role, *, full: bool) -> tuple[Row, ...]:
    """Return the buttons under a draft."""
    say = look.say

    def button(key: str, verb: DeskVerb, style: str = "") -> Button:
        return Button(say(key), Desk(article.id, article.version, verb), style=style)

    topics = ", ".join(topic.name(look.language) for topic in article.topics) or say("desk-no-topics")
    language = known(article.language).name if article.language in LANGUAGES else article.language
    view = (
        button("desk-view-headline", DeskVerb.SHOW_HEADLINE) if full else button("desk-view-full", DeskVerb.SHOW_FULL)
    )
    if article.state is ArticleState.SCHEDULED and role < Role.EDITOR:
        return ((view,),)
    rows: list[Row] = [
        (view,),
        (
            button("desk-title", DeskVerb.ASK_TITLE),
            button("desk-lead", DeskVerb.ASK_LEAD),
            button("desk-body", DeskVerb.ASK_BODY),
        ),
        (Button(say("desk-topics", topics=topics), Desk(article.id, article.version, DeskVerb.CHOOSE_TOPICS)),),
        (
            Button(
                say("desk-source", source=source_name(article.source, say)),
                Desk(article.id, article.version, DeskVerb.ASK_SOURCE),
            ),
            Button(
                say("desk-language", language=language), Desk(article.id, article.version, DeskVerb.CHANGE_LANGUAGE)
            ),
        ),
        (
            Button(_photo_label(article.photo, say), Desk(article.id, article.version, DeskVerb.ASK_PHOTO)),
            button("desk-discard", DeskVerb.ASK_TO_DISCARD),
        ),
        date_row(article, look),
    ]
    planned = article.state is ArticleState.SCHEDULED
    if role >= Role.EDITOR:
        rows.append(
            (
                button("desk-publish", DeskVerb.CONFIRM, "success"),
                button("desk-urgent", DeskVerb.CONFIRM_URGENT, "danger"),
            )
        )
        when = button("desk-move" if planned else "desk-schedule", DeskVerb.ASK_WHEN)
        rows.append((when, button("desk-unschedule", DeskVerb.UNSCHEDULE, "danger")) if planned else (when,))
    return tuple(rows)


def _photo_label(photo: Photo | None, say: Phrasebook) -> str:
    """Return what a draft's button calls what it shows, all of which the answer takes the place of."""
    if photo is None:
        return say("desk-photo")
    return say("desk-photo-change", kind="several" if photo.more else photo.kind.value)


def draft_topics_card(article: Article, topics: Sequence[Topic], look: Look, page: int = 0) -> Card:
    """Return a page of the topics of a draft, to choose from."""
    chosen = {topic.id for topic in article.topics}
    buttons = [
        Button(
            ("✅ " if topic.id in chosen else "▫️ ") + topic.name(look.language),
            Desk(article.id, article.version, DeskVerb.TOGGLE_TOPIC, f"{'-' if topic.id in chosen else '+'}{topic.id}"),
        )
        for topic in topics_on(topics, page)
    ]
    turn = turner_of(
        topics, page, look.say, lambda other: Desk(article.id, article.version, DeskVerb.CHOOSE_TOPICS, str(other))
    )
    done = (Button(look.say("button-done"), Desk(article.id, article.version, DeskVerb.SHOW_HEADLINE)),)
    text = join("\n", [bold(look.say("desk-topics-title")), shortened(article.title)])
    return Card(text, (*in_rows(buttons, 2), *turn, done))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a publication reaches, at how many messages a second, and what happens to deliveries nobody knows of."""

    audience: Audience
    rate: float
    urgent: bool
    policy: Policy = Policy.HOLD


def confirm_card(article: Article, reach: Reach, warnings: Sequence[str], look: Look) -> Card:
    """Return the last question: what goes out as readers get it, to how many, how long it takes, what looks wrong."""
    say, audience, urgent = look.say, reach.audience, reach.urgent
    title = say("confirm-urgent-title") if urgent else say("confirm-title")
    time = duration(audience.now / reach.rate, look.language)
    people = say("confirm-audience", now=audience.now, later=audience.later, time=time)
    if not audience.now and not audience.later:
        people = say("confirm-nobody")
    how = f"{'u' if urgent else 'n'}{int(reach.policy)}"
    yes = Button(
        say("confirm-yes"),
        Desk(article.id, article.version, DeskVerb.PUBLISH, how),
        style="danger" if urgent else "success",
    )
    no = Button(say("button-back"), Desk(article.id, article.version, DeskVerb.SHOW_HEADLINE))
    more = Button("⋯", Desk(article.id, article.version, DeskVerb.CHOOSE_POLICY, how))
    doubts = "\n".join(f"⚠️ {warning}" for warning in warnings)
    shown = headline_text(as_it_goes_out(article, look, urgent=urgent), look)
    chosen = say(f"policy-{reach.policy.name.lower()}") if reach.policy is not Policy.HOLD else ""
    policy = italic(f"{say('policy-title')}: {chosen}") if chosen else ""
    return Card(join("\n\n", [bold(title), shown, people, policy, doubts]), ((yes, no), (more,)))


def policy_card(article: Article, chosen: Policy, look: Look, *, urgent: bool) -> Card:
    """Return the choice of what happens to deliveries of which nobody can find out whether they arrived."""
    say = look.say
    verb = DeskVerb.CONFIRM_URGENT if urgent else DeskVerb.CONFIRM
    choices = tuple(
        (
            Button(
                ("✅ " if policy is chosen else "▫️ ") + say(f"policy-{policy.name.lower()}"),
                Desk(article.id, article.version, verb, str(int(policy))),
            ),
        )
        for policy in Policy
    )
    back = (Button(say("button-back"), Desk(article.id, article.version, verb, str(int(chosen)))),)
    text = join("\n\n", [bold(say("policy-title")), shortened(article.title), say("policy-text")])
    return Card(text, (*choices, back))


def schedule_card(article: Article, look: Look, zone_name: str) -> Card:
    """Return the choice of when a draft goes out; a typed time works too."""
    say = look.say
    buttons = [
        Button(say(f"preset-{preset}"), Desk(article.id, article.version, DeskVerb.SCHEDULE, preset))
        for preset in PRESETS
    ]
    back = (Button(say("button-cancel"), Desk(article.id, article.version, DeskVerb.SHOW_HEADLINE)),)
    head = join("\n", [bold(say("when-title")), shortened(article.title)])
    text = join("\n\n", [head, say("when-text", city=city_of(zone_name, look.language))])
    return Card(text, (*in_rows(buttons, 3), back))


def when_guess(article: Article, whens: Sequence[When], look: Look, zone_name: str) -> tuple[str, Row]:
    """Return the question whether one of these times was meant, and a button for each that schedules the draft."""
    zone = stored_zone(zone_name)
    buttons = [
        Button(
            look.moment(when.at),
            Desk(article.id, article.version, DeskVerb.SCHEDULE, f"{when.at.astimezone(zone):%Y-%m-%dT%H:%M}"),
        )
        for when in whens
    ]
    lines = "\n".join(look.in_full(when.at) for when in whens)
    return "\n".join([look.say("when-guess"), lines, look.say("when-guess-else")]), tuple(buttons)


def scheduled_card(article: Article, when: When, look: Look) -> Card:
    """Return the note that an article is waiting for its time, which is told so that a wrong guess is seen."""
    open_ = Button(look.say("button-open"), Desk(article.id, article.version, DeskVerb.SHOW_HEADLINE))
    cancel = Button(look.say("desk-unschedule"), Desk(article.id, article.version, DeskVerb.UNSCHEDULE), style="danger")
    note: list[Styled | str] = [bold(look.say("scheduled-note", time=look.moment(when.at))), look.in_full(when.at)]
    if when.missing is not None:
        note.append(look.say("scheduled-missing", typed=f"{when.missing:%H:%M}", time=look.moment(when.at)))
    text = join("\n\n", [join("\n", note), article.title])
    return Card(text, ((open_, cancel),))


def discard_card(article: Article, look: Look) -> Card:
    """Return the question whether a draft really goes."""
    yes = Button(look.say("discard-yes"), Desk(article.id, article.version, DeskVerb.DISCARD), style="danger")
    no = Button(look.say("button-back"), Desk(article.id, article.version, DeskVerb.SHOW_HEADLINE))
    return Card(join("\n", [bold(look.say("discard-title")), article.title]), ((yes, no),))


def desk_list_card(which: DeskListName, page: Page, look: Look) -> Card:
    """Return a page of one of the desk's lists; what is opened from it leads back to it."""
    say, here = look.say, DeskList(which, page.offset)
    title = bold(say(f"list-{which}"))
    back = DeskList(which, max(0, page.offset - PAGE)) if page.offset else None
    turn = pager(back, DeskList(which, page.offset + PAGE) if page.more else None, say)
    if not page.items:
        return Card(join("\n\n", [title, say(f"list-{which}-none")]), turn, screen=here)
    entries, buttons = [], []
    for number, item in enumerate(page.items, page.offset + 1):
        entries.append(join("\n", [join("", [f"{number}. ", bold(shortened(item.title, 160))]), meta_line(item, look)]))
        buttons.append(Button(str(number), Desk(item.id, 0, DeskVerb.OPEN)))
    return Card(join("\n\n", [title, *entries]), (*in_rows(buttons, PAGE), *turn), screen=here)


def warnings_for(article: Article, say: Phrasebook) -> list[str]:
    """Return what looks wrong with a draft before it is published."""
    found = []
    if not article.topics:
        found.append(say("warning-no-topics"))
    if not article.body and not article.lead:
        found.append(say("warning-no-text"))
    if len(article.title) > 150:
        found.append(say("warning-long-title", n=len(article.title)))
    if article.title.isupper() and len(article.title) > 20:
        found.append(say("warning-capitals"))
    return found
