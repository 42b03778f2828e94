"""A reader's rules: words and stories that are followed, what is muted, why something came; and undoing each change."""

from collections.abc import Iterable

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.errors import NotFound, Stale
from bot.model.matching import EVERYTHING, MatchKey, story_key
from bot.model.readers import Choices, Rule
from bot.readers.library import Library
from bot.readers.preferences import SettingName, state_lines
from bot.readers.rules import key_named
from bot.readers.searches import Searches
from bot.readers.subscriptions import Subscriptions
from bot.screens import rules as cards
from bot.screens.callbacks import Drop, FollowFrom, Mute, SettingTap, Show, Why
from bot.screens.card import Card
from bot.screens.kept_rules import Said, are_alike, kept_rules, kept_text
from bot.screens.rules import RULES_PAGE, DropAll, Less, Restore, TurnRules
from bot.screens.screen_refs import HeadlineScreen, SearchScreen, StoryScreen
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.parsing import number_in
from handlers.taps import SetTap, Tap
from handlers.undo import Undos


def register(router: Router) -> None:
    """Add the routes of a reader's rules."""
    query = router.callback_query
    query.register(follow, SetTap(SettingName.FOLLOW))
    query.register(unfollow, SetTap(SettingName.UNFOLLOW))
    query.register(follow_story, SetTap(SettingName.STORY))
    query.register(follow_from, Tap(FollowFrom))
    query.register(unfollow_story, SetTap(SettingName.UNSTORY))
    query.register(drop, SetTap(SettingName.DROP, SettingName.UNMUTE))
    query.register(turn, Tap(TurnRules))
    query.register(restore, Tap(Restore))
    query.register(why, Tap(Why))
    query.register(mute, Tap(Mute))
    query.register(less, Tap(Less))
    query.register(give_up, Tap(Drop))
    query.register(give_up_all, Tap(DropAll))


async def show_rules(
    actor: Actor, subscriptions: Subscriptions, page: int = 0, undo: tuple[str, Restore] | None = None
) -> Card:
    """Return a page of the reader's rules, with what has just been taken away if anything."""
    reader = actor.reader
    choices = await subscriptions.choices(reader)
    named = await subscriptions.named(choices.rules, reader.language, choices)
    unwanted = await subscriptions.named(sorted(choices.unwanted), reader.language, choices)
    return cards.rules_card(actor.look, named, unwanted, page, undo)


async def follow(_: CallbackQuery, tap: SettingTap, actor: Actor, searches: Searches, reply: Reply) -> None:
    """Subscribe to the words of a search, and tell how much they would have brought."""
    number = _number(tap)
    changes, lately = await searches.follow(number, actor.reader)
    await reply.toast(_as_it_comes(cards.followed_text(changes, lately, actor.say), actor), alert=True)
    await reply.show_again(Show(SearchScreen(number)))


async def unfollow(_: CallbackQuery, tap: SettingTap, actor: Actor, searches: Searches, reply: Reply) -> None:
    """Give up the words of a search."""
    number = _number(tap)
    await searches.unfollow(number, actor.reader)
    await reply.toast(actor.say("search-unfollowed"))
    await reply.show_again(Show(SearchScreen(number)))


def _as_it_comes(text: str, actor: Actor) -> str:
    """Return what somebody follows now; before it, that nothing comes as long as they have paused or left."""
    return " ".join([*state_lines(actor.reader, actor.say), text])


async def follow_story(
    _: CallbackQuery, tap: SettingTap, actor: Actor, subscriptions: Subscriptions, reply: Reply
) -> None:
    """Subscribe to what comes next in a story."""
    number = _number(tap)
    await subscriptions.follow_story(actor.reader, number)
    await reply.toast(_as_it_comes(actor.say("story-followed"), actor), alert=True)
    await reply.show_again(Show(StoryScreen(number)))


