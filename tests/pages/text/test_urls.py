"""Tests how addresses are written and which identity they carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

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
        ("/a?utm_source=x&id=3&isappinstalled=0", "http://www.lufengxian.example/a?id=3"),
        ("/a?from=20&share_id=3&_t=4&spm=5", "http://www.lufengxian.example/a?from=20&share_id=3&_t=4&spm=5"),
        ("/a?id=3&PHPSESSID=0a1b", "http://www.lufengxian.example/a?id=3"),
        ("/(S(abcdefghijklmnopqrstuvwx))/a.aspx", "http://www.lufengxian.example/a.aspx"),
        ("\\info\\1011\\1.htm", "http://www.lufengxian.example/info/1011/1.htm"),
        ("http:\\\\other.example\\a.htm", "http://other.example/a.htm"),
        ("..\\info/1.htm?f=a\\b", "http://www.lufengxian.example/info/1.htm?f=a%5Cb"),
        ("../in\tfo/1\n.htm", "http://www.lufengxian.example/info/1.htm"),
        ("\x00\x1f /a\x01", "http://www.lufengxian.example/a"),
        ("http:///other.example/a", "http://other.example/a"),
        ("http:lfdt/1.htm", "http://www.lufengxian.example/xwdt/lfdt/1.htm"),
        ("/a/./b/../c/%2e%2E/d.htm", "http://www.lufengxian.example/a/d.htm"),
        ("/%e4%b8%ad.htm?q=%e4", "http://www.lufengxian.example/%E4%B8%AD.htm?q=%E4"),
        ("/a%2fb.htm", "http://www.lufengxian.example/a%2Fb.htm"),
        ("http://例子.测试/", "http://xn--fsqu00a.xn--0zwm56d/"),
        ("http://XN--fsqu00a.xn--0zwm56d/", "http://xn--fsqu00a.xn--0zwm56d/"),
        ("http://www.lufengxian.example.:80/a", "http://www.lufengxian.example/a"),
        ("http://me:secret@www.lufengxian.example/a", "http://www.lufengxian.example/a"),
        ("/a b?c d", "http://www.lufengxian.example/a%20b?c%20d"),
        ("//a\u200b.example/", "http://a.example/"),
        ("/a?", "http://www.lufengxian.example/a"),
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
        "ja\tvascript:void(0)",
        " \n",
        "data:text/html,a",
        "tel:12345",
        "http://a b.example/",
        "http://./",
        "http://foo.09../",
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


@pytest.mark.parametrize(
    ("href", "encoding", "query"),
    [
        ("/查/询.asp?查询=中", "gb18030", "/%E6%9F%A5/%E8%AF%A2.asp?%B2%E9%D1%AF=%D6%D0"),
        ("/a.asp?q=中&b=%e4#中", "gb18030", "/a.asp?q=%D6%D0&b=%E4"),
        ("/a.asp?q=中", "utf-8", "/a.asp?q=%E4%B8%AD"),
        ("/a.asp?q=✓", "big5", "/a.asp?q=%26%2310003%3B"),
        ("a.asp#b?q=中", "gb18030", "/xwdt/a.asp"),
    ],
)
def test_a_query_is_written_in_the_encoding_of_its_page(href: str, encoding: str, query: str) -> None:
    assert urls.canonical_url(href, BASE, encoding) == f"http://www.lufengxian.example{query}"


URL_PARTS = st.one_of(
    st.sampled_from(["http://", "HTTPS:", "//", "..", "%2e", "%e4", "?", "&q=", "0x7f", "县", "％", "\ud800", "\t"]),
    st.sampled_from("\\a#|^`{[]'\"<:@.; ~%$(!*="),
)


@given(st.lists(URL_PARTS, max_size=10).map("".join), st.sampled_from(["utf-8", "gb18030"]))
def test_an_address_is_stable_and_asked_for_as_it_is_written(href: str, encoding: str) -> None:
    once = urls.canonical_url(href, BASE, encoding)
    assert urls.canonical_url(once) == once
    assert safe_url_string(once) == once  # what Scrapy and the store of attachments do to it
    assert not once or urls.url_host(once)


def test_pages_that_are_one_and_hosts_that_are_one_site() -> None:
    assert urls.site_host("https://www.a.example/b") == urls.site_host("http://a.example/c") == "a.example"
    assert urls.is_same_page("https://www.a.example/b?c=1", "http://a.example/b?c=1")
    assert not urls.is_same_page("http://a.example/b", "http://a.example/c")
    assert not urls.is_same_page("http://a.example/b", "http://b.example/b")
    assert not urls.is_same_page("", "http://a.example/b")


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
