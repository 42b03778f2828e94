"""HTML as it comes becomes the canonical HTML that is stored; a row for each thing that HTML can do."""

import pytest

from bot.text.document import Run, merged, trimmed
from bot.text.images import images
from bot.text.markup import parse_html, to_html

LINK = '<a href="https://e.org">'
HTML = [
    # marks
    ("<strong>a</strong><em>b</em><cite>c</cite>", "<p><b>a</b><i>bc</i></p>"),
    ("<s>a</s><strike>b</strike><del>c</del><u>d</u><ins>e</ins>", "<p><s>abc</s><u>de</u></p>"),
    ("<tg-spoiler>a</tg-spoiler><kbd>b</kbd><samp>c</samp><tt>d</tt>", "<p><tg-spoiler>a</tg-spoiler><code>bcd</code></p>"),
    ("<i><b>a</b></i>", "<p><b><i>a</i></b></p>"),
    ("<b>a<b>b</b>c</b>d", "<p><b>abc</b>d</p>"),
    ("<b>a<i>b</b>c</i>", "<p><b>a</b><b><i>b</i></b><i>c</i></p>"),
    ("a</b>b", "<p>ab</p>"),
    ("&lt;b&gt; &amp;amp;", "<p>&lt;b&gt; &amp;amp;</p>"),
    # addresses
    (f"{LINK}a<b>b</b></a>c", f"<p>{LINK}a</a>{LINK}<b>b</b></a>c</p>"),
    (f"<b>{LINK}a</a></b>", f"<p>{LINK}<b>a</b></a></p>"),
    ('<a href="https://e.org/?a=1&b=2">a</a>', '<p><a href="https://e.org/?a=1&amp;b=2">a</a></p>'),
    ("<a>a</a></a>b", "<p>ab</p>"),
    ("<p>a</a></p>b", "<p>a</p><p>b</p>"),
    # white space and line breaks
    ("a\n\t b", "<p>a b</p>"),
    ("a <b> b </b> c", "<p>a <b>b </b>c</p>"),
    ("a <br> b", "<p>a<br>b</p>"),
    ("<br>a<br><br>b<br>", "<p>a<br><br>b</p>"),
    ("<p> </p><p></p>", ""),
    # blocks
    ("<p>a<div>b</div>c", "<p>a</p><p>b</p><p>c</p>"),
    ("a<hr>b", "<p>a</p><hr><p>b</p>"),
    ("<p>a<h2>b</h2>c", "<p>a</p><h3>b</h3><p>c</p>"),
    ("<summary><h3>a</h3>b</summary><p>c</p>", "<h3>a</h3><h3>b</h3><p>c</p>"),
    ("a</h2><h2>b</h2>c", "<p>a</p><h3>b</h3><p>c</p>"),
    ("<q>a</q><span>b</span><img src=x>c", "<p>abc</p>"),
    ("<table><caption>t</caption><tr><th>a<td>b<tr><td>c</table>", "<h3>t</h3><p>a | b</p><p>c</p>"),
    ("<table><tr><td>a<br><td>b</table>", "<p>a<br>b</p>"),
    # quotations
    ("<blockquote>a<p>b</blockquote>c", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>"),
    ("<blockquote>a<blockquote>b</blockquote>c</blockquote>", "<blockquote><p>a</p><p>b</p><p>c</p></blockquote>"),
    ("<blockquote><h3>a</h3>b", "<blockquote><p>a</p><p>b</p></blockquote>"),
    ("<blockquote>a<ul><li>b</ul>c</blockquote>", "<blockquote><p>a</p><p>b</p><p>c</p></blockquote>"),
    ("<blockquote></blockquote>a</blockquote>b", "<p>ab</p>"),
    # lists
    ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
    ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
    ("<ol><li>a<ul><li>b</ul></ol>", "<ol><li>a</li><li>b</li></ol>"),
    ("<ul><li>a<blockquote>b</blockquote></ul>", "<ul><li>a</li><li>b</li></ul>"),
    ("<ul><li>a<hr>b</ul>", "<ul><li>a</li></ul><hr><p>b</p>"),
    ("<ul></ul></ul>a<li>b", "<p>a</p><p>b</p>"),
    ("<ol><li>a", "<ol><li>a</li></ol>"),
    ('<ol start="1"><li>a', "<ol><li>a</li></ol>"),
    ('<ol start="5"><li>a', '<ol start="5"><li>a</li></ol>'),
    ('<ol start="-3"><li>a', '<ol start="-3"><li>a</li></ol>'),
    ('<ol start="12345"><li>a', '<ol start="12345"><li>a</li></ol>'),
    ('<ol start="123456"><li>a', "<ol><li>a</li></ol>"),
    ('<ol start="x"><li>a', "<ol><li>a</li></ol>"),
    ('<ol start=""><li>a', "<ol><li>a</li></ol>"),
    ('<ul start="5"><li>a', "<ul><li>a</li></ul>"),
    # code
    ("<pre>\n  a\n\n  b\n</pre>c", "<pre>  a\n\n  b</pre><p>c</p>"),
    ("<pre>a<br>b</pre>", "<pre>a\nb</pre>"),
    ("<pre>a &lt; <b>b</b></pre>", "<pre>a &lt; b</pre>"),
    ("<pre> \n </pre>", ""),
    ("a<pre>b", "<p>a</p><pre>b</pre>"),
    ('<pre class="language-python">a</pre>', '<pre class="language-python">a</pre>'),
    ('<pre class="python">a</pre>', '<pre class="language-python">a</pre>'),
    ('<pre><code class="language-python">a</code></pre>', '<pre class="language-python">a</pre>'),
    ('<pre class="language-c"><code class="language-d">a</code></pre>', '<pre class="language-c">a</pre>'),
    ('<code class="language-python">a</code><pre>b</pre>', "<p><code>a</code></p><pre>b</pre>"),
    ('<pre class="language-c++">a</pre>', '<pre class="language-c++">a</pre>'),
    (f'<pre class="language-{"a" * 20}">a</pre>', f'<pre class="language-{"a" * 20}">a</pre>'),
    (f'<pre class="language-{"a" * 21}">a</pre>', "<pre>a</pre>"),
    ("<ul><li>a<pre>b  b\n\n c</pre></ul>", "<ul><li>a</li><li><code>b b<br>c</code></li></ul>"),
    ("<blockquote><pre>b  b\n\n c</pre>d</blockquote>", "<blockquote><p><code>b b<br>c</code></p><p>d</p></blockquote>"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "canonical"), HTML)
def test_html_becomes_canonical(html: str, canonical: str) -> None:
    document = parse_html(html)
    assert to_html(document) == canonical
    assert parse_html(canonical) == document


@pytest.mark.parametrize(
    "tag", ["script", "style", "iframe", "svg", "noscript", "object", "form", "button", "math", "template"]
)
def test_what_is_no_text_vanishes_with_all_that_is_in_it(tag: str) -> None:
    assert to_html(parse_html(f"<p>a</p><{tag}>b</{tag}><p>c</p>")) == "<p>a</p><p>c</p>"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<img src="https://e.org/a.jpg"><img src="https://e.org/b.jpg">', "https://e.org/a.jpg"),
        ('<img width="0" src="https://e.org/a.jpg"><img width="100" src="https://e.org/b.jpg">', "https://e.org/b.jpg"),
        ('<img src="data:x"><img src="https://e.org/b.jpg">', "https://e.org/b.jpg"),
        ('<img src="mailto:a@b.co">', ""),
        ('<img><video src="https://e.org/a.mp4">', ""),
    ],
)
def test_the_first_picture_with_a_web_address(html: str, address: str) -> None:
    assert next(iter(images(html)), "") == address


def test_runs_of_one_formatting_are_one_and_outer_white_space_goes() -> None:
    bold, link = frozenset({"bold"}), "https://e.org"
    runs = (Run("a"), Run(""), Run("b"), Run("c", bold), Run("d", bold, link), Run("e", bold, link), Run("f"))
    assert merged(runs) == (Run("ab"), Run("c", bold), Run("de", bold, link), Run("f"))
    assert trimmed((Run(" "), Run("\n", bold), Run(" a "), Run(" b ", bold), Run(" "))) == (Run("a "), Run(" b", bold))
    assert trimmed((Run(" "), Run("\n", bold))) == ()
