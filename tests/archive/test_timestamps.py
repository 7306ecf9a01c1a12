"""Tests that times of ours sort as they follow one another, and what a stated day means."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive import timestamps
from lufeng_crawler.errors import UsageError

SECOND = timedelta(seconds=1)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda one: one.replace(microsecond=0))
DELTAS = st.timedeltas(timedelta(days=-9000), timedelta(days=9000)).map(lambda one: timedelta(seconds=one // SECOND))


def written(moment: datetime) -> str:
    return moment.strftime(timestamps.FORMAT)


@given(MOMENTS)
def test_what_is_written_is_read_as_the_same_moment(moment: datetime) -> None:
    assert timestamps.parse(written(moment)) == moment.replace(tzinfo=UTC)


@given(MOMENTS, MOMENTS)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (written(one) < written(other)) == (one < other)


@given(MOMENTS, DELTAS)
def test_there_and_back_again_is_the_same_time(moment: datetime, delta: timedelta) -> None:
    time = written(moment)
    assert timestamps.later(timestamps.later(time, delta), -delta) == time
    assert timestamps.parse(timestamps.later(time, delta)) - timestamps.parse(time) == delta


@pytest.mark.parametrize(
    ("stated", "utc"),
    [
        ("2026-11-22", "2026-11-21T16:00:00Z"),
        ("2026-11-22T09:30:00+08:00", "2026-11-22T01:30:00Z"),
        ("2026-11-22T00:00:00+08:00", "2026-11-21T16:00:00Z"),
        ("2026-11-22T09:30:00", "2026-11-22T01:30:00Z"),
        ("2026-11-22T10:04:05Z", "2026-11-22T10:04:05Z"),
    ],
)
def test_a_stated_time_is_one_in_china_unless_it_says_otherwise(stated: str, utc: str) -> None:
    assert timestamps.parse(stated) == timestamps.parse(utc)


def test_now_is_a_time_of_ours_and_now() -> None:
    before = datetime.now(UTC) - SECOND
    said = timestamps.now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said)
    assert before <= timestamps.parse(said) <= datetime.now(UTC)


def test_a_time_with_an_offset_comes_back_in_utc() -> None:
    assert timestamps.later("2026-11-22T09:30:00+08:00", timedelta(0)) == "2026-11-22T01:30:00Z"


@pytest.mark.parametrize(
    ("shift", "seconds"), [("", 0), ("+86400", 86400), ("86400", 86400), ("-3600", -3600), ("0", 0)]
)
def test_the_clock_is_shifted_by_so_many_seconds(monkeypatch: pytest.MonkeyPatch, shift: str, seconds: int) -> None:
    monkeypatch.setenv("LUFENG_CLOCK", shift)
    before = datetime.now(UTC) + timedelta(seconds=seconds - 1)
    assert before <= timestamps.parse(timestamps.now()) <= before + timedelta(seconds=60)


@pytest.mark.parametrize("shift", ["tomorrow", "1d", "1.5", "+", "--1", "９", " 1", "9999999999"])
def test_a_shift_that_is_no_number_is_wrong_use(monkeypatch: pytest.MonkeyPatch, shift: str) -> None:
    monkeypatch.setenv("LUFENG_CLOCK", shift)
    with pytest.raises(
        UsageError,
        match=r"LUFENG_CLOCK=.*: must be seconds, at most nine digits, such as \+86400 or -3600",
    ):
        timestamps.now()
