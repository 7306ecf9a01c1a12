"""Tests what a page says of its site, and which of its links could be columns."""

from __future__ import annotations

import gzip

import pytest

from lufeng_crawler.items import Capture
from lufeng_crawler.pages.site_profile import ColumnLink, SiteProfile, read_site_profile


def home(html: str, url: str = "http://a.example/", **headers: str) -> SiteProfile:
    return read_site_profile(Capture(url, "", 200, tuple(headers.items()), html.encode()))


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>鹿峰县人民政府</title>", "鹿峰县人民政府"),
        ("<title>首页 - 鹿峰县人民政府</title>", "鹿峰县人民政府"),
        ("<title>鹿峰县人民政府门户网站_网站首页</title>", "鹿峰县人民政府门户网站"),
        ("<title>首页</title><meta name='SiteName' content='鹿峰县人民政府'>", "鹿峰县人民政府"),
        ("<title>Home</title>", ""),
        ("", ""),
    ],
)
def test_the_name_of_a_site(head: str, title: str) -> None:
    assert home(f"<html><head>{head}</head><body><p>欢迎</p></body></html>").title == title


def test_what_its_tags_and_marks_say() -> None:
    seen = home("<!--Announced by Visual SiteBuilder 9--><meta name='SiteIDCode' content='9900000001'><title>x</title>")
    assert (seen.site_id_code, seen.family, seen.marks) == ("9900000001", "vsb", ("Announced by Visual SiteBuilder",))


@pytest.mark.parametrize(
    ("code", "read"), [("bm56000001", "bm56000001"), ("政府网站标识码", None), ("", None), ("12", None)]
)
def test_a_code_that_nobody_filled_in_is_none(code: str, read: str | None) -> None:
    assert home(f"<meta name='SiteIDCode' content='{code}'>").site_id_code == read


def test_a_page_of_no_known_system_has_no_marks() -> None:
    seen = home("<p>欢迎</p>")
    assert (seen.site_id_code, seen.family, seen.marks) == (None, "generic", ())


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("<a href='/tzgg.htm'>通知公告</a>", "通知公告"),
        ("<a href='/tzgg.htm'> · 通知公告 &gt;&gt;</a>", "通知公告"),
        ("<a href='/tzgg.htm' title='通知公告'>更多</a>", "通知公告"),
        ("<a href='/tzgg.htm'><img src='a.png' alt='通知公告'></a>", "通知公告"),
        ("<a href='/tzgg.htm'>政府文件（2026）</a>", "政府文件（2026）"),
    ],
)
def test_a_link_that_could_be_a_column(link: str, name: str) -> None:
    assert home(link).links == (ColumnLink(name, "http://a.example/tzgg.htm"),)


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/'>通知公告</a>",
        "<a href='/index.htm'>通知公告</a>",
        "<a href='javascript:;'>通知公告</a>",
        "<a href='/tzgg.pdf'>通知公告</a>",
        "<a href='/info/1001/1168.htm'>全县工作会</a>",
        "<a href='/xw/202605/t20260511_14051.html'>全县工作会</a>",
        "<a href='/art/2026/5/11/art_40_1.html'>全县工作会</a>",
        "<a href='/list.htm'>更多</a>",
        "<a href='/list.htm'>查看 通知 下的文章</a>",
        "<a href='/list.htm'>下一页</a>",
        "<a href='/list.htm'>尾页</a>",
        "<a href='/list.htm'>网站首页</a>",
        "<a href='/login.htm'>用户登录</a>",
        "<a href='/list.htm'>县</a>",
        "<a href='/list.htm'>县人民政府召开第三十八次常务会议研究年底工作</a>",
        "<a href='/list.htm'>通知\ue000公告</a>",
    ],
)
def test_a_link_that_could_not(link: str) -> None:
    assert home(link).links == ()


def test_where_the_links_of_a_name_lead() -> None:
    seen = home("<a href='/a.htm'>通知公告</a><a href='/b.htm'>通知 公告</a><a href='/a.htm'>通知公告</a>")
    assert seen.urls_named("通知公告") == ("http://a.example/a.htm", "http://a.example/b.htm")
    assert seen.urls_named("要闻") == ()


def test_a_page_that_came_compressed_and_one_that_cannot_be_undone() -> None:
    body = gzip.compress("<a href='/tzgg.htm'>通知公告</a>".encode())
    sent = Capture("http://a.example/", "", 200, (("Content-Encoding", "gzip"),), body)
    assert [link.name for link in read_site_profile(sent).links] == ["通知公告"]
    assert (
        read_site_profile(Capture("http://a.example/", "", 200, (("Content-Encoding", "zstd"),), body)) == SiteProfile()
    )
