"""What exports of whole blogs have beside articles for readers: WordPress's and Blogger's are feeds of everything."""

from typing import Any

import regex

from bot.text.cleaning import clean_line

_SHOWN = 80  # characters of what is quoted in a report

KINDS = "http://schemas.google.com/g/2005#kind"
"""The scheme of the categories that say what an entry of Blogger is."""
# What WordPress and what is built into it keep beside posts; a site's own kinds ("news", "story") are articles.
_OF_A_SITE = frozenset({
    "page", "attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache",
    "user_request", "acf", "nf_sub", "feedback", "mc4wp-form", "give_forms", "um_form", "is_search_form",
    "guest-author", "tablepress_table", "polylang_mo", "rank_math_schema", "custom-css-js", "code_snippet",
    "sidebar_instance", "popup", "popup_theme", "ml-slider", "ml-slide", "soliloquy", "envira", "option-tree",
    "scheduled-action", "product_variation", "advanced_ads", "amp_validated_url", "ct_template", "templatera",
    "vc_grid_item", "bricks_template", "brizy_template", "fl-builder-template", "fl-theme-layout", "tdb_templates",
    "gp_elements", "kadence_element", "astra-advanced-hook", "oceanwp_library", "e-landing-page", "view-template",
    "cred-form", "ppfuture_workflow", "psppnotif_workflow", "bp-email", "mailpoet_page",
})  # fmt: skip
_BEGINNINGS_OF_A_SITE = (
    "_", "wp_", "wp-types", "acf-", "wpcf7", "wpforms", "wpcode", "flamingo_", "frm_", "elementor", "et_", "fusion_",
    "ngg_", "shop_", "edd_", "jp_", "aiosrs-",
)  # fmt: skip
# How programs keep a list of settings in the place of a text: of PHP, or JSON.
_DATA = regex.compile(r"\s*(?:[aO]:\d+:[{\"]|\{\s*(?:\"|&quot;|\})|\[\s*[\[{])")
_OF_A_BLOG = frozenset({"page", "settings", "template", "comment"})
_OUT_OF_BLOGGER, _OUT_OF_WORDPRESS = "live", "publish"
_SHORTCODE = regex.compile(
    r"\[/?(?:caption|gallery|embed|audio|video|playlist|wp_caption)\b[^\]\n]{0,500}\]", regex.IGNORECASE
)


def other_than_article(entry: Any) -> str:
    """Return what an entry of an export is that is no article: "page", "attachment"; "" for an article.

    Blogger has said it in an element of its own since 2024, in a category before.
    """
    kept = _said(entry, "wp_post_type")
    if kept in _OF_A_SITE or kept.startswith(_BEGINNINGS_OF_A_SITE):
        return kept
    if kept not in {"", "post"} and (_is_data(entry) or _has_no_page(entry, kept)):
        return kept
    if (kind := _said(entry, "blogger_type")) not in {"", "post"}:
        return kind
    kinds = [str(tag.get("term", "")) for tag in entry.get("tags", ()) if tag.get("scheme") == KINDS]
    return next((kind for one in kinds if (kind := one.rpartition("#")[2]) in _OF_A_BLOG), "")


def kept_back_by_blog(entry: Any) -> str:
    """Return why an entry of an export is not for readers: "draft", "private", a status of its own; "" when it is.

    Sites add statuses (“pitch”, “in-progress”), so only the one that means published counts as that.
    """
    if _said(entry, "app_draft") == "yes":
        return "draft"
    if (status := _said(entry, "blogger_status")) not in {"", _OUT_OF_BLOGGER}:
        return status
    if entry.get("wp_post_password"):
        return "private"
    status = _said(entry, "wp_status")
    return "" if status == _OUT_OF_WORDPRESS else status


def _said(entry: Any, name: str) -> str:
    return clean_line(str(entry.get(name, ""))[:_SHOWN]).lower()


def _has_no_page(entry: Any, kind: str) -> bool:
    """Tell whether an entry has no text, and only the address that WordPress makes up for a kind without pages."""
    return f"post_type={kind}&" in str(entry.get("link", "")) and not any(
        str(part.get("value", "")).strip() for part in entry.get("content", ())
    )


def _is_data(entry: Any) -> bool:
    """Tell whether what stands for an entry's text is read by a program."""
    return any(_DATA.match(str(part.get("value", ""))) for part in entry.get("content", ()))


def excerpt_of(entry: Any) -> str:
    """Return the lead that an author has written for an entry of WordPress, "" for none."""
    return str(entry.get("excerpt_encoded", ""))


def without_shortcodes(entry: Any, text: str) -> str:
    """Return a text of WordPress without what its program puts a caption or a gallery in place of."""
    return str(_SHORTCODE.sub("", text)) if entry.get("wp_post_type") else text
