"""Exports of whole blogs and sites, and records of other systems: what is not for readers stays out, the rest is whole."""

from tests.support.feed_files import Read, articles_of, json_lines, keys_of, rss_feed, rss_item

_WXR = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
    "<channel><title>Блог гаю</title><link>https://gai.example</link>"
)
_ATOM = (
    "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#'>"
    "<title>Блог гаю</title>"
)
_KIND = (
    "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{}'/>"
)


def _post(title: str, kind: str, status: str, more: str = "") -> str:
    text = more or "<content:encoded><![CDATA[<p>Текст.</p>]]></content:encoded>"
    kept = f"<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>"
    return f"<item><title>{title}</title>{text}{kept}</item>"


def test_of_the_export_of_a_whole_blog_only_articles_that_are_out_are_taken(read: Read) -> None:
    caption = '[caption id="a" align="left"]<img src="https://gai.example/1.jpg">Дуб[/caption][gallery ids="1,2"]'
    items = read(
        _WXR
        + _post("Дуб", "post", "publish", f"<content:encoded><![CDATA[<p>Текст.</p>{caption}]]></content:encoded>"
                "<excerpt:encoded><![CDATA[Про дуб]]></excerpt:encoded>")
        + _post("Свій вид", "news", "publish")
        + "".join(_post(status, "post", status) for status in ("draft", "private", "pending", "trash", "future"))
        + "".join(_post(kind, kind, "publish") for kind in ("page", "attachment", "nav_menu_item"))
        + _post("Під паролем", "post", "publish", "<wp:post_password>x</wp:post_password>")
        + "</channel></rss>"
    )  # fmt: skip
    oak, own = articles_of(items)
    assert (oak.title, oak.lead, oak.body) == ("Дуб", "Про дуб", "<p>Текст.</p><p>Дуб</p>")
    assert own.title == "Свій вид"
    assert keys_of(items) == ["import-not-out"] * 5 + ["import-not-article"] * 3 + ["import-not-out"]

    items = read(
        f"{_ATOM}<entry><id>1</id>{_KIND.format('post')}<category term='Ліс'/><title>Дуб</title><content>Текст</content></entry>"
        f"<entry><id>2</id>{_KIND.format('post')}<title>Липа</title><content>Т</content>"
        "<app:control><app:draft>yes</app:draft></app:control></entry>"
        f"<entry><id>3</id>{_KIND.format('settings')}<title>Опис</title><content>Т</content></entry></feed>"
    )
    (oak,) = articles_of(items)
    assert (oak.title, oak.topics) == ("Дуб", ("Ліс",))
    assert keys_of(items) == ["import-not-out", "import-not-article"]


def test_a_record_that_says_itself_that_it_is_a_draft_is_left_out_of_any_file(read: Read) -> None:
    lines = json_lines(
        *(
            {"title": f"Дуб {status}", "text": "Текст", "status": status}
            for status in ("draft", "Чернетка", "published")
        ),
        {"title": "Дуб", "text": "Т", "draft": True},
    )
    assert [one.title for one in articles_of(read(lines, "news.jsonl"))] == ["Дуб published"]
    table = read("title,text,статус\nДуб,Текст,чернетка\nЛипа,Текст,опубліковано\nЯсен,Текст,\n", "news.csv")
    assert [one.title for one in articles_of(table)] == ["Липа", "Ясен"]
    assert keys_of(table) == ["import-not-out"]


def test_names_of_fields_are_known_in_any_case_and_as_other_systems_have_them(read: Read) -> None:
    items = read(
        json_lines(
            {"Title": "Дуб", "Content": "Текст", "PubDate": "2026-11-25 10:00", "URL": "https://gai.example/1"},
            {"headline": "Липа", "articleBody": "Текст", "inLanguage": "uk", "keywords": "Ліс"},
            {"title": "Ясен", "description": "Лід", "urlToImage": "https://gai.example/1.jpg"},
            {"title": {"rendered": "Клен"}, "content": {"rendered": "<p>Текст</p>"}},
        ),
        "news.jsonl",
    )
    oak, lime, ash, maple = articles_of(items)
    assert (oak.body, oak.url, oak.published_at is not None) == ("<p>Текст</p>", "https://gai.example/1", True)
    assert (lime.body, lime.topics) == ("<p>Текст</p>", ("Ліс",))
    assert ash.photo is not None
    assert (maple.title, maple.body) == ("Клен", "<p>Текст</p>")


def test_a_lone_carriage_return_ends_a_line_as_well(read: Read) -> None:
    items = read(
        json_lines({"title": "Дуб"}, {"title": "Липа"}).replace("\n", "\r") + '\r\n{"title": "Ясен"}', "n.jsonl"
    )
    assert [one.title for one in articles_of(items)] == ["Дуб", "Липа", "Ясен"]


def test_a_title_alone_that_was_encoded_twice_is_read_as_meant(read: Read) -> None:
    for name in ("cp1251", "latin-1"):
        # what the encoding lacks, programs write as the character of that number
        twice = "".join(
            bytes([byte]).decode(name, "ignore") or chr(byte) for byte in "Дуб упав на Подолі – обійшлося".encode()
        )
        items = read(rss_feed(rss_item("<description>Опис цілий.</description>", title=twice)))
        assert [one.title for one in articles_of(items)] == ["Дуб упав на Подолі – обійшлося"], name
        assert keys_of(items) == ["import-encoded-twice"]
    for plain in ("СРСР і РРФСР – що це", "Рієлтор «Рієл»", "Россия и Сирія", "Naïve café – résumé"):
        items = read(rss_feed(rss_item("", title=plain)))
        assert ([one.title for one in articles_of(items)], keys_of(items)) == ([plain], [])


def test_where_words_may_be_divided_and_what_joins_nothing_is_taken_out(read: Read) -> None:
    items = read(
        json_lines(
            {"title": "Пе\u00adре\u200bка\u200cти\u200dпо\ufeffле", "source": "Го\u00adри"},
            {"title": "Сім’я 👨\u200d👩\u200d👧", "text": "می\u200cخواهم"},
        ),
        "news.jsonl",
    )
    field, family = articles_of(items)
    assert (field.title, field.source) == ("Перекатиполе", "Гори")
    assert (family.title, family.body) == ("Сім’я 👨\u200d👩\u200d👧", "<p>می\u200cخواهم</p>")
