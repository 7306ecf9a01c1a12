"""Finds where the words of two texts differ, inside clauses that are equal or similar, within a budget of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from cydifflib import SequenceMatcher

from lufeng_crawler.archive.diff.alignment import (
    bag_overlap,
    bag_weight,
    longest_increasing,
    match_equal,
    match_similar,
)
from lufeng_crawler.archive.diff.tokens import ITEM, Token

DIRECT_CELLS, CLAUSE_CELLS = 64, 40_000
"""Old words times new words, up to which a stretch is compared word by word without first looking for equal clauses,
and without looking for similar ones."""

MAX_EQUAL_PAIRS = 400_000
"""A stretch with more pairs of equal words than this is shown as replaced whole."""

EDITED_KINDS = frozenset({"number", "date"})

TokenRange = tuple[int, int]


class WordRange(NamedTuple):
    """The old words from `i1` to `i2` became the new ones from `j1` to `j2`."""

    i1: int
    i2: int
    j1: int
    j2: int


@dataclass(slots=True)
class WorkBudget:
    """How much may still be compared word by word, in pairs of equal words.

    `refused` is True once something was not compared, because it was too much.
    """

    left: int = 5 * MAX_EQUAL_PAIRS
    refused: bool = False

    def allows(self, pairs: int) -> bool:
        """Spend the pairs of a stretch, if there are enough left. Depends on the texts alone, not on a clock."""
        if pairs > min(MAX_EQUAL_PAIRS, self.left):
            self.refused = True
            return False
        self.left -= pairs
        return True


def find_changes(old: Sequence[Token], new: Sequence[Token], within: WordRange, budget: WorkBudget) -> list[WordRange]:
    """Return what differs between a stretch of the old words and one of the new."""
    if not _has_both(within):
        return [within] if _has_any(within) else []
    is_small = (within.i2 - within.i1) * (within.j2 - within.j1) <= DIRECT_CELLS
    equal = (_equal_in_gap if is_small else _equal_clauses_and_words)(old, new, within, budget)
    return list(_changes_between(within, equal))


def token_units(words: Sequence[Token], start: int, end: int, ends: int) -> list[TokenRange]:
    """Split a stretch after each word that ends a unit of at least that rank (PARAGRAPH to ITEM); return the ranges."""
    cuts = [start, *[cut for cut, word in enumerate(words[start:end], start + 1) if word.ends >= ends]]
    return list(pairwise(cuts if cuts[-1] == end else [*cuts, end]))


def token_keys(words: Sequence[Token], ranges: Iterable[TokenRange]) -> list[str]:
    """Return the keys by which paragraphs or clauses are compared."""
    return ["".join([word.key for word in words[start:end]]) for start, end in ranges]


def count_tokens(words: Iterable[Token]) -> Counter[str]:
    """Count the words that say what the text is about.

    Signs do not, nor do figures and dates: these are what is edited in a text that stays. 第三条 does.
    """
    return Counter(
        [word.key for word in words if word.key.isalnum() and (word.kind not in EDITED_KINDS or word.key[0] == "第")]
    )


def _changes_between(within: WordRange, equal: Iterable[WordRange]) -> Iterator[WordRange]:
    """Yield what the equal stretches leave."""
    i, j = within.i1, within.j1
    for part in [*equal, _end_of(within)]:
        if _has_any(change := WordRange(i, part.i1, j, part.j1)):
            yield change
        i, j = part.i2, part.j2


def _end_of(within: WordRange) -> WordRange:
    return WordRange(within.i2, within.i2, within.j2, within.j2)


def _has_both(stretch: WordRange) -> bool:
    return stretch.i1 < stretch.i2 and stretch.j1 < stretch.j2


def _has_any(stretch: WordRange) -> bool:
    return stretch.i1 < stretch.i2 or stretch.j1 < stretch.j2


def _equal_clauses_and_words(
    old: Sequence[Token], new: Sequence[Token], within: WordRange, budget: WorkBudget
) -> Iterator[WordRange]:
    """Yield equal clauses, and the equal words between them."""
    old_clauses = token_units(old, within.i1, within.i2, ITEM)
    new_clauses = token_units(new, within.j1, within.j2, ITEM)
    pairs = match_equal(token_keys(old, old_clauses), token_keys(new, new_clauses))
    equal = [WordRange(*old_clauses[pair.i], *new_clauses[pair.j]) for pair in pairs]
    i, j = within.i1, within.j1
    for part in [*equal, _end_of(within)]:
        yield from _equal_in_gap(old, new, WordRange(i, part.i1, j, part.j1), budget)
        yield part
        i, j = part.i2, part.j2


def _equal_in_gap(
    old: Sequence[Token], new: Sequence[Token], gap: WordRange, budget: WorkBudget
) -> Iterator[WordRange]:
    """Yield equal words in a stretch without equal clauses."""
    old_bag, new_bag = count_tokens(old[gap.i1 : gap.i2]), count_tokens(new[gap.j1 : gap.j2])
    shared = bag_overlap(old_bag, new_bag)
    less, more = sorted((bag_weight(old_bag), bag_weight(new_bag)))
    if shared * 2 < less and shared * 4 < more:  # another text: single words in common say nothing
        return
    if (gap.i2 - gap.i1) * (gap.j2 - gap.j1) > CLAUSE_CELLS:
        yield from _equal_in_similar_clauses(old, new, gap, budget)
    else:
        yield from _equal_words(old, new, gap, budget)


def _equal_in_similar_clauses(
    old: Sequence[Token], new: Sequence[Token], gap: WordRange, budget: WorkBudget
) -> Iterator[WordRange]:
    """Yield equal words in clauses that are similar."""
    old_clauses, new_clauses = token_units(old, gap.i1, gap.i2, ITEM), token_units(new, gap.j1, gap.j2, ITEM)
    old_bags = [count_tokens(old[start:end]) for start, end in old_clauses]
    new_bags = [count_tokens(new[start:end]) for start, end in new_clauses]
    pairs = longest_increasing(match_similar(old_bags, new_bags))
    for pair in pairs:
        yield from _equal_words(old, new, WordRange(*old_clauses[pair.i], *new_clauses[pair.j]), budget)
    budget.refused |= not pairs


def _equal_words(old: Sequence[Token], new: Sequence[Token], gap: WordRange, budget: WorkBudget) -> Iterator[WordRange]:
    """Yield equal words, if there are not too many ways to choose them."""
    old_keys, new_keys = [word.key for word in old[gap.i1 : gap.i2]], [word.key for word in new[gap.j1 : gap.j2]]
    times = Counter(new_keys)
    if not budget.allows(sum(times[word] for word in old_keys)):
        return
    for i, j, size in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_matching_blocks():
        if size:
            yield WordRange(gap.i1 + i, gap.i1 + i + size, gap.j1 + j, gap.j1 + j + size)
