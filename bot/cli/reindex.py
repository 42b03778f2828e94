"""`python -m bot reindex`: the word index worked out anew, with a bar, while the bot runs."""

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from bot.cli.bars import progress_bar
from bot.cli.language import shell_phrases
from bot.cli.lines import tell
from bot.cli.newsroom import opened
from bot.model.news import Article, Terms
from bot.relevance.written import work_out
from storage.articles.reindexing import Reindexing
from storage.index.statistics import count_up

_BATCH = 50  # articles a transaction: replies of a running bot wait no longer than one


async def reindex() -> int:
    """Index every published article anew; returns 0. May be broken off and begun again."""
    say = shell_phrases()
    done = 0
    async with opened() as database:
        rebuilding = Reindexing(database)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with progress_bar(*columns) as progress:
            task = progress.add_task(say("reindex-title"), total=await rebuilding.count())
            last = 0
            while batch := await rebuilding.after(last, _BATCH):
                await rebuilding.replace([(article, _terms(article)) for article in batch])
                last, done = batch[-1].id, done + len(batch)
                progress.update(task, completed=done)
            await rebuilding.finish()
        await count_up(database)
    tell(say("reindex-done", n=done))
    return 0


def _terms(article: Article) -> Terms:
    return work_out(article.title, article.lead, article.body, article.language, article.tags).terms
