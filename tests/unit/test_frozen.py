"""What makes frozen dataclasses by the thousand makes the same ones as their constructor does."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from bot.model.frozen import maker
from bot.model.ledger import Delivery, DeliveryKind, Priority
from bot.model.readers import Address, Reader

READER = Reader(id=1, address=Address(5, 7), name="Читач")
DELIVERY = Delivery(id=3, reader=READER, kind=DeliveryKind.PUSH, lane=Priority.INSTANT, article_id=4)


@pytest.mark.parametrize("one", [READER, DELIVERY])
def test_it_is_the_same_as_one_that_was_constructed(one: Reader | Delivery) -> None:
    made = maker(type(one))(*(getattr(one, field.name) for field in fields(one)))
    assert type(made) is type(one)
    assert (made, hash(made), repr(made)) == (one, hash(one), repr(one))
    assert replace(made, id=9) == replace(one, id=9)
    with pytest.raises(FrozenInstanceError):
        made.id = 9  # type: ignore[misc]


def test_a_field_that_is_missing_is_an_error() -> None:
    with pytest.raises(TypeError):
        maker(Address)(5)
