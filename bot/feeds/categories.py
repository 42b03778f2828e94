"""Filing: the topics an imported item belongs under, by the names its source uses, else by its words."""

import unicodedata

import regex

from bot.model.news import Incoming, Terms, Topic
from bot.relevance.topics import START_TOPICS, propose_slugs

# What other newsrooms call our topics. None: a heading of a page, not a topic.
_NAMES: dict[str, str | None] = {
    "політика": "politics", "politics": "politics", "економіка": "economy", "business": "economy", "бізнес": "economy",
    "економiка": "economy", "b": "economy", "фінанси": "economy", "світ": "world", "за кордоном": "world",
    "world": "world", "міжнародні": "world", "суспільство": "society", "society": "society", "події": "incidents",
    "надзвичайні події": "incidents", "кримінал": "incidents", "технології": "tech", "technology": "tech", "t": "tech",
    "наука": "science", "science": "science", "спорт": "sport", "sport": "sport", "sports": "sport",
    "шоу-бізнес": "culture", "культура": "culture", "entertainment": "culture", "e": "culture", "culture": "culture",
    "здоров'я": "health", "здоров’я": "health", "health": "health", "m": "health", "медицина": "health",
    "війна": "war", "war": "war", "погода": "weather", "weather": "weather",
    "головне": None, "фоторепортаж": None, "відео": None, "курйози": None, "новини": None, "news": None, "топ": None,
}  # fmt: skip
_BY_SLUG = {topic.slug: topic for topic in START_TOPICS}
_BRACKETS = regex.compile(r"\s*[(\[][^)\]]*[)\]]")
_NOT_SLUG = regex.compile(r"[^a-z0-9]+")
_LATIN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёыэъ",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ye",
            "zh",
            "z",
            "y",
            "i",
            "yi",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "yu",
            "ya",
            "yo",
            "y",
            "e",
            "",
        ],
        strict=False,
    )
)


def file_under(incoming: Incoming, terms: Terms) -> tuple[Topic, ...]:
    """Return the topics of an item: those it names, else those its words propose."""
    topics = [topic for name in incoming.topics if (topic := named_topic(name)) is not None]
    if not topics:
        topics = [_BY_SLUG[slug] for slug in propose_slugs(terms)]
    return tuple({topic.slug: topic for topic in topics}.values())[:4]


def named_topic(name: str) -> Topic | None:
    """Return the topic a source calls by this name; a new one for a name nobody knows; None for a page's heading."""
    plain = _BRACKETS.sub("", name).strip()
    key = plain.casefold()
    if key in _BY_SLUG:
        return _BY_SLUG[key]
    if key in _NAMES:
        slug = _NAMES[key]
        return _BY_SLUG[slug] if slug else None
    slug = _slug(plain)
    return Topic(0, slug, {"uk": plain, "en": plain}) if slug else None


def _slug(name: str) -> str:
    latin = "".join(_LATIN.get(letter, letter) for letter in name.casefold())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return str(_NOT_SLUG.sub("-", plain)).strip("-")[:32].strip("-")
