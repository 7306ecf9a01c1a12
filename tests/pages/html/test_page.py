"""Tests how a page is parsed: what is set aside is not in it, what is cut out leaves what stood around it."""

from __future__ import annotations

import pytest
from cssselect import SelectorError
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.page import PLACE, Page, cut_out, parse, text_of
from lufeng_crawler.pages.text.whitespace import ROW, split_lines

URL = "http://www.lufengxian.example/"
MARKUP = st.text("<>/abdpt=\"' \n!-一二&;", max_size=150)


def seen(html: str) -> str:
    """The words of a page, without any space."""
    return "".join("".join(split_lines(text_of(parse(URL, html).root))).split())


@pytest.mark.parametrize(
    "html",
    [
        "<script>二</script>",
        "<SCRIPT type='a'>二</SCRIPT >",
        "<style>.a{content:'二'}</style>",
        "<!-- 二 -->",
        "<!-- <script> 二 -->",
        "<!-- <style>二</style> -->",
        "<script>a = '<!--' + '二'</script>",
        "<!-->",
        "<p style='display:none'>二</p>",
        "<p style='color:red; DISPLAY : none;'>二</p>",
        "<p hidden>二</p>",
        "<div class='a ng-hide b'>二</div>",
        "<noscript>二</noscript>",
        "<textarea>二</textarea>",
        "<select><option>二</option></select>",
        "<title>二</title>",
    ],
)
def test_what_nobody_sees_is_not_in_the_text(html: str) -> None:
    assert seen(f"<div>一{html}三</div>") == "一三"


@pytest.mark.parametrize(
    "html",
    [
        "<p style='display:block'>二</p>",
        "<p class='ng-hidden'>二</p>",
        "<p data-hidden='true'>二</p>",
        "<noframes></noframes><p>二</p>",
        "<ucapcontent>二</ucapcontent>",
        "<font>二</font>",
    ],
)
def test_what_somebody_sees_is(html: str) -> None:
    assert seen(f"<div>一{html}三</div>") == "一二三"


@pytest.mark.parametrize("open_", ["<script>", "<style>", "<!--"])
def test_what_is_never_closed_costs_no_more_than_the_rest_of_the_page(open_: str) -> None:
    assert seen(f"<p>一</p>{open_}二<p>三</p>") == "一"


def test_scripts_are_kept_in_the_source_for_those_who_read_them() -> None:
    source = "<p>一</p><script>var pubdate='2026-11-01'</script>"
    assert parse(URL, source).source == source


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> 鹿峰\n动态 </title>", "鹿峰 动态"),
        ("<title>通知&amp;公告</title>", "通知&公告"),
        ("<title>一</title><title>二</title>", "一"),
        ("<title></title><title>二</title>", "二"),
        ("<p>一</p>", ""),
    ],
)
def test_the_title_of_a_page(html: str, title: str) -> None:
    assert parse(URL, html).title == title


def page() -> Page:
    return parse(URL, "<div class='a'><p>一</p><p id='two'>二<b>粗</b></p></div><p>三</p>")


def test_a_selector_finds_elements_text_or_attributes() -> None:
    assert [text_of(found).strip() for found in page().find("div.a > p")] == ["一", "二粗"]
    assert page().find("#two > b::text") == ["粗"]
    assert page().find("p::attr(id)") == ["two"]
    assert page().find("h1") == []


@pytest.mark.parametrize("selector", ["div[", "p:::text", ">", "p::nothing"])
def test_what_is_no_selector_is_said(selector: str) -> None:
    with pytest.raises(SelectorError):
        page().find(selector)


@pytest.mark.parametrize(
    ("path", "rest"), [("//i", "一|粗尾"), ("//b", "一二|尾"), ("//u", "一二粗|尾"), ("//s", "一二粗尾|"), ("//p", "|")]
)
def test_cutting_out_leaves_what_stands_before_and_behind(path: str, rest: str) -> None:
    root = parse(URL, "<p>一<i>二</i><b>粗</b><u></u>尾<s></s></p>").root
    cut_out(root.xpath(path)[0], "|")
    assert "".join(text_of(root).split()) == rest
    assert root.xpath(path) == []


def test_what_stands_in_the_place_of_what_was_cut_is_said_once() -> None:
    root = parse(URL, "<p>一</p><div>二</div><p>三</p>").root
    cut_out(root.xpath("//div")[0], PLACE)
    above, _, below = text_of(root).partition(PLACE)
    assert (above.strip(), below.strip()) == ("一", "三")
    cut_out(root)
    assert "一" in text_of(root)


@given(MARKUP)
def test_any_markup_gives_a_page_whose_text_has_none_of_our_signs(html: str) -> None:
    text = text_of(parse(URL, f"{html}{PLACE}\ufffb{html}").root)
    assert PLACE not in text
    assert "\ufffb" not in text


@given(st.lists(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_table_is_read_row_by_row_and_cell_by_cell(cells: list[list[str]]) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    assert split_lines(text_of(parse(URL, f"<table>{rows}</table>").root)) == ["\t".join(row) for row in cells]


def test_rows_break_lines_where_no_cell_can_swallow_it() -> None:
    assert text_of(parse(URL, "<table><tr><td>一</td></tr></table>").root).count(ROW) >= 2


def test_characters_of_which_no_page_can_be_made_do_no_harm() -> None:
    assert seen("<p>一\ud800\x00\x1f二</p>").replace("?", "") == "一二"
    assert seen("") == ""
