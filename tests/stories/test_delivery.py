"""Delivery as readers see it: at once, in digests, once, in order; and what happens to those who cannot be reached."""

from datetime import UTC, datetime

import pytest

from bot.model.matching import keyword_key
from bot.model.readers import Address, ReaderState
from bot.readers.rules import MOST_RULES
from bot.sandbox.faults import Fault
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.people import text_of


async def _state(room: Newsroom, chat_id: int) -> ReaderState:
    found = await room.store.readers.find(Address(chat_id))
    assert found is not None
    return found.state


async def test_a_headline_comes_once_also_through_two_topics(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.taps("Політика")
    await reader.taps("Економіка")
    await editor.publishes("Бюджет ухвалено", topics=("Політика", "Економіка"))
    await reader.sees("Бюджет ухвалено")
    await room.tick()
    await room.restart()
    await room.tick()
    assert await reader.count("Бюджет ухвалено") == 1


async def test_whoever_chose_topics_gets_only_those(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.taps("Спорт")
    assert "✅ ⚽ Спорт" in [
        b
        for m in reader.got
        for r in m.get("reply_markup", {}).get("inline_keyboard", ())
        for b in (x["text"] for x in r)
    ]
    await editor.publishes("Про погоду", topics=("Погода",))
    await editor.publishes("Про футбол", topics=("Спорт",))
    await reader.sees("Про футбол")
    assert await reader.count("Про погоду") == 0


async def test_a_digest_comes_at_the_chosen_hour_grouped_by_topic_and_opens_in_place(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule 19:00 08:00")
    await reader.sees_now("Новини надходитимуть о 08:00 і 19:00.")
    await editor.publishes("Курс гривні зріс\n\nТекст про гривню.", topics=("Економіка",))
    await editor.publishes("Збірна перемогла\n\nТекст про матч.", topics=("Спорт",))
    await room.tick()
    assert await reader.lacks("Курс гривні")
    room.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))  # 19:00 in Kyiv
    await room.tick()
    await reader.sees("Дайджест · 19:00 · 2 новини")
    text = reader.message_with("Дайджест")["text"]
    assert (
        text.index("Економіка") < text.index("Курс гривні зріс") < text.index("Спорт") < text.index("Збірна перемогла")
    )
    await reader.taps("2", reader.message_with("Дайджест"))
    assert "Текст про матч." in reader.screen
    await reader.taps("Назад")
    assert "Дайджест · 19:00 · 2 новини" in reader.screen
    room.clock.set(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    await room.tick()
    await room.tick()
    assert await reader.count("Дайджест") == 1, "there is no empty digest"


async def test_nothing_comes_both_as_a_push_and_in_a_digest(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes("Перша новина")
    await reader.sees("Перша новина")
    await reader.says("/schedule hourly")
    await editor.publishes("Друга новина")
    room.clock.advance(hours=1)
    await room.tick()
    await reader.sees("Дайджест")
    digest = reader.message_with("Дайджест")["text"]
    assert "Друга новина" in digest
    assert "Перша новина" not in digest
    await reader.says("/schedule now")
    await editor.publishes("Третя новина")
    await reader.sees("Третя новина")
    assert await reader.count("Друга новина") == 1


async def test_a_digest_goes_out_at_the_next_minute_when_that_was_chosen(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule 14:01")
    await editor.publishes("Новина дня")
    room.clock.advance(minutes=1)
    await room.tick()
    await reader.sees("Дайджест · 14:01 · 1 новина")


async def test_quiet_hours_hold_news_back_until_they_end_but_urgent_news_comes(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("Тихі години")
    await reader.taps("22:00–07:00")
    room.clock.set(datetime(2026, 11, 23, 21, 0, tzinfo=UTC))  # 23:00 in Kyiv
    await editor.publishes("Нічна новина")
    await editor.publishes("Тривожна новина", urgent=True)
    await reader.sees("Тривожна новина")
    assert "🔴 ТЕРМІНОВО" in reader.screen
    assert await reader.lacks("Нічна новина")
    room.clock.set(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))  # 07:00
    await room.tick()
    await reader.sees("Дайджест · 07:00 · 1 новина")
    await reader.sees("Нічна новина")


async def test_paused_readers_get_nothing_and_resumed_ones_only_what_is_new(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/pause")
    await reader.sees_now("Надсилання призупинено")
    await editor.publishes("Під час паузи")
    await reader.says("/resume")
    await editor.publishes("Після паузи")
    await reader.sees("Після паузи")
    assert await reader.count("Під час паузи") == 0


async def test_whoever_leaves_gets_nothing_and_finds_everything_on_return(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.taps("Спорт")
    await reader.says("/stop")
    await reader.sees_now("Готово, новини більше не надходитимуть.")
    await editor.publishes("Поки не було", topics=("Спорт",))
    await reader.says("/start")
    await reader.sees("Знову разом")
    await editor.publishes("Про погоду", topics=("Погода",))
    await editor.publishes("Про футбол", topics=("Спорт",))
    await reader.sees("Про футбол")
    pushed = [m for m in reader.got if "❓ Чому це тут?" in str(m.get("reply_markup"))]
    assert [text_of(m).splitlines()[0] for m in pushed] == ["Про футбол"]


async def test_why_did_i_get_this_names_the_rule_and_one_tap_changes_it(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.taps("Економіка")
    await reader.taps("Спорт")
    await editor.publishes("Курс гривні", topics=("Економіка",))
    await reader.sees("Курс гривні")
    await reader.taps("❓ Чому це тут?")
    assert "• тема «Економіка»" in reader.screen
    await reader.taps("🔕 доба")
    assert "🔕 тема «Економіка» — вимкнено до завтра" in reader.screen
    await editor.publishes("Ще про гривню", topics=("Економіка",))
    await editor.publishes("Про футбол", topics=("Спорт",))
    await reader.sees("Про футбол")
    assert await reader.lacks("Ще про гривню")
    room.clock.advance(hours=25)
    await editor.publishes("Знову про гривню", topics=("Економіка",))
    await reader.sees("Знову про гривню")  # without choosing anew
    await reader.taps("❓ Чому це тут?")
    await reader.taps("🔕 назавжди")
    await editor.publishes("Ще раз про гривню", topics=("Економіка",))
    room.clock.advance(days=365)
    await editor.publishes("Гривня через рік", topics=("Економіка",))
    await editor.publishes("Футбол через рік", topics=("Спорт",))
    await reader.sees("Футбол через рік")
    assert await reader.lacks("Ще раз про гривню")
    assert await reader.lacks("Гривня через рік")


async def test_followed_words_bring_news_in_any_form_of_them(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.taps("Усі новини")
    await reader.says("/search ремонт мосту")
    await reader.taps("Стежити за цими словами")
    assert reader.toast["text"].startswith("Новини з цими словами надходитимуть вам.")
    await editor.publishes("Мости після ремонтів відкриють восени")
    await editor.publishes("Ремонт школи")
    await reader.sees("Мости після ремонтів відкриють восени")
    await reader.taps("❓ Чому це тут?")
    assert "слова «ремонт мосту»" in reader.screen
    await room.tick()
    assert await reader.lacks("Ремонт школи")
    await reader.says("/settings")
    await reader.taps("📋")
    await reader.taps("✖ слова «ремонт мосту»")
    assert "Тут поки порожньо" in reader.screen


async def test_one_rule_more_than_a_reader_may_have_is_refused_until_one_is_taken_away(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    person = await room.store.readers.find(Address(1))
    assert person is not None
    await room.store.readers.choose(person.id, [keyword_key(n) for n in range(1000, 1000 + MOST_RULES - 1)])
    await reader.says("/search ремонт мосту")
    await reader.taps("Стежити за цими словами")
    assert reader.toast["text"].startswith(
        "Стільки не вміститься: у вас може бути щонайбільше 200 правил. Приберіть зайві: теми — /topics"
    )
    await reader.says("/settings")
    await reader.taps("📋")
    await reader.presses("c:drop:k1000", reader.last)
    await reader.says("/search ремонт мосту")
    await reader.taps("Стежити за цими словами")
    assert reader.toast["text"].startswith("Новини з цими словами надходитимуть вам.")


async def test_a_reader_who_blocked_the_bot_is_not_tried_again_until_they_return(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    reader.person.blocked = True  # without a word from Telegram
    await editor.publishes("Перша")
    await room.settled()
    assert await _state(room, 1) is ReaderState.BLOCKED
    sent = [c for c in room.api.log if c.method == "sendMessage" and c.payload["chat_id"] == 1]
    await editor.publishes("Друга")
    assert len([c for c in room.api.log if c.method == "sendMessage" and c.payload["chat_id"] == 1]) == len(sent)
    reader.unblocks_the_bot()
    for _ in range(40):
        if await _state(room, 1) is ReaderState.ACTIVE:
            break
        await room.clock.sleep(0.05)
    await editor.publishes("Третя")
    await reader.sees("Третя")
    assert await reader.lacks("Друга")


@pytest.mark.parametrize(
    ("status", "description", "state"),
    [
        (403, "Forbidden: user is deactivated", ReaderState.DEACTIVATED),
        (400, "Bad Request: chat not found", ReaderState.GONE),
        (400, "Bad Request: not enough rights to send text messages to the chat", ReaderState.MUTED),
        (500, "Internal Server Error", ReaderState.ACTIVE),
        (400, "Bad Request: something nobody has seen before", ReaderState.ACTIVE),
    ],
)
async def test_one_odd_reader_stops_nobody_and_a_passing_error_unsubscribes_nobody(
    room: Newsroom, status: int, description: str, state: ReaderState
) -> None:
    odd, others, editor = room.person("Дивний", 1), [room.person("Інша", n) for n in (2, 3)], room.owner()
    for person in (odd, *others):
        await person.says("/start")
    room.faults.order(Fault("answer", 1, "sendMessage", chat_id=1, status=status, description=description))
    await editor.publishes("Новина для всіх")
    for person in others:
        await person.sees("Новина для всіх")
    await room.settled()
    assert await _state(room, 1) is state


async def test_a_429_delays_its_chat_and_loses_nothing(room: Newsroom) -> None:
    slow, other, editor = room.person("Повільна", 1), room.person("Інша", 2), room.owner()
    await slow.says("/start")
    await other.says("/start")
    room.faults.order(
        Fault(
            "answer",
            1,
            "sendMessage",
            chat_id=1,
            status=429,
            description="Too Many Requests: retry after 2",
            retry_after=2,
        )
    )
    began = room.clock.monotonic()
    await editor.publishes("Новина")
    await other.sees("Новина\n")
    assert await slow.count("Новина\nВісник") == 1
    assert room.clock.monotonic() - began >= 2, "Telegram asked for two seconds"


async def test_a_group_that_becomes_a_supergroup_goes_on_getting_news(room: Newsroom) -> None:
    from bot.sandbox.world import Chat

    admin, editor = room.person(), room.owner()
    group = room.world.add_chat(Chat(-50, "group", "Сусіди"))
    seat = room.member(admin, group, admin=True)
    await seat.says("/topics")
    new = room.world.add_chat(Chat(-1000000050, "supergroup", "Сусіди"))
    group.moved_to = new.id
    await editor.publishes("Новина для групи")
    moved = room.member(admin, new)
    await moved.sees("Новина для групи")
    assert await moved.count("Новина для групи") == 1


async def test_the_order_of_a_chat_is_kept(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    for n in range(4):
        await editor.publishes(f"Новина {n}")
    await room.settled()
    seen = [text_of(m).splitlines()[0] for m in reader.got if "Чому" in str(m.get("reply_markup"))]
    assert seen == [f"Новина {n}" for n in range(4)]


async def test_what_was_due_while_the_bot_was_away_comes_when_the_owner_says_so(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says("/post Запланована новина")
    await editor.taps("Запланувати")
    await editor.says("через 2 години")
    await editor.sees_now("Вийде 16:00")
    await room.stop()
    room.clock.advance(hours=3)
    await room.start()
    await room.tick()
    assert await reader.lacks("Запланована новина")  # after so long a stop the owner is asked first
    await editor.taps("Надіслати")
    await room.tick()
    await reader.sees("Запланована новина")


async def test_urgent_news_is_a_paid_broadcast_when_the_operator_pays_and_nothing_else_is(sqlite_url: str) -> None:
    async with open_newsroom(sqlite_url, send_rate=30, paid_rate=100, paid_stars=1) as room:
        reader, editor = room.person(), room.owner()
        await reader.says("/start")
        await editor.publishes("Звичайна новина")
        await editor.publishes("Термінова новина", urgent=True)
        await reader.sees("Термінова новина")
        paid = [c.payload["text"] for c in room.api.log if c.payload.get("allow_paid_broadcast")]
        assert len(paid) == 1
        assert "Термінова новина" in paid[0]
