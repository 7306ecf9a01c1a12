"""Tests that the benchmark of revisits is fair and runs: the same lives, the same requests, nothing counted twice."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest
from revisit import BASE, DAY, END, NEVER, SCHEDULES, Crawls, Life, Result, compare, lives, uniform

from tests.support.commands import environment
from tests.support.paths import ROOT

SMALL = replace(BASE, articles=400, budget=3)


@pytest.fixture(scope="module")
def found() -> dict[str, Result]:
    return compare(SMALL, 1)


def test_a_seed_makes_the_same_lives_again() -> None:
    assert lives(SMALL, Random(1)) == lives(SMALL, Random(1)) != lives(SMALL, Random(2))


def test_every_life_is_in_order() -> None:
    for life in lives(SMALL, Random(1)):
        assert list(life.edits) == sorted(life.edits)
        assert all(0 < edit < min(life.gone, END) for edit in life.edits)
        assert life.gone > life.born < END


def test_every_schedule_has_the_same_requests_and_the_same_to_find(found: dict[str, Result]) -> None:
    ours = found["ours"]
    assert list(found) == list(SCHEDULES)
    for result in found.values():
        assert (result.edits, result.removals) == (ours.edits, ours.removals)
        assert 0.99 * ours.requests <= result.requests <= ours.requests
        assert len(result.edits_after) <= result.edits and len(result.removals_after) <= result.removals
        assert all(0 <= delay <= END for delay in result.edits_after + result.removals_after)


def test_no_run_asks_for_more_than_it_may(found: dict[str, Result]) -> None:
    assert all(used <= SMALL.budget for used in found["ours"].by_run)
    assert all(used <= most for used, most in zip(found["uniform"].by_run, found["ours"].by_run, strict=True))


def test_what_was_never_seen_is_later_than_all() -> None:
    assert Result(edits=3, edits_after=[1.0]).figures()[1] == NEVER
    assert Result(edits=3, edits_after=[1.0, 2.0]).figures()[1] == 2.0


def test_an_edit_that_is_overwritten_before_a_look_is_not_caught() -> None:
    life = Life(0.0, (1.0, 2.0, 30.0), 100.0)
    result = Crawls(replace(SMALL, budget=1), [life], uniform, [1] * (int(END / 6) + 1)).run()
    assert (result.edits, result.edits_after, result.removals_after) == (3, [4.0, 0.0], [2.0])


def test_what_is_gone_is_asked_again_after_a_day_and_then_monthly() -> None:
    result = Crawls(SMALL, [Life(0.0, (), 1.0)], uniform, None).run()
    assert result.requests == 1 + 1 + int((END - 31 * DAY - 60 * DAY) / (30 * DAY)) + 1
    assert result.removals_after == [60 * DAY - 1.0]


def test_the_script_prints_a_table_for_each_world() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "revisit.py"), "--articles", "300", "--seeds", "1"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("adaptive (Nutch)") == 8
    assert "age means nothing" in done.stdout and " MB" in done.stdout
