"""A reader's rules as cards: what they follow and keep away, why something came, and the way back from each change."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.matching import EVERYTHING, MatchKind
from bot.model.news import Article, Headline
from bot.model.readers import Reader, Reason
from bot.readers.library import LATELY
from bot.readers.preferences import SettingName, SettingsScreen, state_lines
from bot.readers.rules import WordChange
from bot.screens.callbacks import Action, Drop, Mute, OpenSettings, SettingTap, Show, Why
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.headlines import shortened, source_name
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.screen_refs import HeadlineScreen
from bot.text.phrasebook import Phrasebook, phrases
from bot.text.quoting import quoted_inside
from bot.text.styled import Styled, bold, join

RULES_PAGE = 8
_NAME_SHOWN = 40  # characters of a row on a phone
_LENGTHS = {1: "why-mute-day", 7: "why-mute-week", 0: "why-mute-forever"}
_MANY_A_DAY = 3  # articles of one keyword; more than that is a topic, or a word that says nothing


@dataclass(frozen=True, slots=True)
class TurnRules(Action):
    """Show another page of the rules."""

    code = "ru"
    page: int


@dataclass(frozen=True, slots=True)
class AskWords(Action):
    """Ask for words to follow or to keep away."""

    code = "qw"


@dataclass(frozen=True, slots=True)
class Restore(Action):
    """Say of some keys what was said before, which is `kept` by number: a button has no room for it.

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


def reason_text(reason: Reason, say: Phrasebook) -> str:
    """Return one rule as a person says it."""
    kind = reason.key.kind.name.lower()
    if not reason.name and reason.key != EVERYTHING:
        return say("reason-gone", kind=kind)
    name, words = _name(reason, say), len(reason.name.split())
    return say(f"reason-{kind}", name=quoted_inside(shortened(name, 80), say.language), n=words)


def _name(reason: Reason, say: Phrasebook) -> str:
    return source_name(reason.name, say) if reason.key.kind is MatchKind.SOURCE else reason.name


def unwanted_text(reason: Reason, say: Phrasebook) -> str:
    """Return what never comes as a person says it: words that must not occur are said so."""
    if reason.key.kind is MatchKind.KEYWORD and reason.until is None and reason.name:
        name = quoted_inside(shortened(reason.name, 80), say.language)
        return say("excluded-keyword", name=name, n=len(reason.name.split()))
    return reason_text(reason, say)


def followed_text(changes: Sequence[WordChange], lately: Sequence[Headline], say: Phrasebook) -> str:
    """Return the note that the words of a search are followed, its minus-words apart, in as much as a toast holds."""
    without = [shortened(change.rule.words, 30) for change in changes if change.rule.exclude]
    followed = (
        [say("search-followed"), lately_text(changes[0].rule.words, lately, say)] if len(without) < len(changes) else []
    )
    kept = [say("search-without", names=", ".join(without))] if without else []
    return " ".join([*kept, *followed])


def lately_text(words: str, lately: Sequence[Headline], say: Phrasebook) -> str:
    """Return what words would have brought: too many or too few show at once."""
    number = len(lately)
    if not number:
        return say("words-lately-none", days=LATELY, words=len(words.split()))
    if number >= _MANY_A_DAY * LATELY:
        return say("words-lately-many", days=LATELY, n=number, daily=round(number / LATELY))
    title = quoted_inside(shortened(lately[0].title, 60), say.language)
    return say("words-lately", days=LATELY, n=number, title=title)


