"""Reading: the latest, full text, what is related, search; each in place, with a way back."""

import pytest

from bot.sandbox.faults import Fault
from bot.screens.callbacks import Open, Show
from bot.screens.screen_refs import HeadlineScreen
from tests.support.arrivals import arrive, incoming
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, text_of

LONG = "Довга новина\nЇї лід\n\n" + "\n\n".join(
    f"Абзац номер {n}: слова, слова і ще раз слова про міст." for n in range(160)
)


async def _some_news(room: Newsroom, number: int) -> None:
    news = []
    for n in range(1, number + 1):
        topics, title = ("Економіка",) if n % 2 else (), f"Новина номер {n}"
        news.append(incoming(room, n, title, f"Текст новини номер {n}.", topics=topics, source="Вісник"))
        room.clock.advance(minutes=1)
    await arrive(room, *news, push=False)


async def test_the_latest_are_paged_in_place_and_each_opens_with_one_tap(room: Newsroom) -> None:
    reader = room.person()
    await _some_news(room, 7)
    await reader.says("/latest")
    assert "1. Новина номер 7" in reader.screen
    assert "Вісник · 14:06 · 1 хв читати" in reader.screen
    page = reader.last["message_id"]
    await reader.taps("▶")
    assert "6. Новина номер 2" in reader.screen
    await reader.taps("7")
    assert "Текст новини номер 1." in reader.screen
    await reader.taps("Назад")
    assert "6. Новина номер 2" in reader.screen
    await reader.taps("◀")
    assert "1. Новина номер 7" in reader.screen
    assert reader.last["message_id"] == page


async def test_the_latest_of_one_topic(room: Newsroom) -> None:
    reader = room.person()
    await _some_news(room, 3)
    await reader.says("/latest економіка")
    assert "Останнє: Економіка" in reader.screen
    assert "Новина номер 2" not in reader.screen
    await reader.says("/latest вязання")
    await reader.sees_now("Теми «вязання» немає. Є такі: Війна,")


