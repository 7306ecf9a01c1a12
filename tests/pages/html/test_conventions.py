"""Tests what the families' conventions say of URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.conventions import article_key, is_article_url, is_download_url
from lufeng_crawler.pages.text.urls import canonical_url

BASE = "http://www.site.example/xwdt/index.htm"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.example/info/1011/226124.htm", "226124"),
        ("http://a.example/info/1011/226124.html", "226124"),
        ("http://a.example/sub/info/1050/226124.htm", "226124"),
        ("http://a.example/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1011&wbnewsid=226124", "226124"),
        ("http://a.example/content.jsp?wbnewsid=226124&urltype=news.NewsContentUrl", "226124"),
        ("http://a.example/content.jsp?urltype=tree.TreeTempUrl&wbtreeid=1011", None),
        ("http://a.example/info/226124.htm", None),
        ("http://a.example/t20230629_1.html", None),
    ],
)
def test_the_identity_that_an_address_carries(url: str, key: str | None) -> None:
    assert article_key(url) == (key or url)


@given(st.text(max_size=60))
def test_a_url_written_canonically_twice_keeps_its_key(href: str) -> None:
    once = canonical_url(href, BASE)
    assert article_key(once) == article_key(canonical_url(once))


@pytest.mark.parametrize(
    ("url", "is_article"),
    [
        ("http://a.example/info/1011/226124.htm", True),
        ("http://a.example/art/2024/5/11/art_40_1.html", True),
        ("http://a.example/202305/t20230629_1.html", True),
        ("http://a.example/content/post_4100825.html", True),
        ("http://a.example/content_5353307.htm", True),
        ("http://a.example/contents/3/12.html", True),
        ("http://a.example/channels/3.html", False),
        ("http://a.example/xwdt/index.htm", False),
    ],
)
def test_urls_that_only_articles_have(url: str, is_article: bool) -> None:
    assert is_article_url(url) is is_article


@pytest.mark.parametrize(
    ("href", "is_download"),
    [
        ("/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2", True),
        ("/download.jsp?id=2", False),
        ("/xwdt/index.htm", False),
    ],
)
def test_urls_at_which_a_cms_serves_files(href: str, is_download: bool) -> None:
    assert is_download_url(href) is is_download
