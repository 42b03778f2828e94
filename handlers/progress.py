"""Showing how a send goes."""

from bot.desk.sends import SendControl
from bot.screens.links import Links
from bot.screens.sends import progress_card
from bot.telegram.reply import Reply
from handlers.actor import Actor


async def show_progress(number: int, actor: Actor, send_control: SendControl, links: Links, reply: Reply) -> None:
    """Show how a send goes, and have the message kept up to date from now on."""
    send = await send_control.open(number)
    link = links.article(send.article.id)
    card = progress_card(send.publication, send.article, actor.look, send.rate, link, posted=send.posted)
    shown = await reply.show(card)
    message_id = shown or reply.tapped
    if message_id is not None:
        await send_control.watch(number, actor.reader.address.chat_id, message_id)
