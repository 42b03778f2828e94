"""Staff: who is on the desk, and what they may do there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.errors import NotFound
from bot.model.desk import Editor, Role
from bot.ports import EditorStore
from bot.text.cleaning import clean_line
from bot.text.ellipsis import cut
from bot.timing.clock import Clock

_GIVEN = frozenset({Role.AUTHOR, Role.EDITOR, Role.OWNER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The people of the desk. Whatever changes who may do what also changes the menus that Telegram shows them."""

    editors: EditorStore
    clock: Clock
    refresh_menus: Callable[[], Awaitable[None]]

    async def editor(self, user_id: int, name: str) -> Editor:
        """Return anybody with the role they have now; READER for who is not of the desk."""
        return Editor(user_id, await self.editors.role(user_id), cut(clean_line(name), 120))

    async def all(self) -> list[Editor]:
        """Return everybody of the desk."""
        return await self.editors.all()

    async def person(self, user_id: int) -> Editor:
        """Return somebody of the desk; raises NotFound when they are not."""
        found = next((person for person in await self.editors.all() if person.user_id == user_id), None)
        if found is None:
            raise NotFound
        return found

    async def take(self, person: Editor, by: Editor) -> tuple[Editor, bool]:
        """Take a person on as they are given; returns them as they are on the desk, and whether they are new."""
        known = next((one for one in await self.editors.all() if one.user_id == person.user_id), None)
        if known is not None:
            return known, False
        await self.editors.appoint(person, by.user_id, self.clock.now())
        await self.refresh_menus()
        return await self.person(person.user_id), True

    async def admit(self, person: Editor, by: Editor, *, fact: str, before: object, used: object) -> bool:
        """Take a person on by what lets one in, a fact that is `used` by it; returns whether it was still `before`."""
        now = self.clock.now()
        if not await self.editors.admit(person, by.user_id, now, fact=fact, before=before, used=used):
            return False
        await self.refresh_menus()
        return True

    async def give_role(self, user_id: int, role: Role, by: Editor) -> Editor:
        """Give somebody of the desk another role; returns them with it.

        Raises:
            NotFound: they are not of the desk, or there is no such role to give.

        """
        person = await self.person(user_id)
        if role not in _GIVEN:
            raise NotFound
        changed = replace(person, role=role)
        await self.editors.appoint(changed, by.user_id, self.clock.now())
        await self.refresh_menus()
        return changed

    async def dismiss(self, user_id: int, by: Editor) -> None:
        """Take somebody off the desk.

        Raises:
            NotFound: they are not of the desk.
            NotAllowed: they are the last owner.

        """
        await self.person(user_id)
        await self.editors.dismiss(user_id, by.user_id, self.clock.now())
        await self.refresh_menus()
