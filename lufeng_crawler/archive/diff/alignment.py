"""What two sequences have in common: items that are the same, and items that are alike, in the order of both."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product, takewhile
from typing import NamedTuple

MAX_CANDIDATES = 4
"""What stands more often than this is matched by its place among its likes: all pairs would be too many."""

MAX_HOLDERS = 8
"""A word that stands in no more items than this says which items may be alike."""

MIN_CONTAINED = 10
"""A piece of fewer characters that another item holds does not make the two alike."""

WordBag = Counter[str]
"""The words of an item, and how often each stands there."""


class Pair(NamedTuple):
    """The old item `i` is, or has become, the new item `j`; `weight` is how many characters of them are the same."""

    i: int
    j: int
    weight: int


class _Chain(NamedTuple):
    weight: int
    last: int


def longest_increasing(pairs: Iterable[Pair]) -> list[Pair]:
    """Those pairs that hold together in one order and are of the greatest weight.

    The heaviest increasing subsequence, with a Fenwick tree: for n pairs n·log n steps.
    """
    ordered = sorted(pairs, key=lambda pair: (pair.i, -pair.j))
    ranks = sorted({pair.j for pair in ordered})
    tree = [_Chain(0, -1)] * (len(ranks) + 1)
    before: list[int] = []
    for number, pair in enumerate(ordered):
        rank = bisect_left(ranks, pair.j)
        chain = _heaviest(tree, rank)
        before.append(chain.last)
        longer, place = _Chain(chain.weight + pair.weight, number), rank + 1
        while place < len(tree):
            tree[place] = max(tree[place], longer)
            place += place & -place
    chosen, at = [], _heaviest(tree, len(ranks)).last
    while at >= 0:
        chosen.append(ordered[at])
        at = before[at]
    return chosen[::-1]


def _heaviest(tree: Sequence[_Chain], place: int) -> _Chain:
    best = tree[0]
    while place > 0:
        best = max(best, tree[place])
        place &= place - 1
    return best


def match_equal(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Equal items in one order, the most characters of them."""
    start = _shared(zip(old, new, strict=False))
    rest = min(len(old), len(new)) - start
    end = min(rest, _shared(zip(reversed(old), reversed(new), strict=False)))
    between = equal_pairs(old[start : len(old) - end], new[start : len(new) - end])
    inner = longest_increasing(Pair(start + pair.i, start + pair.j, pair.weight) for pair in between)
    head = [Pair(at, at, len(old[at])) for at in range(start)]
    tail = [Pair(len(old) - at, len(new) - at, len(old[-at])) for at in range(end, 0, -1)]
    return head + inner + tail


def _shared(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def equal_pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Equal items wherever they stand; of those that stand often the first with the first, the last with the last."""
    there = _places((key,) for key in new)
    for key, here in _places((key,) for key in old).items():
        others = there.get(key, [])
        few = len(here) <= MAX_CANDIDATES and len(others) <= MAX_CANDIDATES
        by_rank = {*zip(here, others, strict=False), *zip(reversed(here), reversed(others), strict=False)}
        yield from (Pair(i, j, len(key)) for i, j in (product(here, others) if few else by_rank))


def _places(items: Iterable[Iterable[str]]) -> Mapping[str, list[int]]:
    """In which items each word stands."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        for word in item:
            places[word].append(at)
    return places


def match_similar(old: Sequence[WordBag], new: Sequence[WordBag]) -> Iterator[Pair]:
    """Items that share much, wherever they stand: those that share rare words, and those at the same place."""
    holders = _places(new)
    sizes = [bag_weight(bag) for bag in new]
    for i, bag in enumerate(old):
        votes: Counter[int] = Counter()
        for word in bag:
            if len(found := holders.get(word, ())) <= MAX_HOLDERS:
                for j in found:
                    votes[j] += len(word)
        size = bag_weight(bag)
        for j in sorted({j for j, _ in votes.most_common(MAX_CANDIDATES)} | {i, len(new) - len(old) + i}):
            if 0 <= j < len(new) and _are_alike(shared := bag_overlap(bag, new[j]), size, sizes[j]):
                yield Pair(i, j, shared)


def _are_alike(shared: int, one: int, other: int) -> bool:
    """Whether half of the two is the same, or most of the shorter: a paragraph that was cut in two, or put together."""
    less = min(one, other)
    return shared > 0 and (shared * 4 >= one + other or (shared * 5 >= less * 4 and less >= MIN_CONTAINED))


def bag_weight(bag: WordBag) -> int:
    """How many characters the words of an item have."""
    return sum([len(word) * times for word, times in bag.items()])


def bag_overlap(one: WordBag, other: WordBag) -> int:
    """How many characters the words have that both items hold."""
    return sum([len(word) * min(times, other[word]) for word, times in one.items() if word in other])
