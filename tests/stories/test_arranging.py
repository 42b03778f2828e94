"""What editors arrange: an article out of its story, stories made one, related items pinned and banned."""

from collections.abc import Sequence

import pytest

from bot.feeds.importer import FILES
from bot.feeds.intake import fed
from bot.model.news import Incoming
from bot.screens.callbacks import RelatedTap, StoryTap
from bot.screens.screen_refs import HeadlineScreen, StoryScreen
from bot.screens.verbs import RelatedVerb, StoryVerb
from storage.articles.imports import Imports
from storage.people.audit import Audit
from tests.stories.test_relevance import FIRST, OTHER, SECOND
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import buttons_of, text_of

pytestmark = pytest.mark.wide

THIRD = SECOND.replace("Депутати Київради", "Опозиція Київради").replace("обіцяє", "пообіцяв")
MUSEUM = "Музей у ратуші прийняв перших гостей\n\nЗа день прийшло сто людей, сказав директор музею Іван Кахля."


async def _acts(room: Newsroom, article_id: int) -> list[tuple[str, int | None]]:
    return [(entry.act, entry.by) for entry in await Audit(room.database).of_article(article_id)]


async def _published(room: Newsroom, editor: Desk, texts: Sequence[str]) -> list[int]:
    numbers = []
    for text in texts:
        numbers.append((await editor.publishes(text)).id)
        room.clock.advance(hours=1)
    await room.settled()
    return numbers


