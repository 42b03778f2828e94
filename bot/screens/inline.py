"""Inline mode: articles for any chat, found by what somebody types after the bot's name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import BadQuery
from bot.model.news import Headline
from bot.readers.library import Library
from bot.screens.inline_cards import Offer, offer
from bot.screens.look import Locale, Look
from bot.text.language import detect_language
from bot.text.languages import LANGUAGES

PAGE = 10


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered for some words. `following` is the place of the next page, or "".

    `language` is that of the words: all who type the same get the same answer, because Telegram keeps it for them.
    """

    items: tuple[Offer, ...]
    following: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineSearch:
    """Offers articles, each in its own language: it goes to a chat, not to the one who passes it on."""

    library: Library
    locale: Locale
    username: str

    async def offers(self, words: str, place: str) -> Offers:
        """Return a page of what search finds for the words, or of the latest when there are none."""
        place_, _, anchor = place.partition(".")
        offset, head = _number(place_), _number(anchor)
        language = detect_language(words) if words.strip() else self.locale.language
        items, following = await (self._found(words, offset) if words.strip() else self._latest(offset, head))
        excerpts = await self.library.excerpts(words, items)
        found = tuple(offer(item, excerpts[item.id], self._look(item), self.username) for item in items)
        return Offers(found, following, language if language in LANGUAGES else self.locale.language)

    async def _found(self, words: str, offset: int) -> tuple[Sequence[Headline], str]:
        try:
            page, _ = await self.library.search(words, offset, PAGE)
        except BadQuery:  # the beginning of a word, mostly
            return (), ""
        return page.items, str(offset + PAGE) if page.more else ""

    async def _latest(self, offset: int, head: int) -> tuple[Sequence[Headline], str]:
        page = await self.library.latest_of_all(head, offset, PAGE)
        return page.items, f"{offset + PAGE}.{page.anchor}" if page.more else ""

    def _look(self, item: Headline) -> Look:
        language = item.language if item.language in LANGUAGES else self.locale.language
        return replace(self.locale.look(), language=language)


def _number(text: str) -> int:
    """Return the number; 0 for anything else: what Telegram hands back was ours, but anybody can send anything."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
