"""Tests crawls that are odd in one respect: a limit, a line without a link, a probe that fails, an interruption."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.crawl_run import CrawlReport
from lufeng_crawler.sites import Column, Site
from tests.support.archive_builder import rows
from tests.support.random_site import FIRST_DAY, HOST, READER, SITE, page
from tests.support.scripted_crawl import Answer, ScriptedCrawl

ONE_COLUMN = replace(SITE, columns=(Column("要闻", "list-1.htm"),))
TEXT = "县人民政府召开常务会议，研究部署冬春农田水利建设，要求各乡镇落实责任，确保质量和安全。" * 3


@dataclass(slots=True)
class OddSite:
    """A site of `count` articles in pages of ten; `instead` answers for an address, by its path."""

    count: int = 10
    lines: list[tuple[str, str, str | None]] = field(default_factory=list)
    instead: dict[str, Callable[[Request], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        path = request.url.removeprefix(HOST)
        self.asked.append(path)
        if path in self.instead:
            return self.instead[path](request)
        if path.startswith("list-"):
            return self._listing(int(path.removesuffix(".htm").partition("_")[2] or 1))
        number = path.rpartition("/")[2].removesuffix(".htm")
        if not number.isdecimal() or int(number) > self.count:
            return Answer(404)
        return page({"title": f"第{number}篇修路消息", "body": f"第{number}篇。{TEXT}", "published": "2026-10-01"})

    def _listing(self, number: int) -> Answer:
        numbers = range((number - 1) * 10 + 1, min(number * 10, self.count) + 1)
        entries = [*self.lines, *((f"{HOST}info/1/{one}.htm", f"第{one}篇修路消息", "2026-10-01") for one in numbers)]
        pages = -(-self.count // 10)
        extent = {"rows": len(entries), "total": self.count, "pages": pages, "page": number, "is_last": number == pages}
        following = f"{HOST}list-1_{number + 1}.htm" if number < pages else None
        return page({"entries": entries, "next": following, "extent": extent})


def crawl(folder: Path, site: OddSite, day: float, known: Site = ONE_COLUMN, **more: Any) -> CrawlReport:
    at = (FIRST_DAY + timedelta(days=day)).strftime(FORMAT)
    return ScriptedCrawl(folder, known, site.answer, READER).run(at, **more)


def outcome(report: CrawlReport) -> tuple[str, str | None]:
    return report.outcome, report.reason


def test_a_limit_is_no_shortfall_and_no_last_word(tmp_path: Path) -> None:
    site = OddSite(count=35)
    limited = crawl(tmp_path, site, 0, limit=3)
    assert outcome(limited) == ("good", None)
    assert (limited.counts["new"], limited.coverage["要闻"]["limited"]) == (3, True)
    again = crawl(tmp_path, site, 1, limit=3)
    assert (outcome(again), again.counts["new"]) == (("good", None), 3)
    whole = crawl(tmp_path, site, 2)
    assert (outcome(whole), whole.counts["new"], whole.counts["owed"]) == (("good", None), 29, 0)
    assert whole.coverage["要闻"]["state"] == "complete"


def test_a_limit_that_was_not_reached_judges_like_none(tmp_path: Path) -> None:
    assert outcome(crawl(tmp_path, OddSite(count=35), 0, limit=99)) == ("good", None)
    short = OddSite(count=35, instead={"list-1_2.htm": lambda request: Answer(404)})
    report = crawl(tmp_path / "short", short, 0, limit=99)
    assert report.outcome == "below_expectation" and "list-1_2.htm" in (report.reason or "")


def test_lines_without_a_link_are_listed_and_stop_nothing(tmp_path: Path) -> None:
    site = OddSite(lines=[("", "一行没有链接的字", None), ("", "又一行", None)])
    site.instead["list-1.htm"] = lambda request: _with_total(site, 12)
    for day, full in ((0, False), (1, False), (2, True)):
        report = crawl(tmp_path, site, day, full=full)
        assert outcome(report) == ("good", None)
    assert (report.counts["entries"], report.counts["owed"], report.counts["out_of_reach"]) == (12, 0, 0)
    assert rows(tmp_path, "SELECT count(*) AS n FROM articles") == [{"n": 10}]


def _with_total(site: OddSite, total: int) -> Answer:
    numbers = range(1, site.count + 1)
    entries = [*site.lines, *((f"{HOST}info/1/{one}.htm", f"第{one}篇修路消息", "2026-10-01") for one in numbers)]
    return page({"entries": entries, "next": None, "extent": {"rows": len(entries), "total": total, "is_last": True}})


@pytest.mark.parametrize("failure", [Answer(error="timed out"), Answer(403), Answer(500)])
def test_a_probe_that_fails_says_nothing_of_the_run(tmp_path: Path, failure: Answer) -> None:
    """The site has so few addresses that one failure would be more than a tenth of them."""
    site = OddSite(count=2)
    probe = "info/1/999999999.htm"
    site.instead[probe] = lambda request: failure
    crawl(tmp_path, site, 0)
    report = crawl(tmp_path, site, 1)
    assert probe in site.asked
    assert (outcome(report), report.counts["owed"]) == (("good", None), 0)
    assert rows(tmp_path, "SELECT DISTINCT proves FROM runs") == [{"proves": 1}]


def failing(paths: Iterable[str]) -> dict[str, Callable[[Request], Answer]]:
    return {path: lambda request: Answer(500) for path in paths}


def test_crawls_that_were_interrupted_are_not_held_against_what_is_owed(tmp_path: Path) -> None:
    site = OddSite(instead=failing(["info/1/3.htm"]))
    for day in range(3):
        crawl(tmp_path, site, day / 8)
        _make_interrupted(tmp_path)
    assert outcome(crawl(tmp_path, site, 0.5)) == ("good", None)
    assert outcome(crawl(tmp_path, site, 0.6)) == ("good", None)
    told = "1 listed articles have been owed for more than 3 runs"
    assert outcome(crawl(tmp_path, site, 0.7)) == ("below_expectation", told)


def _make_interrupted(folder: Path) -> None:
    """Let the newest run be one that Ctrl-C ended."""
    with closing(sqlite3.connect(folder / "archive.db")) as db, db:
        db.execute("UPDATE runs SET outcome = 'interrupted' WHERE id = (SELECT max(id) FROM runs)")


def test_so_many_as_the_site_file_allows_may_be_owed(tmp_path: Path) -> None:
    site = OddSite(instead=failing(["info/1/3.htm", "info/1/4.htm"]))
    allowed = replace(ONE_COLUMN, expect=replace(ONE_COLUMN.expect, owed=2))
    for day in range(5):
        assert outcome(crawl(tmp_path, site, day, allowed)) == ("good", None)
    site.instead |= failing(["info/1/5.htm"])
    other = tmp_path / "other"
    reports = [crawl(other, site, day, allowed) for day in range(5)]
    assert "3 listed articles have been owed for more than 3 runs, 2 allowed" in (reports[-1].reason or "")


def test_where_nothing_of_what_is_listed_can_be_had_no_run_is_good(tmp_path: Path) -> None:
    site = OddSite(count=3, instead=failing(f"info/1/{number}.htm" for number in (1, 2, 3)))
    report = crawl(tmp_path, site, 0)
    assert outcome(report) == ("below_expectation", "nothing was captured of what the listings name")
    assert rows(tmp_path, "SELECT proves FROM runs") == [{"proves": 0}]


@pytest.mark.parametrize(
    ("stated", "beyond", "expected"),
    [
        ({"total": 20}, Answer(404), ("good", "complete")),
        ({}, page({"entries": [], "next": None, "extent": {}}), ("below_expectation", "failed")),
        ({"total": 33}, Answer(404), ("below_expectation", "failed")),
    ],
    ids=["all that is stated was seen", "nothing is stated", "more is stated"],
)
def test_a_last_page_that_offers_one_more(
    tmp_path: Path, stated: dict[str, int], beyond: Answer, expected: tuple[str, str]
) -> None:
    def listed(first: int, following: str) -> Answer:
        entries = [(f"{HOST}info/1/{one}.htm", f"第{one}篇修路消息", "2026-10-01") for one in range(first, first + 10)]
        return page({"entries": entries, "next": HOST + following, "extent": {"rows": 10, "has_pager": True} | stated})

    pages = (listed(1, "list-1_2.htm"), listed(11, "list-1_3.htm"), beyond)
    instead: dict[str, Callable[[Request], Answer]] = {
        path: lambda request, answer=answer: answer  # type: ignore[misc]
        for path, answer in zip(("list-1.htm", "list-1_2.htm", "list-1_3.htm"), pages, strict=True)
    }
    report = crawl(tmp_path, OddSite(count=20, instead=instead), 0)
    assert (report.outcome, report.coverage["要闻"]["state"]) == expected
    assert report.counts["new"] == 20


def test_one_article_that_fails_for_ever_takes_nothing_from_what_the_other_runs_prove(tmp_path: Path) -> None:
    instead: dict[str, Callable[[Request], Answer]] = {"info/1/4.htm": lambda request: Answer(500)}
    site = OddSite(count=10, instead=instead)
    crawl(tmp_path, site, 0)
    instead["info/1/7.htm"] = lambda request: Answer(404)
    reports = [crawl(tmp_path, site, day) for day in (12, 13.5, 15, 16.5)]  # long enough for each article to be due
    kinds = [row["kind"] for row in rows(tmp_path, "SELECT kind FROM changes WHERE kind != 'new' ORDER BY id")]
    assert kinds == ["missing", "gone"]
    assert reports[-1].outcome == "below_expectation"
    assert reports[-1].reason == "1 listed articles have been owed for more than 3 runs"
    assert {row["proves"] for row in rows(tmp_path, "SELECT proves FROM runs WHERE id > 1")} == {1}
