"""What exports of whole blogs have beside articles for readers: WordPress's and Blogger's are feeds of everything."""

from typing import Any

import regex

KINDS = "http://schemas.google.com/g/2005#kind"
"""The scheme of the categories that say what an entry of Blogger is."""
# What WordPress itself keeps beside posts; a site's own kinds ("news", "story") are articles.
_OF_A_SITE = frozenset({
    "page", "attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache",
    "user_request", "wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation",
    "wp_font_family", "wp_font_face",
})  # fmt: skip
_OF_A_BLOG = frozenset({"page", "settings", "template", "comment"})
_SHORTCODE = regex.compile(
    r"\[/?(?:caption|gallery|embed|audio|video|playlist|wp_caption)\b[^\]\n]{0,500}\]", regex.IGNORECASE
)


def other_than_article(entry: Any) -> str:
    """Return what an entry of an export is that is no article: "page", "attachment"; "" for an article."""
    kept = str(entry.get("wp_post_type", "")).strip().lower()
    if kept in _OF_A_SITE:
        return kept
    kinds = [str(tag.get("term", "")) for tag in entry.get("tags", ()) if tag.get("scheme") == KINDS]
    return next((kind for one in kinds if (kind := one.rpartition("#")[2]) in _OF_A_BLOG), "")


def status_of(entry: Any) -> str:
    """Return how far an entry of an export is: "publish", "draft", "private"…; "" where nothing says it."""
    if str(entry.get("app_draft", "")).strip().lower() == "yes":
        return "draft"
    return "private" if entry.get("wp_post_password") else str(entry.get("wp_status", ""))


def excerpt_of(entry: Any) -> str:
    """Return the lead that an author has written for an entry of WordPress, "" for none."""
    return str(entry.get("excerpt_encoded", ""))


def without_shortcodes(entry: Any, text: str) -> str:
    """Return a text of WordPress without what its program puts a caption or a gallery in place of."""
    return str(_SHORTCODE.sub("", text)) if entry.get("wp_post_type") else text
