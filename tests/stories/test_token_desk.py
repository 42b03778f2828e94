"""Tokens in the chat: an owner makes one for a system, sees its secret once, takes it out of the chat, and ends it."""

import pytest
from sqlalchemy import select

from bot.desk.token_desk import fingerprint
from bot.model.tokens import Scope
from storage.schema.tables import api_token, inbox
from tests.support.newsroom import Newsroom
from tests.support.people import text_of

pytestmark = pytest.mark.wide


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "uk",
            ("Новий токен", "Публікувати", "Далі: назва", "Як називається", "створено", "Прибрати токен", "Прибрано"),
        ),
        ("en", ("New token", "Publish, plan", "Next: its name", "called", "is made", "Remove the token", "Removed")),
    ],
)
async def test_a_token_is_made_by_buttons_shown_once_and_taken_out_of_the_chat(
    room: Newsroom, language: str, words: tuple[str, ...]
) -> None:
    owner = room.owner(language)
    await owner.says("/sources")
    await owner.taps(words[0])
    await owner.taps(words[1])
    await owner.taps(words[2])
    await owner.sees_now(words[3])
    await owner.says("Сайт")
    await owner.sees(words[4])
    shown = owner.message_with("visnyk_")
    secret = text_of(shown).strip()
    (token,) = await room.store.tokens.all()
    assert (token.name, token.source, token.scope) == ("Сайт", "Сайт", Scope.DRAFT | Scope.PUBLISH)
    assert await room.store.tokens.use(fingerprint(secret), room.clock.now()) == token
    assert "reply_markup" not in shown, "a tap would bring the secret back to us, and into the database"
    await owner.taps(words[5])
    assert owner.toast["text"] == words[6]
    assert shown["message_id"] not in owner.chat.messages
    async with room.database.read() as connection:
        rows = [str(row) for table in (inbox, api_token) for row in await connection.execute(select(table))]
    assert not any(secret in row for row in rows)
    assert any(fingerprint(secret) in row for row in rows)


async def test_a_name_is_given_once_and_a_token_ends_when_that_is_confirmed(room: Newsroom) -> None:
    owner = room.owner()
    for _ in range(2):
        await owner.says("/sources")
        await owner.taps("Новий токен")
        await owner.taps("Далі")
        await owner.says("CMS")
    await owner.sees("Назва «CMS» уже була")
    await owner.says("CMS 2")  # the question is still open
    await owner.sees("створено")
    await owner.says("/sources")
    await owner.taps("1")
    await owner.taps("Відкликати")
    await owner.sees_now("одразу втратить доступ")
    assert len([one for one in await room.store.tokens.all() if one.revoked_at is None]) == 2
    await owner.taps("Так, відкликати")
    assert [one.name for one in await room.store.tokens.all() if one.revoked_at is None] == ["CMS 2"]
    await owner.says("/sources")
    assert "CMS 2" in owner.screen


async def test_what_a_forged_button_names_grants_nothing_more_and_editors_have_none(room: Newsroom) -> None:
    owner, reader = room.owner(), room.person()
    await reader.says("/sources")
    await reader.sees("Це можуть лише люди редакції")
    await owner.says("/sources")
    for data in ("tk:a:4096", "tk:a:-8", "tk:n:99999", "tk:s:5", "tk:d:5"):
        await owner.presses(data, owner.last)
    await owner.says("Хтось")
    assert [one.scope for one in await room.store.tokens.all()] in ([], [Scope.DRAFT | Scope.PUBLISH])
    await reader.presses("tk:l:0", reader.last)
    assert "Джерела" not in reader.screen
