"""Where the wording of two texts differs: words compared inside clauses that are the same or alike, up to a bound."""

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
"""Old words times new words, up to which a stretch is compared at once: without looking for clauses that are the same,
or for those that are alike."""

MAX_EQUAL_PAIRS = 400_000
"""Pairs of equal words in a stretch, above which it is shown as replaced whole."""

EDITED = frozenset({"number", "date"})

TokenRange = tuple[int, int]


class WordRange(NamedTuple):
    """The old words from `i1` to `i2` have become the new ones from `j1` to `j2`; between changes all is equal."""

    i1: int
    i2: int
    j1: int
    j2: int


@dataclass(slots=True)
class WorkBudget:
    """How much may still be compared word by word, in pairs of equal words; `refused` once there was more."""

    left: int = 5 * MAX_EQUAL_PAIRS
    refused: bool = False

    def allows(self, pairs: int) -> bool:
        """Whether a stretch with so many pairs may be compared. It depends on the texts alone, not on a clock."""
        if pairs > min(MAX_EQUAL_PAIRS, self.left):
            self.refused = True
            return False
        self.left -= pairs
        return True


def find_changes(old: Sequence[Token], new: Sequence[Token], within: WordRange, work: WorkBudget) -> list[WordRange]:
    """What differs in a stretch of the old words and one of the new."""
    if _both(within):
        few = (within.i2 - within.i1) * (within.j2 - within.j1) <= DIRECT_CELLS
        return list(_between(within, (_gap if few else _known)(old, new, within, work)))
    return [within] if _any(within) else []


def token_units(words: Sequence[Token], start: int, end: int, ends: int) -> list[TokenRange]:
    """From where to where the parts reach that end with a word that ends at least as much."""
    cuts = [start, *[at for at, word in enumerate(words[start:end], start + 1) if word.ends >= ends]]
    return list(pairwise(cuts if cuts[-1] == end else [*cuts, end]))


def token_keys(words: Sequence[Token], ranges: Iterable[TokenRange]) -> list[str]:
    """What paragraphs or clauses are compared by."""
    return ["".join([word.key for word in words[start:end]]) for start, end in ranges]


def count_tokens(words: Iterable[Token]) -> Counter[str]:
    """How often each word is there that says what the text is about.

    Signs do not, nor do figures and dates: they are what is edited in a text that stays. 第三条 does.
    """
    return Counter(
        [word.key for word in words if word.key.isalnum() and (word.kind not in EDITED or word.key[0] == "第")]
    )


def _between(within: WordRange, known: Iterable[WordRange]) -> Iterator[WordRange]:
    """What the equal stretches leave."""
    i, j = within.i1, within.j1
    for part in [*known, WordRange(within.i2, within.i2, within.j2, within.j2)]:
        if _any(left := WordRange(i, part.i1, j, part.j1)):
            yield left
        i, j = part.i2, part.j2


def _both(stretch: WordRange) -> bool:
    return stretch.i1 < stretch.i2 and stretch.j1 < stretch.j2


def _any(stretch: WordRange) -> bool:
    return stretch.i1 < stretch.i2 or stretch.j1 < stretch.j2


def _known(old: Sequence[Token], new: Sequence[Token], within: WordRange, work: WorkBudget) -> Iterator[WordRange]:
    """The equal stretches: clauses, then words between them."""
    here, there = token_units(old, within.i1, within.i2, ITEM), token_units(new, within.j1, within.j2, ITEM)
    pairs = match_equal(token_keys(old, here), token_keys(new, there))
    equal = [WordRange(*here[pair.i], *there[pair.j]) for pair in pairs]
    end = WordRange(within.i2, within.i2, within.j2, within.j2)
    i, j = within.i1, within.j1
    for part in [*equal, end]:
        yield from _gap(old, new, WordRange(i, part.i1, j, part.j1), work)
        yield part
        i, j = part.i2, part.j2


def _gap(old: Sequence[Token], new: Sequence[Token], gap: WordRange, work: WorkBudget) -> Iterator[WordRange]:
    """Equal words between clauses that are the same."""
    here, there = count_tokens(old[gap.i1 : gap.i2]), count_tokens(new[gap.j1 : gap.j2])
    shared, sizes = bag_overlap(here, there), sorted((bag_weight(here), bag_weight(there)))
    if shared * 2 < sizes[0] and shared * 4 < sizes[1]:  # another text: single words in common say nothing
        return
    if (gap.i2 - gap.i1) * (gap.j2 - gap.j1) > CLAUSE_CELLS:
        yield from _alike(old, new, gap, work)
    else:
        yield from _equal(old, new, gap, work)


def _alike(old: Sequence[Token], new: Sequence[Token], gap: WordRange, work: WorkBudget) -> Iterator[WordRange]:
    """Equal words in clauses that are alike."""
    here, there = token_units(old, gap.i1, gap.i2, ITEM), token_units(new, gap.j1, gap.j2, ITEM)
    bags = [count_tokens(old[start:end]) for start, end in here], [count_tokens(new[start:end]) for start, end in there]
    found = longest_increasing(match_similar(*bags))
    for pair in found:
        yield from _equal(old, new, WordRange(*here[pair.i], *there[pair.j]), work)
    work.refused |= not found


def _equal(old: Sequence[Token], new: Sequence[Token], gap: WordRange, work: WorkBudget) -> Iterator[WordRange]:
    """Equal words, if there are not too many ways to choose them."""
    here, there = [word.key for word in old[gap.i1 : gap.i2]], [word.key for word in new[gap.j1 : gap.j2]]
    times = Counter(there)
    if not work.allows(sum(times[word] for word in here)):
        return
    for i, j, size in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
        if size:
            yield WordRange(gap.i1 + i, gap.i1 + i + size, gap.j1 + j, gap.j1 + j + size)
