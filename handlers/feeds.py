"""Feeds: what news comes from, how, and what the desk decides about it."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.desk.feeds import FeedDesk
from bot.errors import Stale
from bot.model.desk import Role
from bot.model.feeds import WHOLE, Feed, FeedSettings, FeedState
from bot.model.limits import SOURCE_MOST
from bot.model.news import RevisionKind
from bot.screens.feed_notices import SourceTap, answered_card
from bot.screens.feed_topics import categories_of, category_card, category_code, page_of_category, topics_card
from bot.screens.feeds import EVERY, FeedTap, every_card, feeds_card, held_card, language_card, remove_card
from bot.screens.verbs import FeedVerb, SourceVerb
from bot.telegram.reply import Reply
from bot.text.cleaning import clean_line
from bot.text.ellipsis import cut
from bot.text.languages import LANGUAGES
from handlers.actor import Actor
from handlers.feed_offers import mode_of, shown
from handlers.filters import RequireRole
from handlers.parsing import number_in
from handlers.question_kinds import Follow
from handlers.questions import Questions
from handlers.taps import VerbTap

_SETTINGS = (
    FeedVerb.MODE,
    FeedVerb.EVERY,
    FeedVerb.LANGUAGE,
    FeedVerb.FULL_TEXT,
    FeedVerb.PAGE_PICTURES,
    FeedVerb.PAUSE,
    FeedVerb.RESUME,
)
_CHOICES = (FeedVerb.CHOOSE_EVERY, FeedVerb.CHOOSE_LANGUAGE, FeedVerb.REMOVE)
_TAKEN = (SourceVerb.TYPO, SourceVerb.CORRECTION)


def register(router: Router) -> None:
    """Register the routes of feeds."""
    editor = RequireRole(Role.EDITOR)
    router.message.register(called, StateFilter(Follow.source), editor)
    query = router.callback_query
    query.register(listed, VerbTap(FeedTap, FeedVerb.LIST), editor)
    query.register(show, VerbTap(FeedTap, FeedVerb.SHOW), editor)
    query.register(change, VerbTap(FeedTap, *_SETTINGS), editor)
    query.register(choose, VerbTap(FeedTap, *_CHOICES), editor)
    query.register(show_topics, VerbTap(FeedTap, FeedVerb.TOPICS), editor)
    query.register(show_category, VerbTap(FeedTap, FeedVerb.CATEGORY), editor)
    query.register(set_topic, VerbTap(FeedTap, FeedVerb.TOPIC), editor)
    query.register(ask_source, VerbTap(FeedTap, FeedVerb.ASK_SOURCE), editor)
    query.register(ask_now, VerbTap(FeedTap, FeedVerb.ASK_NOW), editor)
    query.register(remove, VerbTap(FeedTap, FeedVerb.REMOVED), editor)
    query.register(show_held, VerbTap(FeedTap, FeedVerb.HELD), editor)
    query.register(release, VerbTap(FeedTap, FeedVerb.RELEASE), editor)
    query.register(follow_source, VerbTap(SourceTap, *_TAKEN), editor)
    query.register(leave, VerbTap(SourceTap, SourceVerb.LEAVE), editor)


async def listed(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Show a page of the feeds."""
    await reply.show(feeds_card(await feed_desk.listed(), actor.look, number_in(tap.value) or 0))


