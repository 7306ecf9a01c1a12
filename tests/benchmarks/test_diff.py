"""Tests that our marks are never larger than difflib's, and that the benchmark that says so measures as it says."""

from __future__ import annotations

from difflib import SequenceMatcher
from importlib import import_module
from typing import Any

import pytest


@pytest.fixture(scope="module")
def bench() -> Any:
    return import_module("diff")


def test_ours_are_never_larger_than_those_of_difflib(bench: Any) -> None:
    for edit in bench.edits():
        texts = edit["old"], edit["new"]
        ours = bench.size(bench.ours(*texts), *texts)
        for mark in (bench.by_characters, bench.by_words):
            theirs = bench.size(mark(*texts), *texts)
            assert ours.operations <= theirs.operations, edit["edit"]
            assert ours.in_words <= theirs.in_words, edit["edit"]


def test_ours_cut_no_word(bench: Any) -> None:
    for edit in bench.edits():
        size = bench.size(bench.ours(edit["old"], edit["new"]), edit["old"], edit["new"])
        assert size.characters == size.in_words


@pytest.mark.parametrize(
    ("script", "size"),
    [
        ([("完成3.", "完成3."), ("", "2"), ("4", "4"), ("2", ""), ("亿元", "亿元")], (2, 2, 12)),
        ([("完成", "完成"), ("3.42亿元", "3.24亿元")], (1, 12, 12)),
        ([("完成3.42亿元", "完成 3.42亿元")], (0, 0, 0)),
    ],
)
def test_half_a_word_that_is_marked_counts_as_the_word(bench: Any, script: Any, size: tuple[int, int, int]) -> None:
    old, new = "".join(one for one, _ in script), "".join(other for _, other in script)
    assert bench.size(script, old, new) == bench.Size(*size)


def test_the_texts_it_is_timed_with(bench: Any) -> None:
    for _, old, new in bench.cases(500):
        assert 400 < len(old) <= 501
        assert old != new


def test_a_marker_of_characters_marks_all_of_both(bench: Any) -> None:
    script = bench.by_characters("全县增长", "全县下降", SequenceMatcher)
    assert script == [("全县", "全县"), ("增长", "下降")]


def test_a_line_for_each_marker(bench: Any) -> None:
    lines = list(bench.sizes(None))
    assert [line[:24].strip() for line in lines[1:]] == ["lufeng", *bench.RIVALS]
    assert lines[1].split()[1] == "29"
