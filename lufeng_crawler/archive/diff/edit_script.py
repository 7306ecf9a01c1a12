"""What was done to a text, in words: the operations that make the new one of the old one."""

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

MIN_MOVED = 2, 10
"""So many characters that were only taken out and only added must have, to be called moved: near by, and far away."""

NEAR_DISTANCE = 60
"""So many characters between the two places are near."""

SIGNS = "、，,；;。 \t\n"

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Operation:
    """A stretch of text that stays (its spacing may differ), comes, goes, or becomes another.

    `label`: which of LABELS was changed in it, parted by spaces; None for none. `moved`: the delete and the insert of
    the same number are one paragraph, or some words, that moved; `inside` the insert is what was changed in it then.
    """

    op: OperationKind
    old: str
    new: str
    label: str | None = None
    moved: int | None = None
    inside: tuple[Operation, ...] = ()

    def report(self) -> dict[str, Any]:
        """As JSON gives it; what is not so is left out."""
        more = {"label": self.label, "moved": self.moved, "inside": [one.report() for one in self.inside]}
        return {"op": self.op, "old": self.old, "new": self.new} | {name: said for name, said in more.items() if said}


class EditScript(NamedTuple):
    """All of the old text's and all of the new text's characters, in order; `coarse`: not all compared by words."""

    operations: tuple[Operation, ...]
    coarse: bool


def compare_texts(old: str, new: str) -> EditScript:
    """The operations between two texts; both come out in NFC. None is kept where only spacing or width differs."""
    if normalise(old) == normalise(new):
        return EditScript((Operation("equal", old, new),) if old or new else (), False)
    old, new = normalize("NFC", old), normalize("NFC", new)
    start, end = _alike(old, new)
    work = WorkBudget()
    script = list(_operations(tokenize(old[start : len(old) - end]), tokenize(new[start : len(new) - end]), work))
    whole = _between(old[:start], _numbered(_words_moved(script)), old[len(old) - end :])
    return EditScript(tuple(whole), work.refused)


def _alike(old: str, new: str) -> tuple[int, int]:
    """How many characters of whole lines both begin with, and end with: most of a text that was edited."""
    here, there = _LINE.findall(old), _LINE.findall(new)
    start = _equal(zip(here, there, strict=False))
    while not (_parts(here, start) and _parts(there, start)):
        start -= 1
    end = _equal(zip(reversed(here[start:]), reversed(there[start:]), strict=False))
    while not (_parts(here, len(here) - end) and _parts(there, len(there) - end)):
        end -= 1
    return sum(map(len, here[:start])), sum(map(len, here[len(here) - end :]))


def _equal(lines: Iterable[tuple[str, str]]) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], lines)))


def _parts(lines: Sequence[str], at: int) -> bool:
    """Whether no word reaches over the start of that line: white space is of the word before it."""
    return at in (0, len(lines)) or bool(normalise(lines[at - 1]) and not lines[at][:1].isspace())


def _between(head: str, script: Iterable[Operation], tail: str) -> Iterator[Operation]:
    """The script with what both texts begin and end with around it."""
    for is_equal, group in groupby([_kept(head), *script, _kept(tail)], lambda one: one.op == "equal"):
        if not is_equal:
            yield from group
        elif said := list(group):
            old, new = ("".join(getattr(one, side) for one in said) for side in ("old", "new"))
            yield from [Operation("equal", old, new)] if old or new else []


def _kept(text: str) -> Operation:
    return Operation("equal", text, text)


def _operations(old: Sequence[Token], new: Sequence[Token], work: WorkBudget) -> Iterator[Operation]:
    numbers: dict[WordRange, int] = {}
    for moved, group in groupby(align_paragraphs(old, new, work), lambda step: step.moved):
        together = list(group)
        if moved is None:
            yield from _together(old, new, together, work)
            continue
        number = numbers.setdefault(moved, len(numbers) + 1)
        i1, i2, j1, j2 = together[0].stretch
        if i1 < i2:
            yield Operation("delete", _text(old[i1:i2]), "", moved=number)
        else:
            inside = tuple(_together(old, new, [ParagraphPair(moved)], work))
            changed = any(one.op != "equal" for one in inside)
            yield Operation("insert", "", _text(new[j1:j2]), moved=number, inside=inside if changed else ())


