"""The rest of a text that came in several messages: added to a draft that nobody has changed meanwhile."""

from dataclasses import replace

from bot.desk.drafts import Drafts, Submission
from bot.errors import Stale
from bot.model.desk import Editor
from bot.model.news import Article


async def with_rest(
    drafts: Drafts, article: Article, sent: Submission, editor: Editor, *, seen: int, part: str
) -> Article | None:
    """Return a draft with the text as it is now, or None where somebody has changed it since version `seen`.

    The text is the draft's whole or, with `part` "body", its body. May be repeated. Raises as `Drafts.rewrite`.
    """
    try:
        if part != "body":
            return await drafts.rewrite(article, sent, editor, seen)
        if drafts.is_so(article, part, sent, drafts.zone):
            return article
        return await drafts.set_body(replace(article, version=seen), sent.text, sent.entities, editor)
    except Stale:
        return None
