"""Tests that the benchmark of copies plants what it says, and that all of it is found at a small size."""

from __future__ import annotations

from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.db.connection import connect
from tests.support.made_copies import made

TEXTS = [made(300, seed) for seed in range(180)]


@pytest.fixture(scope="module")
def bench() -> Any:
    return import_module("copies")


def test_one_in_twenty_has_a_copy_behind_it_each_way_in_its_turn(bench: Any) -> None:
    planted = bench.Planted(lambda: TEXTS)
    bodies = list(planted.all())
    assert len(bodies) == 180 + 9
    assert list(planted.copies.values()) == list(bench.WAYS)
    for (one, other), way in planted.copies.items():
        assert other == one + 1
        assert (bodies[one - 1] in bodies[other - 1]) == (way in ("head, foot", "quoted", "spaced anew"))


def test_all_that_is_planted_is_found_and_nothing_else(bench: Any, tmp_path: Path) -> None:
    with closing(connect(tmp_path / "archive.db")) as db:
        ours, planted = bench.Ours(db), bench.Planted(lambda: TEXTS)
        ours.take_in(planted.all())
        assert ours.count == 189
        assert ours.found() == planted.copies.keys()
        assert ours.size() > 0
        lines = list(bench.report("lufeng", ours.found(), planted.copies))
        assert lines[0].split()[1:] == ["1.000"] * 9
        assert lines[1].split() == ["precision", "1.0000", "of", "9", "claims"]
        assert bench.flood(ours, "forms", bench.forms()[:30]).endswith(", 0 claims")
        assert bench.flood(ours, "counties", bench.counties(made(300, 999), 5)).endswith(", 10 claims")
