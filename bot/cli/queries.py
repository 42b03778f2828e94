"""`python -m bot related` and `python -m bot search`: what a reader gets, for scripts."""

from bot.cli.language import shell_phrases
from bot.cli.lines import asked, complain, put, tell
from bot.cli.newsroom import article_number, described, opened
from bot.config import load_settings
from bot.errors import BadQuery
from bot.model.news import Headline
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.semantic import SemanticIndex
from bot.text.cleaning import clean_line
from bot.text.phrasebook import Phrasebook
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.index.reading import Words


async def related(names: list[str], *, limit: int, json: bool) -> int:
    """Answer each article with what is related to it; returns 1 when one of them is unknown."""
    failed = False
    async with opened() as database:
        meaning = SemanticIndex(Embeddings(database), SystemClock()) if load_settings().semantic != "off" else None
        for name in asked(names):
            answer = await _related(database, meaning, name, limit)
            failed |= "error" in answer
            put(answer) if json else _tell_related(answer, shell_phrases())
    return int(failed)


async def _related(database: Database, meaning: SemanticIndex | None, name: str, limit: int) -> dict[str, object]:
    articles = Articles(database)
    number = await article_number(articles, name)
    if number is None:
        says = shell_phrases()("shell-no-article", name=clean_line(name))
        return {"asked": name, "error": "no-article", "says": says}
    about = (await articles.headlines([number]))[0]
    found = await Finder(Words(database), meaning).related(number, limit=limit)
    headlines = {headline.id: headline for headline in await articles.headlines([item.id for item in found])}
    items = [{**described(headlines[item.id]), "score": item.score} for item in found if item.id in headlines]
    return {"asked": name, **described(about), "related": items}


def _tell_related(answer: dict[str, object], say: Phrasebook) -> None:
    if "error" in answer:
        complain(str(answer["says"]))
        return
    tell(f"{answer['number']}  {answer['title']}")
    items = answer["related"]
    assert isinstance(items, list)
    if not items:
        complain(say("shell-nothing-related"))
    for item in items:
        tell(f"    {item['score']:.3f}  {item['number']}  {item['title']}")


async def search(queries: list[str], *, limit: int, json: bool, newest: bool) -> int:
    """Answer each query with what a reader would find; returns 1 when one of them asks for nothing."""
    failed = False
    async with opened() as database:
        articles = Articles(database)
        searcher = Searcher(Words(database), articles, SystemClock())
        for query in asked(queries):
            try:
                found = await searcher.search(query, newest=newest)
                headlines = await articles.headlines(found.ids[:limit])
            except BadQuery:
                failed = True
                says = shell_phrases()("shell-nothing-to-search", query=clean_line(query))
                answer: dict[str, object] = {"query": query, "error": "nothing-to-search-for", "says": says}
            else:
                answer = {
                    "query": query,
                    "total": len(found.ids),
                    "results": [described(item) for item in headlines],
                    "suggestion": found.suggestion or None,
                }
            put(answer) if json else _tell_found(answer, headlines if "error" not in answer else [], shell_phrases())
    return int(failed)


def _tell_found(answer: dict[str, object], headlines: list[Headline], say: Phrasebook) -> None:
    query = clean_line(str(answer["query"]))
    if "error" in answer:
        complain(str(answer["says"]))
    elif not headlines:
        complain(say("shell-nothing-found", query=query))
    if suggestion := answer.get("suggestion"):
        complain(say("shell-nothing-meant", query=query, suggestion=str(suggestion)))
    for headline in headlines:
        day = f"{headline.published_at:%Y-%m-%d}" if headline.published_at else "          "
        tell(f"{headline.id}  {day}  {headline.title}")