async def test_an_article_is_read_by_its_number(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    article = await editor.publishes("Міст відкрили\nЛід\n\nТекст про міст.")
    await reader.says(f"/read {article.id}")
    assert "Текст про міст." in reader.screen
    await reader.taps("Згорнути")
    assert "Текст про міст." not in reader.screen
    await reader.says(f"/read #{article.id}.")
    assert "Текст про міст." in reader.screen
    await reader.says("/read 999")
    await reader.sees_now("Не знайдено.")
    await reader.says("/read")
    await reader.sees_now("Вкажіть номер новини або посилання на неї: /read 123")


async def test_an_article_is_read_by_its_link_and_leads_to_the_latest(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    article = await editor.publishes("Міст відкрили\nЛід\n\nТекст про міст.")
    bot, start = "visnyk_sandbox_bot", f"start=a_{article.id}"
    for link in (f"https://t.me/{bot}?{start}", f"tg://resolve?domain={bot}&{start}"):
        await reader.says(f"/read {link}")
        assert "Текст про міст." in reader.screen
    await reader.says("/read https://t.me/visnyk_sandbox_bot?start=a_12x")
    await reader.sees_now("Вкажіть номер новини або посилання на неї: /read 123")
    await reader.says(f"/read {article.id}")
    await reader.taps("📰 Останнє")
    assert "1. Міст відкрили" in reader.screen


async def test_nothing_unpublished_can_be_read_whatever_button_is_made_up(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.says("/post Таємниця\n\nЩе не вийшла.")
    await reader.says("/start")
    for data in (Open(1, HeadlineScreen(1)).encode(), Show(HeadlineScreen(1)).encode(), "r:1:h1:0", "e:1:0:h:", "zzz"):
        await reader.presses(data, reader.last)
        assert await reader.lacks("Таємниця")
        assert await reader.lacks("Ще не вийшла")
    await reader.says("/read 1")
    await reader.sees_now("Не знайдено.")
    await reader.says("/search таємниця")
    await reader.sees_now("Нічого не знайдено")


async def test_a_long_article_is_one_rich_message_and_complete(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(LONG)
    await reader.says("/latest")
    before = len(reader.got)
    await reader.taps("1")
    assert len(await reader.everything()) == before
    assert "rich_message" in reader.last
    assert all(f"Абзац номер {n}:" in reader.screen for n in range(160))


@pytest.mark.parametrize("fault", ["unknown method", "not accepted", "for a reason nobody knows", "plain by choice"])
async def test_where_rich_messages_do_not_work_the_text_comes_in_parts_and_goes_again(
    room: Newsroom, fault: str
) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(LONG)
    await reader.says("/start")
    if fault == "plain by choice":
        await reader.says("/settings")
        await reader.taps("Вигляд")
    await reader.says("/latest")
    before = len(reader.got)
    if fault == "unknown method":
        room.faults.order(Fault("answer", 1, "editMessageText", status=404, description="Not Found"))
    elif fault == "not accepted":
        room.faults.order(
            Fault("answer", 1, "editMessageText", status=400, description="Bad Request: message text is empty")
        )
    elif fault == "for a reason nobody knows":
        room.faults.order(
            Fault("answer", 1, "editMessageText", status=400, description="Bad Request: HOLOGRAM_INVALID")
        )
    await reader.taps("1")
    await reader.sees("Абзац номер 159:")
    parts = reader.got[before - 1 :]
    assert len(parts) >= 3
    text = "\n".join(text_of(m) for m in parts)
    assert all(f"Абзац номер {n}:" in text for n in range(160))
    assert all(len(m["text"]) <= 4096 for m in parts)
    await reader.taps("Назад", parts[0])
    assert len(await reader.everything()) == before
    assert "Останнє" in reader.screen


async def test_a_picture_that_cannot_be_fetched_does_not_hide_the_article(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.sends_photo("Міст відкрили\n\nТекст під фото.")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.says("/latest")
    room.faults.order(
        Fault(
            "answer",
            1,
            "editMessageText",
            status=400,
            description="Bad Request: wrong file identifier/HTTP URL specified",
        )
    )
    await reader.taps("1")
    assert "Текст під фото." in reader.screen
    assert [b["type"] for b in reader.last["rich_message"]["blocks"]].count("photo") == 0


async def test_related_items_open_in_place_and_lead_back(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Ремонт мосту Ковальського завершено\n\nМіст Ковальського відкрили після ремонту.")
    room.clock.advance(hours=2)
    await editor.publishes("Проїзд мостом Ковальського буде платним\n\nЗа міст Ковальського доведеться платити.")
    room.clock.advance(hours=2)
    await editor.publishes("Театр показав прем’єру\n\nВистава зібрала повну залу.")
    await reader.says("/start")
    await reader.says("/latest")
    await reader.taps("2")
    await reader.taps("Ще за темою")
    assert "Ремонт мосту Ковальського завершено" in reader.screen
    assert "Театр" not in reader.screen
    await reader.taps("1")
    assert "Міст Ковальського відкрили після ремонту." in reader.screen
    await reader.taps("Назад")
    assert "Ще за темою" in reader.screen
    await reader.taps("Назад")
    assert "За міст Ковальського доведеться платити." in reader.screen
    await reader.taps("Назад")
    assert "Останнє" in reader.screen
    await reader.says("/related 1")
    await reader.sees_now("Усе інше на цю тему ви щойно прочитали.")


async def test_search_finds_any_form_of_a_word(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Парламент ухвалив закон про мобілізацію")
    await editor.publishes("Parliament passes the mobilisation law")
    await reader.says("/search мобілізації законом")
    assert "1. Парламент ухвалив закон про мобілізацію" in reader.screen
    await reader.taps("1")
    await reader.taps("Назад")
    assert "Знайдено за запитом «мобілізації законом»" in reader.screen
    await reader.says("/search parliaments")
    assert "Parliament passes the mobilisation law" in reader.screen
    await reader.says("/search")
    await reader.sees_now("Що шукаємо?")
    await reader.says("парламенту")
    await reader.sees_now("Парламент ухвалив закон про мобілізацію")


async def test_hostile_searches_get_a_sentence(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Парламент ухвалив закон")
    hostile = [
        '" OR 1=1 --',
        "NEAR(a b)",
        "title : *",
        "^* - ( ) { } :",
        "а" * 4000,
        "😀🇺🇦",
        "і",
        "та й на",
        "שלום",
        "%' _",
    ]
    for words in hostile:
        room.clock.advance(seconds=10)
        await reader.says(f"/search {words}")
        said = reader.screen
        assert any(part in said for part in ("Нічого не знайдено", "Немає за чим шукати", "Знайдено")), (words, said)
        assert "Щось пішло не так" not in said, words


async def test_plain_words_are_not_met_with_silence(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Парламент ухвалив закон")
    await reader.says("що там із законами")
    await reader.sees_now("Пошукати «що там із законами» у новинах?")
    await reader.taps("Шукати")
    assert "Парламент ухвалив закон" in reader.screen
    await reader.says("/nosuchcommand")
    await reader.sees_now("Такої команди немає")
    await reader.sends_photo()
    await reader.sees_now("Такі повідомлення бот не читає")


async def test_a_shared_link_opens_an_article_and_another_subscribes(room: Newsroom) -> None:
    editor, newcomer = room.owner(), room.person("Ігор", 2)
    article = await editor.publishes("Міст відкрили\n\nТекст про міст.", topics=("Політика",))
    await newcomer.says(f"/start a_{article.id}")
    await newcomer.sees("Текст про міст.")
    other = room.person("Леся", 3)
    await other.says("/start t_economy")
    await other.sees("Відтепер ви стежите за темою «Економіка».")
    await editor.publishes("Про політику", topics=("Політика",))
    await editor.publishes("Про гривню", topics=("Економіка",))
    await other.sees("Про гривню")
    assert await other.count("Про політику") <= 0


async def test_the_whole_reader_side_speaks_english(room: Newsroom) -> None:
    editor, reader = room.owner("en"), room.person("Emma", 5, "en")
    await editor.publishes("The bridge is open\nTraffic is back\n\nThe bridge opened at eight.")
    await reader.says("/start")
    await reader.sees("Welcome! This is Visnyk.")
    for command in (
        "/latest",
        "/settings",
        "/schedule",
        "/timezone",
        "/topics",
        "/help",
        "/read 1",
        "/related 1",
        "/search bridges",
    ):
        await reader.says(command)
    await reader.says("/nosuch")
    for message in reader.got:
        text = text_of(message).replace("Вісник", "")
        assert not any("а" <= letter.lower() <= "ї" for letter in text), text


async def _opened(reader: Somebody) -> str:
    await reader.taps("Читати")
    return reader.screen


async def test_what_the_reader_has_just_read_is_not_offered_as_related(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Ремонт мосту Ковальського завершено\n\nМіст Ковальського відкрили після ремонту.")
    room.clock.advance(hours=2)
    await editor.publishes("Проїзд мостом Ковальського буде платним\n\nЗа міст Ковальського доведеться платити.")
    room.clock.advance(hours=2)
    await editor.publishes("Театр показав прем’єру\n\nВистава зібрала повну залу.")
    await editor.publishes(
        "Міст Ковальського: хто платитиме\n\nПлату за проїзд мостом Ковальського обговорили на раді."
    )
    await reader.says("/start")
    await reader.says("/read 1")
    await reader.taps("Згорнути")
    await reader.says("/related 2")
    assert "Ремонт мосту Ковальського завершено" not in reader.screen
    room.clock.advance(seconds=2)
    await reader.taps("1")
    await reader.sees_now("обговорили на раді")
    await reader.taps("Назад")
    assert "хто платитиме" in reader.screen
    await reader.says("/related 2")
    await reader.sees_now("ви щойно прочитали")
    room.clock.advance(hours=25)
    await reader.says("/related 2")
    assert "Ремонт мосту Ковальського завершено" in reader.screen