async def show(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Show one feed."""
    await reply.show(await shown(tap.feed, actor, feed_desk))


async def change(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Change a setting of a feed."""
    await feed_desk.change(tap.feed, _settings(tap), actor.editor)
    await reply.show(await shown(tap.feed, actor, feed_desk))


def _settings(tap: FeedTap) -> FeedSettings:
    match tap.verb:
        case FeedVerb.MODE:
            return FeedSettings(mode=mode_of(tap.value))
        case FeedVerb.EVERY:
            every = number_in(tap.value) or 0
            return FeedSettings(every=every if every in EVERY else 0)
        case FeedVerb.LANGUAGE:
            return FeedSettings(language=tap.value if tap.value in LANGUAGES else "")
        case FeedVerb.FULL_TEXT:
            return FeedSettings(full_text=tap.value == "1")
        case FeedVerb.PAGE_PICTURES:
            return FeedSettings(page_pictures=tap.value == "1")
        case FeedVerb.PAUSE:
            return FeedSettings(state=FeedState.PAUSED)
        case _:
            return FeedSettings(state=FeedState.ACTIVE)


async def choose(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Show the choice of a setting, or ask whether a feed really goes."""
    feed, _activity = await feed_desk.open(tap.feed)
    cards = {FeedVerb.CHOOSE_EVERY: every_card, FeedVerb.CHOOSE_LANGUAGE: language_card, FeedVerb.REMOVE: remove_card}
    await reply.show(cards[tap.verb](feed, actor.look))


async def show_topics(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Show under which topics a feed's categories go."""
    feed, _activity = await feed_desk.open(tap.feed)
    await reply.show(topics_card(feed, await feed_desk.all_topics(), actor.look, number_in(tap.value) or 0))


async def show_category(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Show the choice of a category's topic."""
    code, _dot, page = tap.value.partition(".")
    feed, _activity = await feed_desk.open(tap.feed)
    category = _category(code, feed)
    topics = await feed_desk.all_topics()
    await reply.show(category_card(feed, category, topics, actor.look, number_in(page) or 0))


def _category(code: str, feed: Feed) -> str:
    """Return the category that a button names; raises Stale when the feed has none of that name any more."""
    known = {category_code(name): name for name in (WHOLE, *categories_of(feed))}
    if code not in known:
        raise Stale
    return known[code]


async def set_topic(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """File a category of a feed under a topic, under none, or as its name and words say."""
    code, _dot, chosen = tap.value.partition(".")
    feed, _activity = await feed_desk.open(tap.feed)
    category = _category(code, feed)
    topic_id = None if chosen == "a" else (number_in(chosen) or 0)
    feed = await feed_desk.map_category(tap.feed, category.casefold(), topic_id, actor.editor)
    page = page_of_category(feed, category)
    await reply.show(topics_card(feed, await feed_desk.all_topics(), actor.look, page))


async def ask_source(_: CallbackQuery, tap: FeedTap, questions: Questions) -> None:
    """Ask how the source of a feed's news is called."""
    await questions.ask(Follow.source, feed=tap.feed)


async def called(message: Message, questions: Questions, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Call the source of a feed's news as an editor says; "-" calls it as the feed does."""
    number = (await questions.about()).get("feed")
    name = cut(clean_line(message.text or ""), SOURCE_MOST)
    source = "" if name in {"-", "–", "—"} else name
    feed_id = number if isinstance(number, int) else 0
    await feed_desk.change(feed_id, FeedSettings(source=source), actor.editor)
    await questions.answered()
    await reply.send(await shown(feed_id, actor, feed_desk))


async def ask_now(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Have a feed asked at once."""
    await feed_desk.ask_now(tap.feed)
    await reply.toast(actor.say("feed-asked"))


async def remove(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Forget a feed."""
    await feed_desk.remove(tap.feed, actor.editor)
    await reply.show(feeds_card(await feed_desk.listed(), actor.look))


async def show_held(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Ask what becomes of what is held of a feed."""
    feed, activity = await feed_desk.open(tap.feed)
    await reply.show(held_card(feed, activity.held, actor.look))


async def release(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Let what is held of a feed go out, to the drafts, to the archive, or nowhere."""
    number = await feed_desk.release(tap.feed, None if tap.value == "x" else mode_of(tap.value))
    await reply.show(await shown(tap.feed, actor, feed_desk, actor.say("flood-released", n=number)))


async def follow_source(_: CallbackQuery, tap: SourceTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Take over what a source has changed, silently or as a correction that readers hear of."""
    kind = RevisionKind.CORRECTION if tap.verb is SourceVerb.CORRECTION else RevisionKind.TYPO
    article = await feed_desk.follow(tap.notice, kind, actor.editor)
    await reply.show(answered_card(article, "source-taken", actor.look))


async def leave(_: CallbackQuery, tap: SourceTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Leave an article as it is although its source has changed it."""
    article = await feed_desk.leave(tap.notice, actor.editor)
    await reply.show(answered_card(article, "source-left", actor.look))
