"""Tests that a request without an answer is a record of its run and a row, whatever becomes of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from lufeng_crawler.archive import rebuild
from lufeng_crawler.archive.store.unanswered import UnansweredOutcome
from tests.support.archive_builder import (
    READER,
    Story,
    address,
    article,
    everything,
    listing,
    moment,
    rebuilt,
    rows,
    unanswered,
)


@pytest.mark.parametrize("outcome", ["unreachable", "forbidden", "refused"])
def test_it_is_told_by_run_address_kind_time_and_reason(tmp_path: Path, outcome: UnansweredOutcome) -> None:
    story = Story(tmp_path)
    story.run(1, listing(1), unanswered(1, outcome, "why\u0007 and “why”"), rules=1)
    (row,) = rows(story.folder, 'SELECT run, site, url, kind, "column", at, outcome, reason FROM unanswered')
    where = {"run": 1, "site": 1, "url": address(1), "kind": "article", "column": None}
    assert row == where | {"at": moment(1, 2), "outcome": outcome, "reason": "why\u0007 and “why”"}
    (event,) = rows(story.folder, "SELECT e.kind, e.at FROM unanswered u JOIN run_events e ON e.id = u.event")
    assert event == {"kind": "unanswered", "at": moment(1, 2)}
    assert everything(story.folder) == rebuilt(story.folder)


def test_it_makes_no_capture_and_moves_nothing(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, listing(1), article(1), rules=1)
    assert story.run(2, unanswered(1), rules=1) == []
    assert rows(story.folder, "SELECT count(*) AS n FROM captures") == [{"n": 2}]
    assert rows(story.folder, "SELECT presence, last_seen FROM articles") == [
        {"presence": "live", "last_seen": moment(1, 2)}
    ]


def test_a_run_that_was_killed_keeps_what_it_had_asked(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, listing(1), unanswered(1), rules=1)
    story.run(2, unanswered(1, reason="refused"), outcome=None, rules=1)
    assert len(rows(story.folder, "SELECT * FROM unanswered")) == 1  # it waits in the WARC
    story.run(3, rules=1)
    found = rows(story.folder, "SELECT at, reason FROM unanswered ORDER BY id")
    assert [row["at"] for row in found] == [moment(1, 2), moment(2, 1)]
    assert rows(story.folder, "SELECT asked, last_reason FROM owed") == [{"asked": 2, "last_reason": "refused"}]
    before = everything(story.folder)
    rebuild(story.folder, READER, "test")
    assert everything(story.folder) == before
