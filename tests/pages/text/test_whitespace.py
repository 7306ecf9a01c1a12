"""Tests how a page's text falls into lines and cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.page import parse, text_of
from lufeng_crawler.pages.text.whitespace import GAP, clean_line, collapse_spaces, mark_gaps, split_lines


def lines_of(html: str) -> list[str]:
    return split_lines(text_of(parse("http://a.example/", html).root))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>一</p><p>二</p>", ["一", "二"]),
        ("<p>一<br>二<br/>三</p>", ["一", "二", "三"]),
        ("<p>一\n  二</p>", ["一 二"]),
        ("<p>一<b>二</b><span>三</span></p>", ["一二三"]),
        ("<div>一<div>二</div>三</div>", ["一", "二", "三"]),
        ("<p>&nbsp;&nbsp;一&#8203;　　二</p>", ["一 二"]),
        ("<p></p><p>&nbsp;</p>", []),
        ("<ul><li>一<li>二</ul>", ["一", "二"]),
        ("<table><tr><td>一</td><td>二</td></tr><tr><td>三</td><td>四</td></tr></table>", ["一\t二", "三\t四"]),
        ("<table><tr><td><p>一</p></td>\n<td><p>二</p></td></tr></table>", ["一\t二"]),
        ("<table><tr><td>一</td><td></td></tr><tr><td>二</td><td>三</td></tr></table>", ["一", "二\t三"]),
        ("<table><tr><td>一</td><td></td><td>三</td></tr></table>", ["一\t\t三"]),
        ("<pre>一\n二</pre>", ["一", "二"]),
        ("<p>一</p><script>var a = '<p>二</p>'</script><style>p{}</style><!-- 三 -->", ["一"]),
        ("<p>一</p><p style='display: none'>二</p><p STYLE='DISPLAY:NONE'>三</p>", ["一"]),
        ("<p>一</p></body></html><p>二</p></html>", ["一", "二"]),
        ("<p>一\x00\x07\x0b二</p>", ["一二"]),
        ("<p>一</p><!--[if !IE]><!--><p>二</p><!--<![endif]-->", ["一", "二"]),
        ("<p>一</p><select><option>二</option></select>", ["一"]),
        ("<title>名</title><p>一</p>", ["一"]),
        ("<P>一</P><DIV>二</DIV>", ["一", "二"]),
    ],
)
def test_the_lines_of_a_page(html: str, expected: list[str]) -> None:
    assert lines_of(html) == expected


def test_markup_inside_the_title_is_taken_away() -> None:
    assert parse("http://a.example/", "<title>通知<br>公告</title>").title == "通知 公告"


def test_clean_and_squeezed() -> None:
    assert clean_line(" 一\u200b\xa0 \u3000二\n") == "一 二"
    assert collapse_spaces("Ａ１ （一）\u200b") == "A1(一)"


def test_wide_gaps_are_kept_where_they_part_fields() -> None:
    assert mark_gaps("甲\xa0\xa0\xa0 乙 丙") == [f"甲 {GAP} 乙 丙"]
    assert mark_gaps("\u3000\u3000\u3000甲") == ["甲"]


@given(st.text("<p>/td r\t\n一二 ab&;!-\u2028\ufffc", max_size=120))
def test_no_line_is_empty_or_holds_what_only_we_write(html: str) -> None:
    for line in lines_of(html):
        assert line.strip()
        assert not set(line) & {"\n", "\u2028", "\ufffc", "\ufffb"}
