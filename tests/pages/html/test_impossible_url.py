# ruff: noqa: E501 -- one address and what becomes of it stand in one line
"""Tests addresses that cannot exist, and what a reader sees of what a site answers there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Capture
from lufeng_crawler.pages import impossible_url, visible_lines

HOST = "http://www.lufengxian.example"
NINES = "999999999"


@pytest.mark.parametrize(
    ("path", "impossible"),
    [
        ("/info/1011/12345.htm", f"/info/1011/{NINES}.htm"),
        (
            "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1011&wbnewsid=77",
            f"/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1011&wbnewsid={NINES}",
        ),
        ("/xwdt/202405/t20240511_1405152.html", f"/xwdt/202405/t20240511_{NINES}.html"),
        ("/art/2024/5/11/art_40_101.html", f"/art/2024/5/11/art_40_{NINES}.html"),
        ("/art/2024/art_06cdc5cb2d574cb8bd13f3c46ea9d032.html", "/art/2024/art_" + "f" * 32 + ".html"),
        ("/c100494/2021/1/4/0f1e2d3c4b5a69788796a5b4c3d2e1f0.shtml", "/c100494/2021/1/4/" + "f" * 32 + ".shtml"),
        ("/n/123E4567-E89B-12D3-A456-426614174000.html", "/n/FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF.html"),
        ("/zhengce/content_5353307.htm", f"/zhengce/content_{NINES}.htm"),
        ("/content/post_4100825.html", f"/content/post_{NINES}.html"),
        ("/contents/1751/173121.html", f"/contents/1751/{NINES}.html"),
        (
            "/index.php?m=content&c=index&a=show&catid=9&id=123",
            f"/index.php?m=content&c=index&a=show&catid=9&id={NINES}",
        ),
        ("/show.asp?ArticleID=5", f"/show.asp?ArticleID={NINES}"),
        ("/content-29-1234-1.html", f"/content-29-{NINES}-1.html"),
        ("/n1/2024/0511/c1001-40234567.html", f"/n1/2024/0511/c1001-{NINES}.html"),
        ("/2024/0511/9.html", f"/2024/0511/{NINES}.html"),
        ("/news/12345/", f"/news/{NINES}/"),
        ("/a/1716000000123.html", "/a/9999999999999.html"),
        ("/news/2024-05-11/88.html", f"/news/2024-05-11/{NINES}.html"),
        ("/xw/20260001.htm", f"/xw/{NINES}.htm"),
        ("/xw/2026/3.htm", f"/xw/2026/{NINES}.htm"),
        ("/xw/2026/11/3.htm", f"/xw/2026/11/{NINES}.htm"),
        ("/tzgg/index.htm", None),
        ("/20240511.html", None),
        ("/2024-05-11.html", None),
        ("/", None),
        ("/list.asp?page=3", None),
        (f"/info/1011/{NINES}.htm", f"/info/{NINES}/{NINES}.htm"),
    ],
)
def test_an_address_of_the_same_pattern_that_cannot_exist(path: str, impossible: str | None) -> None:
    assert impossible_url(HOST + path) == (impossible and HOST + impossible)


@given(st.text(max_size=60))
def test_any_address_has_one_or_none(url: str) -> None:
    assert impossible_url(url) != url
    assert impossible_url(HOST + url) != HOST + url


def capture(body: bytes, mime: str = "text/html") -> Capture:
    return Capture(f"{HOST}/a/1.htm", "2024-06-01T00:00:00Z", 404, (("Content-Type", mime),), body)


def test_the_lines_that_a_reader_sees() -> None:
    html = (
        "<html><head><title>提示</title><style>p{}</style></head><body><script>var a='县'</script><h1>您访问的 \u3000 页面</h1>"
        "<p>不存在<br>或 已\t删除</p><p style='display:none'>无</p><table><tr><td>甲</td><td>乙</td></tr></table></body></html>"
    )
    seen = ("您访问的 页面", "不存在", "或 已 删除", "甲 乙")
    assert visible_lines(capture(html.encode())) == seen
    assert visible_lines(capture(html.encode("gbk"))) == seen


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4", b"\x89PNG", b'{"code":404}', b"<" * 200_000])
def test_what_is_no_page_has_no_lines(body: bytes) -> None:
    assert visible_lines(capture(body)) == ()


@given(st.binary(max_size=200))
def test_any_bytes_have_lines_or_none(body: bytes) -> None:
    assert all(line.strip() for line in visible_lines(capture(body)))
