"""A draft as one of the messages it was made of is now, while nobody else has changed it.

Both may be done again after a kill: what has come into the draft already stays as it is.
"""

from aiogram.types import Message

from bot.desk.drafts import Drafts, Submission
from bot.desk.rest import with_rest
from bot.model.news import Article, ArticleState, Photo
from bot.text.pasted import joined
from handlers.actor import Actor
from handlers.acts import Act
from handlers.submissions import media_of


async def made_anew(
    message: Message, act: Act, changed: Act, article: Article, actor: Actor, drafts: Drafts
) -> Article | None:
    """Return a draft with the words and the picture of an edited message; None where others have changed it."""
    if article.state is not ArticleState.DRAFT:
        return None
    if changed.parts != act.parts:
        whole = joined(changed.parts)
        submission = Submission(key="", text=whole.text, entities=whole.entities)
        grown = await with_rest(drafts, article, submission, actor.editor, seen=act.version, part=act.what)
        if grown is None:
            return None
        article = grown
    shown, media = (article.photo.all if article.photo is not None else ()), media_of(message)
    if message.message_id not in act.pictures or len(act.pictures) != len(shown):
        media = ()
    if not media and changed.parts == act.parts and article.version != act.version:
        return None
    place = act.pictures.index(message.message_id) if media else 0
    album = (*shown[:place], *media, *shown[place + 1 :]) if media else ()
    return await with_media(article, album, act.version, actor, drafts)


async def with_media(
    article: Article, media: tuple[Photo, ...], seen: int, actor: Actor, drafts: Drafts
) -> Article | None:
    """Return a draft with these pictures, or with its own for none; None where others have changed it.

    Its words may have come by the same edit, a version after the one that was `seen`.
    """
    shown = article.photo.all if article.photo is not None else ()
    if not media or [one.file_id for one in shown] == [one.file_id for one in media]:
        return article
    if article.version > seen + 1:
        return None
    return await drafts.set_photo(article, media, actor.editor)
