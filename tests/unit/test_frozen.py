"""What makes frozen dataclasses by the thousand makes the same ones as their constructor does."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from bot.model.frozen import unfrozen
from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish, Priority, sent
from bot.model.readers import Address, Reader

READER = Reader(id=1, address=Address(5, 7), name="Читач")
DELIVERY = Delivery(id=3, reader=READER, kind=DeliveryKind.PUSH, lane=Priority.INSTANT, article_id=4)


@pytest.mark.parametrize("one", [READER, DELIVERY])
def test_it_is_the_same_as_one_that_was_constructed(one: Reader | Delivery) -> None:
    made = unfrozen(type(one))()
    for field in fields(one):
        setattr(made, field.name, getattr(one, field.name))
    made.__class__ = type(one)
    assert (made, hash(made), repr(made)) == (one, hash(one), repr(one))
    assert replace(made, id=9) == replace(one, id=9)
    with pytest.raises(FrozenInstanceError):
        made.id = 9  # type: ignore[misc]


def test_a_field_that_is_missing_is_an_error() -> None:
    made = unfrozen(Address)()
    made.chat_id = 5
    made.__class__ = Address
    with pytest.raises(AttributeError):
        made == Address(5)  # noqa: B015  the comparison is what raises


def test_what_was_sent_ends_as_one_that_was_constructed() -> None:
    assert repr(sent(7, 5)) == repr(Finish(DeliveryState.SENT, message_id=7, chat_id=5))
