"""The presenter: the card for whatever a button opens, closes or turns to."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.errors import NoStory, NotFound
from bot.model.matching import EVERYTHING
from bot.model.news import Article
from bot.model.readers import Reader
from bot.ports import CorrectionStore, MessageScreenStore
from bot.readers.library import Library
from bot.readers.preferences import SettingName
from bot.readers.subscriptions import Subscriptions
from bot.screens.callbacks import Open, Related, SettingTap, Show, article_on
from bot.screens.card import Button, Card, Row
from bot.screens.corrections import corrections_card
from bot.screens.digests import DigestScreens
from bot.screens.headlines import article_card, headline_text, home
from bot.screens.links import Links
from bot.screens.lists import PAGE, list_card, related_card, sources_card, story_card
from bot.screens.look import Look, look_of
from bot.screens.pushes import headline_card, sources_row
from bot.screens.rules import muted_lines
from bot.screens.screen_refs import (
    ChosenScreen,
    CorrectionsScreen,
    DigestScreen,
    HeadlineScreen,
    LatestScreen,
    RelatedScreen,
    ScreenRef,
    SearchScreen,
    SourcesScreen,
    StoryScreen,
)
from bot.screens.settings import topics_card, welcome_card
from bot.screens.verbs import TopicsPlace
from bot.text.ellipsis import elided
from bot.text.languages import known
from bot.text.phrasebook import Phrasebook
from bot.text.quoting import quoted_inside
from bot.text.styled import bold, join
from bot.timing.clock import Clock

WELCOME_PAGE = 3
CORRECTIONS_PAGE = 8
_JUST_READ = timedelta(days=1)
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Presenter:
    """Makes the cards that buttons lead to. Raises NotFound for what is not public any more."""

    library: Library
    subscriptions: Subscriptions
    digests: DigestScreens
    message_screens: MessageScreenStore
    corrections: CorrectionStore
    clock: Clock
    newsroom: str
    links: Links

    @property
    def addresses(self) -> tuple[str, str]:
        """The bot's username and the address of the public pages; "" for what there is none of."""
        return self.links.username, self.links.site

    async def card(self, action: Open | Related | Show, reader: Reader, *, desk: bool = False) -> Card:
        """Return the card an action leads to; at the `desk`, with what editors can do there."""
        match action:
            case Open():
                card = await self._article(action, self._look(reader), desk=desk)
                if action.root == HeadlineScreen(action.article):
                    card = await self._with_sources(card, action.article, reader)
            case Related():
                card = await self._related(action, reader, self._when_made())
            case Show(root):
                card = await self._root(root, reader, desk=desk)
        return replace(card, screen=action)

    async def newer(self, card: Card, reader: Reader, *, desk: bool = False) -> Card | None:
        """Return a card as it is after a correction that was made since it was drawn; None when there was none."""
        article_id = article_on(card.screen) if card.screen is not None else None
        if article_id is None or card.revision is None or not isinstance(card.screen, (Open, Related, Show)):
            return None
        if await self.library.revision(article_id) == card.revision:
            return None
        return await self.card(card.screen, reader, desk=desk)

    async def root(self, root: ScreenRef, reader: Reader, *, desk: bool = False) -> Card:
        """Return a root screen."""
        return await self.card(Show(root), reader, desk=desk)

    async def _root(self, root: ScreenRef, reader: Reader, *, desk: bool) -> Card:
        match root:
            case HeadlineScreen(article):
                return await self.headline(await self.library.article(article), reader)
            case LatestScreen():
                return await self._latest(root, reader)
            case ChosenScreen():
                return await self._latest_chosen(root, reader)
            case SearchScreen():
                return await self._search(root, reader)
            case CorrectionsScreen():
                return await self._corrections(root, reader)
            case DigestScreen():
                return await self._digest(root, reader)
            case SourcesScreen():
                return await self._sources(root, reader)
            case StoryScreen():
                return await self._story(root, reader, desk=desk)
            case RelatedScreen():
                made = self._when_made(root.made_at_second)
                tap = Related(root.article, home(root), opened=root.opened)
                return await self._related(tap, reader, made, rest=root.rest)

    async def headline(self, article: Article, reader: Reader) -> Card:
        """Return an article's headline as it stands with a reader: with the way to what other sources tell under it."""
        told = await self.library.told_under(reader, article.id)
        look = self._look(reader)
        card = headline_card(article, look, titles_only=reader.titles_only, sources=len(told))
        return replace(card, revision=_revision(article))

    async def _with_sources(self, card: Card, article_id: int, reader: Reader) -> Card:
        told = await self.library.told_under(reader, article_id)
        return replace(card, rows=(*card.rows, *sources_row(article_id, len(told), self._look(reader))))

    async def _sources(self, root: SourcesScreen, reader: Reader) -> Card:
        """Return what other sources tell under a headline; the headline where nothing does any more."""
        first, told = await self.library.article(root.article), await self.library.told_under(reader, root.article)
        return sources_card(first, told, self._look(reader), root) if told else await self.headline(first, reader)

    async def welcome(self, reader: Reader, page: int = 0, *, greeting: str = "", note: str = "") -> Card:
        """Return the first screen: what this is, or a `greeting` in its place, a `note`, and a page of the topics."""
        topics, choices = await self.subscriptions.all_topics(), await self.subscriptions.choices(reader)
        return welcome_card(reader, topics, choices, self.newsroom, page, greeting=greeting, note=note)

    async def first_list(self, reader: Reader) -> Card:
        """Return what a newcomer sees of the news: in their own language when there is any in it."""
        choices, own = await self.subscriptions.choices(reader), ChosenScreen(own=True)
        there = await self.library.latest_chosen(_in_own(reader, own), choices, 0, 0, 1)
        return await self.root(own if there.items else ChosenScreen(), reader)

    async def topics(self, reader: Reader, page: int = 0) -> Card:
        """Return a page of the topics to choose from."""
        topics, choices = await self.subscriptions.all_topics(), await self.subscriptions.choices(reader)
        muted = muted_lines(await self.subscriptions.muted(reader), self._look(reader))
        return topics_card(reader, topics, choices, page, muted)

    async def choosing(self, reader: Reader, place: TopicsPlace, page: int) -> Card:
        """Return a page of the topics to choose from, on the screen they are chosen on."""
        return await (self.welcome if place is TopicsPlace.WELCOME else self.topics)(reader, page)

    def _look(self, reader: Reader) -> Look:
        return look_of(reader, self.clock.now())

    async def _article(self, tap: Open, look: Look, *, desk: bool) -> Card:
        article = await self.library.article(tap.article)
        if article.retracted:
            back = () if isinstance(tap.root, HeadlineScreen) else ((Button(look.say("button-back"), Show(tap.root)),),)
            return Card(headline_text(article, look), back)
        reports = await self.library.reports(article)
        card = article_card(article, look, tap.root, tap.page, reports=reports, desk=desk, links=self.links)
        return replace(card, revision=_revision(article))

    async def _related(self, tap: Related, reader: Reader, made: datetime, *, rest: bool = False) -> Card:
        """Return what is related to an article, without what the reader had just read when the list was made.

        What is opened from the list stays in it: whoever comes back finds it as they left it.
        """
        article = await self.library.article(tap.article)
        known = await self.message_screens.opened(reader.address.chat_id, made - _JUST_READ, made)
        found = await self.library.related(tap.article, reader, known, rest=rest)
        empty = ""
        if (
            not (found.items or found.copies)
            and known
            and (await self.library.related(tap.article, reader, rest=rest)).items
        ):
            empty = self._look(reader).say("related-read")
        second = round((made - made.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds())
        outer = None if tap.root == HeadlineScreen(tap.article) else tap.root
        here = RelatedScreen(tap.article, opened=tap.opened, made_at_second=second or _DAY, rest=rest, outer=outer)
        card = related_card(article, found, self._look(reader), tap, here, empty)
        return replace(card, revision=_revision(article))

    def _when_made(self, second: int = 0) -> datetime:
        """Return the last instant of that second of the day (1 to 86 400), or the end of this second with 0."""
        soon = self.clock.now().astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        if not 0 < second <= _DAY:
            return soon
        made = soon.replace(hour=0, minute=0, second=0) + timedelta(seconds=second)
        return made if made <= soon else made - timedelta(days=1)

    async def _latest(self, root: LatestScreen, reader: Reader) -> Card:
        look = self._look(reader)
        topics = [root.topic] if root.topic else []
        page = await self.library.latest(reader, topics, root.anchor, root.offset, PAGE)
        if root.offset and not page.items:
            return await self._latest(LatestScreen(root.topic), reader)
        title = look.say("latest-title")
        if root.topic:
            topic = await self.library.topic(str(root.topic), reader.language)
            title = look.say("latest-topic", topic=topic.name(reader.language))
        here = replace(root, anchor=page.anchor)
        return list_card(title, page, look, here, empty=_none_yet(reader, look.say))

    async def _latest_chosen(self, root: ChosenScreen, reader: Reader) -> Card:
        look = self._look(reader)
        choices = await self.subscriptions.choices(reader)
        size = PAGE if root.offset else WELCOME_PAGE
        within = _in_own(reader, root)
        page = await self.library.latest_chosen(within, choices, root.anchor, root.offset, size)
        if root.offset and not page.items:  # they want less by now
            return await self._latest_chosen(ChosenScreen(own=root.own), reader)
        here = replace(root, anchor=page.anchor)
        all_ = EVERYTHING in choices.wanted
        none = _none_yet(within, look.say) if all_ or within.news_language else look.say("latest-none-chosen")
        empty = none if choices.has_topics else look.say("latest-no-topics")
        title = look.say("latest-all" if all_ else "latest-chosen")
        return list_card(title, page, look, here, empty=empty)

    async def search(self, words: str, reader: Reader) -> Card:
        """Search anew and return the first page; raises BadQuery."""
        number = await self.message_screens.remember_query(reader.address.chat_id, words, self.clock.now())
        root = SearchScreen(number)
        return replace(await self._found(words, root, reader), screen=Show(root))

    async def _search(self, root: SearchScreen, reader: Reader) -> Card:
        words = await self.message_screens.query(root.query, reader.address.chat_id)
        if words is None:
            raise NotFound
        return await self._found(words, root, reader)

    async def _found(self, words: str, root: SearchScreen, reader: Reader) -> Card:
        look, newest = self._look(reader), root.newest
        page, suggestion = await self.library.search(words, root.offset, PAGE, newest=newest)
        if root.offset and not page.items:
            return await self._found(words, replace(root, offset=0), reader)
        asked = elided(words, 60)
        title = look.say("search-title", words=quoted_inside(asked, look.language))
        rows: list[Row] = []
        if suggestion:
            meant = await self.message_screens.remember_query(reader.address.chat_id, suggestion, self.clock.now())
            rows.append((Button(look.say("search-meant", words=elided(suggestion, 40)), Show(SearchScreen(meant))),))
        if (page.total or 0) > 1:
            order = SearchScreen(root.query, newest=not newest)
            rows.append((Button(look.say("search-best" if newest else "search-newest"), Show(order)),))
        rows.append((await self._following(words, root, reader),))
        if not page.items:
            return Card(join("\n\n", [bold(title), look.say("search-none")]), tuple(rows))
        card = list_card(title, page, look, root, excerpts=await self.library.excerpts(words, page.items))
        return Card(card.text, (*card.rows, *rows))

    async def _following(self, words: str, root: SearchScreen, reader: Reader) -> Button:
        """Return the button that follows the words of a search, or stops that."""
        say = self._look(reader).say
        if await self.subscriptions.words_key(reader, words) is not None:
            return Button(say("search-unfollow"), SettingTap(SettingName.UNFOLLOW, str(root.query)))
        return Button(say("search-follow"), SettingTap(SettingName.FOLLOW, str(root.query)))

    async def story(self, number: int) -> StoryScreen:
        """Return the screen of the story an article belongs to.

        A screen carries when the reader had last looked before it was opened, so that what is new stays marked while
        its pages are turned. Raises NotFound when the article is not public, NoStory when it belongs to none.
        """
        article = await self.library.article(number)
        if article.story_id is None:
            raise NoStory
        return StoryScreen(article.story_id)

    async def _story(self, root: StoryScreen, reader: Reader, *, desk: bool) -> Card:
        story, seen_at = await self.library.look_at_story(root.story, reader)
        root = replace(root, story=story.id, seen_at=seen_at if root.seen_at is None else root.seen_at)
        followed = await self.subscriptions.follows_story(reader, story.id)
        return story_card(story, self._look(reader), root, desk=desk, followed=followed)

    async def _corrections(self, root: CorrectionsScreen, reader: Reader) -> Card:
        found = await self.corrections.listed(root.offset, CORRECTIONS_PAGE + 1)
        notes, more = found[:CORRECTIONS_PAGE], len(found) > CORRECTIONS_PAGE
        return corrections_card(notes, root.offset, self._look(reader), more=more)

    async def _digest(self, root: DigestScreen, reader: Reader) -> Card:
        owner = await self.digests.owner(root.digest)
        # Topics of a forum are readers of their own, and whatever is changed in its chat is changed for one of them.
        if owner is None or owner.address.chat_id != reader.address.chat_id:
            raise NotFound
        card = await self.digests.card(root.digest, owner, self._look(owner), root)
        if card is None:
            raise NotFound
        return card


def _none_yet(reader: Reader, say: Phrasebook) -> str:
    """Return that there is no news yet, or none in the language it must be in."""
    code = reader.news_language
    return say("latest-none-in", code=code, language=known(code).name) if code else say("latest-none")


def _in_own(reader: Reader, root: ChosenScreen) -> Reader:
    """Return the reader as they would be who wants news in the interface's language, when the screen asks for it."""
    return replace(reader, news_language=reader.language) if root.own and not reader.news_language else reader


def _revision(article: Article) -> int | None:
    return None if article.retracted else article.revision
