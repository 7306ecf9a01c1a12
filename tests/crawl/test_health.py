"""How sites are doing, and when their turn comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lufeng_crawler import sites
from lufeng_crawler.archive import Archive, Outcome, RunEnd, RunStart
from lufeng_crawler.archive.timestamps import later, now
from lufeng_crawler.crawl import due_site_names
from lufeng_crawler.health import next_due, status
from lufeng_crawler.reader import open_archive

SITE = replace(sites.load_site("demo"), every=timedelta(hours=6))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(tmp_path, None)


def ran(archive: Archive, began: str, outcome: Outcome, minutes: int = 10, name: str = "demo") -> None:
    """A crawl of the site that began then and took so long."""
    run = f"{name}-{began}"
    archive.begin(RunStart(run, "crawl", began, name))
    reason = None if outcome == "good" else "why"
    archive.end(RunEnd(run, later(began, timedelta(minutes=minutes)), outcome, reason))


def test_a_site_never_crawled_is_due_now(archive: Archive) -> None:
    assert next_due(archive.db, SITE) is None
    assert due_site_names(archive, [SITE]) == ["demo"]
    assert status(archive.db, [SITE], only_known=False) == []


@pytest.mark.parametrize("outcome", ["good", "below_expectation", "blocked", "unreachable"])
def test_its_turn_comes_a_period_after_its_last_crawl_began(archive: Archive, outcome: Outcome) -> None:
    ran(archive, "2026-11-20T02:00:00Z", outcome)
    assert next_due(archive.db, SITE) == "2026-11-20T08:00:00Z"


def test_an_interrupted_crawl_does_not_count(archive: Archive) -> None:
    ran(archive, "2026-11-20T02:00:00Z", "good")
    ran(archive, "2026-11-20T09:00:00Z", "interrupted")
    assert next_due(archive.db, SITE) == "2026-11-20T08:00:00Z"
    [standing] = status(archive.db, [SITE], only_known=False)
    assert (standing.last_outcome, standing.reason) == ("interrupted", "why")
    assert (standing.last_good, standing.next_due) == ("2026-11-20T02:10:00Z", "2026-11-20T08:00:00Z")


def test_the_longest_waiting_site_is_first(archive: Archive) -> None:
    other, new, fresh = (replace(SITE, name=name) for name in ("other", "new", "fresh"))
    ran(archive, "2026-01-02T00:00:00Z", "good")
    ran(archive, "2026-01-01T00:00:00Z", "blocked", name="other")
    ran(archive, now(), "good", name="fresh")
    assert due_site_names(archive, [SITE, fresh, other, new]) == ["new", "other", "demo"]


def test_an_archives_site_without_a_file_has_no_turn(archive: Archive) -> None:
    ran(archive, "2026-11-20T02:00:00Z", "good", name="elsewhere")
    assert status(archive.db, [SITE], only_known=True) == []
    [standing] = status(archive.db, [SITE], only_known=False)
    assert (standing.site, standing.next_due, standing.expected) == ("elsewhere", None, None)


def test_a_standing_in_one_line(archive: Archive) -> None:
    ran(archive, "2026-11-20T02:00:00Z", "below_expectation")
    [standing] = status(archive.db, [SITE], only_known=False)
    assert standing.line() == (
        "demo: below expectation (why); 0 articles, newest unknown, 0 blocked, 0 layout alarms;"
        " last good never, next due 2026-11-20T08:00:00Z"
    )


def test_a_crawl_that_is_dated_later_than_now_is_no_reason_to_wait(archive: Archive) -> None:
    ran(archive, later(now(), timedelta(days=400)), "good")
    assert next_due(archive.db, SITE) is None
    assert due_site_names(archive, [SITE]) == ["demo"]
    (found,) = status(archive.db, [SITE], only_known=False)
    assert "1 runs dated later than now" in found.line()
