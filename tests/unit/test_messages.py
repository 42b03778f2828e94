"""What editors send: a message's entities become blocks, its first lines a title and a lead."""

import pytest

from bot.errors import Empty
from bot.model.limits import LEAD_LINE, TITLE_LINE
from bot.text.entities import Entity, entities_of, parse_message
from bot.text.intake import read_post
from bot.text.markup import to_html

QUOTE, LINK = "blockquote", '<a href="https://e.org">'
MESSAGES = [
    ("а\n\nб\n \nв\nг", [], "<p>а</p><p>б</p><p>в<br>г</p>"),
    ("аб", [Entity("bold", 0, 1)], "<p><b>а</b>б</p>"),
    ("аб", [Entity("italic", 1, 1)], "<p>а<i>б</i></p>"),
    ("аб", [Entity("underline", 0, 2)], "<p><u>аб</u></p>"),
    ("аб", [Entity("strikethrough", 0, 2)], "<p><s>аб</s></p>"),
    ("аб", [Entity("spoiler", 0, 2)], "<p><tg-spoiler>аб</tg-spoiler></p>"),
    ("аб", [Entity("code", 0, 2)], "<p><code>аб</code></p>"),
    ("@аб", [Entity("mention", 0, 3)], "<p>@аб</p>"),
    ("абв", [Entity("bold", 0, 2), Entity("italic", 1, 2)], "<p><b>а</b><b><i>б</i></b><i>в</i></p>"),
    ("а\n\nб", [Entity("bold", 0, 4)], "<p><b>а</b></p><p><b>б</b></p>"),
    ("аб\n\nвг", [Entity("bold", 0, 1), Entity("italic", 5, 1)], "<p><b>а</b>б</p><p>в<i>г</i></p>"),
    # addresses
    ("аб", [Entity("text_link", 0, 2, "https://e.org")], f"<p>{LINK}аб</a></p>"),
    ("аб", [Entity("text_link", 0, 2, "javascript:x")], "<p>аб</p>"),
    ("e.org і", [Entity("url", 0, 5)], f"<p>{LINK}e.org</a> і</p>"),
    ("http://e.org/a", [Entity("url", 0, 14)], '<p><a href="http://e.org/a">http://e.org/a</a></p>'),
    ("a@b.co", [Entity("email", 0, 6)], '<p><a href="mailto:a@b.co">a@b.co</a></p>'),
    ("аб", [Entity("bold", 0, 2), Entity("text_link", 0, 1, "https://e.org")], f"<p>{LINK}<b>а</b></a><b>б</b></p>"),
    # quotations and code
    ("аб", [Entity(QUOTE, 0, 2)], "<blockquote><p>аб</p></blockquote>"),
    ("аб", [Entity("expandable_blockquote", 0, 2)], "<blockquote expandable><p>аб</p></blockquote>"),
    ("до\nце\nпісля", [Entity(QUOTE, 3, 2)], "<p>до</p><blockquote><p>це</p></blockquote><p>після</p>"),
    ("а\n\nб", [Entity(QUOTE, 0, 4)], "<blockquote><p>а</p><p>б</p></blockquote>"),
    ("аб", [Entity(QUOTE, 0, 2), Entity("bold", 1, 1)], "<blockquote><p>а<b>б</b></p></blockquote>"),
    ("а\nб", [Entity(QUOTE, 0, 2), Entity(QUOTE, 2, 1)], "<blockquote><p>а</p></blockquote><blockquote><p>б</p></blockquote>"),
    ("а\nб", [Entity(QUOTE, 0, 2), Entity("pre", 2, 1)], "<blockquote><p>а</p></blockquote><pre>б</pre>"),
    ("\n\n", [Entity(QUOTE, 0, 2)], ""),
    ("\n а\n\nб\n", [Entity("pre", 0, 6, "", "python")], '<pre class="language-python"> а\n\nб</pre>'),
    ("аб", [Entity("pre", 0, 2, "", "c++")], '<pre class="language-c++">аб</pre>'),
    ("аб", [Entity("pre", 0, 2, "", 'c" onclick="')], "<pre>аб</pre>"),
    ("\n\n", [Entity("pre", 0, 2)], ""),
    # an emoji is two units long, and nothing begins in its middle
    ("😀аб", [Entity("bold", 2, 1)], "<p>😀<b>а</b>б</p>"),
    ("😀аб", [Entity("bold", 0, 2)], "<p><b>😀</b>аб</p>"),
    ("😀аб", [Entity("bold", 1, 2)], "<p>😀аб</p>"),
    ("а😀", [Entity("bold", 0, 2)], "<p>а😀</p>"),
    ("аб", [Entity("bold", 0, 3)], "<p>аб</p>"),
    ("аб", [Entity("bold", -1, 2)], "<p>аб</p>"),
    ("аб", [Entity("bold", 1, 0)], "<p>аб</p>"),
    ("аб", [Entity("bold", 1, -1)], "<p>аб</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "entities", "html"), MESSAGES)
def test_a_message_becomes_the_blocks_its_entities_say(text: str, entities: list[Entity], html: str) -> None:
    assert to_html(parse_message(text, entities)) == html


def test_entities_are_read_from_what_telegram_sends() -> None:
    raw = [
        {"type": "text_link", "offset": 3, "length": 2, "url": "https://e.org"},
        {"type": "pre", "offset": 0, "length": 1, "language": "python", "new": {}},
        {"url": None, "language": None},
    ]
    assert entities_of(raw) == (
        Entity("text_link", 3, 2, "https://e.org"), Entity("pre", 0, 1, "", "python"), Entity("", 0, 0),
    )  # fmt: skip


WHOLE, LONG, LEAD = "т" * TITLE_LINE, "Слово" + " слово" * 59, "л" * LEAD_LINE
CUT = LONG[: 6 * 41 - 1] + "…"  # as many whole words as a title holds
POSTS = [
    # the title's line, the lead's line, the rest
    ("Т", [], ("Т", "", "")),
    ("Т\nЛ", [], ("Т", "", "<p>Л</p>")),
    ("Т\nЛ\nа\nб", [], ("Т", "Л", "<p>а</p><p>б</p>")),
    ("Т\nЛ\n\nа", [], ("Т", "Л", "<p>а</p>")),
    ("Т\n\nЛ\nа", [], ("Т", "", "<p>Л<br>а</p>")),
    (f"Т\n{LEAD}\nа", [], ("Т", LEAD, "<p>а</p>")),
    (f"Т\n{LEAD}л\nа", [], ("Т", "", f"<p>{LEAD}л</p><p>а</p>")),
    ("Т\nЛ\nа", [Entity("bold", 4, 1)], ("Т", "Л", "<p><b>а</b></p>")),
    ("Т\nЛ\nа", [Entity("text_link", 4, 1, "https://e.org")], ("Т", "Л", f"<p>{LINK}а</a></p>")),
    ("Т\nЛ\nа", [Entity("text_link", 2, 1, "https://e.org")], ("Т", "", f"<p>{LINK}Л</a></p><p>а</p>")),
    ("🔥🔥\nМіст відкрили\n\nТекст", [], ("🔥🔥 Міст відкрили", "", "<p>Текст</p>")),
    ("🔴\n\n⚡️\nМіст відкрили\nЛід\nТекст", [], ("🔴 ⚡️ Міст відкрили", "Лід", "<p>Текст</p>")),
    ("#Київ #міст\nМіст відкрили\n\nТекст", [], ("Міст відкрили", "", "<p>Текст</p><p>#Київ #міст</p>")),
    ("***\nМіст відкрили\n\nТекст", [], ("Міст відкрили", "", "<p>Текст</p><p>***</p>")),
    (f"🔥🔥\n{WHOLE}\n\nа", [], (WHOLE, "", "<p>а</p><p>🔥🔥</p>")),
    (":\n0", [], ("0", "", "<p>:</p>")),
    ("#Київ", [], ("#Київ", "", "")),
    ("🔥🔥\n#Київ", [], ("🔥🔥", "", "<p>#Київ</p>")),
    ("🔥\n2026\nТекст", [], ("🔥 2026", "", "<p>Текст</p>")),
    (f"{WHOLE}\n\nа", [], (WHOLE, "", "<p>а</p>")),
    # a first line that is too long for a title
    (f"Речення. {LONG}", [], ("Речення.", "", f"<p>{LONG}</p>")),
    (f"Речення. {LONG}\n\nа", [], ("Речення.", "", f"<p>{LONG}</p><p>а</p>")),
    (f"Речення. {LONG}", [Entity("bold", 9, 5)], ("Речення.", "", f"<p><b>Слово</b>{LONG[5:]}</p>")),
    (f"Речення.\u00a0«Сло {LONG}", [], ("Речення.", "", f"<p>«Сло {LONG}</p>")),
    (f"Речення. {LONG}\nа", [], ("Речення.", "", f"<p>Речення. {LONG}<br>а</p>")),
    (LONG, [], (CUT, "", f"<p>{LONG}</p>")),
    (f"{WHOLE}т", [], (WHOLE[1:] + "…", "", f"<p>{WHOLE}т</p>")),
    (f"{WHOLE[1:]}. Далі", [], (f"{WHOLE[1:]}.", "", "<p>Далі</p>")),
    # what begins with no paragraph is titled by it, and stays as it is
    ("Цитата", [Entity(QUOTE, 0, 6)], ("Цитата", "", "<blockquote><p>Цитата</p></blockquote>")),
    ("Цитата. Ще\n\nа", [Entity(QUOTE, 0, 10)], ("Цитата.", "", "<blockquote><p>Цитата. Ще</p></blockquote><p>а</p>")),
    ("x = 1\nа", [Entity("pre", 0, 6)], ("x = 1", "", "<pre>x = 1</pre><p>а</p>")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "entities", "expected"), POSTS)
def test_a_message_is_read_as_an_article(text: str, entities: list[Entity], expected: tuple[str, str, str]) -> None:
    post = read_post(text, entities)
    assert (post.title, post.lead, to_html(post.body)) == expected


@pytest.mark.parametrize("text", ["", " \n\n ", "\u200b"])
def test_a_message_without_text_is_no_article(text: str) -> None:
    with pytest.raises(Empty):
        read_post(text, [Entity(QUOTE, 0, 1)])
