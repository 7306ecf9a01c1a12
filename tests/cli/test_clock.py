"""Tests that LUFENG_CLOCK shifts the time of the whole program, and what it says of a bad value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lufeng_crawler import demo
from lufeng_crawler.archive.timestamps import parse
from tests.support.commands import crawl, lufeng, rows, site

DAY = 86400


def test_a_crawl_happens_at_the_shifted_time(tmp_path: Path) -> None:
    site(tmp_path)
    with demo.serve() as county:
        for days in (0, 3):
            started = datetime.now(UTC) + timedelta(days=days)
            assert crawl(tmp_path, county, "--limit", 1, more={"LUFENG_CLOCK": f"+{days * DAY}"}).code == 0
            ended = datetime.now(UTC) + timedelta(days=days)
            ((at,),) = rows(tmp_path, "SELECT max(started_at) FROM runs")
            ((fetched_at,),) = rows(tmp_path, "SELECT max(fetched_at) FROM captures")
            assert started - timedelta(seconds=1) <= parse(at) <= parse(fetched_at) <= ended


def test_what_is_due_follows_the_clock(tmp_path: Path) -> None:
    site(tmp_path)
    where = ("--archive", tmp_path / "archive", "--sites", tmp_path / "sites")
    with demo.serve() as county:
        assert crawl(tmp_path, county, "--limit", 1).code == 0
    assert lufeng(*where, "crawl", "county", "--due").out == "no site is due\n"
    later = lufeng(*where, "crawl", "county", "--due", more={"LUFENG_CLOCK": str(2 * DAY)})
    assert later.out.startswith("county: unreachable")


@pytest.mark.parametrize("words", [("status",), ("crawl", "county"), ("show", "1")])
@pytest.mark.parametrize("shift", ["tomorrow", "1.5"])
def test_a_bad_shift_is_one_line_and_2(tmp_path: Path, words: tuple[str, ...], shift: str) -> None:
    done = lufeng("--archive", tmp_path / "archive", *words, more={"LUFENG_CLOCK": shift})
    assert (done.code, done.out) == (2, "")
    assert done.err == f"lufeng: LUFENG_CLOCK={shift}: must be seconds, at most nine digits, such as +86400 or -3600\n"
    assert list(tmp_path.iterdir()) == []
