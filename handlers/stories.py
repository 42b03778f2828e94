"""Arranging: taking articles out of stories, making stories one, pinning and banning what is related."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.desk.stories import Arranging
from bot.errors import NotFound, Stale
from bot.model.desk import Role
from bot.model.news import Story
from bot.readers.library import Reading
from bot.screens.callbacks import Plot, Root, Show, Tie, decode
from bot.screens.presenter import Showing
from bot.screens.questions import question_card
from bot.screens.stories import cut_card, near_card, ties_card, was_cut_card
from bot.telegram.screen import Screen
from handlers.access import Asker, May, Private
from handlers.taps import Tap, VerbTap


class Arrange(StatesGroup):
    """Questions to an editor."""

    other = State()


def make_router() -> Router:
    """Return the router of what editors arrange."""
    router = Router(name="stories")
    editor, private = May(Role.EDITOR), Private()
    query = router.callback_query
    query.register(cut, VerbTap(Plot, "ask", "cut"), editor, private)
    query.register(put, VerbTap(Plot, "put"), editor, private)
    query.register(near, VerbTap(Plot, "near"), editor, private)
    query.register(join, VerbTap(Plot, "join"), editor, private)
    query.register(ask_which, VerbTap(Tie, "add"), editor, private)
    query.register(tie, Tap(Tie), editor, private)
    router.message.register(named, StateFilter(Arrange.other), editor, private)
    return router


async def _story(root: Root, asker: Asker, reading: Reading) -> Story:
    if root.kind != "y":
        raise NotFound
    story, _ = await reading.story(root.number, asker.reader)
    return story


async def cut(
    _: CallbackQuery, tap: Plot, asker: Asker, arranging: Arranging, reading: Reading, screen: Screen
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
    _: CallbackQuery, tap: Plot, asker: Asker, arranging: Arranging, showing: Showing, screen: Screen
) -> None:
    """Put an article back into the story it was taken out of."""
    await arranging.put(tap.article, tap.root.number, asker.editor)
    await _show_story(tap.root, asker, showing, screen)


async def near(_: CallbackQuery, tap: Plot, asker: Asker, arranging: Arranging, screen: Screen) -> None:
    """Show the stories an article's own may be one with."""
    article = await arranging.article(tap.article)
    await screen.show(near_card(article, await arranging.near(article.id), tap.root, asker.look))


async def join(
    _: CallbackQuery, tap: Plot, asker: Asker, arranging: Arranging, showing: Showing, screen: Screen
) -> None:
    """Make two stories one, and show it."""
    story_id = await arranging.join(tap.article, tap.other, asker.editor)
    await screen.toast(asker.say("story-joined"))
    await _show_story(Root("y", story_id), asker, showing, screen)


async def _show_story(root: Root, asker: Asker, showing: Showing, screen: Screen) -> None:
    await screen.show(await showing.root(root, asker.reader, desk=True), Show(root))


async def tie(_: CallbackQuery, tap: Tie, asker: Asker, arranging: Arranging, screen: Screen) -> None:
    """Show what is related to an article; pin or ban one of it, or take that back."""
    if tap.verb in {"pin", "ban"}:
        await arranging.tie(tap.article, tap.other, asker.editor, pinned=tap.verb == "pin")
    await screen.show(ties_card(await arranging.tied(tap.article), tap.root, asker.look))


async def ask_which(
    _: CallbackQuery, tap: Tie, state: FSMContext, asker: Asker, arranging: Arranging, screen: Screen
) -> None:
    """Ask for the article that is to be pinned."""
    await arranging.article(tap.article)
    await state.set_state(Arrange.other)
    await state.set_data({"tap": tap.encode()})
    await screen.toast()
    await screen.send(question_card(asker.say("tie-ask"), asker.reader.language))


async def named(message: Message, state: FSMContext, asker: Asker, arranging: Arranging, screen: Screen) -> None:
    """Pin the article an editor names; one that nobody knows leaves the question open."""
    tap = decode(str((await state.get_data()).get("tap", "")))
    if not isinstance(tap, Tie):
        raise NotFound
    await arranging.pin_named(tap.article, message.text or "", asker.editor)
    await state.clear()
    await screen.show(ties_card(await arranging.tied(tap.article), tap.root, asker.look))
