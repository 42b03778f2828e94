"""The bot's own output, sent back to it: a forwarded headline, or what was passed on inline. It is no submission."""

from aiogram import Bot, Router
from aiogram.filters import Filter
from aiogram.types import Message, MessageOriginChannel

from bot.desk.drafts import Drafts
from bot.desk.sends import SendControl
from bot.model.desk import Role
from bot.model.readers import Address
from bot.readers.library import Library
from bot.readers.subscriptions import Subscriptions
from bot.screens.links import Links
from bot.screens.presenter import Presenter
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.desk import as_it_is
from handlers.filters import Private
from handlers.opening import open_article
from handlers.parsing import shared_in
from handlers.questions import Questions
from handlers.told import article_told, is_ours


class Own(Filter):
    """Lets the bot's own output through, an editor's where `desk` is, else a reader's; `found` is its article's number.

    A reader's that tells no article is left to those who answer what nobody knows; from an editor it is no submission.
    Of what somebody writes, an article's link with or without its title is such output too, where no question is open.
    """

    def __init__(self, *, desk: bool) -> None:
        self.desk = desk

    async def __call__(
        self,
        message: Message,
        bot: Bot,
        actor: Actor,
        library: Library,
        subscriptions: Subscriptions,
        links: Links,
        raw_state: str | None = None,
    ) -> bool | dict[str, int | None]:
        """Look at where a message comes from, and for a channel's, whether it tells one of our articles."""
        if (actor.editor.role >= Role.AUTHOR) is not self.desk:
            return False
        origin, ours = message.forward_origin, is_ours(message, bot.id)
        passed = isinstance(origin, MessageOriginChannel) and await subscriptions.knows(Address(origin.chat.id))
        if not ours and not passed:
            shared = await _shared(message, library, links) if raw_state is None else None
            return {"found": shared} if shared is not None else False
        found = await article_told(message, library)
        return {"found": found} if found is not None or (ours and self.desk) else False


async def _shared(message: Message, library: Library, links: Links) -> int | None:
    """Return the article that somebody passes on with its link; what they say of it themselves is theirs to publish."""
    number, beside = shared_in(message.text, links.username, links.site) or (0, "")
    if not number or not await library.has(number):
        return None
    return number if (await library.article(number)).title.startswith(beside) else None


def register(router: Router) -> None:
    """Add the routes of the bot's own output; they are asked before those that make articles of what is sent."""
    router.message.register(show_at_desk, Private(), Own(desk=True))
    router.message.register(show, Private(), Own(desk=False))


async def show_at_desk(
    _: Message,
    found: int | None,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    presenter: Presenter,
    send_control: SendControl,
    *,
    links: Links,
) -> None:
    """Show the article at the desk, an author somebody else's as it is read; or say that nothing is made of it."""
    reply = questions.reply
    await questions.answered()
    if found is None:
        await reply.say(actor.say("own-output"))
        return
    article = await drafts.found(found, actor.editor)
    if article is None:
        await open_article(found, actor, presenter, reply)
    else:
        await reply.send(await as_it_is(article, actor, send_control, links))


async def show(_: Message, found: int, questions: Questions, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Open the article."""
    await questions.answered()
    await open_article(found, actor, presenter, reply)
