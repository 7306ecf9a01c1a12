"""Tests that the benchmark of search is fair and runs, and that Python alone says what is right."""

from __future__ import annotations

import re
import subprocess
import sys

from search import Texts, right, timed

from tests.support.commands import environment
from tests.support.paths import ROOT


def test_it_runs_and_ours_finds_everything() -> None:
    options = ["--articles", "120", "--characters", "150", "--queries", "3", "--rounds", "1"]
    command = [sys.executable, str(ROOT / "benchmarks" / "search.py"), *options]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours, _, rest = done.stdout.partition("LIKE: ")
    assert set(re.findall(r"recall (\S+) precision (\S+)", ours)) == {("1.000", "1.000")}
    assert "trigram: built" in rest
    assert re.search(r"1 \w+ +recall 0\.000", rest.partition("trigram: ")[2])


def test_recall_and_precision_are_over_all_hits() -> None:
    texts = Texts({1: ("稅", "a"), 2: ("b", "税"), 3: ("a", "b")})
    assert texts.holding("税") == {1, 2}
    assert texts.holding("ab") == set()  # of title and body, neither
    assert right(lambda text: {2, 3}, texts, ["税"]) == (0.5, 0.5)
    assert texts.bytes == 10


def test_each_query_counts_with_its_best_round() -> None:
    times = iter([0, 3, 10, 11, 20, 21, 30, 32])
    assert timed(lambda text: None, ["a", "b"], 2, lambda: next(times)) == [1000, 1000]
