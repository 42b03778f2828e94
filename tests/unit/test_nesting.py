"""HTML nested deeper than anybody writes becomes flat; what is not so deep stays to the letter."""

import pytest

from bot.text.nesting import DEEPEST, flattened


@pytest.mark.parametrize(
    ("html", "flat"),
    [
        ("<div><div><div>а</div>б</div>в</div>", "<div><div> а б</div>в</div>"),
        ("<DIV><div><Div>а</DIV></div></div>", "<DIV><div> а </div></div>"),
        ("<a><b><i>а</i></b><b><i>б</i></b></a>", "<a><b> а </b><b> б </b></a>"),
        ("<a><b><i><b>а</b></i>б</b></a>", "<a><b>  а  б</b></a>"),
        ('<a><b><i class="x" id=y>а', "<a><b> а"),
    ],
)
def test_a_tag_that_is_too_deep_is_taken_out_with_its_end(html: str, flat: str) -> None:
    assert flattened(html, 2) == flat


@pytest.mark.parametrize(
    "html",
    [
        "<a><b>а</b></a>",
        "<a><b>а</b></a><a><b>б</b></a>",  # beside each other, not inside
        "<a><b>а</i></b><b>б</b></a>",  # an end without a beginning
        "<a><b>а</a><b><i>б</i></b>",  # the end of the outer one ends the inner one
        "<p><p><li><li><br><td><a><b>а",  # what holds nothing
        "а < б << в <<< г",
        "",
    ],
)
def test_what_is_not_so_deep_stays_as_it_is(html: str) -> None:
    assert flattened(html, 2) == html


def test_a_hundred_may_stand_inside_one_another() -> None:
    assert DEEPEST == 100
    deep = "<b>" * 100 + "а" + "</b>" * 100
    assert flattened(deep) == deep
    assert flattened(f"<i>{deep}</i>") == "<i>" + "<b>" * 99 + " а " + "</b>" * 99 + "</i>"
