"""Several pictures of one article in a plain message."""

from bot.model.news import MediaKind, Photo
from bot.model.readers import Address
from bot.screens.card import Card
from bot.telegram import wire
from bot.text.styled import Styled


def test_every_picture_and_film_of_an_article_goes_behind_its_plain_text() -> None:
    film = Photo(file_id="film", kind=MediaKind.VIDEO)
    album = Photo(file_id="one", caption="Міст", more=(Photo(file_id="two"), film))
    text, *behind = wire.in_messages(Card(Styled("Текст"), photo=album))
    assert text.text.text == "Текст"
    calls = [wire.send_photo(Address(1), card.photo, card.text.text) for card in behind if card.photo]
    assert [call.__api_method__ for call in calls] == ["sendPhoto", "sendPhoto", "sendVideo"]
    assert [(one.file_id, one.more) for one in album.all] == [("one", ()), ("two", ()), ("film", ())]
