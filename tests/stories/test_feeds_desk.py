"""The desk's feeds: found by any address, added in a minute, set, and heard of when something is to be decided."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.fetch.answers import Reason
from bot.inflow.inflow import FLOOD
from bot.model.desk import Editor, Role
from bot.model.feeds import FeedMode, FeedState, NoticeKind
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.killing import Kills
from tests.support.newsroom import Desk
from tests.support.people import buttons_of, text_of
from tests.support.site import an_item, rss

pytestmark = pytest.mark.wide

ITEMS = [an_item(f"Новина {n}", n, f"Про подію номер {n} у місті.") for n in range(7)]
BRIDGE = "Міст через річку відкрили після ремонту"
TEXT = "Рух відновили о восьмій ранку. Ремонт тривав пів року, і весь цей час містяни їздили в об’їзд через греблю."
PAGE = """<!DOCTYPE html><html><head><title>Газета</title>
<link rel="alternate" type="application/rss+xml" href="/comments" title="Коментарі">
<link rel="alternate" type="application/rss+xml" href="/feed" title="Новини"></head><body>Текст</body></html>"""


@pytest.fixture
async def fed(sqlite_url: str) -> AsyncIterator[FedRoom]:
    async with a_fed_room(sqlite_url) as opened:
        yield opened


async def _owner(fed: FedRoom, language: str = "uk") -> Desk:
    owner = fed.room.owner(language)
    await owner.says("/start")
    return owner


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", ("Додати стрічку", "Надішліть адресу", "У стрічці 7 новин", "Публікувати одразу", "Додано", "Стрічки")),
        ("en", ("Add a feed", "Send the address", "holds 7 items", "Publish at once", "Added", "Feeds")),
    ],
)
async def test_a_feed_is_added_in_two_taps_and_an_address(fed: FedRoom, language: str, words: tuple[str, ...]) -> None:
    owner = await _owner(fed, language)
    fed.site.pages["/feed"] = rss(*ITEMS)
    await owner.says("/feeds")
    await owner.taps(words[0])
    await owner.sees(words[1])
    await owner.says(f"{fed.site.root}/feed")
    await owner.sees(words[2])
    assert "Новина 0" in owner.screen  # the newest five, as they would look
    assert "Новина 4" in owner.screen
    assert "Новина 5" not in owner.screen
    await owner.taps(words[3])
    await owner.sees(words[4])
    (feed,) = await fed.room.store.feeds.all()
    assert (feed.mode, feed.state, feed.name, feed.added_by) == (
        FeedMode.PUBLISH,
        FeedState.ACTIVE,
        "Новини міста",
        100,
    )
    await owner.says("/feeds")
    await owner.sees_now(words[5])
    assert "Новини міста" in owner.screen


async def test_what_was_only_looked_at_is_no_feed(fed: FedRoom) -> None:
    owner = await _owner(fed)
    fed.site.pages["/feed"] = rss(*ITEMS)
    await owner.says(f"/feeds {fed.site.root}/feed")
    await owner.sees("У стрічці 7 новин")
    assert await fed.room.store.feeds.all() == []
    await owner.taps("Скасувати")
    await owner.sees_now("Звідси ще нічого не надходить")


async def test_a_page_leads_to_its_feeds_and_a_site_to_where_feeds_usually_are(fed: FedRoom) -> None:
    owner = await _owner(fed)
    fed.site.pages |= {"/": PAGE, "/feed": rss(*ITEMS), "/comments": rss(title="Коментарі")}
    await owner.says(f"/feeds {fed.site.root}")
    await owner.sees("На сторінці кілька стрічок")
    assert owner.buttons[:2] == ["Новини міста (7)", "Коментарі (0)"]
    await owner.taps("Новини міста (7)")
    await owner.sees("У стрічці 7 новин")
    fed.site.pages |= {"/": "<html><head></head></html>", "/rss.xml": rss(*ITEMS[:3], title="На звичному місці")}
    del fed.site.pages["/feed"]
    await owner.says(f"/feeds {fed.site.root}")
    await owner.sees("На звичному місці")


@pytest.mark.parametrize(
    ("language", "address", "said"),
    [
        ("uk", "http://169.254.169.254/latest", "віддає ключі хмарного сервера"),
        ("uk", "http://10.0.0.1/feed", "у внутрішню мережу"),
        ("uk", "ftp://example.org/feed", "починаються з http"),
        ("en", "http://[::1]/", "the bot’s own machine"),
        ("en", "file:///etc/passwd", "begin with http"),
        ("en", "{site}/nothing", "nothing at this address"),
        ("uk", "{site}/page", "не стрічка"),
    ],
)
async def test_an_address_that_is_none_is_told_in_words(fed: FedRoom, language: str, address: str, said: str) -> None:
    owner = await _owner(fed, language)
    fed.site.pages["/page"] = "<html><body>Текст</body></html>"
    await owner.says(f"/feeds {address.format(site=fed.site.root)}")
    await owner.sees(said)
    assert await fed.room.store.feeds.all() == []


async def test_a_feeds_settings_are_set_by_taps(fed: FedRoom) -> None:
    owner, store = await _owner(fed), fed.room.store
    more = "<category>Рубрика</category>"
    fed.site.pages["/feed"] = rss(*[an_item(f"Новина {n}", n, "Про подію.", more=more) for n in range(3)])
    feed = await fed.feed()
    await fed.poll()
    await owner.says("/feeds")
    await owner.taps("1")
    await owner.taps("На схвалення")
    await owner.taps("⏱ за активністю")
    await owner.taps("30 хв")
    await owner.taps("🌐 мова з тексту")
    await owner.taps("English")
    await owner.taps("Рубрики")
    await owner.taps("Рубрика → за назвою і текстом")
    await owner.taps("Спорт")
    await owner.sees_now("Рубрика стрічки")
    assert "Рубрика → Спорт" in owner.buttons
    await owner.taps("Усе з цієї стрічки → за назвою і текстом")
    await owner.taps("без теми")
    await owner.taps("Назад")
    await owner.taps("Назва джерела")
    await owner.says("Газета «Місто»")
    await owner.sees_now("Газета «Місто»")
    found = await store.feeds.get(feed.id)
    assert (found.mode, found.every, found.language, found.source) == (FeedMode.APPROVE, 1800, "en", "Газета «Місто»")
    assert found.topics == {"рубрика": "sport", "*": ""}
    await owner.taps("Пауза")
    assert (await store.feeds.get(feed.id)).state is FeedState.PAUSED
    await owner.taps("Увімкнути")
    assert (await store.feeds.get(feed.id)).state is FeedState.ACTIVE
    await owner.taps("Прибрати")
    await owner.taps("Так, прибрати")
    await owner.sees_now("Звідси ще нічого не надходить")
    assert await store.feeds.all() == []


async def test_feeds_are_for_who_publishes(fed: FedRoom) -> None:
    stranger = fed.room.person()
    await stranger.says("/feeds")
    assert await stranger.lacks("Стрічки")
    feed = await fed.feed()
    for data in (f"fd:d:{feed.id}:", f"fd:m:{feed.id}:1", f"fd:q:{feed.id}:1", "fd:l:0:", "fs:t:1"):
        await stranger.presses(data, stranger.got[0])
    assert not any("Стрічки" in str(message) for message in stranger.got)
    assert len(await fed.room.store.feeds.all()) == 1


async def _flooded(fed: FedRoom, mode: FeedMode = FeedMode.PUBLISH) -> Desk:
    owner = await _owner(fed)
    fed.site.pages["/feed"] = rss(*ITEMS)
    await fed.feed(mode=mode)
    await fed.poll()
    flood = [an_item(f"Потік {n}", f"f{n}", f"Подія номер {n} у потоці подій.") for n in range(FLOOD + 1)]
    fed.site.pages["/feed"] = rss(*flood, *ITEMS)
    await fed.poll()
    await fed.room.tick()
    await owner.sees(f"одразу {FLOOD + 1} нову новину")
    return owner


@pytest.mark.parametrize(
    ("button", "pushed", "drafts", "found"),
    [
        ("Усе в архів", 0, 0, True),
        ("Опублікувати й надіслати все", FLOOD + 1, 0, True),
        ("Усе в чернетки", 0, FLOOD + 1, False),
        ("Нічого не брати", 0, 0, False),
    ],
)
async def test_a_flood_goes_where_an_editor_says(
    fed: FedRoom, button: str, pushed: int, drafts: int, found: bool
) -> None:
    reader = fed.room.person()
    await reader.says("/start")
    owner = await _flooded(fed)
    await owner.taps(button)
    await owner.sees_now(f"Готово: {FLOOD + 1} новина.")
    await fed.room.tick()
    await fed.poll()
    assert await reader.count("Потік") == pushed
    assert len(await fed.room.store.feed_items.drafts(fed.room.clock.now().replace(hour=0))) == drafts
    await reader.says("/search потік подій")
    assert ("Потік" in reader.screen) is found


async def _changed_at_its_source(fed: FedRoom, reader: Desk, owner: Desk) -> None:
    """Publish an item, then have its text changed by its source: the owner is asked."""
    fed.site.pages["/feed"] = rss(*ITEMS)
    await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *ITEMS)
    await fed.poll()
    await reader.sees(BRIDGE)
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT.replace("пів року", "7 років")), *ITEMS)
    await fed.poll()
    await fed.room.tick()
    await owner.sees("«Новини міста» змінює новину")


async def test_a_changed_text_is_shown_word_by_word_and_taken_over_by_one_editor(fed: FedRoom) -> None:
    reader, owner, colleague = fed.room.person(), await _owner(fed), fed.room.person("Ірина", 3)
    await fed.room.store.editors.appoint(Editor(3, Role.EDITOR, "Ірина"), 100, fed.room.clock.now())
    await reader.says("/start")
    await colleague.says("/start")
    await _changed_at_its_source(fed, reader, owner)
    await colleague.sees("«Новини міста» змінює новину")
    asked = dict(owner.last)
    assert "7 років" in owner.screen
    await owner.taps("Виправити й сказати читачам")
    await fed.room.tick()
    await owner.sees_now("Текст оновлено")
    await reader.sees("Текст оновило джерело.")
    article = await fed.room.store.articles.get((await fed.room.store.articles.latest(limit=1)).items[0].id)
    assert (article.revision, "7 років" in article.body) == (2, True)
    await colleague.taps("Виправити тихо")  # who still has the buttons
    assert colleague.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    data = next(one["callback_data"] for one in buttons_of(asked) if "Лишити, як є" in one["text"])
    await owner.presses(data, owner.chat.messages[asked["message_id"]])
    assert owner.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert text_of(owner.chat.messages[asked["message_id"]]).startswith(BRIDGE)


async def test_what_is_taken_over_from_a_source_is_taken_over_whatever_a_kill_comes_behind(fed: FedRoom) -> None:
    reader, owner = fed.room.person(), await _owner(fed)
    await reader.says("/start")
    await _changed_at_its_source(fed, reader, owner)
    kills = Kills(fed.room)
    kills.on("committed")
    await owner.taps("Виправити й сказати читачам")
    await fed.room.heard()
    assert kills.step, "nobody was killed"
    article = await fed.room.store.articles.get((await fed.room.store.articles.latest(limit=1)).items[0].id)
    assert (article.revision, "7 років" in article.body) == (2, True)


async def test_owners_are_told_in_words_of_a_feed_that_fails_and_of_its_recovery(fed: FedRoom) -> None:
    owner = await _owner(fed)
    fed.site.pages["/feed"] = web.Response(status=403)
    await fed.feed(source="Газета")
    for _ in range(5):
        await fed.poll()
        await fed.room.tick()
    await owner.sees("Стрічка «Газета» не відповідає, як треба")
    assert await owner.count("не відповідає, як треба") == 1
    assert "Сайт не пускає бота (403)" in owner.screen
    fed.site.pages["/feed"] = rss(*ITEMS)
    for _ in range(2):
        await fed.poll()
        await fed.room.tick()
    assert await owner.count("Стрічка «Газета» знову працює") == 1
    await owner.taps("Показати стрічку")
    await owner.sees_now("остання відповідь")


@pytest.mark.parametrize(
    ("language", "title", "taken", "refused", "offered"),
    [
        ("uk", "Стрічка «Газета» приходить із зіпсованими знаками", "Без них узято: Міст", "Не взято", "Показати стрічку"),
        ("en", "The feed “Газета” has damaged characters", "Taken without them: Міст", "Not taken", "Show the feed"),
    ],
)  # fmt: skip
async def test_owners_are_told_once_of_bytes_that_were_left_out_and_the_feeds_card_names_the_items(
    fed: FedRoom, language: str, title: str, taken: str, refused: str, offered: str
) -> None:
    owner = await _owner(fed, language)
    bridge, tax = (
        an_item("Міст відкрили", 100, f"{TEXT}?"),
        an_item("Податки зростуть", 101, "Ставка становить 1?0 грн."),
    )

    def damaged(*items: str) -> web.Response:
        content = rss(*items).encode().replace(b"?</", b"\xd0</").replace(b"1?0", b"1\xd00")
        return web.Response(body=content, content_type="application/rss+xml")

    fed.site.pages["/feed"] = rss(*ITEMS)
    feed = await fed.feed(source="Газета")
    await fed.poll()
    for pages in ((bridge, *ITEMS), (bridge, *ITEMS), (tax, bridge, *ITEMS)):
        fed.site.pages["/feed"] = damaged(*pages)
        for _ in range(2):
            await fed.poll()
            await fed.room.tick()
    assert await owner.count(title) == 1
    assert taken in owner.message_with(title)["text"]
    await owner.taps(offered)
    assert f"{taken} відкрили" in owner.screen
    assert refused in owner.screen
    assert ": Податки зростуть." in owner.screen
    for pages in ((tax, bridge, *ITEMS), (bridge, tax, *ITEMS)):  # the same as before, and changed
        fed.site.pages["/feed"] = web.Response(status=500)  # a hiccup mends nothing
        await fed.poll()
        fed.site.pages["/feed"] = damaged(*pages)
        await fed.poll()
        await fed.room.tick()
        assert (await fed.room.store.feeds.get(feed.id)).reason == Reason.DAMAGED
    told = [notice.kind for notice in await fed.notices() if notice.kind is NoticeKind.DAMAGED]
    assert told == [NoticeKind.DAMAGED]
    stored = await fed.room.store.feeds.get(feed.id)
    assert (stored.failures, stored.told) == (0, False)
    fed.site.pages["/feed"] = rss(*ITEMS)
    await fed.poll()
    await owner.says("/feeds")
    assert "⚠️" not in owner.screen
    fed.site.pages["/feed"] = damaged(bridge, *ITEMS)
    await fed.poll()
    await fed.room.tick()
    await owner.says("/feeds")
    assert "⚠️" in owner.screen
    told = [notice.kind for notice in await fed.notices() if notice.kind is NoticeKind.DAMAGED]
    assert told == []  # the same week: whoever looks sees it


async def test_editors_are_told_of_what_its_source_took_away(fed: FedRoom) -> None:
    owner, now = await _owner(fed), fed.room.clock.now()
    dated = [an_item(f"Новина {n}", n, f"Про подію номер {n}.", at=now.replace(hour=now.hour - n)) for n in range(1, 6)]
    fed.site.pages["/feed"] = rss(*dated)
    await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(*dated[:1], *dated[2:])
    for _ in range(3):
        await fed.poll()
        await fed.room.tick()
    assert await owner.count("«Новини міста» прибирає новину") == 1
    assert "Новина 2" in owner.screen
