"""Metrics in Prometheus's text format: what waits and what was done, and what Telegram answered to this process."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, Metric, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder

from bot.model.load import Load
from bot.ports import LoadStore
from bot.telegram.contact import BOUNDS, Contact
from bot.timing.clock import Clock

_NO_ANSWER = "none"


@dataclass(frozen=True, slots=True, eq=False)  # a registry keeps it by itself
class _Newsroom:
    """What is known at one moment, as metrics."""

    load: Load
    contact: Contact
    now: datetime
    asks: bool

    def collect(self) -> Iterator[Metric]:
        """Return the metrics."""
        load = self.load
        yield _gauge("updates_waiting", "Updates from Telegram that nobody has handled yet.", load.updates)
        yield _gauge("updates_oldest_seconds", "Age of the oldest of them.", self._age(load.oldest_update))
        yield _gauge("updates_set_aside", "Updates that could not be read or handled, and are kept.", load.set_aside)
        yield _gauge("deliveries_waiting", "Copies of what is being sent that have no end yet.", load.waiting)
        lanes = GaugeMetricFamily("visnyk_lane_waiting", "The same by who goes first.", labels=["lane"])
        for lane, copies in load.lanes.items():
            lanes.add_metric([lane.name.lower()], copies)
        yield lanes
        yield _gauge("deliveries_held", "Copies that wait for the digests of their readers.", load.held)
        yield _gauge("send_oldest_seconds", "Age of the oldest send under way.", self._age(load.oldest_send))
        yield _gauge("deliveries_uncertain", "Copies of which nobody knows whether they arrived.", load.uncertain)
        ended = CounterMetricFamily("visnyk_deliveries", "Copies by what became of them.", labels=["outcome"])
        for outcome in ("sent", "failed", "expired"):
            ended.add_metric([outcome], getattr(load, outcome))
        yield ended
        yield _gauge("asking", "Whether Telegram is being asked what became of copies.", self.asks)
        yield _gauge("feeds", "Feeds that are asked for news.", load.feeds)
        yield _gauge(
            "feeds_failing", "Of them those that did not answer, or not usefully, when last asked.", load.feeds_failing
        )
        yield _gauge("events_waiting", "Events that webhooks of ours have not taken yet.", load.events)
        yield _gauge("events_oldest_seconds", "Age of the oldest of them.", self._age(load.oldest_event))
        yield _gauge("database_bytes", "Size of the database.", load.size)
        yield self._durations()
        requests = CounterMetricFamily(
            "visnyk_telegram_requests", "This process's requests to Telegram.", labels=["method", "status"]
        )
        for (method, status), number in sorted(self.contact.answers.items()):
            requests.add_metric([method, str(status) if status else _NO_ANSWER], number)
        yield requests

    def _durations(self) -> Metric:
        taken, counted = self.contact.updates, 0
        buckets = []
        for bound, number in zip((*map(str, BOUNDS), "+Inf"), taken.counts, strict=True):
            counted += number
            buckets.append((bound, float(counted)))
        says = "How long this process took over updates, from taking one to the end of the answer."
        return HistogramMetricFamily("visnyk_update_seconds", says, buckets=buckets, sum_value=taken.total)

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self.now - since).total_seconds())


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"visnyk_{name}", says, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsRoute:
    """Answers with the metrics of the newsroom and of this process; nothing of readers or articles is in them."""

    loads: LoadStore
    contact: Contact
    clock: Clock
    asks: Callable[[], bool] = lambda: False  # whether Telegram is asked what became of copies

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the route."""
        return [web.get("/metrics", self._metrics)]

    async def _metrics(self, request: web.Request) -> web.Response:
        registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        registry.register(_Newsroom(await self.loads.now(), self.contact, self.clock.now(), self.asks()))
        try:
            encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        except (TypeError, ValueError):  # of a version that is none
            encode, content_type = choose_encoder("")
        return web.Response(body=encode(registry), headers={"Content-Type": content_type})
