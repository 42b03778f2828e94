"""What watches a bot: the board and the alert rules in docs/deploy, against what it says; and ALERT_URL."""

import json
import re
import time
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot.operations.outside_alarm import AWAY_SECONDS
from tests.support.newsroom import open_newsroom
from tests.support.process import ROOT

pytestmark = pytest.mark.wide

DEPLOY = ROOT / "docs" / "deploy"
BOARD: dict[str, Any] = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
SELECTOR = re.compile(r"\b((?:visnyk|process)_\w+|up)\{([^}]*)\}")
QUERIES = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
EXPRESSIONS = [*QUERIES, *(rule["expr"] for rule in RULES)]
PROMETHEUS_OWN = {"job", "instance", "le"}  # labels that it adds, or that belong to a histogram


async def _scraped(address: str) -> dict[str, list[dict[str, str]]]:
    """Return the metrics by name, with the labels of each sample."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as answer:
        said = await answer.text()
    found: dict[str, list[dict[str, str]]] = {"up": [{}]}
    for family in text_string_to_metric_families(said):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


async def test_every_metric_and_label_of_board_and_rules_is_one_that_a_bot_at_work_says(database_url: str) -> None:
    async with open_newsroom(database_url, http_bind="127.0.0.1:0") as room:
        reader = room.person()
        await reader.says("/start")
        await room.owner().publishes("Міст відкрили\n\nТекст.")
        await reader.sees("Міст відкрили")
        await room.settled()
        said = await _scraped(room.web_address)
    assert sum(expression.count("visnyk_") for expression in EXPRESSIONS) == sum(
        name.startswith("visnyk_") for expression in EXPRESSIONS for name, _ in SELECTOR.findall(expression)
    ), "each is asked of a job"
    for expression in EXPRESSIONS:
        known = set(PROMETHEUS_OWN)
        for name, wanted in SELECTOR.findall(expression):
            assert name in said, expression
            labels = dict(re.findall(r'(\w+)!?="([^"]*)"', wanted))
            assert labels.pop("job") in {"visnyk", "$job"}
            own = {label for sample in said[name] for label in sample}
            assert set(labels) <= own, expression
            known |= own
        assert {one for by in re.findall(r"by \(([^)]*)\)", expression) for one in by.split(", ")} <= known, expression
    shown = {name for expression in EXPRESSIONS for name, _ in SELECTOR.findall(expression)}
    left_out = {name for name in said if name.startswith("visnyk_") and not name.endswith("_created")} - shown
    assert left_out == set(), "what is counted is worth showing"
    assert [labels["lane"] for labels in said["visnyk_lane_waiting"]] == ["reply", "urgent", "instant", "digest"]


def test_the_legends_of_the_board_name_labels_that_their_queries_keep() -> None:
    for panel in BOARD["panels"]:
        assert panel["title"]
        for target in panel["targets"]:
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                assert label == "instance" or f"by ({label})" in target["expr"]
    numbers = [panel["id"] for panel in BOARD["panels"]]
    assert len(set(numbers)) == len(numbers)
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in BOARD["panels"]]
    assert len(set(places)) == len(places)
    assert all(p["gridPos"]["x"] + p["gridPos"]["w"] <= 24 for p in BOARD["panels"])


def test_every_alert_says_what_it_means_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) >= 10
    for rule in RULES:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"Visnyk[A-Z]\w+", rule["alert"])
        assert re.fullmatch(r"\d+[mh]", rule["for"])
        assert rule["labels"]["severity"] in {"page", "ticket"}
        for name in ("summary", "action"):
            assert rule["annotations"][name].endswith(".")
    for expression in EXPRESSIONS:
        assert expression.count("(") == expression.count(")"), expression


async def test_somebody_outside_hears_that_telegram_is_away_and_that_it_is_back(sqlite_url: str) -> None:
    heard: list[tuple[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        said = await request.json()
        heard.append((said["trouble"], said["state"]))
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/hook", take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with open_newsroom(sqlite_url, alert_url=f"http://127.0.0.1:{runner.addresses[0][1]}/hook") as room:
            alarm, contact = room.app.outside, room.app.parts.ground.contact
            assert alarm is not None
            await alarm.look()
            contact.failed("getUpdates")
            contact._failing_since = time.monotonic() - AWAY_SECONDS
            await alarm.look()
            contact.answered("getUpdates", 200)
            await alarm.look()
            await alarm.look()
    finally:
        await runner.cleanup()
    assert heard == [("telegram", "begun"), ("telegram", "over")]
