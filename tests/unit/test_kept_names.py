"""Names that are kept: an address's key and a topic's short name stay what they were, whatever works them out."""

import pytest

from bot.feeds.categories import named_topic
from bot.text.urls import canonical_url, digest, url_key

ADDRESSES = {
    "https://news.example/a": "https://news.example/a",
    "http://news.example/a": "https://news.example/a",
    "HTTPS://NEWS.EXAMPLE/a": "https://news.example/a",
    "https://www.news.example/a": "https://news.example/a",
    "https://m.news.example/a": "https://news.example/a",
    "https://www.m.news.example/a": "https://news.example/a",
    "https://amp.news.example/a": "https://news.example/a",
    "https://news.example/a/": "https://news.example/a",
    "https://news.example/a//": "https://news.example/a",
    "https://news.example": "https://news.example",
    "https://news.example/": "https://news.example",
    "https://news.example:443/a": "https://news.example/a",
    "http://news.example:80/a": "https://news.example/a",
    "https://news.example:8443/a": "https://news.example/a",
    "https://user:word@news.example/a": "https://news.example/a",
    "https://news.example/a#comments": "https://news.example/a",
    "https://news.example/a?utm_source=x&utm_medium=rss": "https://news.example/a",
    "https://news.example/a?fbclid=1&gclid=2": "https://news.example/a",
    "https://news.example/a?ref=tw": "https://news.example/a",
    "https://news.example/a?at_medium=RSS&at_campaign=KARANGA": "https://news.example/a",
    "https://news.example/a?b=2&a=1": "https://news.example/a?a=1&b=2",
    "https://news.example/a?a=1&b=2": "https://news.example/a?a=1&b=2",
    "https://news.example/a?id=7&utm_term=y#x": "https://news.example/a?id=7",
    "https://news.example/a?UTM_Source=x": "https://news.example/a",
    "https://news.example/a?q=": "https://news.example/a?q=",
    "https://news.example/a?q": "https://news.example/a?q=",
    "https://news.example/a?q=a+b": "https://news.example/a?q=a+b",
    "https://news.example/a?q=a%20b": "https://news.example/a?q=a+b",
    "https://news.example/a?q=міст": "https://news.example/a?q=%D0%BC%D1%96%D1%81%D1%82",
    "https://news.example/a?q=%D0%BC%D1%96%D1%81%D1%82": "https://news.example/a?q=%D0%BC%D1%96%D1%81%D1%82",
    "https://news.example/новини/міст": "https://news.example/новини/міст",
    "https://news.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/%D0%BC%D1%96%D1%81%D1%82": "https://news.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/%D0%BC%D1%96%D1%81%D1%82",
    "https://news.example/%d0%bd": "https://news.example/%d0%bd",
    "https://news.example/a%2Fb": "https://news.example/a%2Fb",
    "https://news.example/A/B": "https://news.example/A/B",
    "https://news.example/a/../b": "https://news.example/a/../b",
    "https://news.example/a/./b": "https://news.example/a/./b",
    "https://news.example/a//b": "https://news.example/a//b",
    "https://новини.укр/міст": "https://новини.укр/міст",
    "https://xn--b1amarcd.xn--j1amh/a": "https://xn--b1amarcd.xn--j1amh/a",
    "https://НОВИНИ.УКР/a": "https://новини.укр/a",
    "https://news.example/a;v=1": "https://news.example/a;v=1",
    "https://news.example/a?x=1&x=2": "https://news.example/a?x=1&x=2",
    "https://news.example./a": "https://news.example./a",
    "https://news.example/~me/index.html": "https://news.example/~me/index.html",
}
KEYS = {
    "https://news.example/a": "95bbca1f9b4bae7d73e89dc2c1be3dbeaa950e8c",
    "https://news.example/новини/міст": "3b678d9d668bc36f6372d855380cbec76821ddf3",
    "https://новини.укр/міст": "d8c694a5433535ff840025572ccadb302797f3a3",
}


@pytest.mark.parametrize(("address", "kept"), ADDRESSES.items())
def test_an_address_keeps_its_canonical_form(address: str, kept: str) -> None:
    assert canonical_url(address) == kept
    assert url_key(address) == digest(kept)


@pytest.mark.parametrize(("address", "key"), KEYS.items())
def test_an_address_keeps_its_key(address: str, key: str) -> None:
    assert url_key(address) == key


NAMES = {
    "Київ і область": "kyyiv-i-oblast",
    "Єдині новини": "yedyni-novyny",
    "Їжа": "yizha",
    "Йога й спорт": "yoha-y-sport",
    "Щоденник": "shchodennyk",
    "Юридичні поради": "yurydychni-porady",
    "Ґаджети": "gadzhety",
    "Яскраві фото": "yaskravi-foto",
    "Промисловість, енергетика": "promyslovist-enerhetyka",
    "Об’єднані громади": "obyednani-hromady",
    "Об'єднані громади": "ob-yednani-hromady",
    "Хроніка: 24 лютого": "khronika-24-lyutoho",
    "Русский мир, ёлка и объезд": "russkyy-myr-yolka-y-obezd",
    "Business & Tech": "business-tech",
    "Café Ünder": "cafe-under",
    "Найдовша назва рубрики яка тільки може бути на світі": "naydovsha-nazva-rubryky-yaka-til",
    "COVID-19": "covid-19",
    "Кіно/Серіали": "kino-serialy",
    "Альянс": "alyans",
    "Львівщина": "lvivshchyna",
    "Цифра": "tsyfra",
    "Чемпіонат світу — 2026": "chempionat-svitu-2026",
    "Жіночий футбол": "zhinochyy-futbol",
    "Зернова угода": "zernova-uhoda",
    "«Дія»": "diya",
    "Новини компаній": "novyny-kompaniy",
    "Фінансова аналітика": "finansova-analityka",
    "Війна (головне)": "war",
    "ПОЛІТИКА": "politics",
    "Шоу-бізнес": "culture",
}


@pytest.mark.parametrize(("name", "slug"), NAMES.items())
def test_a_topic_keeps_its_short_name(name: str, slug: str) -> None:
    topic = named_topic(name)
    assert topic is not None
    assert topic.slug == slug


def test_a_name_without_letters_makes_no_topic() -> None:
    assert named_topic("...") is None
