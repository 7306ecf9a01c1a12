"""Tests that nothing active of a stored text survives, however it was nested; and what becomes of its pictures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.ui.sanitize import sanitize_html
from tests.support.browser import ALLOWED, active

PIECES = (
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">',
    '<a href="java\tscript:alert(1)">',
    '<a href="data:text/html,x">',
    "</a>",
    "<base href=//evil.example/>",
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<style>@import '//evil.example'</style>",
    "<p style='background:url(//evil.example)'>",
    "<iframe srcdoc='<script>1</script>'>",
    "<form action=//evil.example><button formaction='javascript:1'>",
    "<math><mtext><table><mglyph><style>",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "</p>",
    "<table><td>",
    "</table>",
    "<noscript>",
    "</noscript>",
    "<template>",
    "<div",
    '"',
    "'",
    ">",
    "&lt;script&gt;",
    '<img alt="<img>" src="http://gulou.example/1.png">',
    '<img srcset="//evil.example/1.png 2x" src="http://gulou.example/held.png">',
    '<img src="../captures/1/picture">',
    '<img src="data:image/svg+xml,<svg onload=1>">',
    '<link rel=stylesheet href="//evil.example/x.css">',
    "<a href='http://gulou.example/' class=picture id=main target=_top ping=//evil.example>",
    "<object data=x>",
    "<embed src=x>",
    "字",
    "\x00",
    "</div>",
    '<video src="//evil.example/v" poster=x autoplay>',
    "<isindex>",
    "<plaintext>",
    "<svg><a xlink:href='javascript:1'><text>",
    "<b>",
    "</b>",
)


def shown(html: str, text: str = "文字") -> str:
    return str(sanitize_html(html, text, lambda url: "../captures/7/picture" if "held" in url else None, "pictured:"))


@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_piece_is_harmless(piece: str) -> None:
    assert not active(shown(f"<p>前{piece}后</p>"))


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_hostile_pieces_are_harmless_in_any_order(html: str) -> None:
    assert not active(shown(html))


@given(st.lists(st.sampled_from([*PIECES, "<p>", "<div>", "<td>"]), max_size=12))
def test_sanitising_twice_changes_nothing_more(pieces: list[str]) -> None:
    once = shown("".join(pieces), "")
    assert not active(str(sanitize_html(once, "", lambda url: None, "pictured:")))


def test_a_text_keeps_its_form() -> None:
    html = '<p><strong>一、</strong>甲<br>乙</p><table><tbody><tr><td colspan="2">丙</td></tr></tbody></table>'
    assert shown(html) == html


def test_links_lead_out_without_a_referrer() -> None:
    assert shown('<a href="http://gulou.example/1.htm" title="x" class="y">文</a>') == (
        '<a href="http://gulou.example/1.htm" rel="noreferrer noopener">文</a>'
    )
    assert shown('<p><a href="/1.htm">文</a></p>') == '<p><a rel="noreferrer noopener">文</a></p>'


def test_pictures_come_from_the_archive_or_are_links() -> None:
    assert shown('<p><img src="http://gulou.example/held.png?a&amp;b" alt="一&quot;"></p>') == (
        '<p><img src="../captures/7/picture" alt="一&quot;"></p>'
    )
    assert shown('<p><img src="http://gulou.example/1.png" alt="图"></p>') == (
        '<p><a class="picture" href="http://gulou.example/1.png" rel="noreferrer noopener">'
        "pictured: 图 http://gulou.example/1.png</a></p>"
    )


def test_a_picture_said_in_an_attribute_is_none() -> None:
    html = shown('<img src="http://gulou.example/held.png" alt="<img src=&quot;http://gulou.example/2.png&quot;>">')
    assert html.count("<img") == 1 and not active(html)


@pytest.mark.parametrize("html", ["", "<script>1</script>", "<div>" * 501 + "x", "&amp;" * 50_001, "<p>x</p>" * 20_001])
def test_what_cannot_be_cleaned_in_time_is_shown_as_its_text(html: str) -> None:
    assert shown(html, "甲 <b>\n\n乙") == "<p>甲 &lt;b&gt;</p>\n<p>乙</p>"


def test_the_list_of_what_is_allowed_has_nothing_that_runs() -> None:
    assert not ALLOWED & {"script", "style", "svg", "iframe", "form", "object", "meta", "base", "link"}
