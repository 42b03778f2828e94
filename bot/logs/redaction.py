"""Taking secrets out of what is written down: tokens, passwords in addresses, values that a database repeats.

Each pattern reads a text once, whatever stands in it: what it has looked at it never looks at again (possessive
repeats, and matches that take along what is no secret). Texts of strangers end in logs, long ones too.
"""

import regex

_TOKEN = regex.compile(
    r"(?<![0-9])[0-9]{6,}+(?::|%3[Aa])[A-Za-z0-9_-]{30,}+"  # the bot's
    r"|\bwhsec_[A-Za-z0-9+/]{20,}+=*|\bvisnyk_[A-Za-z0-9_-]{20,}+"  # a webhook's, and the API's
)
_ADDRESS = regex.compile(r"://\S*+")
_USER = regex.compile(r"://[^/\s:@]*+:")
_NAMED = regex.compile(
    r"""(?P<name>(?:password|passwd|passphrase|pwd|secret|token|api_?key)(?:=|%3D|["']\s?[:=]\s?))(?:"[^"]*+"|'[^']*+'|[^\s&"']*+)""",
    regex.IGNORECASE,
)
# What PostgreSQL adds to an error: the values of the row that it does not take.
_ROW = regex.compile(r"(?P<name>\b(?:DETAIL|CONTEXT):)[^\n]*+")
_HIDDEN = r"\g<name>***"


def redacted(text: str) -> str:
    """Return the text without secrets."""
    text = _ADDRESS.sub(_without_password, _TOKEN.sub("***", text))
    return str(_ROW.sub(_HIDDEN, _NAMED.sub(_HIDDEN, text)))


def is_secret(name: str) -> bool:
    """Tell whether a value of this name is not to be written down, whatever it is."""
    return _NAMED.search(f"{name}=") is not None


def _without_password(found: "regex.Match[str]") -> str:
    """Return an address without what stands before the `@`, where that names somebody and a password.

    A password may hold anything, `://` and `@` too: all goes from the first place that can be a name to the last `@`.
    """
    run: str = found[0]
    end = run.rfind("@")
    user = _USER.search(run, endpos=end) if end >= 0 else None
    return run if user is None else f"{run[: user.start()]}://***{run[end:]}"
