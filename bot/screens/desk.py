"""The desk's screens: a draft, the last question before publishing, progress, lists, people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model.desk import Audience, Editor, Publication, Role
from bot.model.ledger import Policy
from bot.model.news import Article, ArticleState, Page, Topic
from bot.screens.callbacks import CorrectionTap, Desk, DeskList, StaffTap, headline_root
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.headlines import article_card, headline_text, meta_line, shortened
from bot.screens.look import Look
from bot.screens.moments import duration
from bot.text.languages import LANGUAGES, known
from bot.text.phrasebook import Phrasebook
from bot.text.styled import Styled, bold, join

PAGE = 8
_BAR = 12
PRESETS = ("15m", "1h", "3h", "t8", "t19")  # see bot/timing/typed.py


def draft_card(article: Article, look: Look, role: Role, *, full: bool) -> Card:
    """Return a draft exactly as readers will get it, as a headline or in full, with the desk's buttons under it."""
    preview = replace(article, published_at=look.now)
    rows = draft_rows(article, look, role, full=full)
    if full:
        return replace(article_card(preview, look, headline_root(article.id)), rows=rows)
    return Card(headline_text(preview, look), rows)


def draft_rows(article: Article, look: Look, role: Role, *, full: bool) -> tuple[Row, ...]:
    """Return the buttons under a draft."""
    say = look.say

    def button(key: str, verb: str, style: str = "") -> Button:
        return Button(say(key), Desk(article.id, article.version, verb), style=style)

    topics = ", ".join(topic.name(look.language) for topic in article.topics) or say("desk-no-topics")
    language = known(article.language).name if article.language in LANGUAGES else article.language
    view = button("desk-view-headline", "h") if full else button("desk-view-full", "f")
    rows: list[Row] = [
        (view,),
        (button("desk-title", "qt"), button("desk-lead", "ql"), button("desk-body", "qb")),
        (Button(say("desk-topics", topics=topics), Desk(article.id, article.version, "tp")),),
        (
            Button(say("desk-source", source=article.source), Desk(article.id, article.version, "qs")),
            Button(say("desk-language", language=language), Desk(article.id, article.version, "lg")),
        ),
        (button("desk-photo-change" if article.photo else "desk-photo", "qp"), button("desk-discard", "ds")),
    ]
    if article.state is ArticleState.SCHEDULED:
        rows.append((button("desk-unschedule", "un", "danger"),))
    elif role >= Role.EDITOR:
        rows.append((button("desk-publish", "pb", "success"), button("desk-urgent", "ur", "danger")))
        rows.append((button("desk-schedule", "sc"),))
    return tuple(rows)


