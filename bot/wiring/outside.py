"""The alarm outside Telegram, where the settings want one."""

import socket
from collections.abc import Mapping

import orjson

from bot.fetch.posting import post_json
from bot.operations.outside_alarm import OutsideAlarm
from bot.text.phrasebook import phrases
from bot.wiring.fetch import agent_of
from bot.wiring.ground import Ground


def build_outside(ground: Ground) -> OutsideAlarm | None:
    """Return the alarm of this process, None without ALERT_URL."""
    settings = ground.settings
    address = settings.alert_url.get_secret_value()
    if not address:
        return None

    async def post(body: Mapping[str, str]) -> bool:
        return await post_json(address, orjson.dumps(body), agent=agent_of(settings), proxy=settings.fetch_proxy)

    return OutsideAlarm(
        silent_for=lambda: ground.contact.failing_for,
        refused=lambda: ground.contact.refused,
        post=post,
        clock=ground.clock,
        say=phrases(settings.language),
        instance=socket.gethostname(),
    )
