"""Stories: taking articles out of stories, making stories one, pinning and banning what is related."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.desk.stories import StoryDesk
from bot.errors import NotFound
from bot.model.desk import Role
from bot.screens.callbacks import RelatedTap, StoryTap, decode
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import StoryScreen
from bot.screens.stories import cut_card, near_card, ties_card, was_cut_card
from bot.screens.verbs import RelatedVerb, StoryVerb
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.filters import Private, RequireRole
from handlers.question_kinds import Arrange
from handlers.questions import Questions
from handlers.taps import Tap, VerbTap

_VERDICTS = {
    RelatedVerb.PIN: True,
    RelatedVerb.BAN: False,
    RelatedVerb.SAY_PINNED: True,
    RelatedVerb.SAY_BANNED: False,
    RelatedVerb.UNSAY: None,
}


def register(router: Router) -> None:
    """Add the routes of what editors arrange."""
    editor, private = RequireRole(Role.EDITOR), Private()
    query = router.callback_query
    query.register(cut, VerbTap(StoryTap, StoryVerb.ASK_TO_CUT, StoryVerb.CUT), editor, private)
    query.register(put, VerbTap(StoryTap, StoryVerb.PUT_BACK), editor, private)
    query.register(near, VerbTap(StoryTap, StoryVerb.SHOW_NEAR), editor, private)
    query.register(join, VerbTap(StoryTap, StoryVerb.JOIN), editor, private)
    query.register(ask_which, VerbTap(RelatedTap, RelatedVerb.ADD), editor, private)
    query.register(tie, Tap(RelatedTap), editor, private)
    router.message.register(named, StateFilter(Arrange.other), editor, private)


async def cut(_: CallbackQuery, tap: StoryTap, actor: Actor, story_desk: StoryDesk, reply: Reply) -> None:
    """Ask whether an article leaves its story, or take it out."""
    if not isinstance(tap.root, StoryScreen):
        raise NotFound
    if tap.verb is StoryVerb.CUT and (done := await story_desk.out_of(tap.article, tap.root.story)) is not None:
        await reply.show(was_cut_card(*done, tap.root, actor.look))  # tapped twice, or handled again after a kill
        return
    article, story = await story_desk.in_story(tap.article, tap.root.story)
    if tap.verb is StoryVerb.ASK_TO_CUT:
        await reply.show(cut_card(article, story, tap.root, actor.look))
        return
    await story_desk.cut(article.id, story.id, actor.editor)
    await reply.show(was_cut_card(article, story, tap.root, actor.look))


async def put(
    _: CallbackQuery, tap: StoryTap, actor: Actor, story_desk: StoryDesk, presenter: Presenter, reply: Reply
) -> None:
    """Put an article back into the story it was taken out of."""
    if not isinstance(tap.root, StoryScreen):
        raise NotFound
    await story_desk.put(tap.article, tap.root.story, actor.editor)
    await _show_story(tap.root, actor, presenter, reply)


async def near(_: CallbackQuery, tap: StoryTap, actor: Actor, story_desk: StoryDesk, reply: Reply) -> None:
    """Show the stories an article's own may be one with."""
    article = await story_desk.article(tap.article)
    await reply.show(near_card(article, await story_desk.near(article.id), tap.root, actor.look))


async def join(
    _: CallbackQuery, tap: StoryTap, actor: Actor, story_desk: StoryDesk, presenter: Presenter, reply: Reply
) -> None:
    """Make two stories one, and show it."""
    story_id = await story_desk.join(tap.article, tap.other, actor.editor)
    await reply.toast(actor.say("story-joined"))
    await _show_story(StoryScreen(story_id), actor, presenter, reply)


async def _show_story(root: StoryScreen, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    await reply.show(await presenter.root(root, actor.reader, desk=True))


async def tie(_: CallbackQuery, tap: RelatedTap, actor: Actor, story_desk: StoryDesk, reply: Reply) -> None:
    """Show what is related to an article; pin or ban one of it, or take that back."""
    if tap.verb in _VERDICTS:
        verdict, turns = _VERDICTS[tap.verb], tap.verb in {RelatedVerb.PIN, RelatedVerb.BAN}
        tied = await story_desk.tie(tap.article, tap.other, actor.editor, pinned=verdict, turns=turns)
    else:
        tied = await story_desk.tied(tap.article, tap.other)
    await reply.show(ties_card(tied, tap.root, actor.look))


async def ask_which(_: CallbackQuery, tap: RelatedTap, questions: Questions, story_desk: StoryDesk) -> None:
    """Ask for the article that is to be pinned."""
    await story_desk.article(tap.article)
    await questions.ask(Arrange.other, tap=tap.encode())


async def named(message: Message, questions: Questions, actor: Actor, story_desk: StoryDesk, reply: Reply) -> None:
    """Pin the article an editor names; one that nobody knows leaves the question open."""
    tap = decode(str((await questions.about()).get("tap", "")))
    if not isinstance(tap, RelatedTap):
        raise NotFound
    tied = await story_desk.pin_named(tap.article, message.text or "", actor.editor)
    await questions.answered()
    await reply.show(ties_card(tied, tap.root, actor.look))
