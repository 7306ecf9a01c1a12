"""Tests that a pager is followed by what the page offers: never off its host, never to itself, never past its end."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.page import parse
from lufeng_crawler.pages.pager import allowed, next_page

URL = "http://www.lufengxian.example/tzgg/index.htm"
HERE = "http://www.lufengxian.example/tzgg/"


def offered(html: str, url: str = URL) -> str | None:
    return next_page(parse(url, html))


@pytest.mark.parametrize(
    "link",
    [
        "<a href='2.htm'>下一页</a>",
        "<a href='2.htm'>下页</a>",
        "<a href='2.htm'>下 一 页</a>",
        "<a href='2.htm'>[下一页]</a>",
        "<a href='2.htm'>【下一页】</a>",
        "<a href='2.htm'>下一页&gt;&gt;</a>",
        "<a href='2.htm'>Next</a>",
        "<a href='2.htm'>next page</a>",
        "<a href='2.htm'>后一页</a>",
        "<a href='2.htm'>›</a>",
        "<a href='2.htm' title='下一页'></a>",
        "<a href='2.htm'><span>下一页</span></a>",
    ],
)
def test_the_next_page_however_its_link_is_worded(link: str) -> None:
    assert (
        offered(f"<a href='1.htm'>首页</a><a href='0.htm'>上一页</a>{link}<a href='9.htm'>尾页</a>") == f"{HERE}2.htm"
    )


@pytest.mark.parametrize(
    "link",
    [
        "<a href='2.htm'>2</a>",
        "<a href='2.htm'>上一页</a>",
        "<a href='2.htm'>尾页</a>",
        "<a href='2.htm'>下一页为什么打不开的说明</a>",
        "<a href='2.htm' title='下一页'>上一条</a>",
        "<a name='2.htm'>下一页</a>",
        "<span>下一页</span>",
        "<a href='javascript:go(2)'>下一页</a>",
        "<a href='#'>下一页</a>",
        "<a href=''>下一页</a>",
    ],
)
def test_what_is_no_link_to_a_next_page_is_none(link: str) -> None:
    assert offered(link) is None


@pytest.mark.parametrize("address", ["2.htm", "/", "?page=2", "./index.htm", "../tzgg/index.htm", "index.htm?spm=1"])
@pytest.mark.parametrize("host", ["", "http://", "ftp://x/", "//other.example/", "http://www.lufengxian.example:8443/"])
def test_the_page_itself_and_other_hosts_are_never_offered(host: str, address: str) -> None:
    page, href = parse(URL, f"<a href='{host}{address}'>下一页</a>"), host + address
    found = next_page(page)
    assert found == allowed(href, page)
    assert found is None or (found != URL and urlsplit(found).netloc == urlsplit(URL).netloc)


def test_a_link_that_leads_nowhere_does_not_hide_the_one_that_does() -> None:
    html = "<a href='javascript:;'>下一页</a><a href='http://other.example/2.htm'>下页</a><a href='2.htm'>&gt;</a>"
    assert offered(html) == f"{HERE}2.htm"


def script(call: str) -> str:
    return f"<div id='page'><script>{call}</script></div>"


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_script_that_counts_from_zero_ends_with_its_last_page(count: int, current: int) -> None:
    expected = f"{HERE}index_{current + 1}.html" if current + 1 < count else None
    assert offered(script(f'createPageHTML({count}, {current}, "index", "html");')) == expected
    assert offered(script(f"var countPage = {count}; var currentPage = {current};")) == expected


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_script_that_counts_from_one_ends_with_its_last_page(count: int, current: int) -> None:
    expected = f"{HERE}list_{current + 1}.shtml" if 1 <= current < count else None
    assert offered(script(f"createPageHTML('page_div', {count}, {current}, 'list', 'shtml', 99);")) == expected


@given(st.integers(1, 12))
def test_following_a_script_comes_to_every_page_once(count: int) -> None:
    url: str | None = URL
    seen = []
    while url:
        seen.append(url)
        url = offered(script(f'createPageHTML({count},{len(seen) - 1},"index","html")'), url)
    assert seen == [URL, *(urljoin(URL, f"index_{number}.html") for number in range(1, count))]


@pytest.mark.parametrize(
    "call",
    [
        "createPageHTML(20, 0, '../../x', 'html')",
        "createPageHTML(20, 0, 'http://other.example/', 'html')",
        "createPageHTML(n, i, 'index', 'html')",
        "createPageHTML(99999999999, 0, 'index', 'html')",
        "function createPageHTML(count, current, name, ending) {}",
        "var countPage = 20;",
    ],
)
def test_a_call_that_is_not_understood_offers_nothing(call: str) -> None:
    assert offered(script(call)) is None


def test_a_link_goes_before_a_script() -> None:
    assert offered("<a href='2.htm'>下一页</a>" + script("createPageHTML(9, 0, 'index', 'html')")) == f"{HERE}2.htm"
