"""The topics a newsroom starts with, and which of them a text seems to belong to."""

from collections import Counter
from functools import cache

from bot.model.news import Terms, Topic
from bot.relevance.lemmas import lemma_of, tokens
from bot.text.languages import ALL, LANGUAGES, topic_words

MOST_PROPOSED = 2

# In the desk's order. What each is called, and which words speak for it, says each language's folder.
_START = (
    ("war", "🛡"), ("politics", "🏛"), ("economy", "💶"), ("world", "🌍"), ("society", "👥"), ("incidents", "🚨"),
    ("tech", "💻"), ("sport", "⚽"), ("culture", "🎭"), ("health", "🩺"), ("science", "🔬"), ("weather", "🌦"),
)  # fmt: skip


def _names(slug: str) -> dict[str, str]:
    said = {code: topic_words(code)[slug].name for code in LANGUAGES if slug in topic_words(code)}
    return {code: name for code, name in said.items() if name}


START_TOPICS = tuple(Topic(0, slug, _names(slug), emoji) for slug, emoji in _START)


def propose_slugs(terms: Terms) -> list[str]:
    """Return the slugs of up to two of the topics a newsroom starts with, the likeliest first; none when in doubt."""
    counted = Counter(terms.body)
    for word, times in terms.lead.items():
        counted[word] += 2 * times
    for word, times in terms.title.items():
        counted[word] += 3 * times
    scores = [
        (sum(min(counted[word], 5) for word in seeds if word in counted), slug) for slug, seeds in _seeds().items()
    ]
    ranked = sorted((pair for pair in scores if pair[0] >= 3), key=lambda pair: -pair[0])
    if not ranked:
        return []
    best = ranked[0][0]
    return [slug for score, slug in ranked[:MOST_PROPOSED] if score * 2 >= best]


@cache
def _seeds() -> dict[str, frozenset[str]]:
    said = [(language.code, topic_words(language.code)) for language in ALL]
    return {
        slug: frozenset(
            lemma_of(token, code)
            for code, topics in said
            if slug in topics
            for word in topics[slug].words
            for token in tokens(word)
        )
        for slug, _ in _START
    }
