"""Tests how addresses are written and which identity they carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.text import urls

BASE = "http://www.lufengxian.example/xwdt/lfdt.htm"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("../info/1011/1.htm", "http://www.lufengxian.example/info/1011/1.htm"),
        ("//other.example/a", "http://other.example/a"),
        ("HTTP://WWW.Lufengxian.EXAMPLE:80/a#top", "http://www.lufengxian.example/a"),
        ("https://www.lufengxian.example:443/", "https://www.lufengxian.example/"),
        ("https://www.lufengxian.example:8443/a", "https://www.lufengxian.example:8443/a"),
        ("/a?utm_source=x&id=3&from=timeline", "http://www.lufengxian.example/a?id=3"),
        ("/a;jsessionid=0A1B?id=3", "http://www.lufengxian.example/a?id=3"),
        ("?b=2&a=1", "http://www.lufengxian.example/xwdt/lfdt.htm?b=2&a=1"),
        ("/通知.htm", "http://www.lufengxian.example/%E9%80%9A%E7%9F%A5.htm"),
        ("/%E9%80%9A.htm", "http://www.lufengxian.example/%E9%80%9A.htm"),
        (" /a \n", "http://www.lufengxian.example/a"),
        ("http://www.lufengxian.example", "http://www.lufengxian.example/"),
        ("http://[::1]:80/a", "http://[::1]/a"),
    ],
)
def test_an_address_has_one_way_to_be_written(href: str, address: str) -> None:
    assert urls.canonical_url(href, BASE) == address
    assert urls.canonical_url(address) == address


@pytest.mark.parametrize(
    "href",
    [
        "javascript:;",
        "mailto:a@b.example",
        "#",
        "#top",
        "ftp://a.example/",
        "http://[",
        "http://a:x/",
        "//a\u200b.example/",
    ],
)
def test_what_leads_nowhere(href: str) -> None:
    assert urls.canonical_url(href, BASE) == ""


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://a.example/", True),
        ("http://a.example/index.htm", True),
        ("http://a.example/index_new.html", True),
        ("http://a.example/index.php?m=content&c=index&a=show&id=9", False),
        ("http://a.example/?p=120", False),
        ("http://a.example/index_513.html", False),
        ("http://a.example/xwdt/index.htm", False),
        ("http://a.example/list.htm", False),
        ("./list.htm", False),
    ],
)
def test_where_a_home_page_is(url: str, root: bool) -> None:
    assert urls.is_root(url) is root


@given(st.text(max_size=60))
def test_writing_an_address_twice_changes_nothing(href: str) -> None:
    once = urls.canonical_url(href, BASE)
    assert urls.canonical_url(once) == once


PIECES = st.sampled_from(
    ["/", "//", "..", ".", "a", "b.htm", "http:", "a.example", "?x=1", "#", ";jsessionid=0", ":", " "]
)


@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from([BASE, "", "http://a.example", "file:///a/b"]))
def test_an_address_in_a_known_folder_is_written_as_any_other(href: str, base: str) -> None:
    assert urls.canonical_url(href, base) == urls._resolve(href, base)


@given(st.text("/[]:@.?#ab ℀县", max_size=20))
def test_a_page_has_an_address_that_can_be_taken_apart_whatever_it_was_asked_at(url: str) -> None:
    assert urls.url_host(urls.clean_url(url)) is not None
