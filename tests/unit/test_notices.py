"""What people of the desk are told unasked: in their own language, and without a sound at night."""

from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any, cast

import pytest

from bot.model.readers import Address, ChatKind, Quiet, Reader
from bot.operations.notices import Notices
from bot.screens.card import Card
from bot.screens.look import Locale, Look
from bot.text.styled import Styled
from tests.support.clock import TestClock

READER = Reader(id=1, address=Address(7), name="Ігор", language="en", zone="Europe/Kyiv")


@dataclass(slots=True)
class Post:
    """A messenger that keeps what was sent, and the readers there are."""

    reader: Reader | None
    arrives: bool = True
    sent: list[tuple[Address, Card]] = field(default_factory=list)

    async def find(self, address: Address) -> Reader | None:
        assert address == Address(7)
        return self.reader

    async def reply(self, to: Address, card: Card, kind: ChatKind) -> list[int]:
        assert kind is ChatKind.PRIVATE
        self.sent.append((to, card))
        return [1] if self.arrives else []


def _notices(post: Post) -> Notices:
    there = cast("Any", post)
    return Notices(readers=there, messenger=there, locale=Locale("uk", "Europe/Kyiv", TestClock()))


def _card(look: Look) -> Card:
    return Card(Styled(look.language))


@pytest.mark.parametrize(
    ("quiet", "silent"),
    [(None, False), (Quiet(time(22), time(7)), False), (Quiet(time(13), time(16)), True)],
)
async def test_a_notice_is_silent_in_its_readers_quiet_hours(quiet: Quiet | None, silent: bool) -> None:
    post = Post(replace(READER, quiet=quiet))
    assert await _notices(post).tell(7, _card)
    assert post.sent == [(Address(7), Card(Styled("en"), silent=silent))]


async def test_who_never_wrote_is_told_in_the_newsrooms_language_and_may_not_be_reached() -> None:
    post = Post(None, arrives=False)
    assert not await _notices(post).tell(7, _card)
    assert post.sent == [(Address(7), Card(Styled("uk")))]
