"""Compares two texts and returns the edit script: the operations, in words, that turn the old text into the new one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, takewhile
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from lufeng_crawler.archive.diff.cleanup import clean_up, join_ranges
from lufeng_crawler.archive.diff.paragraphs import ParagraphPair, align_paragraphs
from lufeng_crawler.archive.diff.token_types import NEGATIONS
from lufeng_crawler.archive.diff.tokens import Token, tokenize
from lufeng_crawler.archive.diff.word_diff import WordRange, WorkBudget, find_changes
from lufeng_crawler.archive.text import normalise

OperationKind = Literal["equal", "insert", "delete", "replace"]
LABELS = ("negation", "date", "number", "office")

MIN_MOVED_NEAR, MIN_MOVED_FAR = 2, 10
"""Characters that a deletion and an insertion of the same words must have to be marked as moved: near by, far away."""

NEAR_DISTANCE = 60
"""Two places in the script are near with at most this many characters between them."""

SIGNS = "、，,；;。 \t\n"

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Operation:
    """A stretch of text that is equal (its spacing may differ), inserted, deleted or replaced.

    `label` names which of LABELS changed in it, separated by spaces, or is None. A delete and an insert with the same
    number `moved` are one paragraph, or some words, that moved; `inside` the insert are the operations that changed it
    then.
    """

    op: OperationKind
    old: str
    new: str
    label: str | None = None
    moved: int | None = None
    inside: tuple[Operation, ...] = ()

    def report(self) -> dict[str, Any]:
        """Return the operation as a JSON object, without keys that do not apply."""
        optional = {"label": self.label, "moved": self.moved, "inside": [part.report() for part in self.inside]}
        applying = {name: value for name, value in optional.items() if value}
        return {"op": self.op, "old": self.old, "new": self.new} | applying


class EditScript(NamedTuple):
    """All characters of both texts, in order; `coarse` is True where not all was compared by words."""

    operations: tuple[Operation, ...]
    coarse: bool


def compare_texts(old: str, new: str) -> EditScript:
    """Compare two texts; both come out in NFC. Where only spacing or width differs, they are equal."""
    if normalise(old) == normalise(new):
        return EditScript((Operation("equal", old, new),) if old or new else (), False)
    old, new = normalize("NFC", old), normalize("NFC", new)
    start, end = _common_ends(old, new)
    budget = WorkBudget()
    between = _compare_tokens(tokenize(old[start : len(old) - end]), tokenize(new[start : len(new) - end]), budget)
    script = _number_moves(_mark_moved_words(list(between)))
    whole = _join_equal([_equal(old[:start]), *script, _equal(old[len(old) - end :])])
    return EditScript(tuple(whole), budget.refused)


def _common_ends(old: str, new: str) -> tuple[int, int]:
    """Return how many characters of whole lines both begin with, and end with: most of a text that was edited."""
    old_lines, new_lines = _LINE.findall(old), _LINE.findall(new)
    start = _count_equal(zip(old_lines, new_lines, strict=False))
    while not (_is_token_boundary(old_lines, start) and _is_token_boundary(new_lines, start)):
        start -= 1
    end = _count_equal(zip(reversed(old_lines[start:]), reversed(new_lines[start:]), strict=False))
    old_count, new_count = len(old_lines), len(new_lines)
    while not (_is_token_boundary(old_lines, old_count - end) and _is_token_boundary(new_lines, new_count - end)):
        end -= 1
    return sum(map(len, old_lines[:start])), sum(map(len, old_lines[old_count - end :]))


def _count_equal(pairs: Iterable[tuple[str, str]]) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _is_token_boundary(lines: Sequence[str], line: int) -> bool:
    """Return whether no token crosses the start of that line: white space belongs to the word before it."""
    return line in (0, len(lines)) or bool(normalise(lines[line - 1]) and not lines[line][:1].isspace())


def _join_equal(script: Iterable[Operation]) -> Iterator[Operation]:
    """Join equal operations that follow each other, and drop empty ones."""
    for is_equal, group in groupby(script, lambda operation: operation.op == "equal"):
        operations = list(group)
        if not is_equal:
            yield from operations
            continue
        old, new = ("".join(getattr(operation, side) for operation in operations) for side in ("old", "new"))
        if old or new:
            yield Operation("equal", old, new)


def _equal(text: str) -> Operation:
    return Operation("equal", text, text)


def _compare_tokens(old: Sequence[Token], new: Sequence[Token], budget: WorkBudget) -> Iterator[Operation]:
    """Compare by paragraphs, then each run of paragraphs that did not move, and each that did, by words."""
    numbers: dict[WordRange, int] = {}
    for moved, group in groupby(align_paragraphs(old, new, budget), lambda pair: pair.moved):
        pairs = list(group)
        if moved is None:
            yield from _compare_run(old, new, pairs, budget)
            continue
        number = numbers.setdefault(moved, len(numbers) + 1)
        i1, i2, j1, j2 = pairs[0].stretch
        if i1 < i2:
            yield Operation("delete", _text_of(old[i1:i2]), "", moved=number)
        else:
            inside = tuple(_compare_run(old, new, [ParagraphPair(moved)], budget))
            is_edited = any(operation.op != "equal" for operation in inside)
            yield Operation("insert", "", _text_of(new[j1:j2]), moved=number, inside=inside if is_edited else ())


def _compare_run(
    old: Sequence[Token], new: Sequence[Token], pairs: Sequence[ParagraphPair], budget: WorkBudget
) -> Iterator[Operation]:
    """Return the operations in a run of paragraphs none of which moved."""
    first, last = pairs[0].stretch, pairs[-1].stretch
    old_run, new_run = old[first.i1 : last.i2], new[first.j1 : last.j2]
    stretches = [_relative_to(first, pair.stretch) for pair in pairs if not pair.is_equal]
    changes = [change for stretch in stretches for change in find_changes(old_run, new_run, stretch, budget)]
    return _spell_out(old_run, new_run, clean_up(_refine_joined(old_run, new_run, changes, budget), old_run, new_run))


def _relative_to(start: WordRange, stretch: WordRange) -> WordRange:
    return WordRange(stretch.i1 - start.i1, stretch.i2 - start.i1, stretch.j1 - start.j1, stretch.j2 - start.j1)


def _refine_joined(
    old: Sequence[Token], new: Sequence[Token], changes: Sequence[WordRange], budget: WorkBudget
) -> list[WordRange]:
    """Join changes that touch, and compare the joined ones again: their parts were found paragraph by paragraph."""
    already_compared = set(changes)
    refined: list[WordRange] = []
    for change in join_ranges(changes):
        refined += [change] if change in already_compared else find_changes(old, new, change, budget)
    return refined


def _spell_out(old: Sequence[Token], new: Sequence[Token], changes: Iterable[WordRange]) -> Iterator[Operation]:
    """Yield the changes, and what is equal between them, as operations."""
    i = j = 0
    for change in [*changes, WordRange(len(old), len(old), len(new), len(new))]:
        if i < change.i1 or j < change.j1:
            yield Operation("equal", _text_of(old[i : change.i1]), _text_of(new[j : change.j1]))
        i, j = change.i2, change.j2
        deleted, inserted = old[change.i1 : i], new[change.j1 : j]
        if deleted or inserted:
            op: OperationKind = "replace" if deleted and inserted else "delete" if deleted else "insert"
            yield Operation(op, _text_of(deleted), _text_of(inserted), _label(deleted, inserted))


def _text_of(tokens: Iterable[Token]) -> str:
    return "".join(token.text for token in tokens)


def _label(old: Sequence[Token], new: Sequence[Token]) -> str | None:
    """Return which types of tokens are not the same on both sides."""
    before, after = ([(token.kind, token.key) for token in side if token.kind] for side in (old, new))
    changed = set[str]()
    if before or after:
        changed = {kind for kind, _ in (Counter(before) - Counter(after)) + (Counter(after) - Counter(before))}
    old_keys, new_keys = ("".join([token.key for token in side]) for side in (old, new))
    if old_keys and new_keys and NEGATIONS & {old_keys.removesuffix(new_keys), new_keys.removesuffix(old_keys)}:
        changed.add("negation")
    return " ".join(kind for kind in LABELS if kind in changed) or None


def _mark_moved_words(script: Sequence[Operation]) -> list[Operation]:
    """Mark a deletion and the nearest insertion of the same words as moved."""
    marked = list(script)
    starts = list(accumulate((len(operation.old) + len(operation.new) for operation in script), initial=0))
    number = max((operation.moved or 0 for operation in script), default=0)
    deletions = _deletions_by_words(script)
    for position, operation in enumerate(script):
        if operation.op != "insert" or operation.moved:
            continue
        words = _words_of(operation.new)
        distances = {place: abs(starts[place] - starts[position]) for place in deletions.get(words, ())}
        if not distances:
            continue
        nearest = min(distances, key=distances.__getitem__)
        if len(words) >= (MIN_MOVED_FAR if distances[nearest] > NEAR_DISTANCE else MIN_MOVED_NEAR):
            number += 1
            deletions[words].remove(nearest)
            for place in (nearest, position):
                marked[place] = replace(marked[place], label=None, moved=number)
    return marked


def _deletions_by_words(script: Sequence[Operation]) -> dict[str, list[int]]:
    deletions: defaultdict[str, list[int]] = defaultdict(list)
    for position, operation in enumerate(script):
        if operation.op == "delete" and not operation.moved:
            deletions[_words_of(operation.old)].append(position)
    return deletions


def _words_of(text: str) -> str:
    return normalise(text).strip(SIGNS)


def _number_moves(script: Iterable[Operation]) -> Iterator[Operation]:
    """Renumber the moves in the order of the script."""
    numbers: dict[int, int] = {}
    for operation in script:
        if operation.moved:
            operation = replace(operation, moved=numbers.setdefault(operation.moved, len(numbers) + 1))
        yield operation
