"""Tests what scripts and boxes of pages are told: a pager that they draw ends with its last page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.page import parse
from lufeng_crawler.pages.listing.script_pager import click_target, next_from_options, next_from_script

URL = "http://www.lufengxian.example/tzgg/index.htm"


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_script_that_counts_from_zero_ends_with_its_last_page(count: int, current: int) -> None:
    expected = f"index_{current + 1}.html" if current + 1 < count else None
    assert next_from_script(f'createPageHTML({count}, {current}, "index", "html");') == expected
    assert next_from_script(f"var countPage = {count}; var currentPage = {current};") == expected


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_script_that_counts_from_one_ends_with_its_last_page(count: int, current: int) -> None:
    expected = f"list_{current + 1}.shtml" if 1 <= current < count else None
    assert next_from_script(f"createPageHTML('page_div', {count}, {current}, 'list', 'shtml', 99);") == expected


@pytest.mark.parametrize(
    "call",
    [
        "createPageHTML(20, 0, '../../x', 'html')",
        "createPageHTML(20, 0, 'http://other.example/', 'html')",
        "document.write('<a href=2.htm>2</a>')",
        "createPageHTML(n, i, 'index', 'html')",
        "createPageHTML(99999999999, 0, 'index', 'html')",
        "function createPageHTML(count, current, name, ending) {}",
        "var countPage = 20;",
    ],
)
def test_a_call_that_is_not_understood_offers_nothing(call: str) -> None:
    assert next_from_script(call) is None


@pytest.mark.parametrize(
    ("handler", "address"),
    [
        ("location.href='2.htm'", "2.htm"),
        ('window.location = "2.htm";return false', "2.htm"),
        ("self.location.assign('2.htm')", "2.htm"),
        ("window.open('?page=2')", "?page=2"),
        ("location.href='list_'+n+'.htm'", ""),
        ("location.href='list_' + n", ""),
        ("location.href=next", ""),
        ("go(2)", ""),
        ("", ""),
        (" " * 2000 + "location.href='2.htm'", ""),
    ],
)
def test_where_a_handler_goes_to(handler: str, address: str) -> None:
    assert click_target(handler) == address


def options(*values: str, chosen: int = 0) -> str:
    rows = (
        f"<option value='{value}'{' selected' if number == chosen else ''}>{number}</option>"
        for number, value in enumerate(values, 1)
    )
    return f"<select>{''.join(rows)}</select>"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (options("a.htm", "b.htm", "c.htm", chosen=1), "b.htm"),
        (options("a.htm", "b.htm", "c.htm", chosen=2), "c.htm"),
        (options("a.htm", "b.htm", "c.htm", chosen=3), None),
        (options("a.htm", "b.htm"), None),
        (options("a.htm", "index.htm", "c.htm", chosen=1), "c.htm"),
        (options("?id=3&amp;page=1", "?id=3&amp;page=2", chosen=1), "?id=3&page=2"),
        (options("1", "2", chosen=1), ""),
        ("<OPTION VALUE=a.htm SELECTED>第1页</OPTION>\n<OPTION VALUE=b.htm>第2页</OPTION>", "b.htm"),
        ("<option value=a.htm selected>1/9页</option><option value=b.htm>2/9页</option>", "b.htm"),
        ("<option value=a.htm selected>鹿峰县</option><option value=b.htm>兰湾县</option>", None),
        ("", None),
    ],
)
def test_the_option_behind_this_pages(html: str, address: str | None) -> None:
    assert next_from_options(parse(URL, html)) == address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (r'"<a href=\"index"+"_" + nextPage + "."+"shtml\">"', "index_1.shtml"),
        (r'"<a href=\"index"+"_" + nextPage + "."+"htm\">"', "index_1.htm"),
        ("""'<a href="list_'+nextPage+'.htm">'""", "list_1.htm"),
        ("", "index_1.htm"),
    ],
)
def test_a_script_with_variables_writes_the_ending_or_the_page_has_it(written: str, address: str) -> None:
    source = f"var currentPage = 0; var countPage = 3; document.write({written});"
    assert next_from_script(source, URL) == address
