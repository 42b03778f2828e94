"""robots.txt as RFC 9309 has it, and what a page says of itself: what a site does not want read is not read."""

import time

import pytest

from bot.inflow.robots import Rules, keeps_to_itself

AGENT = "Visnyk"
SITE = "https://news.example"

# A file, what of the site may be read, and what may not.
FILES: dict[str, tuple[str, list[str], list[str]]] = {
    "nothing": ("", ["/", "/n/1"], []),
    "the longest rule counts": ("User-agent: *\nAllow: /\nDisallow: /private/", ["/", "/n"], ["/private/1"]),
    "whatever stands first": ("User-agent: *\nDisallow: /n/\nAllow: /n/open/", ["/n/open/1"], ["/n/1"]),
    "of two of one length the kinder": ("User-agent: *\nDisallow: /n/\nAllow: /n/", ["/n/1"], []),
    "an empty line ends nothing": ("User-agent: *\n\nDisallow: /n/", ["/"], ["/n/1"]),
    "a star": ("User-agent: *\nDisallow: /*?print\nDisallow: /a*b*c", ["/n", "/ab"], ["/n?print=1", "/axbyc/z"]),
    "an end": ("User-agent: *\nDisallow: /*.pdf$\nDisallow: /n$", ["/a.pdf?x", "/n/1"], ["/a.pdf", "/n"]),
    "everything by a star": ("User-agent: *\nDisallow: *", [], ["/", "/n"]),
    "its own name before everybody's": (
        "User-agent: *\nDisallow: /\n\nUser-agent: VISNYK\nDisallow: /x",
        ["/y"],
        ["/x/1"],
    ),
    "a name with a version": ("User-agent: Visnyk/2.0 (news)\nDisallow: /", [], ["/n"]),
    "a name that only begins alike": ("User-agent: VisnykBot\nDisallow: /", ["/n"], []),
    "several names, one group": ("User-agent: Other\nUser-agent: Visnyk\nDisallow: /x", ["/y"], ["/x"]),
    "a group in two places": ("User-agent: *\nDisallow: /a\nUser-agent: B\nDisallow: /\nUser-agent: *\nDisallow: /c", ["/b"], ["/a", "/c"]),
    "a line between that is no rule": ("User-agent: *\nSitemap: https://x/\nDisallow: /a", [], ["/a"]),
    "letters beyond ASCII": ("User-agent: *\nDisallow: /новини/\nDisallow: /%d1%82", [], ["/новини/1", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1", "/тема"]),
    "what is escaped without need": ("User-agent: *\nDisallow: /%6Eews\nDisallow: /a%2fb", ["/a/b"], ["/news/1", "/a%2Fb"]),
    "a star and a dollar that are meant": ("User-agent: *\nDisallow: /a-%2A$\nDisallow: /b-%24\nDisallow: /c$d", ["/a-b"], ["/a-*", "/a-%2a", "/b-$x", "/c$d"]),
    "an empty rule": ("User-agent: *\nDisallow:", ["/n"], []),
    "comments, spaces, capitals": ("# hello\n USER-AGENT : * # all\r\n\tdisallow :  /a  # not this", ["/b"], ["/a"]),
    "rules of nobody": ("Disallow: /", ["/n"], []),
    "the file itself": ("User-agent: *\nDisallow: /", ["/robots.txt"], ["/"]),
    "a page instead of a file": ("<!doctype html><html><p>User-agent: *</p><p>Disallow: /</p></html>", ["/n"], []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "may", "may_not"), FILES.values(), ids=FILES)
def test_a_file_means_what_the_standard_says(text: str, may: list[str], may_not: list[str]) -> None:
    rules = Rules.of(text, AGENT)
    assert [path for path in (*may, *may_not) if rules.allow(f"{SITE}{path}")] == may


def test_a_hostile_file_takes_no_time() -> None:
    rules = Rules.of("User-agent: *\n" + "Disallow: /" + "*a" * 1000 + "$\n" + "Disallow: /*x\n" * 20_000, AGENT)
    assert rules.allow(f"{SITE}/{'a' * 1500}b")


def test_a_file_that_names_thousands_of_programs_takes_no_time() -> None:
    """Each rule was kept for each of them: that is a thousand million for a file of this size."""
    names = "".join(f"User-agent: {'a' * (n % 200)}{'b' * (n // 200)}\n" for n in range(4000))
    began = time.process_time()
    rules = "Allow:/\n" * 8000 + "Disallow: /x\nUser-agent: *\nDisallow: /y"
    assert Rules.of(names + rules, AGENT).allow(f"{SITE}/x")
    assert Rules.of("User-agent: *\n" * 30_000 + "Disallow: /x", AGENT).paths == (("/x", False),)
    assert time.process_time() - began < 3


def test_of_a_long_file_as_much_counts_as_the_standard_wants_and_no_half_of_a_line() -> None:
    start, rule = "User-agent: *\n#", "\nDisallow: /private"
    for kept, may in ((len(rule), False), (len(rule) - len("private"), True)):
        text = start + "x" * (500 * 1024 - len(start) - kept) + rule + "\nAllow: /n"
        rules = Rules.of(text, AGENT)
        assert rules.allow(f"{SITE}/n")
        assert rules.allow(f"{SITE}/private") is may


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10.0),
        ("User-agent: *\nDisallow: /a\ncrawl-delay: 2.5", 2.5),
        ("User-agent: Visnyk\nDisallow:\n\nUser-agent: *\nCrawl-delay: 9", 0.0),
        ("User-agent: *\nCrawl-delay: 86400", 30.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -1", 0.0),
        ("User-agent: *\nCrawl-delay: nan", 0.0),
    ],
)
def test_how_far_apart_pages_are_asked_for(text: str, seconds: float) -> None:
    assert Rules.of(text, AGENT).delay == seconds


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", False),
        ("index, follow, max-image-preview:large, max-snippet:-1, max-video-preview:-1", False),
        ("nofollow", False),
        ("noarchive", True),
        ("NoIndex,NoFollow", True),
        ("none", True),
        ("nosnippet", True),
        ("max-snippet: 0", True),
        ("googlebot: noindex", False),
        ("googlebot: nofollow, noindex", False),
        ("visnyk: noarchive", True),
        ("unavailable_after: Wed, 25 Jun 2030 15:00:00 GMT", False),
        ("unavailable_after: Wed, 25 Jun 2030 15:00:00 GMT, noarchive", True),
        ("googlebot: nofollow\nnoarchive", True),
        ("noimageindex\ngooglebot: noarchive", False),
    ],
)
def test_what_a_page_says_of_itself(said: str, kept: bool) -> None:
    assert keeps_to_itself(said, AGENT) is kept