def rules_card(
    look: Look,
    wanted: Sequence[Reason],
    unwanted: Sequence[Reason],
    page: int = 0,
    undo: tuple[str, Restore] | None = None,
) -> Card:
    """Return a page of what is followed beside topics, and of what is muted; a tap takes one away.

    `undo` is the note of what has just been taken away, and the way to bring it back.
    """
    say = look.say
    marked = [(SettingName.DROP, "✖ " + reason_text(reason, say), reason.key) for reason in wanted]
    marked += [(SettingName.UNMUTE, _mark_of(reason) + unwanted_text(reason, say), reason.key) for reason in unwanted]
    page = min(max(0, page), max(0, len(marked) - 1) // RULES_PAGE)
    shown = marked[page * RULES_PAGE : (page + 1) * RULES_PAGE]
    buttons = [Button(label, SettingTap(name, key.encode())) for name, label, key in shown]
    text = [bold(say("rules-title")), Styled(say("rules-text") if buttons else say("rules-none"))]
    here = {key for *_, key in shown}
    text += map(Styled, muted_lines([one for one in unwanted if one.until is not None and one.key in here], look))
    rows = [*in_rows(buttons, 1)]
    more = (page + 1) * RULES_PAGE < len(marked)
    rows += pager(TurnRules(page - 1) if page else None, TurnRules(page + 1) if more else None, say)
    if undo is not None:
        text.append(Styled("\n" + undo[0]))
        rows.append((Button(say("button-restore"), undo[1]),))
    rows.append((Button(say("button-add-words"), AskWords()),))
    rows.append((Button(say("button-back"), OpenSettings(SettingsScreen.SETTINGS)),))
    return Card(join("\n", text), tuple(rows))


def dropped_text(gone: Reason, say: Phrasebook, *, unwanted: bool) -> str:
    """Return the note that a rule was taken away: what was followed, or with `unwanted` what was kept away."""
    phrase = "why-dropped"
    if unwanted:
        phrase = "exception-over" if gone.until is None and gone.key.kind is MatchKind.KEYWORD else "mute-over"
    return say(phrase, rule=reason_text(gone, say))


def _mark_of(unwanted: Reason) -> str:
    """Return the sign of what a tap does: take away words that must not occur, or end a mute."""
    return "✖ " if unwanted.key.kind is MatchKind.KEYWORD and unwanted.until is None else "🔔 "


def words_card(
    changes: Sequence[WordChange], lately: Sequence[Headline] | None, reader: Reader, undo: Restore | None
) -> Card:
    """Return the note that words are followed or kept away; `lately` is what one rule alone would have met, if known.

    What took the place of the contrary says so.
    """
    say = phrases(reader.language)
    lines = state_lines(reader, say)
    for change in changes:
        lines.append(_said_text(change, say))
        if lately is not None and change.rule.exclude:
            lines.append(say("words-excluded-lately", days=LATELY, n=len(lately)))
        elif lately is not None:
            lines.append(lately_text(change.rule.words, lately, say))
    rules = OpenSettings(SettingsScreen.RULES)
    back = ((Button(say("button-restore"), undo),),) if undo is not None else ()
    return Card(Styled("\n".join(lines)), (*back, (Button(say("setting-rules"), rules),)))


def _said_text(change: WordChange, say: Phrasebook) -> str:
    name = quoted_inside(change.rule.words, say.language)
    text = say("words-excluded" if change.rule.exclude else "words-followed", name=name, n=len(name.split()))
    if change.before is None or change.before.exclude == change.rule.exclude:
        return text
    before = "words-were-followed" if change.rule.exclude else "words-were-excluded"
    return text + " " + say(before, n=len(name.split()))


def why_card(article: Article, reasons: Sequence[Reason], silenced: Sequence[Reason], look: Look) -> Card:
    """Return the answer to "why did I get this?", with one tap to change each rule that matched.

    What of it is `silenced` by now is said as well: no rule brings more of that.
    """
    say = look.say
    lines = [f"• {reason_text(reason, say)}" for reason in reasons[:12]] or ([] if silenced else [say("why-nothing")])
    lines += muted_lines(silenced, look)
    rows: list[Row] = []
    for reason in reasons[:6]:
        rows += _less_rows(article.id, reason, say)
    if any(reason.key == EVERYTHING for reason in reasons):
        rows.append((Button(say("why-less"), Less(article.id)),))
    rows.append((Button(say("button-back"), Show(HeadlineScreen(article.id))),))
    text = join("\n\n", [join("\n", [bold(say("why-title")), article.title]), join("\n", lines)])
    return Card(text, tuple(rows), screen=Why(article.id))


def _less_rows(article_id: int, reason: Reason, say: Phrasebook) -> list[Row]:
    """Return the ways to have less of a rule: to give it up, and to mute it for a while or for good."""
    if reason.key == EVERYTHING:
        return [(Button(say("why-drop-all"), Drop(article_id, EVERYTHING)),)]
    name = quoted_inside(shortened(_name(reason, say), _NAME_SHOWN), say.language) or reason_text(reason, say)
    drop = Button(say("why-drop", name=name), Drop(article_id, reason.key))
    return [(drop,), _mutes(article_id, reason, tuple(_LENGTHS), say)]


def _mutes(article_id: int, reason: Reason, lengths: Sequence[int], say: Phrasebook) -> Row:
    return tuple(Button(say(_LENGTHS[days]), Mute(article_id, reason.key, days)) for days in lengths)


def less_card(article: Article, filed: Sequence[Reason], silenced: Sequence[Reason], look: Look) -> Card:
    """Return the choice of what less is wanted of, and for how long: a row for each thing an article is filed under.

    What is `silenced` already is only said.
    """
    rows: list[Row] = []
    say, gone = look.say, {reason.key for reason in silenced}
    filed = [reason for reason in filed if reason.key not in gone]
    for reason in filed[:8]:
        rows.append((Button(shortened(reason_text(reason, say), _NAME_SHOWN)),))
        rows.append(_mutes(article.id, reason, tuple(_LENGTHS), say))
    rows.append((Button(say("button-back"), Why(article.id)),))
    lines = [f"• {reason_text(reason, say)}" for reason in filed[:8]] or ([] if silenced else [say("less-nothing")])
    lines += muted_lines(silenced, look)
    text = join("\n\n", [join("\n", [bold(say("less-title")), article.title]), join("\n", lines)])
    return Card(text, tuple(rows))


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
        if reason.until is None and reason.key.kind is MatchKind.KEYWORD:
            lines.append("➖ " + unwanted_text(reason, look.say))
        elif reason.until is None:
            lines.append(look.say("muted-ever", rule=rule))
        else:
            lines.append(look.say("muted-until", rule=rule, until=look.moment(reason.until)))
    return [*lines, *(["…"] if len(muted) > 8 else [])]


def changed_rule_card(tap: Mute | Drop, rule: Reason, look: Look, undo: Restore) -> Card:
    """Return the note that a rule was muted, and until when, or removed, with the way to undo that."""
    say = look.say
    back, again = Button(say("button-back"), Show(HeadlineScreen(tap.article))), Button(say("button-restore"), undo)
    text = Styled(changed_text(tap, rule, look))
    if isinstance(tap, Drop) and rule.key == EVERYTHING:
        topics = Button(say("setting-topics"), OpenSettings(SettingsScreen.TOPICS))
        return Card(text, ((topics, again), (back,)))
    return Card(text, ((again, back),))


def changed_text(tap: Mute | Drop, rule: Reason, look: Look) -> str:
    """Return the sentence that a rule was muted, and until when, or removed."""
    if isinstance(tap, Mute):
        return "\n".join(muted_lines([rule], look))
    if rule.key == EVERYTHING:
        return look.say("why-dropped-all")
    return look.say("why-dropped", rule=reason_text(rule, look.say))
