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


def test_of_wordpress_only_what_is_published_is_taken_whatever_a_site_adds(read: Read) -> None:
    settings = '<content:encoded><![CDATA[a:8:{s:4:"type";s:4:"text";}]]></content:encoded>'
    nowhere = "<link>https://gai.example/?post_type=some_form&amp;p=5</link>"
    kinds = (
        "acf-field",
        "wpcf7_contact_form",
        "elementor_library",
        "wp_block",
        "revision",
        "_pods_field",
        "guest-author",
    )
    statuses = ("pitch", "assigned", "in-progress", "approved", "inherit", "auto-draft", "Draft", "wc-completed")
    items = read(
        _WXR
        + "".join(_post(kind, kind, "publish") for kind in kinds)
        + _post("Налаштування", "some_list", "publish", settings) + _post("Форма", "some_form", "publish", nowhere)
        + "".join(_post(status, "post", status) for status in statuses)
        + _post("Дуб", "news", "publish", f"{nowhere}<content:encoded>Текст</content:encoded>".replace("some_form", "news"))
        + _post("Липа", "post", "publish", "<content:encoded>[1] Перша виноска</content:encoded>")
        + "</channel></rss>"
    )  # fmt: skip
    assert [one.title for one in articles_of(items)] == ["Дуб", "Липа"]
    assert keys_of(items) == ["import-not-article"] * 9 + ["import-not-out"] * 8
    assert [item.values.get("kind") for item in items[:9]] == [*kinds, "some_list", "some_form"]
    assert [item.values.get("status") for item in items[9:17]] == [status.lower() for status in statuses]


def test_of_bloggers_export_of_today_only_live_posts_are_taken(read: Read) -> None:
    entry = (
        "<entry><id>tag:blogger.com,1999:blog-1.post-{}</id><blogger:type>{}</blogger:type><blogger:status>{}</blogger:status>"
        "<author><name>Оля</name><uri></uri><blogger:type>BLOGGER</blogger:type></author><title>{}</title>"
        "<content type='html'>&lt;p&gt;Текст&lt;/p&gt;</content><published>2026-02-03T10:00:00Z</published>"
        "<category scheme='tag:blogger.com,1999:blog-1' term='Ліс'/><blogger:filename>/2026/02/dub.html</blogger:filename>"
        "<link/><enclosure/><blogger:trashed/></entry>"
    )
    kinds = (
        ("POST", "LIVE"), ("POST", "DRAFT"), ("POST", "SCHEDULED"), ("POST", "SOFT_TRASHED"), ("PAGE", "LIVE"),
        ("COMMENT", "LIVE"), ("PAGE", "DRAFT"),
    )  # fmt: skip
    items = read(
        "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        "<id>tag:blogger.com,1999:blog-1</id><title>Блог гаю</title>"
        + "".join(entry.format(n, kind, status, f"Запис {n}") for n, (kind, status) in enumerate(kinds))
        + "</feed>",
        "feed.atom",
    )
    (post,) = articles_of(items)
    assert (post.title, post.body, post.topics, post.source) == ("Запис 0", "<p>Текст</p>", ("Ліс",), "Блог гаю")
    assert [(item.problem, *item.values.values()) for item in items[1:]] == [
        ("import-not-out", "draft"), ("import-not-out", "scheduled"), ("import-not-out", "soft_trashed"),
        ("import-not-article", "page"), ("import-not-article", "comment"), ("import-not-article", "page"),
    ]  # fmt: skip


_KEPT_BACK = (
    {"Draft": True}, {"draft": "true"}, {"DRAFT": "Yes"}, {"draft": 1}, {"isDraft": True}, {"is_draft": "так"},
    {"published": False}, {"Is_Published": "ні"}, {"isPublished": "false"}, {"State": "Київ", "Status": "Draft"},
    {"state": "Kyiv", "post_status": "draft"}, {"статус": "Чернетка"}, {"status": {"name": "Pending review"}},
    *({"status": status} for status in (
        "Приватний", "Приватно", "На розгляді", "Чернетка", "Очікує на розгляд", "Заплановано", "Неопубліковано", "У кошику",
        "Черновик", "Личное", "На рассмотрении", "На утверждении", "Запланирована", "Не опубликовано", "Удалён",
        "Draft", "Pending", "Pending Review", "Private", "Scheduled", "Unpublished", "Trash", "In review", "auto-draft",
        "Відхилено", "У роботі", "Отклонён", "In progress", "future", "inherit", "pitch", "assigned", "in-progress",
    )),
)  # fmt: skip
_LET_IN: tuple[dict[str, object], ...] = (
    {"draft": False}, {"draft": "false"}, {"Draft": "0"}, {"draft": "ні"}, {"draft": None}, {"draft": ""},
    {"published": True}, {"published": "2026-11-20"}, {"is_published": 1}, {"isPublished": "так"},
    {"state": "Київ", "status": "published"},
    *({"status": status} for status in (
        "publish", "Published", "опубліковано", "Оприлюднено", "Опубликовано", "active", "live", "1", "", "Кошиківка",
    )),
)  # fmt: skip


