"""A reader's rules as cards: what they follow and keep away, why something came, and the way back from each change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import NotFound
from bot.model.matching import EVERYTHING, MatchKey
from bot.model.news import Article, Headline
from bot.model.readers import Reader, Reason, Rule
from bot.readers.library import LATELY
from bot.readers.preferences import SettingName, SettingsScreen
from bot.screens.callbacks import Action, Drop, Mute, OpenSettings, SettingTap, Show, Why
from bot.screens.card import Button, Card, Row, in_rows, turning
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.screen_refs import HeadlineScreen
from bot.text.phrasebook import Phrasebook, phrases
from bot.text.quoting import quoted_inside
from bot.text.styled import Styled, bold, join

RULES_PAGE = 8
_MANY_A_DAY = 3  # articles of one keyword; more than that is a topic, or a word that says nothing


@dataclass(frozen=True, slots=True)
class TurnRules(Action):
    """Show another page of the rules."""

    code = "ru"
    page: int


@dataclass(frozen=True, slots=True)
class Restore(Action):
    """Say of a key what was said before, which is `kept` by number: a button has no room for it.

    `article` is the one whose "why" this began on, 0 for the list of rules.
    """

    code = "V"
    article: int
    kept: int


@dataclass(frozen=True, slots=True)
class Less(Action):
    """Ask what less is wanted of: what an article is filed under."""

    code = "L"
    article: int


@dataclass(frozen=True, slots=True)
class DropAll(Action):
    """Give up all news, after having been asked."""

    code = "D"
    article: int


_NOTHING, _WANTED, _UNWANTED = "0", "1", "2"


def kept_text(key: MatchKey, rule: Rule | None) -> str:
    """Return what was said of a key as a line to keep; None stands for nothing."""
    if rule is None:
        return f"{_NOTHING} {key.encode()}"
    until = int(rule.until.timestamp()) if rule.until else 0
    return f"{_UNWANTED if rule.exclude else _WANTED} {key.encode()} {until} {rule.words}"


def kept_rule(text: str) -> tuple[MatchKey, Rule | None]:
    """Read what `kept_text` wrote; raises NotFound for anything else, and for what is kept no longer."""
    try:
        was, encoded, *more = text.split(" ", 3)
        key = MatchKey.parse(encoded)
        if was == _NOTHING:
            return key, None
        second, words = int(more[0]), more[1]
        until = datetime.fromtimestamp(second, UTC) if second else None
    except (ValueError, IndexError, OverflowError, OSError) as error:
        raise NotFound from error
    return key, Rule(key=key, exclude=was == _UNWANTED, until=until, words=words)


def reason_text(reason: Reason, say: Phrasebook) -> str:
    """Return one rule as a person says it."""
    kind = reason.key.kind.name.lower()
    if not reason.name and reason.key != EVERYTHING:
        return say("reason-gone", kind=kind)
    return say(f"reason-{kind}", name=quoted_inside(shortened(reason.name, 80), say.language))


def followed_text(lately: Sequence[Headline], say: Phrasebook) -> str:
    """Return the note that words are followed, with what they would have brought: too many or too few show at once."""
    number = len(lately)
    if not number:
        return say("search-followed-none", days=LATELY)
    if number >= _MANY_A_DAY * LATELY:
        return say("search-followed-many", days=LATELY, n=number, daily=round(number / LATELY))
    title = quoted_inside(shortened(lately[0].title, 60), say.language)
    return say("search-followed", days=LATELY, n=number, title=title)


def rules_card(
    reader: Reader,
    wanted: Sequence[Reason],
    unwanted: Sequence[Reason],
    page: int = 0,
    undo: tuple[str, Restore] | None = None,
) -> Card:
    """Return a page of what is followed beside topics, and of what is muted; a tap takes one away.

    `undo` is what has just been taken away, in words, and the way to bring it back.
    """
    say = phrases(reader.language)
    marked = [*(("✖ ", reason) for reason in wanted), *(("🔔 ", reason) for reason in unwanted)]
    page = min(max(0, page), max(0, len(marked) - 1) // RULES_PAGE)
    buttons = [
        Button(mark + reason_text(reason, say), SettingTap(SettingName.DROP, reason.key.encode()))
        for mark, reason in marked[page * RULES_PAGE : (page + 1) * RULES_PAGE]
    ]
    text = [bold(say("rules-title")), Styled(say("rules-text") if buttons else say("rules-none"))]
    rows = [*in_rows(buttons, 1)]
    on = TurnRules(page + 1) if (page + 1) * RULES_PAGE < len(marked) else None
    rows.append(turning(say, TurnRules(page - 1) if page else None, on))
    if undo is not None:
        text.append(Styled("\n" + say("why-dropped", rule=undo[0])))
        rows.append((Button(say("button-restore"), undo[1]),))
    rows.append((Button(say("button-back"), OpenSettings(SettingsScreen.SETTINGS)),))
    return Card(join("\n", text), tuple(rows))


def why_card(reader: Reader, article: Article, reasons: Sequence[Reason]) -> Card:
    """Return the answer to "why did I get this?", with one tap to change each rule that matched."""
    say = phrases(reader.language)
    lines = [f"• {reason_text(reason, say)}" for reason in reasons[:12]] or [say("why-nothing")]
    rows: list[Row] = []
    for reason in reasons[:6]:
        rule = reason_text(reason, say)
        rows.append((Button(say("why-drop", rule=rule), Drop(article.id, reason.key)),))
        if reason.key != EVERYTHING:
            day, ever = say("why-mute-day", rule=rule), say("why-mute-forever", rule=rule)
            rows.append((Button(day, Mute(article.id, reason.key, 1)), Button(ever, Mute(article.id, reason.key, 0))))
    if any(reason.key == EVERYTHING for reason in reasons):
        rows.append((Button(say("why-less"), Less(article.id)),))
    rows.append((Button(say("button-back"), Show(HeadlineScreen(article.id))),))
    text = join("\n", [bold(say("why-title")), article.title, "", *lines])
    return Card(text, tuple(rows), screen=Why(article.id))


def less_card(article: Article, filed: Sequence[Reason], say: Phrasebook) -> Card:
    """Return the choice of what less is wanted of, and for how long: a row for each thing an article is filed under."""
    rows: list[Row] = []
    for reason in filed[:8]:
        rows.append((Button(shortened(reason_text(reason, say), 40)),))
        lengths = (("less-day", 1), ("less-week", 7), ("less-ever", 0))
        rows.append(tuple(Button(say(phrase), Mute(article.id, reason.key, days)) for phrase, days in lengths))
    rows.append((Button(say("button-back"), Why(article.id)),))
    lines = [f"• {reason_text(reason, say)}" for reason in filed[:8]] or [say("less-nothing")]
    return Card(join("\n", [bold(say("less-title")), article.title, "", *lines]), tuple(rows))


def drop_all_card(article_id: int, say: Phrasebook) -> Card:
    """Return the question whether somebody really gives up all news."""
    yes = Button(say("drop-all-yes"), DropAll(article_id), style="danger")
    rows = ((yes, Button(say("button-back"), Why(article_id))),)
    return Card(join("\n", [bold(say("drop-all-title")), say("drop-all-text")]), rows)


def muted_lines(muted: Sequence[Reason], look: Look) -> list[str]:
    """Return what is muted, each with the time until which it is."""
    lines = []
    for reason in muted[:8]:
        rule = reason_text(reason, look.say)
        if reason.until is None:
            lines.append(look.say("muted-ever", rule=rule))
        else:
            lines.append(look.say("muted-until", rule=rule, until=look.moment(reason.until)))
    return [*lines, *(["…"] if len(muted) > 8 else [])]


def changed_rule_card(phrase: str, article_id: int, rule: Reason, say: Phrasebook, undo: Restore) -> Card:
    """Return the note that a rule was muted or removed, with the way to undo that."""
    back = Button(say("button-back"), Show(HeadlineScreen(article_id)))
    return Card(Styled(say(phrase, rule=reason_text(rule, say))), ((Button(say("button-restore"), undo), back),))
