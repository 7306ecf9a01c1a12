"""Tests what is said of a site's pages taken together."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Article, Blocked, Capture, Entry, Gone, Listing, Other, Reading, Redirect
from lufeng_crawler.pages.site_profile import SiteProfile
from lufeng_crawler.scaffold.survey_result import (
    FoundColumn,
    SurveyResult,
    describe_reading,
    host_or_empty,
    newest_date,
)
from lufeng_crawler.sites import Column
from tests.support.surveyed_site import SEEN, START


def entry(number: int, published: str | None = None, at: str = START) -> Entry:
    return Entry(f"第{number}条", f"{at}{number}.htm", f"{at}{number}.htm", published)


def found(*columns: tuple[SiteProfile, tuple[Entry, ...]]) -> SurveyResult:
    page = Capture(START, SEEN, 200)
    listed = [
        FoundColumn(Column(str(place)), START, page, Listing(rows), front)
        for place, (front, rows) in enumerate(columns)
    ]
    return SurveyResult(START, SiteProfile(), listed)


@pytest.mark.parametrize(
    ("families", "agreed"),
    [(["vsb"], "vsb"), (["vsb", "generic"], "vsb"), (["vsb", "trs"], None), (["generic"], None)],
)
def test_a_family_is_that_of_all_pages_with_marks(families: list[str], agreed: str | None) -> None:
    assert found(*((SiteProfile(family=family), ()) for family in families)).family == agreed


@pytest.mark.parametrize(("codes", "agreed"), [(["1", None], "1"), (["1", "2"], None), ([None], None)])
def test_a_site_id_code_is_that_of_all_pages_with_one(codes: list[str | None], agreed: str | None) -> None:
    assert found(*((SiteProfile(site_id_code=code), ()) for code in codes)).site_id_code == agreed


def test_entries_elsewhere_are_counted_by_host() -> None:
    rows = (entry(1), entry(2, at="http://b.example/"), entry(3, at="http://b.example:8080/"), Entry("x", "", ""))
    assert found((SiteProfile(), rows)).entries_by_other_host() == {"b.example": 1, "b.example:8080": 1}


def test_articles_of_the_last_week_count_once() -> None:
    rows = (entry(1, "2026-11-15"), entry(2, "2026-11-14"), entry(3))
    assert (
        found(
            (SiteProfile(), rows), (SiteProfile(), (*rows, entry(4, "2026-11-20T09:00:00+08:00")))
        ).count_recent_articles()
        == 2
    )


def test_the_newest_day() -> None:
    assert newest_date([entry(1, "2026-11-14"), entry(2, "2026-11-15T09:00:00+08:00"), entry(3)]) == "2026-11-15"
    assert newest_date([entry(1)]) is None


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Blocked("加速乐"), "blocked (加速乐)"),
        (Gone("404"), "not there (404)"),
        (Redirect("http://b.example/", True), "a redirect to http://b.example/"),
        (Other("empty body"), "empty body"),
        (Listing(()), "listing"),
        (Article("1", START, "题", "文"), "article"),
    ],
)
def test_what_a_page_is_in_words(reading: Reading, words: str) -> None:
    assert describe_reading(reading) == words


@pytest.mark.parametrize(("url", "name"), [(START, "www.gulou.example"), ("http://a b/", ""), ("", ""), ("x:y", "")])
def test_a_host_that_a_page_names(url: str, name: str) -> None:
    assert host_or_empty(url) == name
