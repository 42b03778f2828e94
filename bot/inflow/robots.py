"""What sites let programs read: robots.txt (RFC 9309), and what single pages say of themselves."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import regex

_MOST = 500 * 1024  # characters of a file that count; the standard wants so many bytes to be read
_LONGEST_DELAY = 30.0  # seconds; who wants pages to be asked for more seldom gets this
_NAME = regex.compile(r"[A-Za-z_-]+")
_SECONDS = regex.compile(r"\d{1,6}(?:\.\d{1,3})?")
_ESCAPED = regex.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_EVERYBODY = "*"
_KEPT = frozenset({"none", "noindex", "noarchive", "nosnippet", "max-snippet:0"})
_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site lets a program read. `delay` is how many seconds apart it wants its pages to be asked for.

    Each of the `paths` is a pattern, and whether what fits it may be read; the longest that fits counts.
    """

    paths: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    @classmethod
    def of(cls, text: str, agent: str) -> "Rules":
        """Return what a robots.txt says to a program: in its own groups, without one in everybody's."""
        groups: dict[str, list[tuple[str, str]]] = {}
        heard = {agent.lower(), _EVERYBODY}  # what others are told is not kept: a file may name thousands of them
        names: set[str] = set()
        named = False
        for key, value in map(_line, _lines(text)):
            if key == "user-agent":
                names = (names if named else set()) | ({_called(value)} & heard)
                named = True
                for name in names:
                    groups.setdefault(name, [])
            elif key in {"allow", "disallow", "crawl-delay"}:  # any other line stands between without a meaning
                named = False
                for name in names:
                    groups[name].append((key, value))
        mine = groups.get(agent.lower(), groups.get(_EVERYBODY, []))
        paths = ((_plain(value), key == "allow") for key, value in mine if key != "crawl-delay" and value)
        delays = (float(value) for key, value in mine if key == "crawl-delay" and _SECONDS.fullmatch(value))
        return cls(tuple(paths), min(_LONGEST_DELAY, max(delays, default=0.0)))

    def allow(self, address: str) -> bool:
        """Tell whether the page at an address of this site may be read."""
        parts = urlsplit(address)
        path = _literal(_plain((parts.path or "/") + (f"?{parts.query}" if parts.query else "")))
        if path == "/robots.txt":
            return True
        fitting = ((len(pattern), allowed) for pattern, allowed in self.paths if _fits(pattern, path))
        return max(fitting, default=(0, True))[1]


def keeps_to_itself(said: str, agent: str) -> bool:
    """Tell whether a page says (X-Robots-Tag, or a meta called robots) that others shall not keep or show its text.

    What follows another program's name in one of the lines, as the header may have it, is for that one.
    """
    return any(_keeps(line, agent.lower()) for line in said.lower().splitlines())


def _keeps(said: str, agent: str) -> bool:
    ours = True
    for word in said.split(","):
        name, colon, rest = (part.strip() for part in word.partition(":"))
        if colon and _NAME.fullmatch(name) and name not in _VALUED:  # a date has a colon, too
            ours, name, colon, rest = name == agent, rest, "", ""
        if ours and f"{name}{colon}{rest}" in _KEPT:
            return True
    return False


def _lines(text: str) -> list[str]:
    """Return the lines that count; one that is cut off by the limit would mean something else."""
    lines = text[: _MOST + 1].lstrip("\ufeff").splitlines(keepends=True)
    return lines if len(text) <= _MOST or lines[-1].endswith(("\r", "\n")) else lines[:-1]


def _line(line: str) -> tuple[str, str]:
    key, _, value = line.partition("#")[0].partition(":")
    return key.strip().lower(), value.strip()


def _called(value: str) -> str:
    name = _NAME.match(value)
    return name[0].lower() if name is not None else value[:1]


def _plain(path: str) -> str:
    """Return a path as it is compared: what need not be escaped is not, all else is."""
    return str(_ESCAPED.sub(_unescaped, quote(path, safe="/%?:@!$&'()*+,;=~[]")))


def _literal(path: str) -> str:
    """Return a path with the signs escaped that mean something in a pattern, as a pattern has to write them."""
    return path.replace("*", "%2A").replace("$", "%24")


def _unescaped(found: "regex.Match[str]") -> str:
    sign = chr(int(found[1], 16))
    return sign if sign in _UNRESERVED else found[0].upper()


def _fits(pattern: str, path: str) -> bool:
    """Tell whether a path begins as a pattern says, in which a star is anything and a dollar at the end is the end."""
    ends = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").replace("$", "%24").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = parts.pop() if ends and parts else None
    for part in parts:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return not ends or at == len(path)
