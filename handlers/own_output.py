"""The bot's own output, sent back to it: a forwarded headline, or what was passed on inline. It is no submission."""

from collections.abc import Iterator

from aiogram import Bot, Router
from aiogram.filters import Filter
from aiogram.types import Message, MessageOriginChannel, MessageOriginUser

from bot.desk.drafts import Drafts
from bot.desk.sends import SendControl
from bot.model.desk import Role
from bot.model.news import Article
from bot.model.readers import Address
from bot.readers.subscriptions import Subscriptions
from bot.screens.links import Links
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.desk import as_it_is
from handlers.filters import Private
from handlers.questions import Questions

_LINES = 4  # a mark, a title, a note: the title is among the first lines of everything the bot says of an article


class Own(Filter):
    """Lets the bot's own output through when somebody of the desk sends it; the handler finds its article, `found`."""

    async def __call__(
        self, message: Message, bot: Bot, actor: Actor, drafts: Drafts, subscriptions: Subscriptions
    ) -> bool | dict[str, Article | None]:
        """Look at where a message comes from, and for a channel's, whether it tells one of our articles."""
        if actor.editor.role < Role.AUTHOR:
            return False
        origin = message.forward_origin
        ours = message.via_bot is not None and message.via_bot.id == bot.id
        if isinstance(origin, MessageOriginUser):
            ours = ours or origin.sender_user.id == bot.id
        passed = isinstance(origin, MessageOriginChannel) and await subscriptions.knows(Address(origin.chat.id))
        if not ours and not passed:
            return False
        found = await drafts.told_by(list(_lines(message)))
        return {"found": found} if ours or found is not None else False


def make_router() -> Router:
    """Return the router of the bot's own output; it is asked before those that make articles of what is sent."""
    router = Router(name="own_output")
    router.message.register(show, Private(), Own())
    return router


def _lines(message: Message) -> Iterator[str]:
    """Yield what may be a title: the first lines of a plain message, the headings of a rich one."""
    text = message.text or message.caption or ""
    yield from [line.strip() for line in text.split("\n") if line.strip()][:_LINES]
    for block in message.rich_message.blocks if message.rich_message is not None else ():
        title = getattr(block, "text", None)
        if block.type == "heading" and isinstance(title, str):
            yield title.strip()


async def show(
    _: Message,
    found: Article | None,
    questions: Questions,
    actor: Actor,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Show the article at the desk, or say that nothing is made of it."""
    await questions.answered()
    if found is None:
        await reply.say(actor.say("own-output"))
        return
    await reply.send(await as_it_is(found, actor, send_control, links))
