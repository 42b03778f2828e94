"""Several pictures of one article in plain messages."""

import pytest

from bot.model.news import MediaKind, Photo
from bot.model.readers import Address
from bot.screens.card import Card
from bot.telegram import wire
from bot.text.styled import Styled

KINDS = {"p": MediaKind.PHOTO, "v": MediaKind.VIDEO, "a": MediaKind.ANIMATION, "d": MediaKind.DOCUMENT}


def test_every_picture_and_film_of_an_article_goes_behind_its_plain_text() -> None:
    film = Photo(file_id="film", kind=MediaKind.VIDEO)
    album = Photo(file_id="one", caption="Міст", more=(Photo(file_id="two"), film))
    text, *behind = wire.in_messages(Card(Styled("Текст"), photo=album))
    assert text.text.text == "Текст"
    calls = [wire.send_photo(Address(1), card.photo) for card in behind if card.photo]
    assert [call.__api_method__ for call in calls] == ["sendPhoto", "sendPhoto", "sendVideo"]
    assert [(one.file_id, one.more) for one in album.all] == [("one", ()), ("two", ()), ("film", ())]


@pytest.mark.parametrize(
    ("kinds", "groups"),
    [
        ("ppv", "ppv"),
        ("p", "p"),
        ("pdp", "p d p"),
        ("ppaav", "pp a a v"),
        ("ddp", "dd p"),
        ("p" * 12, "p" * 10 + " pp"),
        ("", ""),
    ],
)
def test_pictures_go_together_as_telegram_takes_them(kinds: str, groups: str) -> None:
    cards = [Card(Styled(), photo=Photo(file_id=str(n), kind=KINDS[kind])) for n, kind in enumerate(kinds)]
    found = wire.in_albums([Card(Styled("Далі")), *cards])
    letters = {kind: letter for letter, kind in KINDS.items()}
    assert len(found[0]) == 1
    assert [[letters[c.photo.kind] for c in group if c.photo] for group in found[1:]] == [
        list(g) for g in groups.split()
    ]
