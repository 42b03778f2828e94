"""News: what editors write and readers read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum


class ArticleState(IntEnum):
    """Where an article stands; numbers are stored, so they never change their meaning."""

    DRAFT = 0
    SCHEDULED = 1
    PUBLISHED = 2
    RETRACTED = 3
    DISCARDED = 4


class RevisionKind(IntEnum):
    """Why a revision was made; decides how the copies that readers hold are changed."""

    FIRST = 0
    TYPO = 1
    CORRECTION = 2
    RETRACTION = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """An editorial category. `names` is keyed by language; `slug` stands in deep links (`t_economy`)."""

    id: int
    slug: str
    names: Mapping[str, str]
    emoji: str = ""

    def name(self, language: str) -> str:
        """Return the name in `language`, in any language the topic has, or the slug."""
        return self.names.get(language) or next(iter(self.names.values()), self.slug)


class MediaKind(StrEnum):
    """What a file of an article is, by the name the Bot API has for it."""

    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture, or a film: a file Telegram already holds (`file_id`), or an address Telegram fetches itself (`url`).

    `more` are those that belong to the same article and are shown behind it; they have no `more` of their own.
    """

    file_id: str | None = None
    url: str | None = None
    caption: str = ""
    credit: str = ""
    kind: MediaKind = MediaKind.PHOTO
    more: tuple["Photo", ...] = ()

    @property
    def all(self) -> tuple["Photo", ...]:
        """It and those behind it, each by itself."""
        return (replace(self, more=()), *self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """How an article looks in a list or a push.

    `published_at` is None when the time is not known (some imported items). `minutes` is the reading time,
    0 when there is no text beyond the title. `external_id` is what an import called it. `same_as` is the article
    that this one is another source's copy of, `resembles` the title of one that it may be a copy of, and may not.
    """

    id: int
    title: str
    source: str = ""
    language: str = "uk"
    published_at: datetime | None = None
    minutes: int = 0
    urgent: bool = False
    corrected_at: datetime | None = None
    retracted: bool = False
    external_id: str = ""
    story_id: int | None = None
    same_as: int | None = None
    resembles: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Headline):
    """One piece of news, whole. `body` is canonical HTML (see `bot.text.markup`).

    `tags` are what its source files it under beside topics: it is found by their words, and there is no list of them.
    `version` counts changes of a draft: a button that carries an older one is stale. `retells` are the articles that
    this one tells in other words, by number. `channel_id` is the chat of the channel whose post it is, if it is one.
    `story_fixed` tells whether an editor has decided which story it is in, if any.
    """

    state: ArticleState = ArticleState.DRAFT
    lead: str = ""
    body: str = ""
    url: str = ""
    photo: Photo | None = None
    topics: tuple[Topic, ...] = ()
    tags: tuple[str, ...] = ()
    revision: int = 0
    version: int = 0
    author_id: int | None = None
    source_id: int | None = None
    correction: str = ""
    retells: tuple[int, ...] = ()
    channel_id: int | None = None
    story_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One source's telling of something that several tell alike: article `id`, at `url` or ""."""

    id: int
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reports:
    """Who else tells what an article tells: the `first`, when the article is a copy of it, and the `others`."""

    first: Report | None = None
    others: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class FromEditor:
    """Written or forwarded by somebody on the desk."""

    author_id: int


@dataclass(frozen=True, slots=True)
class FromFeed:
    """Brought by a source of its own; a file counts as a feed of its name."""

    name: str


Origin = FromEditor | FromFeed
"""Who brings an article: it has an author, or comes out of a feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An article on its way in, from an editor's message, a feed or a file, before it is stored.

    `identity` makes an import repeatable: two items with the same identity are one article. `published_at` is
    None when the input does not say. `story` is the input's own name of a running event. `told` is the fingerprint of
    the text as its feed told it, where the text here is another one, of its page. `day` is the one that the input says
    (ISO 8601), where that is ahead of `published_at`.
    """

    title: str
    lead: str = ""
    body: str = ""
    source: str = ""
    source_url: str = ""
    url: str = ""
    language: str = "uk"
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    photo: Photo | None = None
    published_at: datetime | None = None
    external_id: str = ""
    identity: str | None = None
    story: str = ""
    urgent: bool = False
    told: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A stored article that an import brought: `title`, `lead` and `body` as the import last had them, its `tags`.

    `edited` is whether somebody at the desk has changed it since, `retracted` whether it was taken back.
    """

    id: int
    version: int
    title: str
    lead: str
    body: str
    tags: tuple[str, ...] = ()
    url_key: str = ""
    edited: bool = False
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a longer list: `offset` items come before it, `total` is None when nobody counted."""

    items: tuple[Headline, ...]
    offset: int = 0
    more: bool = False
    total: int | None = None
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What the word index keeps of an article: how often each word stands in the title, the lead and the body."""

    title: Mapping[str, int] = field(default_factory=dict)
    lead: Mapping[str, int] = field(default_factory=dict)
    body: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be shown as related, as far as that is decided; `published_at` is None when undated."""

    id: int
    title: str
    published_at: datetime | None = None
    same_as: int | None = None
    language: str = "uk"


@dataclass(frozen=True, slots=True)
class Subject(Candidate):
    """The article that related ones are looked for, and the state of the index it was read in.

    `vector` is its lemmas: number to times in the title, the lead and the body. `total` is how many articles the index
    has, `changes` differs after every change of it. `pinned` are the articles that editors want shown as related first,
    `banned` those that are never shown, both by number.
    """

    public: bool = True
    vector: Mapping[int, tuple[int, int, int]] = field(default_factory=dict)
    total: int = 0
    changes: int = 0
    pinned: tuple[int, ...] = ()
    banned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Lemma:
    """A word of the index in its dictionary form, and how many published articles have it."""

    id: int
    text: str
    articles: int


@dataclass(frozen=True, slots=True)
class Story:
    """Articles about one running event, oldest first."""

    id: int
    name: str
    items: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """What a story may be made one with: another story, or an article that is in none. `article` stands for it."""

    article: Headline
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class Tied:
    """What readers see as related to an article, with what editors said: pinned True, banned False, nothing None.

    The list was `shown` so often, and something in it `opened`. `items` are those of one `page`, `first` is the number
    of the first one, and `more` says whether there is a page behind it.
    """

    article: Article
    items: tuple[tuple[Headline, bool | None], ...]
    shown: int = 0
    opened: int = 0
    page: int = 0
    first: int = 1
    more: bool = False
