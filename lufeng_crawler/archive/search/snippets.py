"""What is shown of a hit: the piece of its text that has most of the words, and where in it they stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lufeng_crawler.archive.search.folding import folded_positions, to_nfc
from lufeng_crawler.archive.text import CONTROL

SNIPPET_LENGTH, LEAD_LENGTH = 110, 24
"""Characters of a passage, and how many of them stand before the first mark."""

Mark = tuple[int, int]
BREAK = re.compile(r"[。！？；\n]\s*")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text as the article has it, in one line, and the parts of it that were searched for: from … up to …."""

    text: str
    marks: tuple[Mark, ...] = ()

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text piece by piece, and whether each is marked."""
        end = 0
        for start, stop in self.marks:
            yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        yield self.text[end:], False

    def marked(self, before: str, after: str) -> str:
        """The text with something put round each mark. Nothing in it is escaped."""
        return "".join(f"{before}{part}{after}" if is_marked else part for part, is_marked in self.parts())


def mark_all(text: str, terms: Sequence[str]) -> Snippet:
    """All of a text, a title say, with the folded terms marked."""
    text = to_nfc(text)
    return Snippet(_line(text), tuple(_united(_places(text, terms))))


def best_snippet(text: str, terms: Sequence[str]) -> Snippet:
    """The first piece of a text with most of the folded terms; its beginning, where it has none."""
    text = to_nfc(text)
    found = _places(text, terms)
    start = _start(text, found)
    stop = min(len(text), start + SNIPPET_LENGTH)
    lead = "…" if start else ""
    shift = len(lead) - start
    marks = [(a + shift, min(b, stop) + shift) for a, b in _united(found) if start <= a < stop]
    return Snippet(lead + _line(text[start:stop]) + ("…" if stop < len(text) else ""), tuple(marks))


def _places(text: str, terms: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where each term stands: begin, end and the term, in order. In another form only what stands nowhere in its own.

    To fold a text takes a hundred times as long as to look for a word in it.
    """
    folded, at = text, cast(Sequence[int], range(len(text) + 1))
    if not all(term in text for term in terms):
        folded, at = folded_positions(text)
    found = [(one.start(), one.end(), term) for term in terms for one in re.finditer(re.escape(term), folded)]
    return sorted((at[start], at[end - 1] + 1, term) for start, end, term in found)


def _start(text: str, found: Sequence[tuple[int, int, str]]) -> int:
    if not found:
        return 0
    begins = [start for start, _, _ in found]
    room = SNIPPET_LENGTH - LEAD_LENGTH

    def worth(number: int) -> tuple[int, int]:
        within = found[number : bisect_left(begins, begins[number] + room)]
        return len({term for _, _, term in within}), len(within)

    first = begins[max(range(len(found)), key=lambda number: (*worth(number), -number))]
    earliest = max(0, min(first - LEAD_LENGTH, len(text) - SNIPPET_LENGTH))
    sentences = [one.end() for one in BREAK.finditer(text, earliest, first)]
    return sentences[-1] if sentences and earliest else earliest


def _united(found: Sequence[tuple[int, int, str]]) -> list[Mark]:
    """Marks that touch or overlap are one."""
    marks: list[Mark] = []
    for start, end, _ in found:
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return marks


def _line(text: str) -> str:
    """The same length in one line that can be shown anywhere."""
    return CONTROL.sub(lambda found: " " * len(found[0]), text)
