"""Tests the views of what is owed: what counts as asked, captured, denied and out of reach, and when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive import Frontier, Unanswered
from lufeng_crawler.archive.db.connection import connect, connect_for_reading
from lufeng_crawler.items import Capture
from tests.support.archive_builder import (
    Story,
    address,
    answer,
    article,
    document,
    everything,
    listing,
    moment,
    rebuilt,
    rows,
    unanswered,
)

HOSTS = ("gulou.example",)
FOREIGN = "http://elsewhere.example/1.htm"
Asked = Capture | Unanswered


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """An archive whose one column lists article 1."""
    told = Story(tmp_path)
    told.run(1, listing(1), rules=1, hosts=HOSTS)
    return told


def owed(story: Story, columns: str = "*") -> list[dict[str, Any]]:
    return rows(story.folder, f"SELECT {columns} FROM owed")


def uncaptured(story: Story) -> list[tuple[Any, ...]]:
    found = rows(story.folder, "SELECT last_outcome, obstacle, host FROM uncaptured")
    return [tuple(row.values()) for row in found]


def test_a_line_that_nobody_asked_for_is_owed_at_once(story: Story) -> None:
    expected = {"site": "gulou", "column": "要闻", "url": address(1), "title": "line 1", "published": None}
    never = {"asked": 0, "last_asked": None, "last_outcome": None, "last_reason": None}
    assert owed(story) == [expected | never | {"first_listed": moment(1, 1), "next_ask": moment(1, 1)}]


@pytest.mark.parametrize("failure", [answer(1, status=503), unanswered(1), unanswered(1, "forbidden"), answer(1)])
def test_it_is_asked_for_in_the_next_run_then_ever_more_seldom(tmp_path: Path, failure: Asked) -> None:
    """After the first failure at once, then 12 hours, 36, 84, 180, 372, and never more than 30 days."""
    story, waits = Story(tmp_path), list[float]()
    story.run(1, listing(1), rules=1)
    for day in range(2, 11):
        story.run(day, failure, rules=1)
        wait = "(julianday(next_ask) - julianday(last_asked)) * 24"
        (row,) = rows(story.folder, f"SELECT asked, round({wait}) AS hours FROM uncaptured")
        assert row["asked"] == day - 1
        waits.append(row["hours"])
    assert waits == [0, 12, 36, 84, 180, 372, 720, 720, 720]


def test_many_requests_of_one_run_are_one(story: Story) -> None:
    story.run(2, *[answer(1, status=503)] * 3, unanswered(1), rules=1)
    (row,) = owed(story, "asked, last_asked, last_outcome, last_reason")
    last = {"last_asked": moment(2, 4), "last_outcome": "unreachable", "last_reason": "timed out"}
    assert row == {"asked": 1} | last


def test_neither_robots_txt_nor_a_probe_of_the_same_address_is_a_request_for_it(story: Story) -> None:
    story.run(2, answer(1, {"title": "题"}, kind="probe"), answer(1, kind="robots"), rules=1)
    assert owed(story, "asked") == [{"asked": 0}]


@pytest.mark.parametrize(
    "answers",
    [
        [article(1)],
        [document("info/1/1.htm", kind="article")],
        [answer(1, status=302, to="a.pdf"), document("a.pdf", kind="article")],
        [answer(1, status=302, to="x.htm"), answer("x.htm", status=302, to="a.pdf"), document("a.pdf")],
        [answer(1, status=302, to="9"), article(9)],
        [article("info/7/1.htm")],  # the same article under another column's address
    ],
)
def test_captured_is_what_was_read_at_its_address_or_behind_redirects(story: Story, answers: Sequence[Asked]) -> None:
    story.run(2, *answers, rules=1)
    assert rows(story.folder, "SELECT * FROM uncaptured") == []


def test_what_an_article_redirects_to_later_does_not_make_it_owed_again(story: Story) -> None:
    story.run(2, article(1), rules=1)
    story.run(3, answer(1, status=302, to="login"), rules=1)
    assert rows(story.folder, "SELECT * FROM uncaptured") == []


def test_a_ring_of_redirects_ends(story: Story) -> None:
    story.run(2, answer(1, status=302, to=2), answer(2, status=302, to=1), rules=1)
    assert owed(story, "last_outcome, last_reason") == [{"last_outcome": "redirect", "last_reason": address(2)}]


@pytest.mark.parametrize(
    "answers",
    [[answer(1, status=404)], [answer(1, status=302, to="404.htm"), answer("404.htm", status=404)]],
)
def test_gone_is_what_the_site_denies_asked_again_after_a_week(story: Story, answers: Sequence[Asked]) -> None:
    story.run(2, *answers, rules=1)
    assert owed(story) == []
    (row,) = rows(story.folder, "SELECT obstacle, next_ask FROM uncaptured")
    assert row == {"obstacle": "gone", "next_ask": moment(9, 1)}
    assert rows(story.folder, "SELECT * FROM out_of_reach") == []


@pytest.mark.parametrize(
    ("line", "answers", "found"),
    [
        (FOREIGN, [], (None, "host", "elsewhere.example")),
        (1, [answer(1, status=302, to="")], ("redirect", None, "gulou.example")),
        (1, [unanswered(1, "forbidden", "robots.txt")], ("forbidden", "robots.txt", "gulou.example")),
        (1, [unanswered(1, "forbidden"), answer(1, status=503)], ("other", None, "gulou.example")),
        (1, [unanswered(1, "refused")], ("refused", None, "gulou.example")),
        (1, [unanswered(1)], ("unreachable", None, "gulou.example")),
        (1, [answer(1, status=412)], ("blocked", None, "gulou.example")),
    ],
)
def test_what_stands_in_the_way(
    tmp_path: Path, line: str | int, answers: Sequence[Asked], found: tuple[Any, ...]
) -> None:
    story = Story(tmp_path)
    story.run(1, listing(line), rules=1, hosts=HOSTS)
    story.run(2, *answers, rules=1, hosts=HOSTS)
    assert uncaptured(story) == [found]
    assert len(owed(story)) == (found[1] is None)


def away(to: str) -> Capture:
    """A redirect of article 1 to another host."""
    return answer(1, status=302, to=to)


def test_a_redirect_to_a_host_that_is_not_named_is_out_of_reach_by_that_host(story: Story) -> None:
    story.run(2, away("https://waf.example:8443/check?from=http://gulou.example/"), rules=1, hosts=HOSTS)
    assert uncaptured(story) == [("redirect", "host", "waf.example:8443")]
    story.run(3, rules=1, hosts=(*HOSTS, "waf.example:8443"))
    assert uncaptured(story) == [("redirect", None, "waf.example:8443")]


def test_it_is_asked_for_again_all_the_same_for_the_redirect_may_be_of_that_night(story: Story) -> None:
    story.run(2, away("https://waf.example/check"), rules=1, hosts=HOSTS)
    with closing(connect_for_reading(story.folder)) as db:
        assert [target.url for target in Frontier(db, "gulou").pending_entries(moment(3))] == [address(1)]
    story.run(3, article(1), rules=1, hosts=HOSTS)
    assert rows(story.folder, "SELECT * FROM uncaptured") == []


@pytest.mark.parametrize("host", ["gulou.example", "gulou.example:8080", "[2001:db8::1]", "a-b.gulou.example"])
@pytest.mark.parametrize("rest", ["", "/", "/a/b.htm?u=http://x.example/y", "?q=http://x.example/"])
def test_the_host_of_an_address(tmp_path: Path, host: str, rest: str) -> None:
    story = Story(tmp_path)
    story.run(1, listing(f"https://{host}{rest}"), rules=1)
    assert [host for _, _, host in uncaptured(story)] == [host]


def test_in_an_archive_from_before_hosts_were_known_nothing_is_out_of_reach(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, listing(1), sweeps={"要闻": "complete"})
    story.run(2, away("https://waf.example/check"))
    assert uncaptured(story) == [("redirect", None, "waf.example")]
    assert owed(story, "asked") == [{"asked": 1}]


def test_lines_without_a_link_and_sites_that_are_not_crawled_owe_nothing(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, listing([None, "一行字"]), rules=1)
    assert rows(story.folder, "SELECT * FROM uncaptured") == []
    story = Story(tmp_path / "ingested")
    story.run(1, listing(1, 2), kind="ingest")
    assert rows(story.folder, "SELECT * FROM uncaptured") == []


def test_a_line_of_two_columns_is_owed_in_each_and_counted_once(story: Story) -> None:
    other = listing("info/7/1.htm", column="通知", name="tz.htm")
    story.run(2, other, answer(1, status=503), rules=1)
    assert owed(story, '"column", asked') == [{"column": "要闻", "asked": 1}, {"column": "通知", "asked": 0}]
    assert rows(story.folder, "SELECT counts ->> 'owed' AS owed FROM runs WHERE name = 'run-001'") == [{"owed": 1}]
    story.run(3, article(1), rules=1)
    assert owed(story) == []


def test_another_site_of_the_archive_that_was_asked_for_the_same_address_changes_nothing(story: Story) -> None:
    story.run(2, article(1, site="other"), answer(1, status=404, site="other"), kind="ingest")
    assert owed(story, "asked, last_outcome") == [{"asked": 0, "last_outcome": None}]


def test_it_is_the_same_after_a_rebuild(story: Story) -> None:
    story.run(2, unanswered(1), listing(1, 2), unanswered(2, "forbidden"), rules=1, hosts=HOSTS)
    story.run(3, answer(1, status=302, to="login"), rules=1, hosts=HOSTS)
    before, views = everything(story.folder), rows(story.folder, "SELECT * FROM uncaptured")
    assert rebuilt(story.folder) == before
    assert rows(story.folder, "SELECT * FROM uncaptured") == views and len(views) == 2


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM owed WHERE site = 'gulou'",
        "SELECT count(DISTINCT key) FROM uncaptured WHERE site_id = 1 AND obstacle IS NULL",
        "SELECT * FROM asked WHERE site = 1 AND url = 'x' AND run < 3",
        'SELECT min(e.absent_since) FROM columns c JOIN entries e ON e."column" = c.id'
        " WHERE c.site = 1 AND e.absent_since IS NOT NULL AND e.delisted_at IS NULL",
        "SELECT max(fetched_at) FROM captures WHERE site = 1 AND kind = 'probe'",
    ],
)
def test_no_question_reads_all_captures_or_entries(tmp_path: Path, sql: str) -> None:
    """A plan with an automatic index has read the whole table to make it."""
    with closing(connect(tmp_path / "archive.db")) as db:
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    whole = ("SCAN captures", "SCAN unanswered", "SCAN entr", "SCAN hop", "SCAN answer", "AUTOMATIC")
    assert [step for step in plan if any(word in step for word in whole) or step == "SEARCH captures"] == []