def _together(
    old: Sequence[Token], new: Sequence[Token], paired: Sequence[ParagraphPair], work: WorkBudget
) -> Iterator[Operation]:
    """The operations in a run of paragraphs none of which moved."""
    first, last = paired[0].stretch, paired[-1].stretch
    here, there = old[first.i1 : last.i2], new[first.j1 : last.j2]
    stretches = [(_less(step.stretch, first), step.is_equal) for step in paired]
    found = [
        part for stretch, is_equal in stretches if not is_equal for part in find_changes(here, there, stretch, work)
    ]
    once = set(found)
    again = [
        part
        for change in join_ranges(found)
        for part in ((change,) if change in once else find_changes(here, there, change, work))
    ]
    return _spelled(here, there, clean_up(again, here, there))


def _less(stretch: WordRange, start: WordRange) -> WordRange:
    """The same stretch, counted from the start of another."""
    return WordRange(stretch.i1 - start.i1, stretch.i2 - start.i1, stretch.j1 - start.j1, stretch.j2 - start.j1)


def _spelled(old: Sequence[Token], new: Sequence[Token], changes: Iterable[WordRange]) -> Iterator[Operation]:
    i = j = 0
    for change in [*changes, WordRange(len(old), len(old), len(new), len(new))]:
        if i < change.i1 or j < change.j1:
            yield Operation("equal", _text(old[i : change.i1]), _text(new[j : change.j1]))
        i, j = change.i2, change.j2
        here, there = old[change.i1 : i], new[change.j1 : j]
        if here or there:
            op: OperationKind = "replace" if here and there else "delete" if here else "insert"
            yield Operation(op, _text(here), _text(there), _label(here, there))


def _text(words: Iterable[Token]) -> str:
    return "".join(word.text for word in words)


def _label(old: Sequence[Token], new: Sequence[Token]) -> str | None:
    """Which kinds of words are not the same on both sides."""
    was, now = ([(word.kind, word.key) for word in side if word.kind] for side in (old, new))
    changed = (
        {kind for kind, _ in (Counter(was) - Counter(now)) + (Counter(now) - Counter(was))} if was or now else set()
    )
    one, other = ("".join([word.key for word in side]) for side in (old, new))
    if one and other and NEGATIONS & {one.removesuffix(other), other.removesuffix(one)}:
        changed.add("negation")
    return " ".join(kind for kind in LABELS if kind in changed) or None


def _words_moved(script: Sequence[Operation]) -> list[Operation]:
    """The script, where the same words taken out here and added there are called moved."""
    places, starts = list(script), list(accumulate((len(one.old) + len(one.new) for one in script), initial=0))
    last = max((one.moved or 0 for one in script), default=0)
    gone: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(script):
        if one.op == "delete" and not one.moved:
            gone[normalise(one.old).strip(SIGNS)].append(at)
    for at, one in enumerate(script):
        said = normalise(one.new).strip(SIGNS) if one.op == "insert" and not one.moved else ""
        from_here = sorted(gone.get(said, ()), key=lambda there: abs(starts[there] - starts[at]))
        if from_here and len(said) >= MIN_MOVED[abs(starts[from_here[0]] - starts[at]) > NEAR_DISTANCE]:
            last += 1
            gone[said].remove(from_here[0])
            for place in (from_here[0], at):
                places[place] = replace(places[place], label=None, moved=last)
    return places


def _numbered(script: Iterable[Operation]) -> Iterator[Operation]:
    """The script, what moved numbered in its order."""
    numbers: dict[int, int] = {}
    for one in script:
        yield replace(one, moved=numbers.setdefault(one.moved, len(numbers) + 1)) if one.moved else one
