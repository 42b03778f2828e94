"""Fetching: what is refused and survived, each with its reason, and what is had."""

import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import BadSetting
from bot.fetch.answers import Failed, Fetched, Posted, Reason
from bot.fetch.bodies import unpacked
from bot.fetch.fetcher import Fetcher
from bot.fetch.headers import fresh_for, retry_after
from bot.fetch.networks import Allowed, Zone, allowed, zone_of
from tests.support.clock import TestClock
from tests.support.site import Site, a_raw_server, a_site

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PUBLIC = "198.41.0.4"


class Names(AbstractResolver):
    """Answers each question for a name with the next of its addresses."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {name.replace("_", "."): list(found) for name, found in names.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        assert family is not None
        found = self.names.get(host, [])
        if not found:
            raise OSError("nobody knows it")
        ip = found.pop(0) if len(found) > 1 else found[0]
        kind = socket.AF_INET6 if ":" in ip else socket.AF_INET
        return [ResolveResult(hostname=host, host=ip, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        pass


def a_fetcher(allow: str = "", **options: Any) -> Fetcher:
    return Fetcher(clock=TestClock(NOW), agent="Visnyk/test", allowed=allowed(allow), **options)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with a_site() as opened:
        yield opened


# Addresses and why they are refused. No server runs there: nothing is ever asked.
HOSTILE: list[tuple[str, Reason, str]] = [
    ("http://127.0.0.1/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://127.1/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://2130706433/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://0x7f.0.0.1/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://017700000001/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://localhost/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://LOCALHOST./", Reason.NETWORK, Zone.LOOPBACK),
    ("http://[::1]/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://①②⑦.0.0.1/", Reason.NETWORK, Zone.LOOPBACK),
    ("http://0.0.0.0/", Reason.NETWORK, Zone.UNSPECIFIED),
    ("http://0/", Reason.NETWORK, Zone.UNSPECIFIED),
    ("http://[::]/", Reason.NETWORK, Zone.UNSPECIFIED),
    ("http://169.254.169.254/latest/meta-data/", Reason.NETWORK, Zone.METADATA),
    ("http://[fd00:ec2::254]/", Reason.NETWORK, Zone.METADATA),
    ("http://100.100.100.200/", Reason.NETWORK, Zone.METADATA),
    ("http://168.63.129.16/machine?comp=goalstate", Reason.NETWORK, Zone.METADATA),
    ("http://192.0.0.192/latest/", Reason.NETWORK, Zone.METADATA),
    ("http://169.254.1.1/", Reason.NETWORK, Zone.LINK_LOCAL),
    ("http://[fe80::1]/", Reason.NETWORK, Zone.LINK_LOCAL),
    ("http://10.1.2.3/", Reason.NETWORK, Zone.PRIVATE),
    ("http://172.16.0.1/", Reason.NETWORK, Zone.PRIVATE),
    ("http://192.168.1.1/", Reason.NETWORK, Zone.PRIVATE),
    ("https://[fd12:3456::1]/", Reason.NETWORK, Zone.PRIVATE),
    ("http://100.64.0.1/", Reason.NETWORK, Zone.CARRIER),
    ("http://[::ffff:127.0.0.1]/", Reason.NETWORK, Zone.MAPPED),
    ("http://[::ffff:7f00:1]/", Reason.NETWORK, Zone.MAPPED),
    ("http://[::127.0.0.1]/", Reason.NETWORK, Zone.MAPPED),
    ("http://[64:ff9b::7f00:1]/", Reason.NETWORK, Zone.TRANSLATED),
    ("http://[64:ff9b::a00:1]/", Reason.NETWORK, Zone.TRANSLATED),
    ("http://[2002:7f00:1::]/", Reason.NETWORK, Zone.TUNNEL),
    ("http://[2001:0:5ef5:79fd:0:0:80ff:fffe]/", Reason.NETWORK, Zone.TUNNEL),
    ("http://224.0.0.1/", Reason.NETWORK, Zone.MULTICAST),
    ("http://[ff02::1]/", Reason.NETWORK, Zone.MULTICAST),
    ("http://255.255.255.255/", Reason.NETWORK, Zone.RESERVED),
    ("http://240.0.0.1/", Reason.NETWORK, Zone.RESERVED),
    ("http://192.0.2.1/", Reason.NETWORK, Zone.RESERVED),
    ("http://198.18.0.1/", Reason.NETWORK, Zone.RESERVED),
    ("http://192.0.0.8/", Reason.NETWORK, Zone.RESERVED),
    ("http://[3fff::1]/", Reason.NETWORK, Zone.RESERVED),
    ("http://[2001:db8::1]/", Reason.NETWORK, Zone.RESERVED),
    ("http://[4000::1]/", Reason.NETWORK, Zone.RESERVED),
    ("http://example.org:22/", Reason.PORT, "22"),
    ("http://example.org:6379/", Reason.PORT, "6379"),
    ("https://example.org:8443/", Reason.PORT, "8443"),
    ("file:///etc/passwd", Reason.SCHEME, "file"),
    ("gopher://127.0.0.1:6379/_FLUSHALL", Reason.SCHEME, "gopher"),
    ("ftp://example.org/feed.xml", Reason.SCHEME, "ftp"),
    ("data:text/xml,<rss/>", Reason.SCHEME, "data"),
    ("javascript:alert(1)", Reason.SCHEME, "javascript"),
    ("http://example.org@127.0.0.1/", Reason.CREDENTIALS, ""),
    ("http://user:secret@example.org/", Reason.CREDENTIALS, ""),
    ("http:///feed", Reason.ADDRESS, ""),
    ("http://", Reason.ADDRESS, ""),
    ("not an address", Reason.ADDRESS, ""),
    ("", Reason.ADDRESS, ""),
    ("http://[::1", Reason.ADDRESS, ""),
    ("http://example.org:99999/", Reason.ADDRESS, ""),
    ("http://../feed", Reason.ADDRESS, ""),
    (f"http://example.org/{'a' * 3000}", Reason.ADDRESS, ""),
    ("http://\ud800.example/", Reason.ADDRESS, ""),
    ("http://nobody-knows.invalid/", Reason.NAME, ""),
    ("http://inside.example/", Reason.NETWORK, Zone.PRIVATE),
    ("http://sixth.example/", Reason.NETWORK, Zone.LOOPBACK),
]
NAMES = {
    "inside_example": ["10.0.0.7"],
    "sixth_example": ["::1"],
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
}


def a_resolver() -> Names:
    return Names(**NAMES)


@pytest.mark.parametrize(("address", "reason", "detail"), HOSTILE, ids=[repr(one[0])[:50] for one in HOSTILE])
async def test_a_hostile_address_is_refused_with_its_reason(address: str, reason: Reason, detail: str) -> None:
    assert await a_fetcher(resolver=a_resolver()).fetch(address) == Failed(reason, detail)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://[::1]/", Failed(Reason.NETWORK, Zone.LOOPBACK)),
        ("http://[fe80::1]/", Failed(Reason.NETWORK, Zone.LINK_LOCAL)),
        ("http://127.1/", Failed(Reason.NETWORK, Zone.LOOPBACK)),
        ("http://example.org:22/", Failed(Reason.PORT, "22")),
        ("http://[2606:4700::1111]/", None),
        ("http://example.org/", None),
        ("http://inside.example/", None),  # where it leads is seen when it is asked
    ],
)
def test_what_an_address_tells_by_itself_is_said_before_it_is_asked(address: str, why: Failed | None) -> None:
    assert a_fetcher().refusal(address) == why


SENT_ON = [one for one in HOSTILE if "://" in one[0] and one[1] is not Reason.ADDRESS]


@pytest.mark.parametrize(("address", "reason", "detail"), SENT_ON, ids=[one[0][:50] for one in SENT_ON])
async def test_what_is_sent_on_to_a_hostile_address_ends_there(
    site: Site, address: str, reason: Reason, detail: str
) -> None:
    site.pages["/"] = web.Response(status=302, headers={"Location": address})
    fetcher = a_fetcher(f"127.0.0.1:{site.port}", resolver=a_resolver())
    assert await fetcher.fetch(site.root) == Failed(reason, detail)


@pytest.mark.parametrize("address", [one[0] for one in HOSTILE if one[1] is Reason.NETWORK], ids=repr)
async def test_behind_a_proxy_what_is_written_as_an_address_is_refused_all_the_same(site: Site, address: str) -> None:
    fetcher = a_fetcher(proxy=site.root)
    answer = await fetcher.fetch(address)
    known = address in {"http://inside.example/", "http://sixth.example/"}  # names are the proxy's to look up
    assert known or (isinstance(answer, Failed) and answer.reason is Reason.NETWORK)


async def test_a_proxy_is_asked_for_what_it_may_be_asked_for(site: Site) -> None:
    site.pages["/feed"] = "<rss/>"
    answer = await a_fetcher(proxy=site.root).fetch("http://example.org/feed")
    assert isinstance(answer, Fetched)
    assert site.asked[0].host == "example.org"


async def test_a_name_that_means_another_address_the_second_time_leads_nowhere(site: Site) -> None:
    """What was asked about first counts for nothing: the address that is connected to is the one that is judged."""
    rebinding = Names(rebinding_example=[PUBLIC, "127.0.0.1"])
    fetcher = a_fetcher(resolver=rebinding, seconds=0.3)
    first = await fetcher.fetch("http://rebinding.example/")
    assert isinstance(first, Failed)
    assert first.reason is not Reason.NETWORK  # it went out; there is no network here
    assert await fetcher.fetch("http://rebinding.example/") == Failed(Reason.NETWORK, Zone.LOOPBACK)


def _packed(body: bytes, how: str) -> web.Response:
    return web.Response(body=body, headers={"Content-Encoding": how, "Content-Type": "application/xml"})


NOUGHTS = b"\0" * 30_000_000
BODIES: list[tuple[str, Any, Reason | None]] = [
    ("a gzip bomb", lambda: _packed(gzip.compress(NOUGHTS), "gzip"), Reason.SIZE),
    ("a deflate bomb", lambda: _packed(zlib.compress(NOUGHTS), "deflate"), Reason.SIZE),
    ("a raw deflate bomb", lambda: _packed(zlib.compress(NOUGHTS)[2:-4], "deflate"), Reason.SIZE),
    ("packed twice", lambda: _packed(gzip.compress(gzip.compress(b"<rss/>")), "gzip, gzip"), Reason.PACKING),
    ("a brotli bomb", lambda: _packed(b"\x8b\xff\xff\x00\x80", "br"), Reason.PACKING),
    ("zstandard", lambda: _packed(b"\x28\xb5\x2f\xfd", "zstd"), Reason.PACKING),
    ("what is not packed as it says", lambda: _packed(b"<rss/>", "gzip"), Reason.PACKING),
    ("a packed body cut off", lambda: _packed(gzip.compress(b"<rss/>" * 99)[:-9], "gzip"), Reason.PACKING),
    ("more than is taken", lambda: web.Response(body=b"x" * 10_000_001, content_type="text/xml"), Reason.SIZE),
    ("a film", lambda: web.Response(body=b"x", content_type="video/mp4"), Reason.KIND),
    ("an archive", lambda: web.Response(body=b"PK", content_type="application/zip"), Reason.KIND),
    ("a picture", lambda: web.Response(body=b"GIF89a", content_type="image/gif"), Reason.KIND),
    ("a redirect to nowhere", lambda: web.Response(status=302), Reason.REDIRECT),
    ("a redirect to itself", lambda: web.Response(status=302, headers={"Location": "/"}), Reason.REDIRECTS),
    ("a page for who pays", lambda: web.Response(status=403), Reason.DENIED),
    ("a page for who is known", lambda: web.Response(status=401), Reason.DENIED),
    ("a page that is not there", lambda: web.Response(status=404), Reason.MISSING),
    ("a page that is gone for good", lambda: web.Response(status=410), Reason.GONE),
    ("too many questions", lambda: web.Response(status=429), Reason.BUSY),
    ("an error", lambda: web.Response(status=500), Reason.SERVER),
    ("a teapot", lambda: web.Response(status=418), Reason.STATUS),
    ("nothing new, to who knows nothing", lambda: web.Response(status=304), Reason.STATUS),
    ("nothing to say", lambda: web.Response(status=204), Reason.STATUS),
    ("gzip", lambda: _packed(gzip.compress(b"<rss/>"), "gzip"), None),
    ("gzip in parts", lambda: _packed(gzip.compress(b"<rs") + gzip.compress(b"s/>"), "gzip"), None),
    ("gzip and noughts", lambda: _packed(gzip.compress(b"<rss/>") + b"\0" * 512, "gzip"), None),
    ("a bomb in parts", lambda: _packed(gzip.compress(NOUGHTS[:4_000_000]) * 3, "gzip"), Reason.SIZE),
    (
        "parts cut off",
        lambda: _packed(gzip.compress(b"<rss/>") + gzip.compress(b"x" * 99)[:-9], "gzip"),
        Reason.PACKING,
    ),
    ("deflate", lambda: _packed(zlib.compress(b"<rss/>"), "deflate"), None),
    ("raw deflate", lambda: _packed(zlib.compress(b"<rss/>")[2:-4], "deflate"), None),
    ("packed as it is", lambda: _packed(b"<rss/>", "identity"), None),
    ("no kind at all", lambda: web.Response(body=b"<rss/>", headers={"Content-Type": ""}), None),
]


@pytest.mark.parametrize(("_name", "make", "reason"), BODIES, ids=[one[0] for one in BODIES])
async def test_what_a_server_answers_is_had_or_survived(
    site: Site, _name: str, make: Any, reason: Reason | None
) -> None:
    site.pages["/"] = make()
    answer = await a_fetcher("127.0.0.1").fetch(f"{site.root}/")
    if reason is None:
        assert isinstance(answer, Fetched)
        assert answer.body == b"<rss/>"
    else:
        assert isinstance(answer, Failed)
        assert answer.reason is reason


async def test_what_ends_just_behind_a_stretch_that_is_unpacked_at_once_is_whole() -> None:
    async def whole(body: bytes) -> AsyncIterator[bytes]:
        yield body

    for more in (0, 1, 5, 100, 258):
        text = (b"abc" * 65_536)[: 65_536 + more]
        assert await unpacked(whole(zlib.compress(text)[2:-4]), "deflate", 100_000) == text


async def test_a_packed_body_may_come_byte_by_byte() -> None:
    async def bytewise(body: bytes) -> AsyncIterator[bytes]:
        for place in range(len(body)):
            yield body[place : place + 1]

    for body in (
        zlib.compress(b"<rss/>")[2:-4],
        zlib.compress(b"<rss/>"),
        gzip.compress(b"<r") + gzip.compress(b"ss/>"),
    ):
        packing = "gzip" if body.startswith(b"\x1f") else "deflate"
        assert await unpacked(bytewise(body), packing, 100) == b"<rss/>"


RAW: list[tuple[str, bytes, bool, Reason]] = [
    ("no HTTP", b"SSH-2.0-OpenSSH_9.6\r\n\r\n", False, Reason.PROTOCOL),
    ("a head without an end", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, False, Reason.PROTOCOL),
    ("nothing", b"", False, Reason.CONNECTION),
    ("silence", b"", True, Reason.TIMEOUT),
    ("half a body", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss", False, Reason.CONNECTION),
    ("a body that never ends", b"HTTP/1.1 200 OK\r\n\r\n<rss>", True, Reason.TIMEOUT),
    ("a broken length", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", False, Reason.PROTOCOL),
    ("broken chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", False, Reason.PROTOCOL),
    ("a length that lies", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<rss>", True, Reason.SIZE),
]


@pytest.mark.parametrize(("_name", "sent", "waits", "reason"), RAW, ids=[one[0] for one in RAW])
async def test_what_is_no_decent_answer_is_survived(_name: str, sent: bytes, waits: bool, reason: Reason) -> None:
    async with a_raw_server(sent, then_wait=waits) as address:
        answer = await a_fetcher("127.0.0.1", seconds=0.5).fetch(address)
    assert isinstance(answer, Failed)
    assert answer.reason is reason


async def test_a_body_is_brought_to_an_address_and_nowhere_it_sends_on_to(site: Site) -> None:
    moved = {"Location": f"{site.root}/elsewhere", "Retry-After": "120"}
    site.pages["/hook"] = web.Response(status=307, headers=moved)
    answer = await a_fetcher(f"127.0.0.1:{site.port}").post(f"{site.root}/hook", b"{}", {"Webhook-Id": "7"})
    assert answer == Posted(307, 120)
    assert [(one.method, one.path, one.headers["Webhook-Id"]) for one in site.asked] == [("POST", "/hook", "7")]


@pytest.mark.parametrize("address", ["http://127.0.0.1/hook", "http://inside.example/hook", "ftp://example.org/hook"])
async def test_a_body_is_brought_to_no_address_that_is_not_asked_for_anything(address: str) -> None:
    fetcher = a_fetcher(resolver=a_resolver())
    assert await fetcher.post(address, b"{}", {}) == await fetcher.fetch(address) != Failed(Reason.ADDRESS)


async def test_what_is_too_large_is_said_in_megabytes(site: Site) -> None:
    site.pages["/"] = web.Response(body=b"x" * 2_000_001, content_type="text/xml")
    assert await a_fetcher("127.0.0.1", most=2_000_000).fetch(site.root) == Failed(Reason.SIZE, "2")


async def test_nobody_listens(unused_tcp_port_: int) -> None:
    answer = await a_fetcher("127.0.0.1").fetch(f"http://127.0.0.1:{unused_tcp_port_}/")
    assert answer == Failed(Reason.CONNECTION)


@pytest.fixture
def unused_tcp_port_() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_five_redirects_are_followed_and_an_address_moves_only_while_all_are_for_good(site: Site) -> None:
    for number, status in enumerate((301, 308, 302, 301, 301)):
        site.pages[f"/{number}"] = web.Response(status=status, headers={"Location": f"/{number + 1}"})
    site.pages["/5"] = "<rss/>"
    answer = await a_fetcher("127.0.0.1").fetch(f"{site.root}/0")
    assert isinstance(answer, Fetched)
    assert (answer.address, answer.moved) == (f"{site.root}/5", f"{site.root}/2")
    site.pages["/5"] = web.Response(status=302, headers={"Location": "/6"})
    site.pages["/6"] = "<rss/>"
    assert await a_fetcher("127.0.0.1").fetch(f"{site.root}/0") == Failed(Reason.REDIRECTS, "5")


async def test_a_server_is_told_who_asks_and_what_is_known_and_gets_no_cookies(site: Site) -> None:
    site.pages["/"] = web.Response(
        status=304, headers={"ETag": '"b"', "Set-Cookie": "a=1", "Cache-Control": "max-age=600"}
    )
    fetcher = a_fetcher("127.0.0.1")
    for _ in range(2):
        answer = await fetcher.fetch(f"{site.root}/", etag='"a"', modified="Thu, 26 Nov 2026 10:00:00 GMT")
        assert isinstance(answer, Fetched)
        assert (answer.unchanged, answer.etag, answer.fresh_for) == (True, '"b"', 600)
    asked = site.asked[-1].headers
    assert asked["User-Agent"] == "Visnyk/test"
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"a"', "Thu, 26 Nov 2026 10:00:00 GMT")
    assert "Cookie" not in asked
    assert asked["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("tag", [b"\xff\xfe", b'"' + b"x" * 5000 + b'"', "“я”".encode()])
async def test_a_tag_that_cannot_be_said_again_is_none(tag: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nETag: " + tag + b"\r\nContent-Type: te\xffxt/xml\r\nContent-Length: 6\r\n\r\n<rss/>"
    async with a_raw_server(head) as address:
        answer = await a_fetcher("127.0.0.1").fetch(address)
    assert isinstance(answer, Fetched)
    assert (answer.etag, answer.kind, answer.body) == ("", "text/xml", b"<rss/>")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=300"}, 300),
        ({"Cache-Control": "max-age=300", "Age": "100"}, 200),
        ({"Cache-Control": 'max-age="300"'}, 300),
        ({"Cache-Control": "max-age=99999999999"}, 86_400),
        ({"Cache-Control": "no-cache, max-age=300"}, 0),
        ({"Cache-Control": "s-maxage=31536000, stale-while-revalidate"}, 0),  # what lies between may keep it, not we
        ({"Cache-Control": "s-maxage=86400, max-age=60"}, 60),
        ({"Expires": "Thu, 26 Nov 2026 14:10:00 GMT", "Date": "Thu, 26 Nov 2026 14:00:00 GMT"}, 600),  # by its clock
        (
            {"Expires": "Thu, 26 Nov 2026 14:10:00 GMT", "Date": "Thu, 26 Nov 2026 14:00:00 GMT", "Age": "500"},
            100,  # what lies between has kept it so long
        ),
        ({"Expires": "Fri, 31 Dec 9999 23:59:59 GMT", "Date": "Fri, 31 Dec 9999 23:00:00 GMT", "Age": "999999999"}, 0),
        ({"Expires": "Thu, 26 Nov 2026 12:10:00 GMT", "Date": "soon"}, 600),
        ({"Expires": "Thu, 26 Nov 2026 12:10:00 GMT"}, 600),
        ({"Expires": "0"}, 0),
        ({"Expires": "Thu, 99 Nov 2026 12:10:00 GMT"}, 0),
        ({}, 0),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: float) -> None:
    assert fresh_for(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Thu, 26 Nov 2026 12:02:00 GMT", 120),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0),
        ("9" * 30, 86_400),
        ("soon", 0),
        ("", 0),
        ("-5", 0),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(said: str, seconds: float) -> None:
    assert retry_after({"Retry-After": said}, NOW) == seconds


@pytest.mark.parametrize(
    ("allow", "reached", "refused"),
    [
        ("10.0.0.0/8", [("10.1.1.1", 80), ("10.1.1.1", 9000)], [("11.0.0.1", 80), ("127.0.0.1", 80)]),
        ("10.0.0.5:8080", [("10.0.0.5", 8080)], [("10.0.0.5", 80), ("10.0.0.6", 8080)]),
        ("[fd00::5]:8080", [("fd00::5", 8080)], [("fd00::5", 80)]),
        ("fd00::/16, 192.168.1.0/24", [("fd00::9", 1), ("192.168.1.77", 443)], [("192.168.2.1", 443)]),
        ("10.0.0.5:1 10.0.0.5:65535", [("10.0.0.5", 1), ("10.0.0.5", 65535)], [("10.0.0.5", 2)]),
        ("10.9.9.9/8", [("10.1.1.1", 80)], []),
        ("cms.local", [], [("10.0.0.5", 80)]),
        ("fe80::/10", [("fe80::1%eth0", 80)], []),
    ],
)
def test_what_the_operator_allows(allow: str, reached: list[tuple[str, int]], refused: list[tuple[str, int]]) -> None:
    found = allowed(allow)
    assert [found.address(*one) for one in reached] == [True] * len(reached)
    assert [found.address(*one) for one in refused] == [False] * len(refused)


def test_a_name_is_allowed_with_its_port_or_any() -> None:
    found = allowed("cms.local, wiki.lan:8080")
    assert found.name("CMS.local.", 9999)
    assert found.name("wiki.lan", 8080)
    assert not found.name("wiki.lan", 80)
    assert not found.name("evil.cms.local", 80)


@pytest.mark.parametrize(
    "wrong",
    ["10.0.0.0/99", "cms local:http", "a:99999", "a:65536", "a:0", "[fd00::5", "http://cms.local", "[cms.local]:80"],
)
def test_what_allows_nothing_is_said(wrong: str) -> None:
    with pytest.raises(BadSetting, match="value-entry"):
        allowed(wrong)


def test_which_entry_allows_nothing_is_said_by_its_place() -> None:
    with pytest.raises(BadSetting, match="3"):
        allowed("10.0.0.0/8, cms.local , a:0, wrong:0")


def test_which_ports_may_be_asked_at_all() -> None:
    usual, one, any_ = allowed(""), allowed("10.0.0.5:8080"), allowed("10.0.0.5")
    assert [[found.port(port) for port in (80, 443, 8080, 22)] for found in (usual, one, any_)] == [
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


async def test_a_port_that_one_network_has_is_asked_in_no_other(site: Site) -> None:
    """Allowing a port inside does not open it to the world."""
    elsewhere = Names(outside_example=[PUBLIC])
    fetcher = a_fetcher(f"127.0.0.1:{site.port}", resolver=elsewhere, seconds=0.5)
    assert await fetcher.fetch(f"http://outside.example:{site.port}/") == Failed(Reason.PORT, str(site.port))


def test_the_public_network_is_no_zone() -> None:
    public = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1", "100.63.255.255", "172.32.0.1"]
    assert [zone_of(one) for one in public] == [None] * len(public)
    assert Allowed().port(443)


@pytest.mark.parametrize(
    ("status", "followed"), [(s, s not in {300, 306}) for s in (300, 301, 302, 303, 306, 307, 308)]
)
async def test_which_answers_send_on(status: int, followed: bool, site: Site) -> None:
    site.pages["/"] = web.Response(status=status, headers={"Location": "/feed"})
    site.pages["/feed"] = "<rss/>"
    answer = await a_fetcher(f"127.0.0.1:{site.port}").fetch(site.root)
    assert isinstance(answer, Fetched) is followed


async def test_a_name_that_is_allowed_at_a_port_is_reached_there_wherever_it_leads(site: Site) -> None:
    site.pages["/"] = "<rss/>"
    inside = Names(cms_inside=["127.0.0.1"])
    address = f"http://cms.inside:{site.port}/"
    assert isinstance(await a_fetcher(f"cms.inside:{site.port}", resolver=inside).fetch(address), Fetched)
    assert await a_fetcher("cms.inside:1", resolver=inside).fetch(address) == Failed(Reason.PORT, str(site.port))


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        ("localhost", True),
        ("intranet", True),
        ("INTRANET.", True),
        ("cms.internal", True),
        ("printer.local", True),
        ("example.org", False),
        ("internal.example.org", False),
    ],
)
async def test_behind_a_proxy_names_from_inside_are_not_asked_for(host: str, refused: bool, site: Site) -> None:
    answer = await a_fetcher(proxy=site.root).fetch(f"http://{host}/")
    assert (answer == Failed(Reason.NETWORK, Zone.PRIVATE)) is refused
    assert bool(site.asked) is not refused