async def follow_from(
    _: CallbackQuery, tap: FollowFrom, actor: Actor, library: Library, subscriptions: Subscriptions, reply: Reply
) -> None:
    """Subscribe to what comes after an article that nothing has followed so far."""
    await subscriptions.follow_story(actor.reader, await library.begin_story(tap.article))
    await reply.toast(_as_it_comes(actor.say("story-followed"), actor), alert=True)
    await reply.show_again(Show(HeadlineScreen(tap.article)))


async def unfollow_story(
    _: CallbackQuery, tap: SettingTap, actor: Actor, subscriptions: Subscriptions, reply: Reply
) -> None:
    """Give a story up."""
    number = _number(tap)
    await subscriptions.drop(actor.reader, story_key(number))
    await reply.toast(actor.say("story-unfollowed"))
    await reply.show_again(Show(StoryScreen(number)))


def _number(tap: SettingTap) -> int:
    number = number_in(tap.value)
    if number is None:
        raise NotFound
    return number


async def drop(
    _: CallbackQuery,
    tap: SettingTap,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
) -> None:
    """Take one of the reader's rules away, or end a mute, and stay on its page; neither is done twice."""
    key, choices = key_named(tap.value), await subscriptions.choices(actor.reader)
    page, muted = _page_of(key, choices), key in choices.unwanted
    if muted or (key in choices.wanted and tap.name == SettingName.DROP):
        said = await undos.of_rules({key: await subscriptions.rule(actor.reader, key)})
        await (subscriptions.unmute if muted else subscriptions.drop)(actor.reader, key)
    else:
        said = await undos.made_of_rules(key)
    undo = await _undo_of(key, said, actor, subscriptions, undos) if said else None
    await reply.show(await show_rules(actor, subscriptions, page, undo))


async def _undo_of(
    key: MatchKey, said: Said, actor: Actor, subscriptions: Subscriptions, undos: Undos
) -> tuple[str, Restore] | None:
    """Return the note of what has been taken away, and the way back to what was said of it before."""
    gone = said[key]
    if gone is None:
        return None
    unwanted = gone.until > actor.now if gone.until is not None else gone.exclude
    until = {key: gone.until} if unwanted and gone.until is not None else {}
    named = await subscriptions.named([key], actor.reader.language, Choices(words={key: gone.words}, until=until))
    note = cards.dropped_text(named[0], actor.say, unwanted=unwanted)
    return note, await way_back(0, said, actor, subscriptions, undos)


async def way_back(article: int, said: Said, actor: Actor, subscriptions: Subscriptions, undos: Undos) -> Restore:
    """Return the button that undoes a change: `said` is what was said of each key before it, None for nothing."""
    return Restore(article, await kept(said, actor, subscriptions, undos))


async def kept(said: Said, actor: Actor, subscriptions: Subscriptions, undos: Undos) -> int:
    """Keep what was said of keys before a change, and what is said of them behind it; returns its number."""
    since = await _said_now(said, actor, subscriptions)
    return await undos.keep(actor.reader, kept_text(said, since))


async def _said_now(keys: Iterable[MatchKey], actor: Actor, subscriptions: Subscriptions) -> Said:
    return {key: await subscriptions.rule(actor.reader, key) for key in keys}


async def bring_back(number: int, actor: Actor, subscriptions: Subscriptions, searches: Searches, reply: Reply) -> Said:
    """Say of keys what was said of them before a change, or that they have been changed since; returns it.

    Raises NotFound for what is kept no longer.
    """
    said, since = kept_rules(await searches.words(number, actor.reader))
    now = await _said_now(said, actor, subscriptions)
    if since is None or any(are_alike(one, now, actor.now) for one in (since, said)):
        await subscriptions.bring_back(actor.reader, said)
    else:
        await reply.toast(actor.say(Stale.phrase))
    return said