def draft_topics_card(article: Article, topics: Sequence[Topic], look: Look) -> Card:
    """Return the topics of a draft, to choose from."""
    chosen = {topic.id for topic in article.topics}
    buttons = [
        Button(
            ("✅ " if topic.id in chosen else "▫️ ") + topic.name(look.language),
            Desk(article.id, article.version, "t", str(topic.id)),
        )
        for topic in topics[:60]
    ]
    done = (Button(look.say("button-done"), Desk(article.id, article.version, "h")),)
    text = join("\n", [bold(look.say("desk-topics-title")), shortened(article.title)])
    return Card(text, (*in_rows(buttons, 2), done))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a publication reaches, at how many messages a second, and what happens to deliveries nobody knows of."""

    audience: Audience
    rate: float
    urgent: bool
    policy: Policy = Policy.HOLD


def confirm_card(article: Article, reach: Reach, warnings: Sequence[str], look: Look) -> Card:
    """Return the last question: what goes out, to how many, how long it takes, and what looks wrong."""
    say, audience, urgent = look.say, reach.audience, reach.urgent
    title = say("confirm-urgent-title") if urgent else say("confirm-title")
    time = duration(audience.now / reach.rate, look.language)
    people = say("confirm-audience", now=audience.now, later=audience.later, time=time)
    if not audience.now and not audience.later:
        people = say("confirm-nobody")
    yes = Button(
        say("confirm-yes"),
        Desk(article.id, article.version, "go", f"{'u' if urgent else 'n'}{int(reach.policy)}"),
        style="danger" if urgent else "success",
    )
    no = Button(say("button-back"), Desk(article.id, article.version, "h"))
    following = Policy((reach.policy + 1) % len(Policy))
    policy = Button(
        say(f"policy-{reach.policy.name.lower()}"),
        Desk(article.id, article.version, "ur" if urgent else "pb", str(int(following))),
    )
    doubts = "\n".join(f"⚠️ {warning}" for warning in warnings)
    text = join("\n\n", [bold(title), bold(shortened(article.title)), people, doubts])
    return Card(text, ((yes, no), (policy,)))


def schedule_card(article: Article, look: Look, zone_name: str) -> Card:
    """Return the choice of when a draft goes out; a typed time works too."""
    say = look.say
    buttons = [Button(say(f"preset-{preset}"), Desk(article.id, article.version, "at", preset)) for preset in PRESETS]
    back = (Button(say("button-back"), Desk(article.id, article.version, "h")),)
    text = join("\n", [bold(say("when-title")), shortened(article.title), "", say("when-text", zone=zone_name)])
    return Card(text, (*in_rows(buttons, 3), back))


def scheduled_card(article: Article, at: datetime, look: Look) -> Card:
    """Return the note that an article is waiting for its time."""
    open_ = Button(look.say("button-open"), Desk(article.id, article.version, "h"))
    cancel = Button(look.say("desk-unschedule"), Desk(article.id, article.version, "un"), style="danger")
    text = join("\n", [bold(look.say("scheduled-note", time=look.moment(at))), article.title])
    return Card(text, ((open_, cancel),))


def discard_card(article: Article, look: Look) -> Card:
    """Return the question whether a draft really goes."""
    yes = Button(look.say("discard-yes"), Desk(article.id, article.version, "dd"), style="danger")
    no = Button(look.say("button-back"), Desk(article.id, article.version, "h"))
    return Card(join("\n", [bold(look.say("discard-title")), article.title]), ((yes, no),))


def desk_list_card(which: str, page: Page, look: Look) -> Card:
    """Return a list of the desk: drafts, scheduled or published."""
    say = look.say
    title = bold(say(f"list-{which}"))
    if not page.items:
        return Card(join("\n\n", [title, say(f"list-{which}-none")]))
    entries, buttons = [], []
    for number, item in enumerate(page.items, page.offset + 1):
        entries.append(join("\n", [join("", [f"{number}. ", bold(shortened(item.title, 160))]), meta_line(item, look)]))
        buttons.append(Button(str(number), Desk(item.id, 0, "o")))
    turn = []
    if page.offset:
        turn.append(Button("◀", DeskList(which, max(0, page.offset - PAGE))))
    if page.more:
        turn.append(Button("▶", DeskList(which, page.offset + PAGE)))
    return Card(join("\n\n", [title, *entries]), (*in_rows(buttons, PAGE), tuple(turn)))


def published_card(article: Article, publication: Publication | None, look: Look) -> Card:
    """Return a published article for the desk: how readers see it, and how its send went."""
    lines: list[Styled | str] = [headline_text(article, look)]
    if publication is not None:
        tally = publication.tally
        lines.append(look.say("published-reach", sent=tally.sent, held=tally.held, failed=tally.failed))
    view = Button(look.say("desk-view-full"), Desk(article.id, article.version, "pf"))
    fix = Button(look.say("desk-fix"), CorrectionTap("fix", article.id, article.version))
    rows = ((view,),) if article.retracted else ((view, fix),)
    return Card(join("\n\n", lines), rows)


def editors_card(people: Sequence[Editor], look: Look) -> Card:
    """Return the desk's people; a tap changes or removes one."""
    say = look.say
    lines = [f"• {person_name(person)} — {say('role-' + person.role.name.lower())}" for person in people[:60]]
    buttons = [Button(person_name(person), StaffTap("show", person.user_id)) for person in people[:60]]
    add = (Button(say("editors-add"), StaffTap("add")),)
    return Card(join("\n", [bold(say("editors-title")), *lines]), (*in_rows(buttons, 2), add))


def person_card(person: Editor, look: Look) -> Card:
    """Return what can be done with one person of the desk."""
    roles = [
        Button(
            ("✅ " if role is person.role else "▫️ ") + look.say(f"role-{role.name.lower()}"),
            StaffTap("role", person.user_id, int(role)),
        )
        for role in (Role.AUTHOR, Role.EDITOR, Role.OWNER)
    ]
    gone = Button(look.say("editors-remove"), StaffTap("remove", person.user_id), style="danger")
    back = Button(look.say("button-back"), StaffTap("list"))
    return Card(bold(person_name(person)), (tuple(roles), (gone, back)))


def person_name(person: Editor) -> str:
    """Return a person's name, or their Telegram id."""
    return shortened(person.name, 40) or str(person.user_id)


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
