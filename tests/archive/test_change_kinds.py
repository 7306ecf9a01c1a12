"""Tests that a kind of change exists everywhere a kind must, and that a forgotten place is noticed."""

from __future__ import annotations

from collections.abc import Iterable

from lufeng_crawler.archive import change_kinds, run_outcomes
from lufeng_crawler.archive.queries.event_text import SENTENCES


def missing(names: Iterable[str]) -> dict[str, set[str]]:
    """The places where one of these kinds is missing, with the names of the missing ones."""
    wanted = set(names)
    places = {
        "queries/event_text.py": set(SENTENCES),
        "run_outcomes.COUNTS": {count.name for count in run_outcomes.COUNTS},
    }
    return {place: wanted - known for place, known in places.items() if wanted - known}


def test_every_kind_exists_everywhere() -> None:
    assert missing(change_kinds.NAMES) == {}


def test_a_kind_that_is_in_the_table_alone_is_missing_everywhere() -> None:
    assert missing([*change_kinds.NAMES, "invented"]) == {
        "queries/event_text.py": {"invented"},
        "run_outcomes.COUNTS": {"invented"},
    }


def test_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == set(change_kinds.NAMES)


def test_every_outcome_has_an_exit_code() -> None:
    codes = {outcome.name: outcome.exit_code for outcome in run_outcomes.OUTCOMES}
    assert codes == {"good": 0, "below_expectation": 1, "blocked": 4, "unreachable": 4, "interrupted": 1}