def test_whatever_a_record_says_that_it_is_no_news_yet_by_it_is_left_out_of_json_and_of_a_table(read: Read) -> None:
    for number, (record, out) in enumerate([(one, True) for one in _KEPT_BACK] + [(one, False) for one in _LET_IN]):
        whole = {"Title": "Дуб", "text": "Текст", **record}
        lines = read(json_lines(whole), f"{number}.jsonl")
        assert (keys_of(lines) == ["import-not-out"], len(articles_of(lines))) == (out, not out), record
        cells = {name: str(value).lower() if isinstance(value, bool) else value for name, value in whole.items()}
        if not any(isinstance(value, dict) for value in cells.values()):
            table = read(f"{';'.join(cells)}\n{';'.join(str(one or '') for one in cells.values())}\n", f"{number}.csv")
            assert (keys_of(table) == ["import-not-out"], len(articles_of(table))) == (out, not out), record
    assert read('{"title": "Дуб", "published": true}', "n.jsonl")[0].notes == (), "that it is out is no date"
    (long,) = read(json_lines({"title": "Дуб", "status": "draft\x1b[2J" + "x" * 5000}), "n.jsonl")
    assert long.values == {"status": "draft[2j" + "x" * 72}
    (long,) = read(f"{_WXR}{_post('Дуб', 'post', 'x' * 5000)}</channel></rss>")
    assert long.values == {"status": "x" * 80}


def test_a_table_has_every_column_that_a_line_of_json_may_have(read: Read) -> None:
    head = "Headline,articleBody,Categories,urlToImage,pubDate,inLanguage,Publisher,GUID,Link,Історія,Сюжет"
    row = "Дуб,Текст,Ліс,https://gai.example/1.jpg,2026-11-20 10:00,uk,Гай,7,https://gai.example/7,,Буря"
    (oak,) = articles_of(read(f"{head}\n{row}\n", "news.csv"))
    assert (oak.title, oak.body, oak.topics, oak.source, oak.external_id, oak.url, oak.story) == (
        "Дуб", "<p>Текст</p>", ("Ліс",), "Гай", "7", "https://gai.example/7", "Буря",
    )  # fmt: skip
    assert (oak.photo is not None, oak.published_at is not None) == (True, True)
    (lime,) = articles_of(read("title;keywords;заголовок;Опис\nЛипа;Ліс;Інша;Лід\n", "news.csv"))
    assert (lime.title, lime.topics, lime.lead) == ("Липа", ("Ліс",), "Лід"), "the first name counts"
    (ash,) = articles_of(
        read("Рубрика,Номер,Назва,Автор,Мова,Фото,Стан\nЛіс,8,Ясен,Оля,uk,,опубліковано\n", "news.csv")
    )
    assert (ash.title, ash.topics, ash.source, ash.external_id) == ("Ясен", ("Ліс",), "Оля", "8")


def test_an_item_of_a_list_keeps_its_own_source_and_address_in_whatever_case_they_are(read: Read) -> None:
    items = read(
        '{"Title": "My feed", "Items": [{"Title": "Дуб", "Source": "Reuters"}, {"title": "Липа", "PUBLISHER": {"name": "АП"}},'
        ' {"title": "Клен", "Source": ""}, {"title": "Ясен", "content_text": "Текст", "URL": "https://gai.example/1",'
        ' "Image": "https://gai.example/1.jpg", "Author": "Оля"}]}',
        "news.json",
    )
    assert [one.source for one in articles_of(items)] == ["Reuters", "АП", "My feed", "My feed"]
    ash = articles_of(items)[3]
    assert (ash.url, ash.photo is not None) == ("https://gai.example/1", True)


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
            {
                "title": {"rendered": "Клен &#8220;Надія&#8221; &#038; <em>дуб</em>&nbsp;&#8211; рік"},
                "content": {"rendered": "<p>Текст</p>"},
            },
        ),
        "news.jsonl",
    )
    oak, lime, ash, maple = articles_of(items)
    assert (oak.body, oak.url, oak.published_at is not None) == ("<p>Текст</p>", "https://gai.example/1", True)
    assert (lime.body, lime.topics) == ("<p>Текст</p>", ("Ліс",))
    assert ash.photo is not None
    assert (maple.title, maple.body) == ("Клен “Надія” & дуб – рік", "<p>Текст</p>")


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
