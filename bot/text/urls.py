"""Addresses of pages, written one way."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import regex

_TRACKING = regex.compile(r"^(utm_|at_|ns_|mc_|pk_)|^(fbclid|gclid|yclid|dclid|igshid|ref|referrer|cmpid)$")


def url_key(url: str) -> str:
    """Return what two addresses of one page have in common; "" for none."""
    return digest(canonical_url(url)) if url else ""


def canonical_url(url: str) -> str:
    """Return an address without what does not change the page: tracking, fragment, `www.`, `m.`, a last slash."""
    try:
        parts = urlsplit(url)
    except ValueError:  # it is none
        return url
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.search(name.lower())
    ]
    return urlunsplit(("https", host, parts.path.rstrip("/"), urlencode(sorted(kept)), ""))


def digest(text: str) -> str:
    """Return a text's fingerprint: 40 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]
