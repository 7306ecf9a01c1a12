"""Tests how the columns of a site nobody has described are found, over pages made up for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urljoin

import pytest

from lufeng_crawler.errors import ColumnNotFound, NothingFetched
from lufeng_crawler.scaffold import SurveyResult, find_site_columns
from lufeng_crawler.scaffold.find_columns import MAX_ARTICLES, MAX_COLUMNS, MAX_LISTINGS
from lufeng_crawler.sites import Column
from lufeng_crawler.spiders.survey import NotFetched
from tests.support.surveyed_site import SITE, START, Pages, article, listing, navigation, page

MENU = navigation(("首页", "/"), ("走进鼓楼", "/zjgl.html"), ("区情概况", "/qq.html"), ("通知公告", "/tzgg.html"))
PLAIN: Mapping[str, str | NotFetched] = {
    "/": page("鼓楼区人民政府", MENU),
    "/zjgl.html": page("走进鼓楼", "<p>鼓楼区位于……</p>"),
    "/qq.html": listing("区情概况", 4, 50),
    "/tzgg.html": listing("通知公告", 20),
    "/news/1.html": article(1),
}


def searched(pages: Mapping[str, str | NotFetched]) -> tuple[SurveyResult, list[str]]:
    ask = Pages(pages)
    found = asyncio.run(find_site_columns(SITE, ask))
    return found, [url.removeprefix(START.rstrip("/")) for url in ask.asked]


def columns(found: SurveyResult) -> list[Column]:
    return [one.column for one in found.columns]


def test_news_by_name_goes_first_and_is_not_needed() -> None:
    found, asked = searched(PLAIN)
    assert asked == ["/", "/tzgg.html", "/zjgl.html", "/qq.html", "/news/1.html"]
    assert columns(found) == [Column("通知公告"), Column("区情概况")]
    assert found.rejected.keys() == {"走进鼓楼"}
    assert (found.columns[0].newest, len(found.columns[0].listing.entries)) == ("2026-11-21", 20)


def test_guides_and_letter_boxes_come_after_news_whatever_they_are_called() -> None:
    names = ("信息公开指南", "政务信箱", "公告目录", "公示")
    home = page("鼓楼区", navigation(*((name, f"/{place}.html") for place, name in enumerate(names))))
    assert searched({"/": home, "/3.html": listing("公示", 9)})[1][:2] == ["/", "/3.html"]


def test_an_article_of_a_column_is_read() -> None:
    sample = searched(PLAIN)[0].sample
    assert sample and sample.article.source == "区政府办公室"
    assert sample.column.column.name == "通知公告"


def test_where_no_entry_is_an_article_there_is_no_sample() -> None:
    assert searched(dict(PLAIN) | {"/news/1.html": page("x", "")})[0].sample is None


def test_a_name_that_two_links_have_needs_a_path() -> None:
    home = page("鼓楼区", navigation(("通知公告", "/tzgg.html"), ("通知公告", "/bm/tzgg.html?id=3")))
    found, _ = searched({"/": home, "/tzgg.html": listing("x", 9), "/bm/tzgg.html?id=3": listing("y", 9, 30)})
    assert columns(found) == [Column("通知公告", "/tzgg.html")]
    assert found.columns[0].why
    assert found.rejected[f"通知公告 ({START}bm/tzgg.html?id=3)"].startswith("another column has that name")


@pytest.mark.parametrize("link", [f"{START}/gg.html", "/gg.html?a=1&b=2", "https://www.gulou.example/gg.html"])
def test_a_path_leads_where_the_link_did(link: str) -> None:
    ask = Pages({"/": page("鼓楼区", navigation(("公告", link), ("公告", "/x.html")))})
    ask.pages = dict(ask.pages) | {url: listing("公告", 9) for url in ("//gg.html", "/gg.html?a=1&b=2", link)}
    [found] = asyncio.run(find_site_columns(SITE, ask)).columns
    assert found.column.path and found.column.url(SITE) == found.url == urljoin(START, link)


def test_of_two_names_for_one_page_its_own_is_taken() -> None:
    home = page("鼓楼区", navigation(("新闻中心", "/ywdt.html"), ("要闻动态", "/ywdt.html")))
    found, asked = searched({"/": home, "/ywdt.html": listing("要闻动态", 9)})
    assert columns(found) == [Column("要闻动态")]
    assert asked.count("/ywdt.html") == 1


def test_a_front_page_of_a_channel_is_left_for_its_columns() -> None:
    """It names some of their entries; their links stand on it alone."""
    menu = navigation(("要闻", "/yw.html"), ("街道动态", "/jd.html"), ("意见征集", "/zj.html"))
    channel = listing("新闻中心", 5, more=menu)
    home = page("鼓楼区", navigation(("新闻中心", "/xw.html")))
    found, asked = searched(
        {"/": home, "/xw.html": channel, "/yw.html": listing("要闻", 20), "/jd.html": listing("x", 9, 40)}
    )
    assert columns(found) == [Column("要闻", "/yw.html"), Column("街道动态", "/jd.html")]
    assert found.columns[0].why == "its link stands on the page of 新闻中心"
    assert "/zj.html" not in asked, "deeper than the home page only what is called news"


def test_the_same_list_under_another_address_is_told_once() -> None:
    home = page("鼓楼区", navigation(("要闻", "/yw.html"), ("图片新闻", "/tp.html")))
    found, _ = searched({"/": home, "/yw.html": listing("要闻", 9), "/tp.html": listing("图片新闻", 4)})
    assert columns(found) == [Column("要闻")]
    assert found.rejected == {"图片新闻": "lists what 要闻 lists"}


def test_undated_entries_make_a_column_only_of_what_is_called_news() -> None:
    home = page("鼓楼区", navigation(("要闻", "/yw.html"), ("区情", "/qq.html")))
    lists = {"/yw.html": listing("要闻", 8, dated=False), "/qq.html": listing("区情", 8, 30, dated=False)}
    found, _ = searched({"/": home} | lists)
    assert columns(found) == [Column("要闻")]
    assert found.columns[0].newest is None


def test_no_more_is_asked_for_than_is_polite() -> None:
    many = [(f"第{number}栏", f"/{number}.html") for number in range(60)] + [("第60号公告", "/60.html")] * 2
    found, asked = searched({"/": page("鼓楼区", navigation(*many)), "/60.html": listing("x", 9)})
    assert len(asked) <= 1 + MAX_LISTINGS + MAX_ARTICLES <= 20
    full = {path: listing(name, 9, 10 * place) for place, (name, path) in enumerate(many)}
    found, asked = searched({"/": page("鼓楼区", navigation(*many))} | full)
    assert len(found.columns) == MAX_COLUMNS
    assert len(asked) == 1 + MAX_COLUMNS + MAX_ARTICLES


def test_other_hosts_are_not_asked() -> None:
    home = page("鼓楼区", navigation(("要闻", "http://www.fujian.example/yw.html"), ("公告", "/gg.html")))
    _, asked = searched({"/": home, "/gg.html": listing("公告", 9)})
    assert asked[:2] == ["/", "/gg.html"]
    with pytest.raises(ColumnNotFound, match="all lead to other hosts"):
        searched({"/": page("鼓楼区", navigation(("要闻", "http://www.fujian.example/yw.html")))})


@pytest.mark.parametrize(
    ("home", "words"),
    [
        (page("x", "<div id='app'></div><script src='app.js'></script>"), "has no links that could be columns"),
        (page("x", MENU), r"none of its links leads to a list of articles \(通知公告: not there \(404\)"),
        ("", "has no links that could be columns"),
    ],
)
def test_no_column(home: str, words: str) -> None:
    with pytest.raises(ColumnNotFound, match=f"^{START}: {words}"):
        searched({"/": home})


@pytest.mark.parametrize(
    ("home", "words"),
    [
        (
            NotFetched("robots.txt of www.gulou.example forbids it"),
            f"{START}: robots.txt of www.gulou.example forbids it",
        ),
        (NotFetched(f"{START} is a secret"), f"{START} is a secret"),
        (page("系统提示", "您没有访问当前栏目的权限"), f"{START}: blocked .系统提示: "),
        ("<script>document.cookie='__jsl_clearance=1'</script>", f"{START}: blocked .加速乐"),
        (page("提示", "您访问的页面不存在"), f"{START}: not there .soft 404: "),
    ],
)
def test_no_home_page(home: str | NotFetched, words: str) -> None:
    with pytest.raises(NothingFetched, match=f"^{words}") as told:
        searched({"/": home})
    assert told.value.exit_code == 4
    with pytest.raises(NothingFetched, match="404"):
        searched({})
