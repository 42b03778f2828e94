"""Texts and pictures that feeds are without: the pages of their items, asked politely, read by a process of its own."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from bot.fetch.answers import Failed, Fetched, Reason
from bot.fetch.fetcher import Fetcher
from bot.inflow.extractor import Extractor
from bot.inflow.robots import Rules, keeps_to_itself
from bot.inflow.timetable import LEASE
from bot.model.feeds import Feed
from bot.model.news import Incoming, Photo
from bot.ports import FeedStore
from bot.text.document import block_text, document_text
from bot.text.markup import stored_document, to_html
from bot.timing.clock import Clock

MOST = 10
"""Pages of one poll that are asked for; the others keep their feed's text."""
AGENT = "Visnyk"
"""How the bot is called in robots.txt."""
_CALM = 2.0  # seconds between two requests, where the site does not want more
_LONGER = 1.2  # a page's text is taken where it is so much longer than the feed's
_ROBOTS_SECONDS, _ROBOTS_MOST = 3600.0, 500
# A server that fails to say what it allows allows nothing; one that says nothing of it allows everything (RFC 9309).
_SILENT = frozenset({Reason.MISSING, Reason.GONE, Reason.DENIED, Reason.STATUS, Reason.KIND})


@dataclass(slots=True, kw_only=True)
class PageReader:
    """Reads the pages of items. What went wrong is kept with the feed, for whoever looks at it."""

    feeds: FeedStore
    fetcher: Fetcher
    extractor: Extractor
    clock: Clock
    _robots: OrderedDict[str, tuple[float, Rules | None]] = field(default_factory=OrderedDict)

    async def complete(self, feed: Feed, items: Mapping[str, Incoming]) -> dict[str, Incoming]:
        """Return those of the items whose pages say more, with what those say. May be repeated.

        Of a feed without full texts only a picture is taken, and nothing is noted where there is none. Ends early when
        the feed is another process's by now.
        """
        found: dict[str, Incoming] = {}
        trouble = ""
        for key, incoming in list(items.items())[:MOST]:
            if not incoming.url:
                continue
            if not await self.feeds.renew(feed.id, self.clock.now() + LEASE):
                return found
            read = await self._read(incoming, text=feed.full_text)
            if isinstance(read, Reason):
                trouble = read
            else:
                found[key] = read
        if feed.full_text and items and trouble != feed.page_trouble:
            await self.feeds.note_pages(feed.id, trouble)
        return found

    async def _read(self, incoming: Incoming, *, text: bool) -> Incoming | Reason:
        """Return an item with its page's text, if that is wanted, and picture, or why that is not to be had."""
        answer = await self._page_of(incoming.url)
        if isinstance(answer, Reason):
            return answer
        page = await self.extractor.extract(answer.body, answer.address, answer.charset)
        whole = incoming
        if incoming.photo is None and page.picture:
            whole = replace(whole, photo=Photo(url=page.picture))
        if not text:  # what a page names for previews may be shown, whoever may read its text
            return whole
        if keeps_to_itself(answer.robots, AGENT) or any(keeps_to_itself(said, AGENT) for said in page.robots):
            return Reason.ROBOTS
        if page.paid:
            return Reason.PAID
        if page.problem:
            return Reason.UNREADABLE
        if not page.length:
            return Reason.NO_TEXT
        own = len(incoming.lead) + len(document_text(stored_document(incoming.body)))
        return replace(whole, body=_below(incoming.lead, page.body)) if page.length > own * _LONGER else whole

    async def _page_of(self, address: str) -> Fetched | Reason:
        """Return a page that its site lets programs read, or why it is not to be had."""
        rules = await self._rules_for(address)
        if rules is None or not rules.allow(address):
            return Reason.ROBOTS
        await self.clock.sleep(max(_CALM, rules.delay))
        answer = await self.fetcher.fetch(address)
        if isinstance(answer, Failed):
            return answer.reason
        if answer.address != address:  # where it was sent on to has rules, too
            rules = await self._rules_for(answer.address)
            if rules is None or not rules.allow(answer.address):
                return Reason.ROBOTS
        return answer

    async def _rules_for(self, address: str) -> Rules | None:
        """Return what the site of an address lets programs read, None for nothing: it is asked once an hour."""
        parts, now = urlsplit(address), self.clock.monotonic()
        root = f"{parts.scheme}://{parts.netloc}"
        at, rules = self._robots.pop(root, (-_ROBOTS_SECONDS, None))
        if now - at >= _ROBOTS_SECONDS:
            at, rules = now, await self._asked(root)
        self._robots[root] = (at, rules)
        if len(self._robots) > _ROBOTS_MOST:
            self._robots.popitem(last=False)
        return rules

    async def _asked(self, root: str) -> Rules | None:
        answer = await self.fetcher.fetch(f"{root}/robots.txt")
        if isinstance(answer, Failed):
            return Rules() if answer.reason in _SILENT else None
        return Rules.of(answer.body.decode("utf-8", "replace"), AGENT)


def _below(lead: str, body: str) -> str:
    """Return a page's text without its first paragraph where that is the lead, which stands above it already."""
    document = stored_document(body)
    first = block_text(document[0]).strip() if document else ""
    return to_html(document[1:]) if lead and first == lead.strip() else body
