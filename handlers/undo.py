"""What was so before somebody's last change of what they get, and when: so each change keeps its way back.

A change that is handled again after a kill finds that it is made already, and so does a second tap on its button: what
it has changed nobody could tell any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.fsm.context import FSMContext

from bot.model.matching import MatchKey
from bot.model.readers import Reader
from bot.readers.preferences import Setting
from bot.readers.searches import Searches
from bot.screens.kept_rules import Said, said_in, said_text

_RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undos:
    """The way back from the last change of one person, kept beside the open question.

    `update` is what is handled here, `tapped` the message a button was pressed on, None for what was typed; `state` is
    None where nobody can be asked.
    """

    state: FSMContext | None
    update: int
    tapped: int | None
    searches: Searches

    async def keep(self, reader: Reader, text: str) -> int:
        """Keep what a button brings back; returns its number."""
        return await self.searches.remember(reader, text)

    async def of_rules(self, said: Said) -> Said:
        """Return what is said of keys before a change of it, which begins; what was, where this very event began it."""
        before = await self._begin(_RULES, said_text(said))
        return said_in(before) if before else {}

    async def made_of_rules(self, key: MatchKey) -> Said:
        """Return what was said before a change of this key that is made already, by this event or on this message."""
        before = await self._made(_RULES)
        said = said_in(before) if before else {}
        return said if key in said else {}

    async def of_setting(self, setting: Setting, before: Reader, after: Reader) -> str:
        """Return the value of a setting before a change of it, which begins or is made already; "" for none."""
        if setting.value is None:
            return ""
        if (value := setting.value(before)) == setting.value(after):
            return await self._made(setting.name)
        return await self._begin(setting.name, value)

    async def _begin(self, what: str, before: str) -> str:
        known = await self._known()
        if self.state is None or (known.get("update"), known.get("what")) == (self.update, what):
            return str(known.get("before", before))
        await self.state.set_data({"update": self.update, "tapped": self.tapped, "what": what, "before": before})
        return before

    async def _made(self, what: str) -> str:
        known = await self._known()
        here = self.tapped is not None and known.get("tapped") == self.tapped
        mine = known.get("what") == what and (here or known.get("update") == self.update)
        return str(known["before"]) if mine else ""

    async def _known(self) -> Mapping[str, Any]:
        return await self.state.get_data() if self.state is not None else {}
