"""Makes the snippet of a hit: the piece of its text with most of the query's terms, and their positions in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from lufeng_crawler.archive.search.folding import folded_positions, to_nfc
from lufeng_crawler.archive.text import CONTROL

SNIPPET_LENGTH, LEAD_LENGTH = 110, 24
"""Characters of a snippet, and how many of them stand before the first mark."""

Mark = tuple[int, int]
BREAK = re.compile(r"[。！？；\n]\s*")


class _Occurrence(NamedTuple):
    """A term in a text, from `start` up to `end`."""

    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text as the article has it, on one line, and the marked ranges of it: (start, end)."""

    text: str
    marks: tuple[Mark, ...] = ()

    def parts(self) -> Iterator[tuple[str, bool]]:
        """Yield the text piece by piece, each with whether it is marked."""
        end = 0
        for start, stop in self.marks:
            yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        yield self.text[end:], False

    def marked(self, before: str, after: str) -> str:
        """Return the text with strings put before and after each mark. Nothing is escaped."""
        return "".join(f"{before}{part}{after}" if is_marked else part for part, is_marked in self.parts())


def mark_all(text: str, terms: Sequence[str]) -> Snippet:
    """Mark the folded terms in a whole text, a title for example."""
    text = to_nfc(text)
    return Snippet(_show_on_one_line(text), tuple(_merge_marks(_find_terms(text, terms))))


def best_snippet(text: str, terms: Sequence[str]) -> Snippet:
    """Return the first piece of a text with most of the folded terms; its beginning, where it has none."""
    text = to_nfc(text)
    occurrences = _find_terms(text, terms)
    start = _snippet_start(text, occurrences)
    stop = min(len(text), start + SNIPPET_LENGTH)
    ellipsis = "…" if start else ""
    shift = len(ellipsis) - start
    merged = _merge_marks(occurrences)
    marks = [(first + shift, min(end, stop) + shift) for first, end in merged if start <= first < stop]
    ending = "…" if stop < len(text) else ""
    return Snippet(ellipsis + _show_on_one_line(text[start:stop]) + ending, tuple(marks))


def _find_terms(text: str, terms: Sequence[str]) -> list[_Occurrence]:
    """Find the terms in the text as written, in order; in its folded form only where one is not in it as written.

    Folding a text takes a hundred times as long as searching it for a word.
    """
    searched, positions = text, cast(Sequence[int], range(len(text) + 1))
    if not all(term in text for term in terms):
        searched, positions = folded_positions(text)
    matches = [(*match.span(), term) for term in terms for match in re.finditer(re.escape(term), searched)]
    return sorted(_Occurrence(positions[start], positions[end - 1] + 1, term) for start, end, term in matches)


def _snippet_start(text: str, occurrences: Sequence[_Occurrence]) -> int:
    """Return where the snippet begins: with the sentence before its first term, if that is near enough."""
    if not occurrences:
        return 0
    first = occurrences[_best_occurrence(occurrences)].start
    earliest = max(0, min(first - LEAD_LENGTH, len(text) - SNIPPET_LENGTH))
    sentences = [sentence.end() for sentence in BREAK.finditer(text, earliest, first)]
    return sentences[-1] if sentences and earliest else earliest


def _best_occurrence(occurrences: Sequence[_Occurrence]) -> int:
    """Return the number of the first occurrence that is followed by most terms, and most often, within a snippet."""
    starts = [occurrence.start for occurrence in occurrences]
    room = SNIPPET_LENGTH - LEAD_LENGTH
    ranks: list[tuple[int, int, int]] = []
    for number, start in enumerate(starts):
        within = occurrences[number : bisect_left(starts, start + room)]
        ranks.append((len({occurrence.term for occurrence in within}), len(within), -number))
    return -max(ranks)[2]


def _merge_marks(occurrences: Sequence[_Occurrence]) -> list[Mark]:
    """Merge occurrences that touch or overlap."""
    marks: list[Mark] = []
    for start, end, _ in occurrences:
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return marks


def _show_on_one_line(text: str) -> str:
    """Replace control characters by spaces, one for each, so that positions of marks stay."""
    return CONTROL.sub(lambda match: " " * len(match[0]), text)
