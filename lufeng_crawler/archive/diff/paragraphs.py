"""Pairs the paragraphs of two texts: unchanged, edited or moved; and yields what lies between moved ones."""

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
"""Characters that a paragraph must keep to be marked as moved unchanged, or as moved and edited."""

MAX_UNMATCHED = 6_000
"""With more unmatched paragraphs than this in both texts, edited and moved ones are not searched for."""


class ParagraphPair(NamedTuple):
    """A stretch of both texts: paragraphs that belong together, or a moved one at its old place (no new words) or new.

    `moved` is the old and the new place of a paragraph that moved, else None.
    """

    stretch: WordRange
    moved: WordRange | None = None
    is_equal: bool = False


class _MovedRun(NamedTuple):
    """Paragraphs of one text, from which word to which, and the places of a moved one; None where none moved."""

    words: TokenRange
    moved: WordRange | None


class _Gap(NamedTuple):
    """The numbers of the old and the new paragraphs between two pairs, and the pair after them (None at the end)."""

    old: TokenRange
    new: TokenRange
    pair: Pair | None


class _Paragraphs(NamedTuple):
    """The paragraphs of a text: from which word to which, and the keys by which they are compared."""

    words: Sequence[Token]
    ranges: list[TokenRange]
    keys: list[str]


def align_paragraphs(old: Sequence[Token], new: Sequence[Token], budget: WorkBudget) -> Iterator[ParagraphPair]:
    """Yield stretches that cover all of both texts, in their order."""
    old_paragraphs, new_paragraphs = _split(old), _split(new)
    kept, moved = _pair_paragraphs(old_paragraphs, new_paragraphs, budget)
    moved_away = {pair.i: _stretch_of(pair, old_paragraphs, new_paragraphs) for pair in moved}
    moved_here = {pair.j: moved_away[pair.i] for pair in moved}
    i = j = 0
    for gap in _gaps(kept, old_paragraphs, new_paragraphs):
        old_runs = list(_runs_by_move(old_paragraphs, gap.old, moved_away))
        new_runs = list(_runs_by_move(new_paragraphs, gap.new, moved_here))
        yield from _interleave(old_runs, new_runs, i, j)
        if gap.pair:
            stretch = _stretch_of(gap.pair, old_paragraphs, new_paragraphs)
            is_equal = old_paragraphs.keys[gap.pair.i] == new_paragraphs.keys[gap.pair.j]
            yield ParagraphPair(stretch, None, is_equal)
            i, j = stretch.i2, stretch.j2


def _split(words: Sequence[Token]) -> _Paragraphs:
    ranges = token_units(words, 0, len(words), PARAGRAPH)
    return _Paragraphs(words, ranges, token_keys(words, ranges))


def _stretch_of(pair: Pair, old: _Paragraphs, new: _Paragraphs) -> WordRange:
    return WordRange(*old.ranges[pair.i], *new.ranges[pair.j])


def _pair_paragraphs(old: _Paragraphs, new: _Paragraphs, budget: WorkBudget) -> tuple[list[Pair], list[Pair]]:
    """Pair paragraphs by number. Return the pairs that keep their order, and those that moved.

    First equal ones in order, then equal ones that moved, then similar ones in each gap between those, last similar
    ones that moved.
    """
    whole = _Gap((0, len(old.keys)), (0, len(new.keys)), None)
    kept = match_equal(old.keys, new.keys)
    [(i, j)] = _unpaired(kept, [whole])
    if len(i) + len(j) > MAX_UNMATCHED:
        budget.refused = True
        return kept, []
    equal = equal_pairs([old.keys[number] for number in i], [new.keys[number] for number in j])
    moved = list(_heaviest_disjoint(_renumber(equal, i, j), MIN_MOVED))
    gaps = _unpaired([*kept, *moved], _gaps(kept, old, new))
    kept = sorted([*kept, *(pair for i, j in gaps for pair in longest_increasing(_similar_pairs(old, new, i, j)))])
    [(i, j)] = _unpaired([*kept, *moved], [whole])
    return kept, [*moved, *_heaviest_disjoint(_similar_pairs(old, new, i, j), MIN_MOVED_AND_EDITED)]


def _unpaired(pairs: Sequence[Pair], gaps: Iterable[_Gap]) -> list[tuple[list[int], list[int]]]:
    """Return the numbers of the old and the new paragraphs of each gap that are in no pair."""
    paired_old, paired_new = {pair.i for pair in pairs}, {pair.j for pair in pairs}
    return [
        (
            [number for number in range(*gap.old) if number not in paired_old],
            [number for number in range(*gap.new) if number not in paired_new],
        )
        for gap in gaps
    ]


def _similar_pairs(old: _Paragraphs, new: _Paragraphs, i: Sequence[int], j: Sequence[int]) -> Iterator[Pair]:
    return _renumber(match_similar(_bags(old, i), _bags(new, j)), i, j) if i and j else iter(())


def _bags(text: _Paragraphs, numbers: Iterable[int]) -> list[WordBag]:
    return [count_tokens(text.words[slice(*text.ranges[number])]) for number in numbers]


def _renumber(pairs: Iterable[Pair], old: Sequence[int], new: Sequence[int]) -> Iterator[Pair]:
    """Translate pairs of selected paragraphs to the numbers of these among all paragraphs."""
    return (Pair(old[i], new[j], weight) for i, j, weight in pairs)


def _heaviest_disjoint(pairs: Iterable[Pair], min_weight: int) -> Iterator[Pair]:
    """Yield the heaviest pairs, each paragraph in one pair only."""
    paired_old, paired_new = set[int](), set[int]()
    for pair in sorted(pairs, key=lambda pair: (-pair.weight, abs(pair.i - pair.j), pair)):
        if pair.weight >= min_weight and pair.i not in paired_old and pair.j not in paired_new:
            paired_old.add(pair.i)
            paired_new.add(pair.j)
            yield pair


def _gaps(kept: Sequence[Pair], old: _Paragraphs, new: _Paragraphs) -> Iterator[_Gap]:
    """Yield the gap before each pair, and last the one after all pairs."""
    i = j = 0
    for pair in kept:
        yield _Gap((i, pair.i), (j, pair.j), pair)
        i, j = pair.i + 1, pair.j + 1
    yield _Gap((i, len(old.keys)), (j, len(new.keys)), None)


def _runs_by_move(text: _Paragraphs, numbers: TokenRange, moved: dict[int, WordRange]) -> Iterator[_MovedRun]:
    """Yield each paragraph that moved, and the runs of others between them."""
    for places, group in groupby(range(*numbers), moved.get):
        run = list(group)
        yield _MovedRun((text.ranges[run[0]][0], text.ranges[run[-1]][1]), places)


def _interleave(old: list[_MovedRun], new: list[_MovedRun], i: int, j: int) -> Iterator[ParagraphPair]:
    """Yield what lies between paragraphs that belong together, from the words `i` and `j` on.

    A moved paragraph stands alone; runs that did not move are paired with each other.
    """
    while old or new:
        moved_away, moved_here = (old[0].moved if old else None), (new[0].moved if new else None)
        i2 = old.pop(0).words[1] if old and (moved_away or not moved_here) else i
        j2 = new.pop(0).words[1] if new and not moved_away else j
        yield ParagraphPair(WordRange(i, i2, j, j2), moved_away or moved_here)
        i, j = i2, j2
