"""Arranging: taking articles out of stories, making stories one, pinning and banning what is related."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.desk.stories import StoryDesk
from bot.errors import NotFound, Stale
from bot.model.desk import Role
from bot.model.news import Story
from bot.readers.library import Library
from bot.screens.callbacks import RelatedTap, ScreenRef, Show, StoryTap, decode
from bot.screens.presenter import Presenter
from bot.screens.questions import question_card
from bot.screens.stories import cut_card, near_card, ties_card, was_cut_card
from bot.telegram.reply import Reply
from handlers.access import Actor, Private, RequireRole
from handlers.taps import Tap, VerbTap


class Arrange(StatesGroup):
    """Questions to an editor."""

    other = State()


def make_router() -> Router:
    """Return the router of what editors arrange."""
    router = Router(name="stories")
    editor, private = RequireRole(Role.EDITOR), Private()
    query = router.callback_query
    query.register(cut, VerbTap(StoryTap, "ask", "cut"), editor, private)
    query.register(put, VerbTap(StoryTap, "put"), editor, private)
    query.register(near, VerbTap(StoryTap, "near"), editor, private)
    query.register(join, VerbTap(StoryTap, "join"), editor, private)
    query.register(ask_which, VerbTap(RelatedTap, "add"), editor, private)
    query.register(tie, Tap(RelatedTap), editor, private)
    router.message.register(named, StateFilter(Arrange.other), editor, private)
    return router


async def _story(root: ScreenRef, asker: Actor, reading: Library) -> Story:
    if root.kind != "y":
        raise NotFound
    story, _ = await reading.story(root.number, asker.reader)
    return story


async def cut(
    _: CallbackQuery, tap: StoryTap, asker: Actor, arranging: StoryDesk, reading: Library, screen: Reply
) -> None:
    """Ask whether an article leaves its story, or take it out."""
    article = await arranging.article(tap.article)
    story = await _story(tap.root, asker, reading)
    if article.story_id != story.id:
        raise Stale
    if tap.verb == "ask":
        await screen.show(cut_card(article, story, tap.root, asker.look))
        return
    await arranging.cut(article.id, story.id, asker.editor)
    await screen.show(was_cut_card(article, story, tap.root, asker.look))


async def put(
    _: CallbackQuery, tap: StoryTap, asker: Actor, arranging: StoryDesk, showing: Presenter, screen: Reply
) -> None:
    """Put an article back into the story it was taken out of."""
    await arranging.put(tap.article, tap.root.number, asker.editor)
    await _show_story(tap.root, asker, showing, screen)


async def near(_: CallbackQuery, tap: StoryTap, asker: Actor, arranging: StoryDesk, screen: Reply) -> None:
    """Show the stories an article's own may be one with."""
    article = await arranging.article(tap.article)
    await screen.show(near_card(article, await arranging.near(article.id), tap.root, asker.look))


async def join(
    _: CallbackQuery, tap: StoryTap, asker: Actor, arranging: StoryDesk, showing: Presenter, screen: Reply
) -> None:
    """Make two stories one, and show it."""
    story_id = await arranging.join(tap.article, tap.other, asker.editor)
    await screen.toast(asker.say("story-joined"))
    await _show_story(ScreenRef("y", story_id), asker, showing, screen)


async def _show_story(root: ScreenRef, asker: Actor, showing: Presenter, screen: Reply) -> None:
    await screen.show(await showing.root(root, asker.reader, desk=True), Show(root))


async def tie(_: CallbackQuery, tap: RelatedTap, asker: Actor, arranging: StoryDesk, screen: Reply) -> None:
    """Show what is related to an article; pin or ban one of it, or take that back."""
    if tap.verb in {"pin", "ban"}:
        await arranging.tie(tap.article, tap.other, asker.editor, pinned=tap.verb == "pin")
    await screen.show(ties_card(await arranging.tied(tap.article), tap.root, asker.look))


async def ask_which(
    _: CallbackQuery, tap: RelatedTap, state: FSMContext, asker: Actor, arranging: StoryDesk, screen: Reply
) -> None:
    """Ask for the article that is to be pinned."""
    await arranging.article(tap.article)
    await state.set_state(Arrange.other)
    await state.set_data({"tap": tap.encode()})
    await screen.toast()
    await screen.send(question_card(asker.say("tie-ask"), asker.reader.language))


async def named(message: Message, state: FSMContext, asker: Actor, arranging: StoryDesk, screen: Reply) -> None:
    """Pin the article an editor names; one that nobody knows leaves the question open."""
    tap = decode(str((await state.get_data()).get("tap", "")))
    if not isinstance(tap, RelatedTap):
        raise NotFound
    await arranging.pin_named(tap.article, message.text or "", asker.editor)
    await state.clear()
    await screen.show(ties_card(await arranging.tied(tap.article), tap.root, asker.look))
