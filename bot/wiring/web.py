"""The HTTP side of one process, where the settings want one."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from bot.certificate import certificate_in
from bot.config import Settings
from bot.errors import ConfigError
from bot.telegram.webhook import WebhookKeeper
from bot.web.api.access import Access
from bot.web.api.routes import Api
from bot.web.guard import Guard
from bot.web.health import HealthRoutes
from bot.web.metrics import MetricsRoute
from bot.web.server import WebServer
from bot.web.site.pages import Frame
from bot.web.site.routes import Site
from bot.web.webhook import WebhookRoute, WebhookSecrets
from bot.wiring.components import Components

_TELEGRAM = "https://api.telegram.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What listens, and in webhook mode what sees to it that Telegram brings updates."""

    server: WebServer
    keeper: WebhookKeeper | None = None


def build_web(parts: Components, arrived: asyncio.Event) -> Web | None:
    """Return the HTTP side, which sets `arrived` when Telegram has brought something; None where nothing listens.

    Raises:
        ConfigError: the settings do not go together.

    """
    ground, delivery = parts.ground, parts.delivery
    settings, store, alarm = ground.settings, ground.store, delivery.telegram_alarm
    refuse_contradictions(settings)
    if settings.listens_on is None:
        return None
    host, port = settings.listens_on
    guard = Guard(clock=ground.clock, proxies=settings.http_proxies)
    routes = _routes(parts, guard)
    if settings.webhook == "off":
        return Web(server=WebServer(host=host, port=port, guard=guard, routes=routes))
    file = settings.webhook_certificate
    secrets = WebhookSecrets.of(settings.token())
    taking = WebhookRoute(secrets=secrets, inbox=store.inbox, clock=ground.clock, arrived=arrived, alarm=alarm)
    keeper = WebhookKeeper(
        bot=ground.bot,
        address=secrets.address(settings.public_url),
        word=secrets.word,
        inbox=store.inbox,
        clock=ground.clock,
        alarm=alarm,
        leases=None if ground.database.is_sqlite else store.leases,
        certificate=certificate_in(file) if file is not None else None,
        in_haste=lambda: delivery.asker.waits,
    )
    return Web(server=WebServer(host=host, port=port, guard=guard, routes=[*routes, taking.route()]), keeper=keeper)


def _routes(parts: Components, guard: Guard) -> list[web.RouteDef]:
    """Return what is there in any mode: probes, the public site where it has an address, and the API."""
    ground, store, settings = parts.ground, parts.ground.store, parts.ground.settings
    routes = [
        *HealthRoutes(
            loads=store.loads, contact=ground.contact, clock=ground.clock, leaving=lambda: guard.leaving
        ).routes(),
        *MetricsRoute(
            loads=store.loads, contact=ground.contact, clock=ground.clock, asks=lambda: parts.delivery.asker.waits
        ).routes(),
    ]
    if ground.links.site:
        frame = Frame(newsroom=settings.newsroom, root=ground.links.site, zone=settings.timezone)
        site = Site(
            library=parts.reading.library,
            pictures=store.pictures,
            frame=frame,
            links=ground.links,
            language=settings.language,
            hub=settings.websub_hub,
        )
        routes += site.routes()
    access = Access(tokens=store.tokens, clock=ground.clock)
    routes += Api(
        agency=parts.desk.agency,
        access=access,
        tokens=store.tokens,
        links=ground.links,
        clock=ground.clock,
        zone=settings.timezone,
    ).routes()
    return routes


def refuse_contradictions(settings: Settings) -> None:
    """Raise ConfigError when the settings of the HTTP side do not go together; the sentence says which."""
    if settings.websub_hub and not (settings.http_bind and settings.public_url):
        raise ConfigError("config-hub")
    if settings.webhook == "off":
        return
    for name, value in (("HTTP_BIND", settings.http_bind), ("PUBLIC_URL", settings.public_url)):
        if not value:
            raise ConfigError("config-webhook", setting=name)
    if settings.telegram_api_url == _TELEGRAM and not settings.public_url.startswith("https://"):
        raise ConfigError("config-not-https")
