"""Cleans up a diff: of all ways to mark the same difference, the one that a person would choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lufeng_crawler.archive.diff.tokens import PARAGRAPH, Token
from lufeng_crawler.archive.diff.word_diff import WordRange

PARTICLES = frozenset("的地得了着过和与及或并且而在是为对将等也就都其之由以于从向至到被把给让一有中上下内后前要")
"""Words of every sentence: that two texts share one says nothing."""

MAX_PARTICLES = 3
"""Equal words between two changes that are joined, if they are all particles or signs."""

MAX_SCRAP = 4
"""Characters between two changes that are joined, if both changes are at least as large."""

SHREDDED_FACTOR, SHREDDED_PAIR_FACTOR = 3, 8
"""A group of changes becomes one where it changes this many times the characters that stay; and for a pair."""


def clean_up(changes: Iterable[WordRange], old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """Return the same difference without changes of spacing, not shredded, and with insertions at natural places."""
    trimmed = [part for change in changes for part in _trim(change, old, new)]
    return _slide(_merge_shredded(join_ranges(trimmed), old, new), old, new)


def _size(words: Sequence[Token]) -> int:
    return sum([len(word.key) for word in words])


def join_ranges(changes: Iterable[WordRange]) -> list[WordRange]:
    """Join changes with nothing between them."""
    joined: list[WordRange] = []
    for change in changes:
        if joined and joined[-1].i2 == change.i1 and joined[-1].j2 == change.j1:
            last = joined.pop()
            change = WordRange(last.i1, change.i2, last.j1, change.j2)
        joined.append(change)
    return joined


def _trim(change: WordRange, old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """Remove what is equal at both ends of a change: the same characters may have been cut into other words there."""
    i1, i2, j1, j2 = change
    if i1 == i2 or j1 == j2:
        return [change]
    start = _common_words(old[i1:i2], new[j1:j2])
    i1, j1 = i1 + start[0], j1 + start[1]
    end = _common_words(old[i1:i2][::-1], new[j1:j2][::-1], -1)
    i2, j2 = i2 - end[0], j2 - end[1]
    return [WordRange(i1, i2, j1, j2)] if i1 < i2 or j1 < j2 else []


def _common_words(old: Sequence[Token], new: Sequence[Token], step: int = 1) -> tuple[int, int]:
    """Return how many old and how many new words at the start are, joined, the same characters.

    `step` is -1 where the words are in reverse order.
    """
    i = j = 0
    common = (0, 0)
    old_text = new_text = ""  # the characters since the last place where both were equal
    while True:
        if len(old_text) <= len(new_text):
            if i == len(old):
                return common
            old_text, i = old_text + old[i].key[::step], i + 1
        else:
            if j == len(new):
                return common
            new_text, j = new_text + new[j].key[::step], j + 1
        if old_text == new_text:
            common, old_text, new_text = (i, j), "", ""
        elif not (old_text.startswith(new_text) or new_text.startswith(old_text)):
            return common


def _merge_shredded(changes: Sequence[WordRange], old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """Merge groups of changes between which only scraps stay."""
    merged: list[WordRange] = []
    for group in _groups(changes, old, new):
        if _is_shredded(group, old, new):
            merged.append(WordRange(group[0].i1, group[-1].i2, group[0].j1, group[-1].j2))
        else:
            merged.extend(group)
    return merged


def _groups(changes: Iterable[WordRange], old: Sequence[Token], new: Sequence[Token]) -> Iterator[list[WordRange]]:
    """Group changes between which only scraps stay."""
    group: list[WordRange] = []
    for change in changes:
        if group and not _is_scrap_between(group[-1], change, old, new):
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _change_size(change: WordRange, old: Sequence[Token], new: Sequence[Token]) -> int:
    return max(_size(old[change.i1 : change.i2]), _size(new[change.j1 : change.j2]))


def _is_scrap_between(change: WordRange, following: WordRange, old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Return whether what stays between two changes is particles, or little, and no paragraph ends before or in it."""
    between = old[change.i2 : following.i1]
    last_words = (*old[change.i1 : change.i2][-1:], *new[change.j1 : change.j2][-1:])
    if any(word.ends == PARAGRAPH for word in (*last_words, *between, *new[change.j2 : following.j1])):
        return False
    if len(between) <= MAX_PARTICLES and all(word.key in PARTICLES or not word.key.isalnum() for word in between):
        return True
    return _size(between) <= min(MAX_SCRAP, _change_size(change, old, new), _change_size(following, old, new))


def _is_shredded(group: Sequence[WordRange], old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Return whether a group changes more than stays. Single words that replace single words are never shreds."""
    if all(change.i2 - change.i1 == 1 == change.j2 - change.j1 for change in group):
        return False
    stays = _size(old[group[0].i1 : group[-1].i2]) - sum(_size(old[change.i1 : change.i2]) for change in group)
    changed = sum(_change_size(change, old, new) for change in group)
    factor = SHREDDED_FACTOR if len(group) > 2 else SHREDDED_PAIR_FACTOR
    return len(group) > 1 and stays * factor <= changed


def _slide(changes: Sequence[WordRange], old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """Slide insertions and deletions to where they begin and end with a sentence, a clause or an item."""
    slid: list[WordRange] = []
    for number, change in enumerate(changes):
        start = (slid[-1].i2, slid[-1].j2) if slid else (0, 0)
        is_last = number + 1 == len(changes)
        end = (len(old), len(new)) if is_last else (changes[number + 1].i1, changes[number + 1].j1)
        slid.append(_best_position(change, WordRange(start[0], end[0], start[1], end[1]), old, new))
    return join_ranges(slid)


def _best_position(change: WordRange, limits: WordRange, old: Sequence[Token], new: Sequence[Token]) -> WordRange:
    """Return the best of the positions within the limits that mark the same difference."""
    is_insertion = change.j1 < change.j2
    if (change.i1 < change.i2) == is_insertion:
        return change
    text = new if is_insertion else old
    ranked = []
    for position in _positions(change, limits, old, new):
        start, end = (position.j1, position.j2) if is_insertion else (position.i1, position.i2)
        ranked.append(_RankedPosition(_boundary_rank(text, start, end), position))
    return max(ranked).position


class _RankedPosition(NamedTuple):
    """A position of a change; of those that rank equal the last is the greatest, as readers mark the second of two."""

    rank: int
    position: WordRange


def _positions(change: WordRange, limits: WordRange, old: Sequence[Token], new: Sequence[Token]) -> Iterator[WordRange]:
    """Yield all positions to which a change can slide over words equal to those at its other end."""
    yield change
    left = right = change
    while left.i1 > limits.i1 and left.j1 > limits.j1:
        moved = WordRange(*(place - 1 for place in left))
        if not _is_same_word(old, new, moved):
            break
        left = moved
        yield left
    while right.i2 < limits.i2 and right.j2 < limits.j2 and _is_same_word(old, new, right):
        right = WordRange(*(place + 1 for place in right))
        yield right


def _is_same_word(old: Sequence[Token], new: Sequence[Token], places: WordRange) -> bool:
    i1, i2, j1, j2 = places
    return old[i1].key == old[i2].key == new[j1].key == new[j2].key


def _boundary_rank(text: Sequence[Token], start: int, end: int) -> int:
    """Return how well a stretch begins and ends: the sum of what ends before it and with it."""
    before = text[start - 1].ends if start else PARAGRAPH
    return before + (text[end - 1].ends if end < len(text) else PARAGRAPH)
