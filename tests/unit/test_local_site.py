"""The demo's own site: it tells its story in every language, and serves this machine only."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from bot.inflow.arrivals import text_print
from bot.inflow.discovery import links_in
from bot.inflow.parsed import parsed
from bot.inflow.revisions import is_small
from bot.model.news import Article, Incoming
from bot.sandbox.local_site import LocalSites, new_site
from bot.text.languages import LANGUAGES

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ROOT = "http://127.0.0.1:9"


def _read(feed: str, code: str) -> dict[str, Incoming]:
    found = parsed(feed.encode(), f"{ROOT}/{code}/feed.xml", ZoneInfo("Europe/Kyiv"), NOW)
    assert not found.problem
    return {one.external_id: one for one in found.items}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_story_of_a_site_goes_as_the_page_announces_it(code: str) -> None:
    site, at = new_site(code, ROOT, NOW), NOW
    assert [link.address for link in links_in(str(site.page()), site.root)] == [f"{site.root}feed.xml"]
    before = _read(site.feed(), code)
    while (event := site.next) is not None:
        at += timedelta(minutes=1)
        site.go_on(at)
        now = _read(site.feed(), code)
        old, new = before.get(event["slug"]), now.get(event["slug"])
        assert (old is None, new is None) == (event["does"] == "new", event["does"] == "gone"), event
        assert (site.page(event["slug"]) is None) == (new is None)
        if old is not None and new is not None:
            assert text_print(old.title, old.lead, old.body) != text_print(new.title, new.lead, new.body)
            published = Article(id=1, title=old.title, lead=old.lead, body=old.body)
            assert is_small(published, new) == (event["does"] == "typo"), event
        assert {one.language for one in now.values()} == {code}
        before = now
    assert len(before) == 6


async def test_the_sites_serve_this_machine_and_nothing_is_written_to_them() -> None:
    sites = LocalSites()
    runner = web.AppRunner(sites.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    sites.open(address, NOW)
    async with aiohttp.ClientSession() as session:
        for method, path, host, status in (
            ("GET", "/uk/", "", 200),
            ("GET", "/en/feed.xml", "", 200),
            ("GET", "/en/nets", "", 200),
            ("GET", "/en/nothing", "", 404),
            ("GET", "/xx/", "", 404),
            ("POST", "/en/feed.xml", "", 405),
            ("GET", "/en/feed.xml", "evil.example", 403),
        ):
            headers = {"Host": host} if host else {}
            async with session.request(method, address + path, headers=headers) as answer:
                assert answer.status == status, (method, path, host)
    await runner.cleanup()
