"""Of all the ways to mark the same difference, the one that a person would choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lufeng_crawler.archive.diff.tokens import PARAGRAPH, Token
from lufeng_crawler.archive.diff.word_diff import WordRange

PARTICLES = frozenset("的地得了着过和与及或并且而在是为对将等也就都其之由以于从向至到被把给让一有中上下内后前要")
"""Words that stand in every sentence: that two texts share one says nothing."""


def clean_up(changes: Iterable[WordRange], old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """The same difference: no change of spacing, nothing shredded, what was added whole."""
    real = [part for change in changes for part in _trimmed(change, old, new)]
    return _slid(_collapsed(join_ranges(real), old, new), old, new)


def _size(words: Sequence[Token]) -> int:
    return sum([len(word.key) for word in words])


def join_ranges(changes: Iterable[WordRange]) -> list[WordRange]:
    """Changes with nothing between them are one."""
    joined: list[WordRange] = []
    for change in changes:
        if joined and joined[-1].i2 == change.i1 and joined[-1].j2 == change.j1:
            last = joined.pop()
            change = WordRange(last.i1, change.i2, last.j1, change.j2)
        joined.append(change)
    return joined


def _trimmed(change: WordRange, old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """Without what is equal at both its ends: the same characters may have been cut into other words there."""
    i1, i2, j1, j2 = change
    if i1 == i2 or j1 == j2:
        return [change]
    before = _lead(old[i1:i2], new[j1:j2])
    i1, j1 = i1 + before[0], j1 + before[1]
    behind = _lead(old[i1:i2][::-1], new[j1:j2][::-1], -1)
    i2, j2 = i2 - behind[0], j2 - behind[1]
    return [WordRange(i1, i2, j1, j2)] if i1 < i2 or j1 < j2 else []


def _lead(old: Sequence[Token], new: Sequence[Token], step: int = 1) -> tuple[int, int]:
    """How many old and new words at the start are, put together, the same characters; `step` -1: they run backwards."""
    i = j = 0
    found = (0, 0)
    one = other = ""
    while True:
        if len(one) <= len(other):
            if i == len(old):
                return found
            one, i = one + old[i].key[::step], i + 1
        else:
            if j == len(new):
                return found
            other, j = other + new[j].key[::step], j + 1
        if one == other:
            found, one, other = (i, j), "", ""
        elif not (one.startswith(other) or other.startswith(one)):
            return found


def _collapsed(changes: Sequence[WordRange], old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """Where only scraps stay between changes, all of it is one change."""
    whole: list[WordRange] = []
    for group in _groups(changes, old, new):
        if _shredded(group, old, new):
            whole.append(WordRange(group[0].i1, group[-1].i2, group[0].j1, group[-1].j2))
        else:
            whole.extend(group)
    return whole


def _groups(changes: Iterable[WordRange], old: Sequence[Token], new: Sequence[Token]) -> Iterator[list[WordRange]]:
    group: list[WordRange] = []
    for change in changes:
        if group and not _is_scrap(group[-1], change, old, new):
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _weight(change: WordRange, old: Sequence[Token], new: Sequence[Token]) -> int:
    return max(_size(old[change.i1 : change.i2]), _size(new[change.j1 : change.j2]))


def _is_scrap(before: WordRange, behind: WordRange, old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Whether what stays between two changes is particles, or little, and no paragraph ends before or in it."""
    between = old[before.i2 : behind.i1]
    ends = (*old[before.i1 : before.i2][-1:], *new[before.j1 : before.j2][-1:], *between, *new[before.j2 : behind.j1])
    if any(word.ends == PARAGRAPH for word in ends):
        return False
    if len(between) <= 3 and all(word.key in PARTICLES or not word.key.isalnum() for word in between):
        return True
    return _size(between) <= min(4, _weight(before, old, new), _weight(behind, old, new))


def _shredded(group: Sequence[WordRange], old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Whether more is changed than stays, back and forth. One word for one word is no shred, however often."""
    if all(change.i2 - change.i1 == 1 == change.j2 - change.j1 for change in group):
        return False
    stays = _size(old[group[0].i1 : group[-1].i2]) - sum(_size(old[change.i1 : change.i2]) for change in group)
    changed = sum(_weight(change, old, new) for change in group)
    return len(group) > 1 and stays * (3 if len(group) > 2 else 8) <= changed


def _slid(changes: Sequence[WordRange], old: Sequence[Token], new: Sequence[Token]) -> list[WordRange]:
    """What was only added or only taken out, moved to where it begins and ends with a sentence, a clause, an item."""
    slid: list[WordRange] = []
    for at, change in enumerate(changes):
        low = (slid[-1].i2, slid[-1].j2) if slid else (0, 0)
        high = (changes[at + 1].i1, changes[at + 1].j1) if at + 1 < len(changes) else (len(old), len(new))
        slid.append(_best(change, low, high, old, new))
    return join_ranges(slid)


def _best(
    change: WordRange, low: tuple[int, int], high: tuple[int, int], old: Sequence[Token], new: Sequence[Token]
) -> WordRange:
    if (change.i1 < change.i2) == (change.j1 < change.j2):
        return change
    left = right = change
    ways = [change]
    while left.i1 > low[0] and left.j1 > low[1] and _same(old, new, left.i1 - 1, left.i2 - 1, left.j1 - 1, left.j2 - 1):
        left = WordRange(*(place - 1 for place in left))
        ways.append(left)
    while right.i2 < high[0] and right.j2 < high[1] and _same(old, new, right.i1, right.i2, right.j1, right.j2):
        right = WordRange(*(place + 1 for place in right))
        ways.append(right)
    text = new if change.j1 < change.j2 else old
    starts = [(way.j1, way.j2) if text is new else (way.i1, way.i2) for way in ways]
    return max(zip(starts, ways, strict=True), key=lambda way: (_fits(text, *way[0]), way[1]))[1]


def _same(old: Sequence[Token], new: Sequence[Token], i1: int, i2: int, j1: int, j2: int) -> bool:
    return old[i1].key == old[i2].key == new[j1].key == new[j2].key


def _fits(text: Sequence[Token], start: int, end: int) -> int:
    """How well a stretch begins and ends; of equal ones the last is taken, as a reader marks the second of two."""
    return (text[start - 1].ends if start else PARAGRAPH) + (text[end - 1].ends if end < len(text) else PARAGRAPH)
