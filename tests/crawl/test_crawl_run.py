"""One crawl's judgement of itself, by what its parts have told it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler import sites
from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.items import Capture, Entry, Listing
from lufeng_crawler.reader import open_archive
from lufeng_crawler.sites.site import Expect

NOW = "2026-11-20T02:00:00Z"
SITE = replace(sites.load_site("demo"), expect=Expect(entries=5, newest_within_days=14))


@pytest.fixture
def run(tmp_path: Path) -> CrawlRun:
    """A run all of whose columns have been read whole."""
    archive = open_archive(tmp_path, None)
    made = CrawlRun(SITE, archive, now=lambda: NOW)
    for column in made.progress.values():
        column.answered, column.entries, column.end = True, 10, "last page"
    return made


def tell(run: CrawlRun, **told: object) -> None:
    """Tell something else of the run, or of its first column."""
    column = next(iter(run.progress.values()))
    for name, value in told.items():
        setattr(column if hasattr(column, name) else run, name, value)


def listed(run: CrawlRun, published: str | None) -> None:
    """The first column has an entry of that date."""
    run.archive.begin(run.start_record())
    url = "http://127.0.0.1:8047/xwdt/lfdt.htm"
    capture = Capture(url, NOW, 200, body=b"x", site="demo", column="鹿峰动态", kind="listing")
    entry = Entry("一则消息", "", "", published)
    run.archive.set_reading(run.archive.store(capture, run.name), Listing((entry,)))
    run.archive.flush()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"end": "limit", "limit": 3, "articles_requested": 3},
        {"entries": None},
        {"articles_requested": 4, "articles_answered": 3},
        {"articles_requested": 3},
    ],
    ids=[
        "all well",
        "cut short by a limit",
        "unchanged, so not counted",
        "one of four failed",
        "few articles, all failed",
    ],
)
def test_a_good_run(run: CrawlRun, told: dict[str, object]) -> None:
    tell(run, **told)
    assert run.judge(True, "finished") == ("good", None)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"problem": "why", "end": None}, "鹿峰动态: why"),
        ({"answered": False}, "鹿峰动态: its listing was not read"),
        ({"end": None}, "鹿峰动态: its listing was not followed to what is known"),
        ({"entries": 4}, "鹿峰动态: 4 entries on its first page, 5 expected"),
        ({"articles_requested": 4, "articles_answered": 2}, "2 of 4 articles could not be read"),
        (
            {"entries": 0, "articles_requested": 9},
            "鹿峰动态: 0 entries on its first page, 5 expected; 9 of 9 articles could not be read",
        ),
    ],
)
def test_a_run_below_expectation(run: CrawlRun, told: dict[str, object], reason: str) -> None:
    tell(run, **told)
    assert run.judge(True, "finished") == ("below_expectation", reason)


@pytest.mark.parametrize("published", ["2026-11-06", "2026-11-06T10:00:00+08:00", None])
def test_a_column_with_news(run: CrawlRun, published: str | None) -> None:
    listed(run, published)
    assert run.judge(True, "finished") == ("good", None)


def test_a_column_without_news(run: CrawlRun) -> None:
    listed(run, "2026-11-05")
    assert run.judge(True, "finished") == ("below_expectation", "鹿峰动态: nothing newer than 2026-11-05")


@pytest.mark.parametrize(
    ("told", "outcome", "reason"),
    [
        ({"robots_refusal": "robots.txt forbids it"}, "blocked", "robots.txt forbids it"),
        ({"blocked": Counter(["521 加速乐"])}, "blocked", "521 加速乐"),
        ({"unreachable": Counter(["timed out"])}, "unreachable", "timed out"),
        ({"blocked": Counter(["412 瑞数"]), "unreachable": Counter(["a", "a"])}, "blocked", "412 瑞数"),
        ({"problem": "shows no entries"}, "below_expectation", "shows no entries"),
        ({}, "below_expectation", "no column was read"),
    ],
)
def test_a_run_that_read_nothing(run: CrawlRun, told: dict[str, object], outcome: str, reason: str) -> None:
    for column in run.progress.values():
        column.answered, column.end = False, None
    tell(run, **told)
    assert run.judge(True, "finished") == (outcome, reason)


def test_a_run_whose_archive_took_no_more(run: CrawlRun) -> None:
    tell(run, archive_failure="disk full")
    assert run.judge(True, "finished") == ("interrupted", "disk full")


@pytest.mark.parametrize(
    ("reason", "said"),
    [("shutdown", "stopped by Ctrl-C or a signal"), ("closespider_timeout", "closespider_timeout")],
)
def test_a_run_that_was_stopped(run: CrawlRun, reason: str, said: str) -> None:
    assert run.judge(False, reason) == ("interrupted", said)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("http://127.0.0.1:8047/a", True),
        ("http://127.0.0.1/a", False),
        ("http://127.0.0.1:8048/a", False),
        ("http://www.example.gov.cn/", False),
        ("http://file.example.gov.cn/", True),
        ("https://file.example.gov.cn/", True),
        ("http://10.0.0.1/", False),
        ("http://user@file.example.gov.cn/", True),
        ("http://file.example.gov.cn@10.0.0.1/", False),
        ("", False),
        ("javascript:void(0)", False),
        ("ftp://file.example.gov.cn/", False),
        ("http://[::1", False),
    ],
)
def test_only_named_hosts_may_be_asked(run: CrawlRun, url: str, may: bool) -> None:
    run.site = replace(SITE, hosts=("file.example.gov.cn", "10.0.0.1"))
    assert run.may_request(url) is may


def test_names_of_runs_differ_and_say_what_they_are(run: CrawlRun) -> None:
    again = CrawlRun(SITE, run.archive, now=lambda: NOW)
    assert again.name != run.name
    assert run.name.startswith(f"demo-{NOW}-")