async def test_an_editor_takes_an_article_out_of_its_story_in_two_taps_and_can_undo_it(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    first, second, third = await _published(room, editor, [FIRST, SECOND, THIRD])
    got = len(reader.got)
    await editor.says(f"/story {first}")
    assert "✂️ 3" in editor.buttons
    await editor.taps("✂️ 2")
    await editor.sees_now("Вилучити з історії?")
    await editor.taps("Так, вилучити")
    await editor.sees_now("Вилучено з історії")
    await reader.says(f"/story {second}")
    await reader.sees_now("поки що окрема")
    await editor.taps("↩ Повернути")
    assert "Депутати Київради" in editor.screen
    await editor.taps("✂️ 1")
    await editor.taps("Так, вилучити")
    await editor.taps("До історії")
    assert "Київрада ухвалила" not in editor.screen
    assert "Опозиція Київради" in editor.screen
    assert (await room.store.articles.get(second)).story_id is not None
    assert [act for act in await _acts(room, second) if act[0] in {"cut", "put"}] == [("cut", 100), ("put", 100)]
    assert len(await reader.everything()) == got + 1  # the answer to /story
    assert third == 3


async def test_who_taps_twice_to_take_an_article_out_of_its_story_can_undo_it(room: Newsroom) -> None:
    editor = room.owner()
    first, second, _ = await _published(room, editor, [FIRST, SECOND, THIRD])
    await editor.says(f"/story {first}")
    await editor.taps("✂️ 2")
    data = next(b["callback_data"] for b in buttons_of(editor.last) if "Так" in b["text"])
    for _ in range(2):
        await editor.presses(data, editor.last)
        assert "Вилучено з історії" in editor.screen
    assert (await room.store.articles.get(second)).story_id is None
    await editor.taps("↩ Повернути")
    assert (await room.store.articles.get(second)).story_id is not None
    await editor.presses(data.replace(f":{second}:", f":{first}:"), editor.last)  # it is in the story, and leaves it
    assert (await room.store.articles.get(first)).story_id is None


async def test_what_is_new_in_a_story_is_counted_without_what_was_taken_out(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    first, second = await _published(room, editor, [FIRST, SECOND])
    await reader.says(f"/story {first}")
    third, fourth = await _published(room, editor, [THIRD, THIRD.replace("Опозиція Київради", "Фракції Київради")])
    await editor.says(f"/story {first}")
    await editor.taps("✂️ 4")
    await editor.taps("Так, вилучити")
    await reader.says(f"/story {second}")
    assert reader.screen.count("🆕") == 1
    assert "(3)" in reader.screen
    assert (third, fourth) == (3, 4)


async def test_two_stories_become_one_in_two_taps_with_all_who_follow_either(room: Newsroom) -> None:
    reader, other, editor = room.person(), room.person("Ілля", 2), room.owner()
    museum = await _published(room, editor, [OTHER, MUSEUM])
    budget = await _published(room, editor, [FIRST, SECOND])
    stories = room.store.stories
    await stories.gather(museum[0], museum[1], 100, room.clock.now())
    for person, article in ((reader, budget[0]), (other, museum[0])):
        await person.says("/start")
        await person.taps("Усі новини")
        await person.says(f"/story {article}")
        await person.taps("Стежити")
    got = len(reader.got), len(other.got)
    await editor.says(f"/story {budget[0]}")
    await editor.taps("Об’єднати")
    await editor.sees_now("З чим об’єднати?")
    assert "(2)" in editor.screen
    await editor.taps("🔗 1")
    assert editor.toast["text"] == "Об’єднано."
    assert "(4)" in editor.screen
    await room.settled()
    assert (len(await reader.everything()), len(await other.everything())) == got
    await _published(room, editor, [THIRD])
    assert [await person.count("Опозиція Київради") for person in (reader, other)] == [1, 1]
    assert ("gather", 100) in await _acts(room, budget[0])
    old = other.message_with("Музей у ратуші")
    await other.taps("Не стежити", old)
    shown = other.chat.messages[old["message_id"]]
    assert "(5)" in text_of(shown), "the button is older than the story it belongs to now"
    await _published(room, editor, [THIRD.replace("Опозиція Київради", "Фракції Київради")])
    assert [await person.count("Фракції Київради") for person in (reader, other)] == [1, 0]
    await other.taps("Стежити за історією", shown)
    await _published(room, editor, [THIRD.replace("Опозиція Київради", "Партії Київради")])
    assert await other.count("Партії Київради") == 1


async def test_an_article_of_no_story_is_added_to_one_from_its_own_card(room: Newsroom) -> None:
    editor = room.owner()
    first, second, museum = await _published(room, editor, [FIRST, SECOND, MUSEUM])
    await editor.says(f"/read {museum}")
    await editor.taps("Для редакції")
    await editor.taps("Додати до історії")
    await editor.sees_now("З чим об’єднати?")
    await editor.taps("🔗 1")
    assert "Музей у ратуші" in editor.screen
    assert "(3)" in editor.screen
    assert (first, second) == (1, 2)


async def test_related_items_are_pinned_and_banned_and_the_same_tap_takes_it_back(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    first, second, third, museum = await _published(room, editor, [FIRST, SECOND, THIRD, MUSEUM])
    await editor.says(f"/read {first}")
    await editor.taps("Для редакції")
    place = next(n for n in (1, 2) if f"{n}. Опозиція" in editor.screen)
    await editor.taps(f"🚫 {place}")
    assert "🚫 2. Опозиція" in editor.screen
    await editor.taps("Закріпити за номером")
    await editor.says("4444")
    await editor.sees_now("Такої новини немає")
    await editor.says(f"https://t.me/visnyk_sandbox_bot?start=a_{museum}")
    assert "📌 1. Музей у ратуші" in editor.screen
    await reader.says(f"/related {first}")
    assert "1. Музей у ратуші" in reader.screen
    assert "2. Депутати" in reader.screen
    assert "Опозиція" not in reader.screen
    await editor.says(f"/read {first}")
    await editor.taps("Для редакції")
    await editor.sees_now("Показано: 1. Відкрито звідси: 0.")
    room.clock.advance(seconds=2)
    await reader.taps("2")
    await reader.taps("Назад")
    assert await room.store.articles.related_use(first) == (1, 1), "who comes back to a list has not made it"
    assert await room.store.articles.unopened_lists(1, 10) == (0, [])
    await reader.says(f"/related {museum}")
    assert await room.store.articles.unopened_lists(1, 10) == (1, [museum])
    await editor.taps("✅ 📌 1")
    await editor.taps("✅ 🚫 2")
    await reader.says(f"/related {first}")
    assert "Музей у ратуші" not in reader.screen
    assert "Опозиція" in reader.screen
    acts = [act for act, by in await _acts(room, first) if by == 100]
    assert [act for act in acts if act in {"pin", "ban", "untie"}] == ["ban", "pin", "untie", "untie"]
    assert (second, third) == (2, 3)


async def test_all_that_was_banned_is_there_to_be_taken_back(room: Newsroom) -> None:
    editor = room.owner()
    first = (await editor.publishes("Київрада ухвалила бюджет столиці")).id
    titles = [f"Новина про зовсім інше, номер {n}" for n in range(1, 26)]
    batch = [fed(Incoming(title=title, identity=title, external_id=title), FILES) for title in titles]
    await Imports(room.database).add(batch, room.clock.now(), push=False)
    await room.tick()
    await room.settled()
    for other in range(first + 1, first + 26):
        await room.store.articles.tie(first, other, 100, room.clock.now(), pinned=False)
    await editor.says(f"/read {first}")
    await editor.taps("Для редакції")
    seen: set[int] = set()
    for page in range(3):
        seen |= {n for n in range(1, 26) if f"номер {n}\n" in f"{editor.screen}\n"}
        if page < 2:
            await editor.taps("Далі ▶")
    assert seen == {*range(1, 26)}
    assert "🚫 25." in editor.screen
    assert "Далі ▶" not in editor.buttons
    await editor.taps("✅ 🚫 25")  # it is related by no word: gone from the list, which ends a page earlier
    assert "🚫 24." in editor.screen
    assert "Далі ▶" not in editor.buttons
    await editor.taps("◀ Попередня")
    assert "🚫 12." in editor.screen


async def test_readers_see_no_editors_buttons_and_cannot_press_them(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    first, second = await _published(room, editor, [FIRST, SECOND])
    await reader.says(f"/read {first}")
    assert "🗂 Для редакції" not in reader.buttons
    await reader.taps("Уся історія")
    assert not [button for button in reader.buttons if "✂️" in button or "🔗" in button]
    story = (await room.store.articles.get(first)).story_id
    assert story is not None
    for action in (
        StoryTap(StoryVerb.CUT, first, StoryScreen(story)),
        StoryTap(StoryVerb.JOIN, first, StoryScreen(story), second),
    ):
        await reader.presses(action.encode(), reader.last)
        assert reader.toast["text"] == "Це можуть лише люди редакції. Ваш id: 1"
    await reader.presses(RelatedTap(RelatedVerb.BAN, first, second, HeadlineScreen(first)).encode(), reader.last)
    assert await room.store.articles.ties(first) == {}
    assert (await room.store.articles.get(first)).story_id == story


async def test_a_second_editor_who_was_slower_is_told(room: Newsroom) -> None:
    editor = room.owner()
    first, second = await _published(room, editor, [FIRST, SECOND])
    story = (await room.store.articles.get(first)).story_id
    assert story is not None
    await editor.says(f"/story {first}")
    cut = StoryTap(StoryVerb.CUT, second, StoryScreen(story)).encode()
    await editor.presses(cut, editor.last)
    assert SECOND.partition("\n")[0] in editor.screen
    assert "🧵 Уся історія" not in editor.buttons, "as it is now: in no story"
    put = StoryTap(StoryVerb.PUT_BACK, second, StoryScreen(story)).encode()
    await editor.presses(put, editor.last)
    await editor.presses(put, editor.last)
    assert "Тут уже все змінилося" in editor.toast["text"]
    assert "🧵 Уся історія" in editor.buttons
