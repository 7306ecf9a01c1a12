"""Tests what sequences are found to have in common: against all subsets where they are few, and without surprises."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.diff.alignment import (
    MAX_CANDIDATES,
    Pair,
    bag_overlap,
    bag_weight,
    equal_pairs,
    longest_increasing,
    match_equal,
    match_similar,
)

pairs = st.lists(st.builds(Pair, st.integers(0, 5), st.integers(0, 5), st.integers(1, 4)), max_size=8)
items = st.lists(st.sampled_from(["甲", "乙乙", "丙丙丙"]), max_size=8)


def in_order(chosen: list[Pair]) -> bool:
    return all(one.i < other.i and one.j < other.j for one, other in pairwise(chosen))


@given(pairs)
def test_the_heaviest_of_all_orders(given_pairs: list[Pair]) -> None:
    chosen = longest_increasing(given_pairs)
    assert in_order(chosen)
    assert set(chosen) <= set(given_pairs)
    every = (list(some) for size in range(len(given_pairs) + 1) for some in combinations(sorted(given_pairs), size))
    best = max(sum(pair.weight for pair in some) for some in every if in_order(some))
    assert sum(pair.weight for pair in chosen) == best


@given(items, items)
def test_equal_items_are_equal_and_keep_their_order(old: list[str], new: list[str]) -> None:
    found = match_equal(old, new)
    assert in_order(found)
    assert all(old[pair.i] == new[pair.j] and pair.weight == len(old[pair.i]) for pair in found)


@given(items)
def test_a_sequence_is_the_same_as_itself(old: list[str]) -> None:
    assert [(pair.i, pair.j) for pair in match_equal(old, old)] == [(at, at) for at in range(len(old))]


def test_the_longer_of_two_that_changed_places_stays() -> None:
    assert match_equal(["短", "很长的一段"], ["很长的一段", "短"]) == [Pair(1, 0, 5)]


def test_what_stands_often_is_matched_by_its_place() -> None:
    many = ["同"] * (MAX_CANDIDATES + 1)
    assert set(equal_pairs(many, many)) == {Pair(at, at, 1) for at in range(len(many))}
    assert len(list(equal_pairs(many[:MAX_CANDIDATES], many[:MAX_CANDIDATES]))) == MAX_CANDIDATES * MAX_CANDIDATES


def test_alike_is_half_the_same() -> None:
    old = [Counter(["全县", "税收", "增长"]), Counter(["森林", "防火"])]
    new = [Counter(["森林", "防火", "巡山"]), Counter(["全县", "税收", "下降"]), Counter(["别的"])]
    assert set(match_similar(old, new)) == {Pair(0, 1, 4), Pair(1, 0, 4)}
    assert list(match_similar(old, [Counter(["全县", "别的", "另外"])])) == []


def test_a_long_piece_of_a_paragraph_is_like_it() -> None:
    whole = Counter(f"第{number}句话里的词" for number in range(9))
    assert list(match_similar([whole], [Counter(list(whole)[:2])])) == [Pair(0, 0, 14)]


def test_weights_are_characters() -> None:
    assert bag_weight(Counter({"全县": 2, "的": 1})) == 5
    assert bag_overlap(Counter({"全县": 2, "的": 1}), Counter({"全县": 1, "了": 3})) == 2
