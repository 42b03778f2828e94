"""Storage of people: readers and what they chose, the desk's people. See `bot.ports` for how to read this."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.model.desk import Audience, DeskAct, Editor, Role
from bot.model.matching import MatchKey, Targeting
from bot.model.personal_data import PersonalRecords
from bot.model.pushes import ChannelPost, PushesWaiting
from bot.model.readers import Address, Choices, Reader, ReaderState, Rule
from bot.model.tokens import Answered, ApiToken, Scope


class ReaderStore(Protocol):
    """Readers, their settings and their subscriptions. One address is one reader."""

    async def meet(self, known: Reader, now: datetime, *, wants: Sequence[MatchKey] = ()) -> tuple[Reader, bool]:
        """Store the reader at an address unless there is one; returns that reader, and whether it is new.

        `known` is what a new one starts with, and `wants` what it wants; one that is there takes its name only, and is
        active again if it was thought unreachable. May be repeated; only the first call returns that the reader is new.
        """
        ...

    async def find(self, address: Address) -> Reader | None:
        """Return the reader at an address, or None."""

    async def get(self, reader_id: int) -> Reader | None:
        """Return a reader by number, or None."""

    async def save(self, changed: Reader, now: datetime) -> Reader:
        """Store the settings of a reader; returns the reader as stored, or gone when erased meanwhile. May be repeated.

        The next digest is due as the settings say. When they name no hours any more, what is held for the reader goes
        out in one last digest at once.
        """
        ...

    async def choices(self, reader_id: int, now: datetime) -> Choices:
        """Return what the reader wants and does not want at this instant."""
        ...

    async def choose(self, reader_id: int, keys: Sequence[MatchKey], *, drop: Sequence[MatchKey] = ()) -> None:
        """Subscribe a reader to `keys`, and delete what is said of `drop`. May be repeated.

        A subscription takes the place of an exclusion of the same key.
        """

    async def exclude(self, reader_id: int, key: MatchKey, until: datetime | None = None) -> None:
        """Never send the reader what has this key; with `until`, not before then. May be repeated.

        An exclusion takes the place of a subscription to the same key.
        """

    async def rule(self, reader_id: int, key: MatchKey) -> Rule | None:
        """Return what the reader said of a key, or None when nothing."""

    async def put_rules(self, reader_id: int, rules: Sequence[Rule], *, drop: Sequence[MatchKey] = ()) -> None:
        """Store what the reader says of keys, in the place of what they said before, and delete what is said of `drop`.

        In one step; may be repeated.
        """

    async def take_rule(self, reader_id: int, key: MatchKey) -> Rule | None:
        """Delete what the reader said of a key, and return it. Not to be repeated: the second call returns None."""

    async def drop_held(self, reader_id: int) -> None:
        """Drop what is held for the reader's next digest. May be repeated."""

    async def shut_chat(self, chat_id: int, state: ReaderState, now: datetime) -> None:
        """Store that a chat cannot be written to, and why, for all its threads. May be repeated.

        Who paused or left stays so; does nothing where there is no reader.
        """

    async def open_chat(self, chat_id: int, now: datetime) -> bool:
        """Store that a chat can be written to again, in all its threads; returns whether any reader is there.

        May be repeated.
        """
        ...

    async def move_chat(self, old: int, new: int, now: datetime) -> None:
        """Move the readers of a chat to its new id, as when a group becomes a supergroup. May be repeated.

        Those that the bot was thought to be out of are sent to again there.

        Of two readers at one address then, one stays. What messages of the old chat show is forgotten.
        """


class KeywordStore(Protocol):
    """Keywords that readers follow: sets of lemmas. A keyword is in an article when all of its lemmas are."""

    async def ensure(self, lemmas: Sequence[str]) -> int:
        """Store the keyword of these lemmas unless there is one; returns its number. May be repeated."""
        ...

    async def found_in(self, lemmas: Sequence[str]) -> list[int]:
        """Return the numbers of the keywords all of whose lemmas are among these."""
        ...

    async def phrases(self, keyword_ids: Sequence[int]) -> dict[int, str]:
        """Return the lemmas of keywords, sorted and with a space between them, by number."""
        ...


class AudienceStore(Protocol):
    """Counting readers before anything is sent."""

    async def count(self, matter: Targeting, now: datetime) -> Audience:
        """Return how many readers would get an article at once, and how many in a digest."""
        ...


class AuditStore(Protocol):
    """What was done on the desk."""

    async def acts(self, after: int | None) -> list[DeskAct]:
        """Return what was done, oldest first, some hundreds at most: behind a number, or with None the newest."""
        ...


