"""Which paragraphs of two texts belong together, unchanged, edited or moved; and what lies between the moved ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from lufeng_crawler.archive.diff.alignment import (
    Pair,
    WordBag,
    equal_pairs,
    longest_increasing,
    match_equal,
    match_similar,
)
from lufeng_crawler.archive.diff.tokens import PARAGRAPH, Token
from lufeng_crawler.archive.diff.word_diff import (
    TokenRange,
    WordRange,
    WorkBudget,
    count_tokens,
    token_keys,
    token_units,
)

MIN_MOVED, MIN_MOVED_AND_EDITED = 3, 10
"""So many characters a paragraph must keep, to be called moved as it was, or moved and edited."""

MAX_UNMATCHED = 6_000
"""Paragraphs that are not the same in both texts, above which nobody looks which were edited or moved."""


class ParagraphPair(NamedTuple):
    """A stretch of both texts: paragraphs that belong together, or one that was moved away (no new words) or here.

    `moved` is where that one lay and where it lies now; None for those that did not move.
    """

    stretch: WordRange
    moved: WordRange | None = None
    is_equal: bool = False


_Piece = tuple[TokenRange, WordRange | None]
"""From which word to which, and where that moved."""


_Gap = tuple[TokenRange, TokenRange, Pair | None]
"""Old paragraphs and new ones, and the pair behind them."""


class _Text(NamedTuple):
    """The paragraphs of a text: from which word to which, and what they are compared by."""

    words: Sequence[Token]
    ranges: list[TokenRange]
    keys: list[str]


def align_paragraphs(old: Sequence[Token], new: Sequence[Token], work: WorkBudget) -> Iterator[ParagraphPair]:
    """All of both texts, in their order."""
    here, there = _text(old), _text(new)
    kept, moved = _paired(here, there, work)
    gone = {pair.i: WordRange(*here.ranges[pair.i], *there.ranges[pair.j]) for pair in moved}
    come = {pair.j: gone[pair.i] for pair in moved}
    at = (0, 0)
    for i, j, pair in _gaps(kept, here, there):
        yield from _apart(list(_pieces(here, i, gone)), list(_pieces(there, j, come)), *at)
        if pair:
            stretch = WordRange(*here.ranges[pair.i], *there.ranges[pair.j])
            yield ParagraphPair(stretch, None, here.keys[pair.i] == there.keys[pair.j])
            at = (stretch.i2, stretch.j2)


def _text(words: Sequence[Token]) -> _Text:
    ranges = token_units(words, 0, len(words), PARAGRAPH)
    return _Text(words, ranges, token_keys(words, ranges))


def _paired(old: _Text, new: _Text, work: WorkBudget) -> tuple[list[Pair], list[Pair]]:
    """Paragraphs by number: those that keep their order, and those that do not."""
    whole = (0, len(old.keys)), (0, len(new.keys)), None
    kept = match_equal(old.keys, new.keys)
    [(i, j)] = _free(kept, [whole])
    if len(i) + len(j) > MAX_UNMATCHED:
        work.refused = True
        return kept, []
    moved = list(_once(_back(equal_pairs([old.keys[at] for at in i], [new.keys[at] for at in j]), i, j), MIN_MOVED))
    gaps = _free([*kept, *moved], _gaps(kept, old, new))
    kept = sorted([*kept, *(pair for i, j in gaps for pair in longest_increasing(_alike(old, new, i, j)))])
    [(i, j)] = _free([*kept, *moved], [whole])
    return kept, [*moved, *_once(_alike(old, new, i, j), MIN_MOVED_AND_EDITED)]


def _free(taken: Sequence[Pair], gaps: Iterable[_Gap]) -> list[tuple[list[int], list[int]]]:
    """The paragraphs of each gap that are in no pair."""
    gone, come = {pair.i for pair in taken}, {pair.j for pair in taken}
    return [
        ([at for at in range(*i) if at not in gone], [at for at in range(*j) if at not in come]) for i, j, _ in gaps
    ]


def _alike(old: _Text, new: _Text, i: Sequence[int], j: Sequence[int]) -> Iterator[Pair]:
    return _back(match_similar(_bags(old, i), _bags(new, j)), i, j) if i and j else iter(())


def _bags(text: _Text, numbers: Iterable[int]) -> list[WordBag]:
    return [count_tokens(text.words[slice(*text.ranges[at])]) for at in numbers]


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


def _gaps(kept: Sequence[Pair], old: _Text, new: _Text) -> Iterator[_Gap]:
    """From where to where the paragraphs before each pair reach, and the pair; last those behind all pairs."""
    i = j = 0
    for pair in kept:
        yield (i, pair.i), (j, pair.j), pair
        i, j = pair.i + 1, pair.j + 1
    yield (i, len(old.keys)), (j, len(new.keys)), None


def _pieces(text: _Text, within: TokenRange, moved: dict[int, WordRange]) -> Iterator[_Piece]:
    """The words of each paragraph that moved, and of those between."""
    for pair, group in groupby(range(*within), moved.get):
        numbers = list(group)
        yield (text.ranges[numbers[0]][0], text.ranges[numbers[-1]][1]), pair


def _apart(old: list[_Piece], new: list[_Piece], i: int, j: int) -> Iterator[ParagraphPair]:
    """What lies between paragraphs that belong together; `i` and `j` are where it begins."""
    while old or new:
        gone, come = (old[0][1] if old else None), (new[0][1] if new else None)
        i2 = old.pop(0)[0][1] if old and (gone or not come) else i
        j2 = new.pop(0)[0][1] if new and not gone else j
        yield ParagraphPair(WordRange(i, i2, j, j2), gone or come)
        i, j = i2, j2
