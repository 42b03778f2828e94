"""What owners are told of Telegram's side: in their language, in their time, and without what people wrote."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.chats import SetAside
from bot.screens.alerts import second_poller_card, token_card, unread_alert_card, unread_card, wait_card, webhook_card
from bot.screens.look import Look

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
UK, EN = Look("uk", "Europe/Kyiv", NOW), Look("en", "Europe/Kyiv", NOW)


@pytest.mark.parametrize(
    ("look", "chats", "words"),
    [
        (UK, 0, ("Telegram просить зачекати до 15:40", "обмежив усього бота")),
        (UK, 1, ("Telegram просить зачекати до 15:40", "стосується 1 чату")),
        (UK, 3, ("Telegram просить зачекати до 15:40", "стосується 3 чатів")),
        (EN, 0, ("Telegram asks to wait until 15:40", "The whole bot is limited")),
        (EN, 1, ("Telegram asks to wait until 15:40", "about 1 chat;")),
        (EN, 3, ("Telegram asks to wait until 15:40", "about 3 chats;")),
    ],
)
def test_a_wait_is_told_with_its_end_and_whom_it_is_about(look: Look, chats: int, words: tuple[str, str]) -> None:
    text = wait_card(NOW + timedelta(minutes=100), chats, look).text.text
    assert all(one in text for one in words)


@pytest.mark.parametrize("look", [UK, EN])
def test_others_who_use_the_token_are_told_with_what_to_do(look: Look) -> None:
    for card in (second_poller_card(NOW, look), webhook_card(look)):
        assert "@BotFather" in card.text.text
        assert "BOT_TOKEN" in card.text.text
    text = token_card(NOW, NOW + timedelta(hours=1), look).text.text
    assert "14:00" in text
    assert "15:00" in text


@pytest.mark.parametrize(
    ("look", "number", "words"),
    [
        (UK, 1, "прочитати 1 оновлення"),
        (UK, 2, "прочитати 2 оновлення"),
        (UK, 5, "прочитати 5 оновлень"),
        (EN, 1, "1 update from Telegram could"),
        (EN, 2, "2 updates from Telegram could"),
    ],
)
def test_unread_updates_are_counted_in_words(look: Look, number: int, words: str) -> None:
    assert words in unread_alert_card(number, look).text.text


def test_what_could_not_be_read_is_named_by_kind_and_reason_only() -> None:
    long = "ValidationError: 1 validation error, input_value='secret'"
    kept = [
        SetAside(7, NOW, '{"update_id":7,"callback_query":{"data":"secret"}}', long),
        SetAside(6, NOW, "\\x00 secret", "secret words that are no name: of an error"),
        SetAside(5, NOW, '{"update_id":5,"message":{"text":"secret \\"callback_query\\": 1"}}', "RecursionError"),
        SetAside(4, NOW, "", "ended the process each time"),
    ]
    text = unread_card(12, kept, EN).text.text
    assert "secret" not in text
    assert "• 14:00 · a tap on a button · no. 7 · ValidationError" in text
    assert "• 14:00 · something unknown · no. 6 · —" in text
    assert "• 14:00 · a message · no. 5 · RecursionError" in text
    assert "ended the process each time" in text
    assert "…and 8 more" in text
    assert "Everything has been read." in unread_card(0, [], EN).text.text
