"""Tests that a pager is followed by what the page offers: never off its host, never to itself, never past its end."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.page import parse
from lufeng_crawler.pages.listing.pager import find_next_page, followable_url

URL = "http://www.lufengxian.example/tzgg/index.htm"
HERE = "http://www.lufengxian.example/tzgg/"


def offered(html: str, url: str = URL) -> str | None:
    return find_next_page(parse(url, html))


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
    found = find_next_page(page)
    assert found == followable_url(href, page)
    assert found is None or (found != URL and urlsplit(found).netloc == urlsplit(URL).netloc)


def test_a_link_that_leads_nowhere_does_not_hide_the_one_that_does() -> None:
    html = "<a href='javascript:;'>下一页</a><a href='http://other.example/2.htm'>下页</a><a href='2.htm'>&gt;</a>"
    assert offered(html) == f"{HERE}2.htm"


def test_a_site_may_link_to_itself_by_another_scheme_or_without_www() -> None:
    assert (
        offered("<a href='https://lufengxian.example/tzgg/2.htm'>下一页</a>") == "https://lufengxian.example/tzgg/2.htm"
    )
    assert offered("<a href='https://lufengxian.example/tzgg/index.htm'>下一页</a>") is None


def script(call: str) -> str:
    return f"<div id='page'><script>{call}</script></div>"


@given(st.integers(1, 12))
def test_following_a_script_comes_to_every_page_once(count: int) -> None:
    url: str | None = URL
    seen: list[str] = []
    while url:
        seen.append(url)
        url = offered(script(f'createPageHTML({count},{len(seen) - 1},"index","html")'), url)
    assert seen == [URL, *(urljoin(URL, f"index_{number}.html") for number in range(1, count))]


def test_a_link_goes_before_a_script() -> None:
    assert offered("<a href='2.htm'>下一页</a>" + script("createPageHTML(9, 0, 'index', 'html')")) == f"{HERE}2.htm"


@pytest.mark.parametrize(
    "link",
    [
        "<a class='next' href='2.htm'>&gt;&gt;</a>",
        "<a class='pgNext' href='2.htm'>»</a>",
        "<a href='2.htm' title='下一页'>&gt;&gt;</a>",
        "<li class='page-next'><a href='2.htm'><i></i></a></li>",
        "<a href='2.htm'><i class='icon next'></i></a>",
        "<a href='2.htm'><img src='n.gif' alt='下一页'></a>",
        "<a href='2.htm' aria-label='Next'><svg></svg></a>",
        "<a href='2.htm' rel='next'>2</a>",
        "<link rel='next' href='2.htm'>",
        "<a href='javascript:void(0)' onclick=\"location.href='2.htm'\">下一页</a>",
        "<a href='#' onclick=\"window.open('2.htm','_self')\">下一页</a>",
        "<button onclick='location.href = \"2.htm\"'>下一页</button>",
        "<input type='button' value='下一页' onclick=\"window.location='2.htm'\">",
        "<span>1</span><a href='2.htm'>2</a><a href='3.htm'>3</a>",
        "<a class='active' href='1.htm'>1</a><a href='2.htm'>2</a>",
        "<a class='thisclass' href='1.htm'>[1]</a> <a href='2.htm'>[2]</a>",
        "<li class='on'><a href='1.htm'>1</a></li><li><a href='2.htm'>2</a></li>",
        "<li><em>1</em></li> <li><a href='2.htm'>2</a></li>",
        "<a href='index.htm'>1</a><a href='2.htm'>2</a>",
        "<p>1 <a href='2.htm'>2</a> <a href='3.htm'>3</a></p>",
        "<select><option value='index.htm'>1</option><option value='2.htm'>2</option></select>",
        "<select><option value='a.htm' selected>第1页</option><option value=2.htm>第2页</option></select>",
    ],
)
def test_the_next_page_without_a_word(link: str) -> None:
    assert offered(f"<div>{link}</div><div><a href='/kx/8.htm'>&gt;&gt;</a></div>") == f"{HERE}2.htm"


@pytest.mark.parametrize(
    "link",
    [
        "<a href='2.htm'>&gt;&gt;</a>",
        "<a href='2.htm'>更多&gt;&gt;</a>",
        "<a href='2.htm' title='尾页'>&gt;</a>",
        "<a class='next' href='2.htm'>下一篇</a>",
        "<a class='next' href='2.htm'>鹿峰县关于停水的通知</a>",
        "<a rel='next' href='2.htm'>下一篇：鹿峰县关于停水的通知</a>",
        "<a class='next' href='/kx/2.htm'>&gt;&gt;</a>",
        "<a class='next disabled' href='2.htm'>下一页</a>",
        "<a href='javascript:history.go(-1)'>返回上一页</a>",
        "<a href='#' onclick=\"location.href='list_'+n+'.htm'\">下一页</a>",
        "<a href='#' onclick=\"location.href='2.htm'\">返回</a>",
        "<a href='1.htm'>1</a><a href='2.htm'>2</a>",
        "<span>1</span><a href='3.htm'>3</a>",
        "<b>2</b><a href='2.htm'>1</a>",
        "<span>1</span><a href='/kx/2.htm'>2</a>",
        "<span>1</span><a href='javascript:go(2)'>2</a>",
        "<table><tr><td class='on'>11</td><td><a href='2.htm'>12</a></td></tr></table>",
        "<select><option value='1' selected>1</option><option value='2'>2</option></select>",
        "<select><option value='2.htm' selected>2</option><option value='index.htm'>3</option></select>",
        "<select><option value='a.htm'>鹿峰县</option><option value='2.htm'>兰湾县</option></select>",
    ],
)
def test_what_is_no_sign_of_a_next_page(link: str) -> None:
    assert offered(f"<div>{link}</div>") is None


@pytest.mark.parametrize("earlier", ["上一页", "首页", "&lt;&lt;", "前一页"])
def test_an_earlier_page_is_not_the_next(earlier: str) -> None:
    links = f"<a href='0.htm'>{earlier}</a><a href='0.htm'>下一页</a><a class='next' href='0.htm'>»</a>"
    assert offered(links) is None
    assert offered(f"{links}<b>8</b><a href='9.htm'>9</a>") == f"{HERE}9.htm"


def test_what_a_headline_leads_to_is_an_article_whatever_it_is_called() -> None:
    article = "<a href='2.htm'>鹿峰县召开秋冬季森林防火工作会议</a>"
    assert offered(f"<a href='2.htm'>下一页</a>{article}") is None


@pytest.mark.parametrize(
    ("url", "href", "follows"),
    [
        ("/tzgg.htm", "tzgg/17.htm", True),
        ("/tzgg.htm", "tzgg_2.htm", True),
        ("/tzgg.htm", "info/1001/2.htm", False),
        ("/tzgg/17.htm", "16.htm", True),
        ("/tzgg/", "page/2/", True),
        ("/tzgg/page/2/", "../3/", True),
        ("/tzgg/2/", "../../xwdt/3/", False),
        ("/list-12-1.html", "list-12-2.html", True),
        ("/1751.html", "1751_2.html", True),
        ("/list.jsp?id=3", "list.jsp?id=3&page=2", True),
        ("/list.jsp?id=3", "show.jsp?id=3&page=2", False),
        ("/xw/column-index-1.html", "column-index-2.html", True),
    ],
)
def test_a_sign_is_believed_only_where_it_stays_in_the_column(url: str, href: str, follows: bool) -> None:
    here = f"http://www.lufengxian.example{url}"
    found = offered(f"<a class='next' href='{href}'>&gt;&gt;</a>", here)
    assert found == (urljoin(here, href) if follows else None)
    assert offered(f"<p><strong>3</strong><a href='{href}'>4</a></p>", here) == found


@given(st.integers(1, 12))
def test_following_numbers_comes_to_every_page_once(count: int) -> None:
    def shown(current: int) -> str:
        numbers = (
            f"<span>{n}</span>" if n == current else f"<a href='column-index-{n}.html'>{n}</a>"
            for n in range(1, count + 1)
        )
        return f"<div>{'&nbsp;'.join(numbers)}</div>"

    url: str | None = f"{HERE}column-index-1.html"
    seen: list[str] = []
    while url and len(seen) <= count:
        seen.append(url)
        url = offered(shown(len(seen)), url)
    assert seen == [f"{HERE}column-index-{number}.html" for number in range(1, count + 1)]


@given(st.text("<a href='2.htm>b/div class=next1 23>»下一页", max_size=150))
def test_whatever_the_page_its_next_one_is_another_of_its_host(html: str) -> None:
    found = offered(html)
    assert found is None or (found != URL and urlsplit(found).netloc == urlsplit(URL).netloc)