class EditorStore(Protocol):
    """The desk's people. There is always an owner once there has been one."""

    async def role(self, user_id: int) -> Role:
        """Return what a person may do; Role.READER for whoever is not on the desk."""
        ...

    async def all(self) -> list[Editor]:
        """Return everybody on the desk, owners first, then in the order they came."""
        ...

    async def appoint(self, person: Editor, by: int | None, now: datetime) -> None:
        """Give a person a role instead of the one they had. An empty name leaves the known one. May be repeated.

        Raises:
            LastOwner: they are the last owner, and the role is a lower one.

        """

    async def admit(self, person: Editor, by: int, now: datetime, *, fact: str, before: object, used: object) -> bool:
        """Give a person a role, as `appoint` does, by what lets one person in; returns whether they got it.

        That is a fact which is still `before`: it is `used` by the same commit. Not to be repeated: of several callers
        who saw the same value, one gets it. Raises as `appoint`.
        """
        ...

    async def dismiss(self, user_id: int, by: int, now: datetime) -> None:
        """Take a person off the desk. Not to be repeated: the second call raises NotFound.

        Raises:
            NotFound: they are not on it.
            LastOwner: they are the last owner.

        """

    async def has_owner(self) -> bool:
        """Tell whether this newsroom has an owner."""
        ...


class PostStore(Protocol):
    """What channels have been sent."""

    async def of_article(self, article_id: int, *, offset: int, limit: int) -> Sequence[ChannelPost]:
        """Return the posts of an article in channels, by itself or inside a digest, by the name of the channel."""
        ...


class WaitingStore(Protocol):
    """The pushes of one reader that wait to be sent."""

    async def of_reader(self, reader_id: int, now: datetime) -> PushesWaiting:
        """Return what waits for a reader, and what `change` has withdrawn lately and may put back.

        It sees what is being fanned out at this moment: what begins later sees the reader's rules as they are now.
        """
        ...

    async def change(
        self, reader_id: int, *, withdraw: Collection[int], put_back: Collection[int], now: datetime
    ) -> None:
        """Withdraw a reader's pushes of some articles, and queue again those of others that were. May be repeated.

        What is being sent at this moment is, and what was stopped meanwhile stays out.
        """


class PersonalDataStore(Protocol):
    """Everything that is stored about one chat; a person's own chat has the person's number."""

    async def export(self, chat_id: int) -> PersonalRecords:
        """Return every row that is about a chat. The ledger is read through: a million rows take about a second."""
        ...

    async def erase(self, chat_id: int, now: datetime) -> bool:
        """Erase a chat, all its threads; returns whether anybody was there. Whoever comes back is new.

        From its commit on nothing more leaves for them, but what was on its way; no copy they hold can be corrected.
        What the ledger has of them names nobody any more, and `sweep` deletes it. May be repeated.

        Raises:
            OnDesk: they work at the desk.

        """
        ...

    async def sweep(self, now: datetime) -> bool:
        """Delete a stretch of what the ledger has of readers who are erased; returns whether there is more to look at.

        In transactions of some milliseconds. May be repeated, and by several processes.
        """
        ...


class TokenStore(Protocol):
    """Tokens of systems that bring articles, by fingerprints of their secrets; whose articles are whose."""

    async def add(self, name: str, source: str, scope: Scope, secret: str, now: datetime) -> bool:
        """Store a token; returns whether its name was free, or is that of this very secret. May be repeated."""
        ...

    async def all(self) -> Sequence[ApiToken]:
        """Return every token, the oldest first."""
        ...

    async def revoke(self, name: str, now: datetime) -> bool:
        """End a token; returns whether there was a good one of that name. May be repeated; it is False then."""
        ...

    async def use(self, secret: str, now: datetime) -> ApiToken | None:
        """Note that a token is used; returns it, None when no good one has this fingerprint. May be repeated."""
        ...

    async def own(self, token_id: int, article_id: int) -> bool:
        """Note that a token brought an article; returns whether it did, and not another. May be repeated."""
        ...

    async def owns(self, token_id: int, article_id: int) -> bool:
        """Tell whether a token brought an article."""
        ...

    async def begin(self, token_id: int, key: str, asked: str, now: datetime) -> Answered | None:
        """Note that a request with a key is worked on; returns what was answered to it before, None for a new one.

        `asked` is the fingerprint of what was asked. What was begun minutes ago and never answered counts as new.
        Not to be repeated: the second call finds it begun.

        Raises:
            KeyError: something else was asked with this key.

        """
        ...

    async def end(self, token_id: int, key: str, answered: Answered | None) -> None:
        """Store what a request was answered with; None has it forgotten, so that it may be asked again.

        May be repeated.
        """

    async def forget(self, before: datetime, unfinished_before: datetime) -> None:
        """Forget what was answered before an instant, and what was begun before another and never answered.

        May be repeated.
        """
