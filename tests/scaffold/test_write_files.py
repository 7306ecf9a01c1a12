"""Tests the files that are written of a new site: whatever its pages say, whole or not at all, never over others."""

from __future__ import annotations

import asyncio
import gzip
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler import pages, sites
from lufeng_crawler.errors import SiteFileError, UsageError
from lufeng_crawler.items import Article, Capture, Listing
from lufeng_crawler.pages.site_profile import SiteProfile
from lufeng_crawler.pages.text.urls import canonical_url
from lufeng_crawler.scaffold import SurveyResult, find_site_columns, site_paths, write_site
from lufeng_crawler.scaffold.write_files import format_saved_page, format_site_file, one_line_words
from lufeng_crawler.sites import Column, value_checks
from tests.pages.test_saved_pages import saved
from tests.support.surveyed_site import SITE, START, Pages, article, listing, navigation, page

HOME = page(
    "鼓楼区人民政府",
    navigation(("通知公告", "/tzgg.html"), ("通知公告", "/x.html"), ("街道动态", "/jd.html")),
    "<meta name='SiteIDCode' content='9900000001'><!--Announced by Visual SiteBuilder 9-->",
)
LISTS = {"/": HOME, "/tzgg.html": listing("通知公告", 20), "/jd.html": listing("街道动态", 9, 40, dated=False)}
ALL = LISTS | {"/news/1.html": article(1)}


def found(pages: dict[str, str] = ALL) -> SurveyResult:
    return asyncio.run(find_site_columns(SITE, Pages(pages)))


def test_the_file_is_a_good_one_and_says_why(tmp_path: Path) -> None:
    site = write_site(site_paths(tmp_path, "gulou"), found())
    assert (site.title, site.start, site.family) == ("鼓楼区人民政府", START, "vsb")
    assert (site.layout.site_id_code, site.expect.entries) == ("9900000001", 4)
    assert site.columns == (Column("通知公告", "/tzgg.html"), Column("街道动态"))
    assert site == sites.load_site("gulou", tmp_path)
    written = (tmp_path / "gulou.toml").read_text("utf-8")
    assert written.startswith("# gulou.toml: 鼓楼区人民政府, as `lufeng sites new` found it on 2026-11-22.\n")
    assert 'family = "vsb"  # known by Announced by Visual SiteBuilder\n' in written
    assert 'name = "通知公告"  # 20 entries on its first page, the newest of 2026-11-21\n' in written
    assert 'path = "/tzgg.html"  # the name alone would not lead here\n' in written
    assert 'name = "街道动态"  # 9 entries on its first page, undated\n' in written
    assert written.endswith("[expect]\nentries = 4  # half of the fewest seen on a first page: 9 of 街道动态\n")


FOUND = found()


@pytest.mark.parametrize(("day", "every"), [("2026-11-2", "6h"), ("2020-11-2", "1d")])
def test_a_site_that_publishes_seldom_is_asked_seldom(day: str, every: str) -> None:
    notices = ALL["/tzgg.html"].replace("2026-11-2", day).replace("2026-11-1", day)
    assert f'every  = "{every}"' in format_site_file("gulou", found(ALL | {"/tzgg.html": notices}))


def test_hosts_that_entries_lead_to_are_told_and_not_named() -> None:
    away = LISTS["/jd.html"].replace("/news/41", "http://xxgk.gulou.example/41")
    written = format_site_file("gulou", found(ALL | {"/jd.html": away}))
    assert (
        '# hosts = ["xxgk.gulou.example"]  # remove the # to crawl these hosts too: entries lead there (1 to' in written
    )


def test_the_saved_pages_are_those_that_tests_read(tmp_path: Path) -> None:
    """In the form and under the names of `tests/pages/`; an entry of the one is the other."""
    where = site_paths(tmp_path, "gulou")
    write_site(where, found())
    assert sorted(path.name for path in where.pages.iterdir()) == ["article.html", "listing.html"]
    read = {path.stem: pages.read(saved(path)) for path in where.pages.iterdir()}
    assert isinstance(read["listing"], Listing) and isinstance(read["article"], Article)
    assert read["article"].url in {entry.url for entry in read["listing"].entries}
    assert (where.pages / "listing.html").read_bytes() == (
        b"<!-- saved from url=" + START.encode() + b"tzgg.html -->\n" + LISTS["/tzgg.html"].encode()
    )


def test_without_an_article_the_listing_is_saved_alone(tmp_path: Path) -> None:
    where = site_paths(tmp_path, "gulou")
    write_site(where, found(LISTS))
    assert [path.name for path in where.pages.iterdir()] == ["listing.html"]


def test_a_page_is_saved_as_it_came_but_for_its_coding() -> None:
    body = "<p>通知</p>".encode("gb18030")
    sent = Capture(START, "", 200, (("Content-Encoding", "gzip"),), gzip.compress(body))
    assert format_saved_page(sent) == b"<!-- saved from url=http://www.gulou.example/ -->\n" + body


@given(st.text(max_size=90))
def test_whatever_a_page_says_is_one_line_of_toml(said: str) -> None:
    first, second = FOUND.columns
    path = canonical_url(f"/{said}", START)
    column = replace(first, column=Column(f"名{said}", path or None), why=said, profile=SiteProfile())
    read = tomllib.loads(format_site_file("gulou", SurveyResult(START, SiteProfile(title=said), [column, second])))
    assert read["title"] == (one_line_words(said) or "www.gulou.example")
    assert read["columns"] == [
        {"name": one_line_words(f"名{said}")} | ({"path": path} if path else {}),
        {"name": "街道动态"},
    ]
    assert value_checks.check_text(read["title"]) and all(
        value_checks.check_text(value) for one in read["columns"] for value in one.values()
    )
    assert read.keys() <= {"title", "start", "family", "every", "columns", "expect"}


@pytest.mark.parametrize("name", ["", "鼓楼", "Gulou", "../gulou", "gu lou", "gulou\n", "-x", ".x", "a/b", "x\x00y"])
def test_a_name_that_no_site_may_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="a site's name must be small Latin letters") as told:
        site_paths(tmp_path, name)
    assert len(str(told.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["gulou.toml", "pages/gulou"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).mkdir(parents=True)
    with pytest.raises(UsageError, match=f"{there}: exists and is not overwritten"):
        site_paths(tmp_path, "gulou")


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    broken = found()
    broken.columns = [replace(one, column=Column("同名")) for one in broken.columns]
    with pytest.raises(SiteFileError, match="two of them are named 同名"):
        write_site(site_paths(tmp_path, "gulou"), broken)
    assert list(tmp_path.iterdir()) == []