async def turn(_: CallbackQuery, tap: TurnRules, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """Show another page of the rules."""
    await reply.show(await show_rules(actor, subscriptions, tap.page))


async def restore(
    _: CallbackQuery,
    tap: Restore,
    actor: Actor,
    library: Library,
    subscriptions: Subscriptions,
    searches: Searches,
    reply: Reply,
) -> None:
    """Undo a change of a rule, where it was made, unless it was changed again since."""
    rules = await bring_back(tap.kept, actor, subscriptions, searches, reply)
    if tap.article:
        await _show_why(tap.article, actor, library, subscriptions, reply)
        return
    page = _page_of(next(iter(rules)), await subscriptions.choices(actor.reader))
    await reply.show(await show_rules(actor, subscriptions, page))


def _page_of(key: MatchKey, choices: Choices) -> int:
    shown = [*choices.rules, *sorted(choices.unwanted)]
    return shown.index(key) // RULES_PAGE if key in shown else 0


async def why(
    _: CallbackQuery,
    tap: Why,
    actor: Actor,
    library: Library,
    subscriptions: Subscriptions,
    reply: Reply,
) -> None:
    """Tell why an article came, with one tap to change each rule that matched."""
    await _show_why(tap.article, actor, library, subscriptions, reply)


async def _show_why(
    article_id: int, actor: Actor, library: Library, subscriptions: Subscriptions, reply: Reply
) -> None:
    article = await library.article(article_id)
    found = await subscriptions.why(actor.reader, article)
    silenced = await subscriptions.silenced(actor.reader, article)
    await reply.show(cards.why_card(article, found, silenced, actor.look))


async def mute(
    _: CallbackQuery,
    tap: Mute,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
) -> None:
    """Send nothing more under one rule, for a while or for ever."""
    said = await undos.of_rules(await _said_now([tap.key], actor, subscriptions))
    await subscriptions.mute(actor.reader, tap.key, tap.days)
    now = await _said_now([tap.key], actor, subscriptions)
    anew = not are_alike(said, now, actor.now)
    undo = await way_back(tap.article, said, actor, subscriptions, undos) if anew else None
    await _changed(tap, said[tap.key], undo, actor, subscriptions, reply)


async def give_up(
    _: CallbackQuery,
    tap: Drop,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
) -> None:
    """Remove the subscription that brought an article; to all news only after having asked."""
    if tap.key == EVERYTHING:
        await reply.show(cards.drop_all_card(tap.article, actor.say))
        return
    await _give_up(tap, actor, subscriptions, undos, reply)


async def give_up_all(
    _: CallbackQuery,
    tap: DropAll,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
) -> None:
    """Remove the subscription to all news, as was asked."""
    await _give_up(Drop(tap.article, EVERYTHING), actor, subscriptions, undos, reply)


async def _give_up(tap: Drop, actor: Actor, subscriptions: Subscriptions, undos: Undos, reply: Reply) -> None:
    said = await undos.of_rules(await _said_now([tap.key], actor, subscriptions))
    await subscriptions.drop(actor.reader, tap.key)
    before, undo = said[tap.key], None
    if before is not None:
        undo = await way_back(tap.article, said, actor, subscriptions, undos)
    await _changed(tap, before, undo, actor, subscriptions, reply)


async def less(
    _: CallbackQuery, tap: Less, actor: Actor, library: Library, subscriptions: Subscriptions, reply: Reply
) -> None:
    """Show what an article is filed under, to mute any of it for a while or for good."""
    article = await library.article(tap.article)
    filed = await subscriptions.filed(article, actor.reader.language)
    silenced = await subscriptions.silenced(actor.reader, article)
    await reply.show(cards.less_card(article, filed, silenced, actor.look))


async def _changed(
    tap: Mute | Drop,
    before: Rule | None,
    undo: Restore | None,
    actor: Actor,
    subscriptions: Subscriptions,
    reply: Reply,
) -> None:
    """Show what was changed, with its undo; where nothing was, say so alone: what undoes it may stand there already."""
    until = (await subscriptions.choices(actor.reader)).until
    said = Choices(words={tap.key: before.words} if before is not None else {}, until=until)
    named = await subscriptions.named([tap.key], actor.reader.language, said)
    if undo is None:
        await reply.toast(cards.changed_text(tap, named[0], actor.look))
    else:
        await reply.show(cards.changed_rule_card(tap, named[0], actor.look, undo))
