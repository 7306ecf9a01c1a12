"""Tests what trying a site file finds and what it calls a problem, over pages made up for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from lufeng_crawler.items import Layout
from lufeng_crawler.scaffold import CheckedColumn, SiteCheck, check_site
from lufeng_crawler.sites import Column, Expect
from lufeng_crawler.spiders.survey import NotFetched
from tests.support.surveyed_site import SITE, START, Pages, article, listing, navigation, page

BLOCK = "<script>document.cookie='__jsl_clearance=1'</script>"
PLAIN: Mapping[str, str | NotFetched] = {
    "/": page("鼓楼区人民政府", navigation(("通知公告", "/tzgg.html"), ("新闻中心", "/xw.html"))),
    "/xw.html": page("新闻中心", navigation(("街道动态", "/jd.html"))),
    "/tzgg.html": listing("通知公告", 20, more="<a href='/tzgg_2.html'>下一页</a>"),
    "/jd.html": listing("街道动态", 9, 40),
    "/news/1.html": article(1),
    "/news/40.html": article(40),
}
ANY, PLAINLY = Expect(), Layout()
NOTICES, STREETS = Column("通知公告"), Column("街道动态", under="新闻中心")


More = Mapping[str, str | NotFetched]


def checked(
    *columns: Column, more: More = MappingProxyType({}), expect: Expect = ANY, layout: Layout = PLAINLY
) -> tuple[SiteCheck, list[str]]:
    """What is found, and the paths asked for; `more` are pages in place of the plain ones."""
    ask = Pages({**PLAIN, **more})
    site = replace(SITE, columns=columns, expect=expect, layout=layout)
    return asyncio.run(check_site(site, ask)), [url.removeprefix(START.rstrip("/")) for url in ask.asked]


def one(
    column: Column, more: More = MappingProxyType({}), expect: Expect = ANY, layout: Layout = PLAINLY
) -> CheckedColumn:
    """What is found of one column."""
    return checked(column, more=more, expect=expect, layout=layout)[0].columns[0]


def test_a_column_that_is_as_it_should_be() -> None:
    found = one(NOTICES, expect=Expect(entries=20))
    assert (found.url, found.how, found.problem) == (f"{START}tzgg.html", f"by its name on {START}", None)
    assert found.listing and len(found.listing.entries) == 20
    assert (found.newest, found.listing.next_page) == ("2026-11-21", f"{START}tzgg_2.html")
    assert found.article and found.article.provenance["source"].rule == "label line"


def test_each_page_on_which_columns_are_looked_up_is_asked_for_once() -> None:
    found, asked = checked(NOTICES, STREETS, Column("街道", "/jd.html"))
    assert [column.how for column in found.columns] == [
        f"by its name on {START}",
        f"by its name on {START}xw.html",
        "by its path",
    ]
    assert asked.count("/") == asked.count("/xw.html") == 1
    assert found.exit_code == 0


def test_a_column_that_the_navigation_does_not_name() -> None:
    assert one(Column("要闻")).problem == f"no link on {START} is called 要闻"
    lost = one(Column("要闻", under="新闻"))
    assert (lost.name, lost.problem) == ("要闻", f"no link on {START} is called 新闻")
    assert one(Column("要闻", under="新闻中心")).problem == f"no link on {START}xw.html is called 要闻"


@pytest.mark.parametrize(
    ("column", "more", "problem"),
    [
        (NOTICES, {"/": BLOCK}, f"{START}: blocked (加速乐)"),
        (NOTICES, {"/": NotFetched("refused")}, f"{START}: refused"),
        (NOTICES, {"/tzgg.html": BLOCK}, f"no entries: {START}tzgg.html: blocked (加速乐)"),
        (NOTICES, {"/tzgg.html": NotFetched("refused")}, f"no entries: {START}tzgg.html: refused"),
        (NOTICES, {"/tzgg.html": article(1)}, f"no entries: {START}tzgg.html: article"),
        (Column("x", "/none.html"), {}, f"no entries: {START}none.html: not there (404)"),
    ],
)
def test_a_column_that_is_not_shown(column: Column, more: More, problem: str) -> None:
    assert one(column, more).problem == problem


def test_articles_that_cannot_be_read() -> None:
    few = listing("通知公告", 3)
    found = one(NOTICES, {"/tzgg.html": few})
    assert found.article, "the first entry may be a file: one more is tried"
    nothing = Pages({"/": PLAIN["/"], "/tzgg.html": few})
    lost = asyncio.run(check_site(replace(SITE, columns=(NOTICES,)), nothing)).columns[0]
    assert lost.problem == f"no article: {START}news/2.html: not there (404)"
    assert len(nothing.asked) == 4
    away = few.replace("/news/", "http://elsewhere.example/news/")
    assert one(NOTICES, {"/tzgg.html": away}).problem == "none of its entries leads to a host that the site file names"


def test_pinned_entries_are_old_and_come_last() -> None:
    pinned = listing("通知公告", 3).replace("<li><a", "<li>[置顶]<a", 1)
    found = one(NOTICES, {"/tzgg.html": pinned, "/news/2.html": article(2)})
    assert found.article and found.article.url == f"{START}news/2.html"


def test_less_than_the_file_expects() -> None:
    assert one(NOTICES, expect=Expect(entries=21)).problem == "20 entries on its first page, 21 expected"
    days = (datetime.now(UTC) - datetime(2026, 11, 21, tzinfo=UTC)) // timedelta(days=1)
    old = listing("通知公告", 3).replace("2026-", "2020-")
    assert (
        one(NOTICES, {"/tzgg.html": old}, expect=Expect(newest_within_days=9)).problem
        == "nothing newer than 2020-11-20"
    )
    assert one(NOTICES, expect=Expect(newest_within_days=abs(days) + 3)).problem is None


def test_the_site_files_layout_is_what_is_tried() -> None:
    found = one(NOTICES, layout=Layout(article={"source": "h1"}))
    assert found.article and found.article.provenance["source"].rule == "site file: h1"
    broken = one(NOTICES, layout=Layout(listing={"entries": "li["}))
    assert broken.problem and "a selector cannot be understood" in broken.problem


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, 0),
        ({"/tzgg.html": BLOCK}, 1),
        ({"/": BLOCK}, 4),
        ({"/": NotFetched("refused")}, 4),
        ({"/": page("x", "")}, 1),
    ],
)
def test_exit_codes(more: More, code: int) -> None:
    assert checked(NOTICES, more=more)[0].exit_code == code
