"""Aligns two sequences: finds items that are equal or similar, and the heaviest set of them in the order of both."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product, takewhile
from typing import NamedTuple

MAX_CANDIDATES = 4
"""An item that occurs more often than this is matched by its rank among its equals: all pairs would be too many."""

MAX_HOLDERS = 8
"""Only a word that occurs in at most this many items shows which items may be similar."""

MIN_CONTAINED = 10
"""An item of fewer characters is not similar to another just because that one contains it."""

WordBag = Counter[str]
"""The words of an item, and how often each occurs in it."""


class Pair(NamedTuple):
    """The old item `i` is, or has become, the new item `j`; `weight` is the number of characters they share."""

    i: int
    j: int
    weight: int


class _Chain(NamedTuple):
    """A chain of pairs: its weight, and the number of its last pair (-1 for none)."""

    weight: int
    last: int


def longest_increasing(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the heaviest subset of the pairs in which both items increase.

    The heaviest increasing subsequence, with a Fenwick tree: n·log n steps for n pairs.
    """
    ordered = sorted(pairs, key=lambda pair: (pair.i, -pair.j))
    ranks = sorted({pair.j for pair in ordered})
    tree = [_Chain(0, -1)] * (len(ranks) + 1)
    previous: list[int] = []
    for number, pair in enumerate(ordered):
        rank = bisect_left(ranks, pair.j)
        chain = _heaviest(tree, rank)
        previous.append(chain.last)
        longer, node = _Chain(chain.weight + pair.weight, number), rank + 1
        while node < len(tree):
            tree[node] = max(tree[node], longer)
            node += node & -node
    chosen, last = [], _heaviest(tree, len(ranks)).last
    while last >= 0:
        chosen.append(ordered[last])
        last = previous[last]
    return chosen[::-1]


def _heaviest(tree: Sequence[_Chain], count: int) -> _Chain:
    """Return the heaviest chain among the first `count` leaves of a Fenwick tree of maxima."""
    best = tree[0]
    while count > 0:
        best = max(best, tree[count])
        count &= count - 1
    return best


def match_equal(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return pairs of equal items in the order of both sequences, with the most characters."""
    start = _count_equal_pairs(zip(old, new, strict=False))
    rest = min(len(old), len(new)) - start
    end = min(rest, _count_equal_pairs(zip(reversed(old), reversed(new), strict=False)))
    between = equal_pairs(old[start : len(old) - end], new[start : len(new) - end])
    inner = longest_increasing(Pair(start + pair.i, start + pair.j, pair.weight) for pair in between)
    head = [Pair(item, item, len(old[item])) for item in range(start)]
    tail = [Pair(len(old) - back, len(new) - back, len(old[-back])) for back in range(end, 0, -1)]
    return head + inner + tail


def _count_equal_pairs(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def equal_pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Yield pairs of equal items in any order; frequent ones only by rank from the start and from the end."""
    new_places = _places_of_words((key,) for key in new)
    for key, old_items in _places_of_words((key,) for key in old).items():
        new_items = new_places.get(key, [])
        is_rare = len(old_items) <= MAX_CANDIDATES and len(new_items) <= MAX_CANDIDATES
        from_start = zip(old_items, new_items, strict=False)
        from_end = zip(reversed(old_items), reversed(new_items), strict=False)
        pairs = product(old_items, new_items) if is_rare else {*from_start, *from_end}
        yield from (Pair(i, j, len(key)) for i, j in pairs)


def _places_of_words(items: Iterable[Iterable[str]]) -> Mapping[str, list[int]]:
    """Return for each word the numbers of the items that hold it."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        for word in item:
            places[word].append(number)
    return places


def match_similar(old: Sequence[WordBag], new: Sequence[WordBag]) -> Iterator[Pair]:
    """Yield pairs of items that share much, in any order.

    Candidates are items that share rare words, and those at the same place from the start or from the end.
    """
    holders = _places_of_words(new)
    sizes = [bag_weight(bag) for bag in new]
    for i, bag in enumerate(old):
        votes: Counter[int] = Counter()
        for word in bag:
            if len(items := holders.get(word, ())) <= MAX_HOLDERS:
                for j in items:
                    votes[j] += len(word)
        size = bag_weight(bag)
        for j in sorted({j for j, _ in votes.most_common(MAX_CANDIDATES)} | {i, len(new) - len(old) + i}):
            if 0 <= j < len(new) and _are_similar(shared := bag_overlap(bag, new[j]), size, sizes[j]):
                yield Pair(i, j, shared)


def _are_similar(shared: int, size: int, other_size: int) -> bool:
    """Return whether half of both is the same, or 4/5 of the shorter: a paragraph that was cut in two, or joined."""
    less = min(size, other_size)
    return shared > 0 and (shared * 4 >= size + other_size or (shared * 5 >= less * 4 and less >= MIN_CONTAINED))


def bag_weight(bag: WordBag) -> int:
    """Count the characters of an item's words."""
    return sum([len(word) * times for word, times in bag.items()])


def bag_overlap(bag: WordBag, other: WordBag) -> int:
    """Count the characters of the words that both items hold."""
    return sum([len(word) * min(times, other[word]) for word, times in bag.items() if word in other])
