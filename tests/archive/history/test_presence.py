"""What may be claimed of an article's being there: missing at once, gone when proved, back with any good answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive import Outcome
from lufeng_crawler.archive.history.presence import Presence, PresenceAnswer, is_confirmed, transition
from lufeng_crawler.items import Capture, PresenceRule
from tests.support.archive_builder import Story, answer, article, everything, listing, moment, rebuilt, rows

GONE = answer(1, status=404)
SOFT = answer(1, {"gone": "您访问的页面不存在"})


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    told.run(1, article(1), article(2, "另"))
    return told


def presence(story: Story) -> str:
    return str(rows(story.folder, "SELECT presence FROM articles WHERE key = '1'")[0]["presence"])


@pytest.mark.parametrize(
    "seen",
    [answer(1, status=status) for status in (500, 502, 503, 403, 412, 521)]
    + [answer(1), answer(1, {"lines": []}), answer(1, status=302, to="login"), article(1, truncated="length")],
)
def test_what_does_not_say_gone_moves_nothing(story: Story, seen: Capture) -> None:
    for day in (2, 3, 4, 5):
        assert story.run(day, seen) == []
    assert presence(story) == "live"
    assert rows(story.folder, "SELECT count(*) AS n FROM versions WHERE article = 1") == [{"n": 1}]


@pytest.mark.parametrize("seen", [GONE, SOFT, answer(1, status=410)])
def test_the_first_time_makes_it_missing(story: Story, seen: Capture) -> None:
    (event,) = story.run(2, seen)
    assert (event["kind"], event["at"], json.loads(event["evidence"])) == ("missing", moment(2, 1), [3])
    assert presence(story) == "missing"


@pytest.mark.parametrize("status", [301, 302])
@pytest.mark.parametrize("nothing", [answer("404.htm", status=404), answer("404.htm", {"gone": "不存在"})])
def test_a_redirect_to_what_says_gone_says_gone(story: Story, status: int, nothing: Capture) -> None:
    """Many sites send what they took down to one page; once a run is enough to ask for that."""
    away = [answer(one, status=status, to="404.htm") for one in (1, 2)]
    found = story.run(2, away[0], nothing, away[1])
    assert [(event["kind"], event["article"], json.loads(event["evidence"])) for event in found] == [
        ("missing", 1, [3, 4]),
        ("missing", 2, [5, 4]),
    ]
    found = story.run(4, away[1], nothing, article(1))
    assert [(event["kind"], event["article"]) for event in found] == [("restored", 1), ("gone", 2)]
    assert json.loads(found[1]["evidence"]) == [5, 6]
    assert everything(story.folder) == rebuilt(story.folder)


def test_a_redirect_to_what_said_gone_in_another_run_says_nothing_yet(story: Story) -> None:
    story.run(2, answer("404.htm", status=404))
    assert story.run(3, answer(1, status=302, to="404.htm")) == []


def test_a_redirect_from_an_address_that_it_left_says_nothing(story: Story) -> None:
    story.run(2, answer(1, status=301, to=9), article(9))
    assert story.run(3, answer(1, status=302, to="404.htm"), answer("404.htm", status=404), article(9)) == []


def test_any_number_of_times_in_one_run_is_once(story: Story) -> None:
    assert [event["kind"] for event in story.run(2, *[GONE, SOFT] * 5, apart=0)] == ["missing"]


@pytest.mark.parametrize("outcome", ["below_expectation", "blocked", "unreachable", "interrupted"])
def test_runs_that_are_not_good_prove_nothing(story: Story, outcome: Outcome) -> None:
    for day in (2, 4, 6):
        story.run(day, GONE, outcome=outcome)
    assert story.kinds("article = 1") == ["new", "missing"]
    story.run(8, GONE)
    assert presence(story) == "missing"
    story.run(10, GONE)
    assert presence(story) == "gone"


def test_two_good_runs_too_close_prove_nothing(story: Story) -> None:
    story.run(2, GONE)
    story.run(2.99, GONE)
    assert presence(story) == "missing"
    (event,) = story.run(3, GONE)
    assert (event["kind"], event["at"], json.loads(event["evidence"])) == ("gone", moment(3, 1), [3, 4, 5])


def test_one_good_run_and_one_that_is_not_prove_nothing(story: Story) -> None:
    story.run(2, GONE)
    story.run(4, GONE, outcome="below_expectation")
    assert presence(story) == "missing"


@pytest.mark.parametrize("good", [article(1), article(1, "改过的题")])
def test_a_good_answer_between_begins_anew(story: Story, good: Capture) -> None:
    story.run(2, GONE)
    assert "restored" in [event["kind"] for event in story.run(3, good)]
    story.run(4, GONE)
    assert presence(story) == "missing"
    story.run(5, GONE)
    assert presence(story) == "gone"
    assert "restored" in [event["kind"] for event in story.run(6, good)]
    assert presence(story) == "live"


def test_what_is_gone_is_said_once(story: Story) -> None:
    for day in range(2, 9):
        story.run(day, GONE)
    assert story.kinds("article = 1") == ["new", "missing", "gone"]


def test_a_304_of_a_page_that_says_gone_is_no_good_answer(story: Story) -> None:
    story.run(2, SOFT)
    story.run(3, answer(1, status=304))
    assert story.kinds("article = 1") == ["new", "missing", "gone"]


def test_older_answers_that_come_late_are_told_of_their_own_time(story: Story) -> None:
    def told() -> list[tuple[str, str]]:
        return [(event["kind"], event["at"][8:10]) for event in story.events("kind != 'new' ORDER BY at --")]

    story.run(8, article(1))
    story.run(9, *(answer(1, status=404, fetched_at=moment(day)) for day in (3, 5)), kind="ingest")
    assert told() == [("missing", "03"), ("restored", "08")]
    story.run(10, GONE)
    story.run(11, answer(1, status=404, fetched_at=moment(4)), kind="ingest")
    assert presence(story) == "missing"
    story.run(12, article(1, fetched_at=moment(7)), kind="ingest")
    assert told() == [("missing", "03"), ("restored", "07"), ("missing", "10")]
    assert presence(story) == "missing"
    assert everything(story.folder) == rebuilt(story.folder)


def test_what_is_gone_is_not_once_a_good_answer_between_the_proofs_comes_late(story: Story) -> None:
    for day in (2, 4, 6):
        story.run(day, GONE)
    assert story.kinds("kind = 'gone'") == ["gone"]
    story.run(7, article(1, fetched_at=moment(5)), kind="ingest")
    assert (presence(story), story.kinds("article = 1 ORDER BY at --")) == (
        "missing",
        ["new", "missing", "gone", "restored", "missing"],
    )
    story.run(8, article(1, fetched_at=moment(3)), kind="ingest")
    assert (presence(story), story.kinds("kind = 'gone'")) == ("missing", [])
    story.run(9, GONE)
    assert (presence(story), story.kinds("kind = 'gone'")) == ("gone", ["gone"])
    assert everything(story.folder) == rebuilt(story.folder)


def test_it_is_found_at_its_other_address(story: Story) -> None:
    """A column drops it, another keeps it: one `restored`, then peace, whichever address is asked."""
    other = article("info/7/1.htm")
    story.run(2, other)
    story.run(3, GONE, other)
    assert story.kinds("article = 1") == ["new", "missing", "restored"]
    row = rows(story.folder, "SELECT url FROM articles WHERE id = 1")[0]
    assert row["url"].endswith("info/7/1.htm")


def test_delisted_is_what_a_whole_sweep_misses_and_the_run_saw_alive(story: Story) -> None:
    both, other = [article(1), article(2, "另")], listing(2)
    story.run(2, listing(1, 2), *both, sweeps={"要闻": "complete"})
    for sweep in ("settled", "broken"):
        assert story.run(3, other, *both, sweeps={"要闻": sweep}) == []
    assert story.run(4, other, both[1], sweeps={"要闻": "complete"}) == []  # it was not looked at
    assert [event["kind"] for event in story.run(5, other, GONE, sweeps={"要闻": "complete"})] == ["missing"]
    events = story.run(6, other, *both, sweeps={"要闻": "complete"})
    assert [(event["kind"], event["article"]) for event in events] == [("restored", 1), ("delisted", 1)]
    assert story.run(7, other, *both, sweeps={"要闻": "complete"}) == []
    assert [event["kind"] for event in story.run(8, listing(1, 2), *both)] == ["relisted"]
    assert everything(story.folder) == rebuilt(story.folder)


def test_a_listing_that_answers_304_still_names_its_articles(story: Story) -> None:
    story.run(2, listing(1, 2))
    story.run(3, answer("list.htm", status=304, column="要闻", kind="listing"))
    seen = rows(story.folder, "SELECT last_seen, delisted_at FROM entries")
    assert {row["last_seen"] for row in seen} == {moment(3, 1)}


def test_an_entry_that_never_became_an_article_and_is_listed_no_more_is_waited_for_no_longer(story: Story) -> None:
    story.run(2, listing(2, 3), article(2, "另"), sweeps={"要闻": "complete"})
    assert story.run(3, listing(2), article(2, "另"), sweeps={"要闻": "complete"}) == []
    (row,) = rows(story.folder, "SELECT delisted_at FROM entries WHERE key = '3'")
    assert row["delisted_at"] == moment(3, 1)


def answers(*live: bool) -> list[PresenceAnswer]:
    """One a day, each of a run of its own."""
    return [PresenceAnswer(moment(day), (day,), day, is_live) for day, is_live in enumerate(live, 1)]


@given(st.lists(st.booleans(), max_size=12))
def test_what_is_claimed_follows_the_last_answer(live: list[bool]) -> None:
    presence = Presence("live", moment(1))
    for given_answer in answers(*live):
        presence = transition(presence, given_answer)
    assert presence.state == ("live" if not live or live[-1] else "missing")
    last_of_kind = [other.at for other in answers(*live) if other.live != live[-1]] if live else []
    assert not last_of_kind or presence.since > last_of_kind[-1]


@pytest.mark.parametrize("state", ["live", "missing", "gone"])
def test_an_answer_that_says_the_same_changes_nothing(state: Literal["live", "missing", "gone"]) -> None:
    presence = Presence(state, moment(1))
    assert transition(presence, PresenceAnswer(moment(2), (2,), 2, live=state == "live")) == presence


@pytest.mark.parametrize(
    ("days", "runs", "rule", "confirmed"),
    [
        ([1, 2], [1, 2], PresenceRule(2, 86400), True),
        ([1, 1.9], [1, 2], PresenceRule(2, 86400), False),
        ([1, 2], [1, 1], PresenceRule(2, 86400), False),
        ([1, 2], [1, 2], PresenceRule(3, 86400), False),
        ([1, 1.5, 2], [1, 2, 2], PresenceRule(2, 86400), True),
        ([1], [1], PresenceRule(1, 0), True),
        ([], [], PresenceRule(1, 0), False),
    ],
)
def test_a_deletion_is_confirmed_by_runs_that_lie_apart(
    days: list[float], runs: list[int], rule: PresenceRule, confirmed: bool
) -> None:
    denials = [PresenceAnswer(moment(day), (1,), run, live=False) for day, run in zip(days, runs, strict=True)]
    assert is_confirmed(denials, rule) is confirmed
