"""Which paragraphs of two texts belong together, unchanged, edited or moved; and what lies between the moved ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from lufeng_crawler.archive.matching import Bag, Pair, alike, equal, rising, same
from lufeng_crawler.archive.wording import Change, Range, bag, keys, units
from lufeng_crawler.archive.words import PARAGRAPH, Word

LEAST, LEAST_EDITED = 3, 10
"""So many characters a paragraph must keep, to be called moved as it was, or moved and edited."""


class Step(NamedTuple):
    """A stretch of both texts: paragraphs that belong together, or one that was moved away (no new words) or here.

    `moved` is where that one lay and where it lies now; None for those that did not move.
    """

    stretch: Change
    moved: Change | None = None
    is_equal: bool = False


_Piece = tuple[Range, Change | None]
"""From which word to which, and where that moved."""


class _Text(NamedTuple):
    """The paragraphs of a text: from which word to which, what they are compared by, and their words."""

    ranges: list[Range]
    keys: list[str]
    bags: list[Bag]


def steps(old: Sequence[Word], new: Sequence[Word]) -> Iterator[Step]:
    """All of both texts, in their order."""
    here, there = _text(old), _text(new)
    kept, moved = _paired(here, there)
    gone = {pair.i: Change(*here.ranges[pair.i], *there.ranges[pair.j]) for pair in moved}
    come = {pair.j: gone[pair.i] for pair in moved}
    at = (0, 0)
    for i, j, pair in _gaps(kept, here, there):
        yield from _apart(list(_pieces(here, i, gone)), list(_pieces(there, j, come)), *at)
        if pair:
            stretch = Change(*here.ranges[pair.i], *there.ranges[pair.j])
            yield Step(stretch, None, here.keys[pair.i] == there.keys[pair.j])
            at = (stretch.i2, stretch.j2)


def _text(words: Sequence[Word]) -> _Text:
    ranges = units(words, 0, len(words), PARAGRAPH)
    return _Text(ranges, keys(words, ranges), [bag(words[start:end]) for start, end in ranges])


def _paired(old: _Text, new: _Text) -> tuple[list[Pair], list[Pair]]:
    """Paragraphs by number: those that keep their order, and those that do not."""
    kept, moved = same(old.keys, new.keys), list[Pair]()

    def free(i: Range, j: Range) -> tuple[list[int], list[int]]:
        taken = [{pair[side] for pair in (*kept, *moved)} for side in (0, 1)]
        return [at for at in range(*i) if at not in taken[0]], [at for at in range(*j) if at not in taken[1]]

    i, j = free((0, len(old.keys)), (0, len(new.keys)))
    moved += _once(_back(equal([old.keys[at] for at in i], [new.keys[at] for at in j]), i, j), LEAST)
    gaps = [free(i, j) for i, j, _ in _gaps(kept, old, new)]
    kept += [pair for i, j in gaps for pair in rising(_alike(old, new, i, j))]
    kept.sort()
    i, j = free((0, len(old.keys)), (0, len(new.keys)))
    moved += _once(_alike(old, new, i, j), LEAST_EDITED)
    return kept, moved


def _alike(old: _Text, new: _Text, i: Sequence[int], j: Sequence[int]) -> Iterator[Pair]:
    return _back(alike([old.bags[at] for at in i], [new.bags[at] for at in j]), i, j)


def _back(pairs: Iterable[Pair], old: Sequence[int], new: Sequence[int]) -> Iterator[Pair]:
    """Pairs among paragraphs that were picked out, by their numbers among all."""
    return (Pair(old[i], new[j], weight) for i, j, weight in pairs)


def _once(pairs: Iterable[Pair], least: int) -> Iterator[Pair]:
    """The heaviest pairs, no paragraph in two of them."""
    gone, come = set[int](), set[int]()
    for pair in sorted(pairs, key=lambda pair: (-pair.weight, abs(pair.i - pair.j), pair)):
        if pair.weight >= least and pair.i not in gone and pair.j not in come:
            gone.add(pair.i)
            come.add(pair.j)
            yield pair


def _gaps(kept: Sequence[Pair], old: _Text, new: _Text) -> Iterator[tuple[Range, Range, Pair | None]]:
    """From where to where the paragraphs before each pair reach, and the pair; last those behind all pairs."""
    i = j = 0
    for pair in list(kept):
        yield (i, pair.i), (j, pair.j), pair
        i, j = pair.i + 1, pair.j + 1
    yield (i, len(old.keys)), (j, len(new.keys)), None


def _pieces(text: _Text, within: Range, moved: dict[int, Change]) -> Iterator[_Piece]:
    """The words of each paragraph that moved, and of those between."""
    for pair, group in groupby(range(*within), moved.get):
        numbers = list(group)
        yield (text.ranges[numbers[0]][0], text.ranges[numbers[-1]][1]), pair


def _apart(old: list[_Piece], new: list[_Piece], i: int, j: int) -> Iterator[Step]:
    """What lies between paragraphs that belong together; `i` and `j` are where it begins."""
    while old or new:
        gone, come = (old[0][1] if old else None), (new[0][1] if new else None)
        i2 = old.pop(0)[0][1] if old and (gone or not come) else i
        j2 = new.pop(0)[0][1] if new and not gone else j
        yield Step(Change(i, i2, j, j2), gone or come)
        i, j = i2, j2
