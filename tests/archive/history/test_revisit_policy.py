"""Tests when an article is looked at again: never at once, never not at all, ever more seldom with age."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.history.revisit_policy import (
    IF_GONE,
    MAX_WAIT,
    MIN_WAIT,
    next_visit,
    next_visit_if_absent,
    next_visit_if_inconclusive,
)

AT = "2026-11-22T10:04:05Z"
AGES = st.timedeltas(timedelta(days=-30), timedelta(days=4000)).map(lambda one: timedelta(seconds=one.total_seconds()))


def ago(age: timedelta) -> str:
    return timestamps.later(AT, -age)


def wait(published: str | None, changed_at: str | None = None) -> timedelta:
    return timestamps.parse(next_visit(AT, published, changed_at)) - timestamps.parse(AT)


@given(AGES)
def test_a_wait_is_never_shorter_nor_longer_than_its_bounds(age: timedelta) -> None:
    assert MIN_WAIT <= wait(ago(age)) <= MAX_WAIT


@given(AGES, AGES)
def test_an_older_article_never_waits_shorter(one: timedelta, other: timedelta) -> None:
    young, old = sorted((one, other))
    assert wait(ago(young)) <= wait(ago(old))


@given(AGES, AGES)
def test_an_edit_makes_no_wait_longer(age: timedelta, changed: timedelta) -> None:
    assert wait(ago(age), ago(changed)) <= wait(ago(age))


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(hours=1), timedelta(hours=6)),
        (timedelta(days=1), timedelta(hours=6)),
        (timedelta(days=8), timedelta(days=1)),
        (timedelta(days=27), timedelta(hours=54)),
        (timedelta(days=1000), timedelta(days=25)),
        (timedelta(days=8000), timedelta(days=60)),
    ],
)
def test_the_waits_that_are_promised(age: timedelta, expected: timedelta) -> None:
    assert abs(wait(ago(age)) - expected) < timedelta(seconds=2)


def test_an_article_without_a_date_is_young_and_a_date_to_come_is_no_age() -> None:
    assert wait(None) == wait("2027-01-01") == MIN_WAIT


def test_an_old_article_that_has_just_changed_is_young_again() -> None:
    assert wait("2019-06-29", ago(timedelta(hours=2))) == MIN_WAIT
    assert wait("2019-06-29", "2019-07-01T00:00:00Z") > timedelta(days=40)
    assert abs(wait(None, ago(timedelta(days=64))) - timedelta(days=4)) < timedelta(seconds=2)


@given(AGES)
def test_a_look_that_says_nothing_is_not_repeated_at_once(age: timedelta) -> None:
    assert MIN_WAIT < timestamps.parse(next_visit_if_inconclusive(ago(age))) - timestamps.parse(ago(age)) < MAX_WAIT


@given(st.integers(1, 10_000_000))
def test_a_missing_article_is_asked_for_again_as_soon_as_that_can_count(apart: int) -> None:
    assert timestamps.parse(next_visit_if_absent(AT, False, apart)) - timestamps.parse(AT) == timedelta(seconds=apart)
    assert timestamps.parse(next_visit_if_absent(AT, True, apart)) - timestamps.parse(AT) == IF_GONE
