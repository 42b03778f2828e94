"""A very long article, as a system of an agency or a feed may bring it: nobody's reply waits while it is worked through."""

import pytest

from bot.feeds.intake import drafted
from bot.model.news import Incoming
from tests.support.held_up import forget_texts, held_up
from tests.support.newsroom import OWNER, Newsroom
from tests.support.people import Somebody

pytestmark = pytest.mark.wide

TITLE = "Закон про бюджет: повний текст"
PARAGRAPH = "<p>Стаття про видатки на мости, школи й лікарні громад, ухвалена сесією ради минулого вівторка.</p>"
LONG_BODY = f"{PARAGRAPH * 400}<p>Закон набирає чинності з січня.</p>"  # 40 kB: three pages of a rich message


async def _drafted(room: Newsroom, title: str) -> None:
    incoming = Incoming(title=title, lead="Лід.", body=LONG_BODY, source="Рада", language="uk")
    await room.store.articles.draft(drafted(incoming, OWNER, await room.store.topics.all()), room.clock.now())


async def _publishes(room: Newsroom, owner: Somebody) -> None:
    """Have the newest draft published, and everybody have it."""
    await owner.says("/drafts")
    await owner.taps("1")
    await owner.taps("Опублікувати")
    await owner.taps("Так, опублікувати")
    await room.tick()
    await room.delivered()


async def test_nobody_waits_while_a_long_article_goes_out_is_opened_found_and_corrected(room: Newsroom) -> None:
    owner, reader = room.owner(), room.person()
    await reader.says("/start")
    await reader.says("/follow бюджет")
    for title in (TITLE, f"{TITLE}, друге читання"):  # the second is compared with the first, and goes on with it
        await _drafted(room, title)
        forget_texts()
        with held_up() as busy:
            await _publishes(room, owner)
            await reader.sees(title)
        assert busy == []
    for act in ("Читати", "/search видатки", "full"):
        forget_texts()
        with held_up() as busy:
            if act == "Читати":
                await reader.taps(act)
                await reader.sees("видатки на мости")
            elif act == "full":
                await owner.says("/published")
                await owner.taps("2")
            else:
                await reader.says(act)
        assert busy == [], act
    await owner.taps("Виправити")
    await owner.taps("Лід")
    forget_texts()
    with held_up() as busy:
        await owner.says("Виправлений лід.")
        await owner.taps("Одрук")
        await room.tick()
        await room.delivered()
    assert busy == []


async def test_nobody_waits_while_a_long_text_is_mended_and_shown_in_plain_messages(room: Newsroom) -> None:
    owner, reader = room.owner(), room.person()
    await _drafted(room, TITLE)
    await _publishes(room, owner)
    await owner.taps("Виправити")
    await owner.taps("Текст")
    forget_texts()
    with held_up() as busy:
        await owner.says("з січня -> з лютого")
        await owner.sees_now("лютого")
    assert busy == []
    await owner.taps("Одрук")
    await room.tick()
    await room.delivered()
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("🖼")  # plain messages
    await reader.says("/latest")
    forget_texts()
    with held_up() as busy:
        await reader.taps("1")
        await reader.sees("набирає чинності з лютого")
    assert busy == []
    assert await reader.count("видатки на мости") > 5
