"""Telling the owners that it is being found out what became of deliveries, and in the same message what came of it."""

from dataclasses import dataclass, field

from bot.delivery.messenger import Messenger
from bot.model.asking import Findings
from bot.model.readers import Address, Reader
from bot.operations.owner_alerts import OwnerAlerts
from bot.screens.asking import asking_card, findings_card
from bot.screens.look import Locale

_AGAIN_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class AskingNotice:
    """The messages to the owners: none where the progress of a send says all there is to say."""

    owners: OwnerAlerts
    messenger: Messenger
    locale: Locale
    _posted: list[tuple[int, Reader | None, int]] = field(default_factory=list)
    _not_before: float = 0.0

    async def begun(self, number: int) -> None:
        """Tell the owners of so many deliveries, once until it has ended; whom it does not reach, once a minute."""
        now = self.locale.clock.monotonic()
        if not self._posted and now >= self._not_before:
            self._not_before = now + _AGAIN_SECONDS
            self._posted = await self.owners.post(lambda look: asking_card(number, look))

    async def ended(self, findings: Findings) -> None:
        """Say in the same messages what was found out; where there are none, nothing. May be repeated."""
        posted, self._posted = self._posted, []
        for user_id, reader, message_id in posted:
            await self.messenger.change(Address(user_id), message_id, findings_card(findings, self.locale.look(reader)))
