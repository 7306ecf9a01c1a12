"""Renders a diff as HTML, as running text and side by side. Everything that comes from a site is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import NamedTuple, TypeVar

import markupsafe
from markupsafe import Markup

from lufeng_crawler.archive.diff.edit_script import Operation
from lufeng_crawler.archive.diff.versions import ChangedField, summarize_file

MIN_FOLDED = 160
"""Lines that did not change may be folded if they have at least this many characters."""

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that HTML may not hold, even escaped."""


class Segment(NamedTuple):
    """A part of a view.

    `folded` is the number of its characters if it may be folded: it is equal and at least a line away from any change.
    Otherwise it is 0.
    """

    html: Markup
    folded: int = 0


class SideBySideRow(NamedTuple):
    """A row with old and new beside each other; `kept` is its number of characters if nothing changed in it, else 0."""

    old: Markup
    new: Markup
    kept: int = 0

    @property
    def html(self) -> Markup:
        """The row of a table."""
        return Markup("<tr><td>{}</td><td>{}</td></tr>\n").format(self.old, self.new)


def escape(text: str) -> Markup:
    """Escape text, and remove the characters that HTML may not hold."""
    return markupsafe.escape(_CONTROL.sub("", text))


@dataclass(frozen=True, slots=True)
class FieldDiffHtml:
    """Renders a field that differs, with `del`, `ins`, `.moved`, and labels in `small`.

    `say` translates LABELS and "moved"; `within` is a prefix that keeps ids apart on a page with several diffs.
    """

    field: ChangedField
    say: Callable[[str], str] = str
    within: str = ""

    @property
    def is_list(self) -> bool:
        """Whether the field is a list of attachments, which `files` renders; else it is text."""
        return isinstance(self.field.old, list) or isinstance(self.field.new, list)

    def files(self) -> Markup:
        """Render removed and added attachments, one a line."""
        removed = [Markup("<del>{}</del>").format(escape(summarize_file(file))) for file in self.field.removed()]
        added = [Markup("<ins>{}</ins>").format(escape(summarize_file(file))) for file in self.field.added()]
        return Markup("\n").join([*removed, *added])

    def inline(self) -> Iterator[Segment]:
        """Yield the running text, deletions before insertions, for an element that keeps white space."""
        view, last = f"{self.within}{self.field.name}-inline", len(self.field.operations) - 1
        for number, operation in enumerate(self.field.operations):
            if operation.op == "equal":
                yield from _equal_segments(operation.new, number > 0, number < last)
            else:
                yield Segment(self._render_inline(operation, view))

    def side(self) -> Iterator[Segment]:
        """Yield rows of a table with old and new beside each other."""
        groups = [list(group) for _, group in groupby(self.rows(), lambda row: row.kept > 0)]
        for number, rows in enumerate(groups):
            is_equal = rows[0].kept > 0
            parts = _split_by_distance(rows, number > 0, number < len(groups) - 1) if is_equal else [(rows, False)]
            for part, is_far in parts:
                length = sum(row.kept for row in part) if is_far else 0
                yield Segment(Markup("").join(row.html for row in part), length if length >= MIN_FOLDED else 0)

    def rows(self) -> Iterator[SideBySideRow]:
        """Yield the rows of `side`; a row ends where a line ends on both sides, or on the only side with text."""
        view, left, right, is_kept = f"{self.within}{self.field.name}-side", Markup(""), Markup(""), True
        for operation in self.field.operations:
            for line in _lines(operation):
                old, new = self._render_beside(operation, line, view)
                left, right, is_kept = left + old, right + new, is_kept and operation.op == "equal"
                if _ends_row(operation, left, right):
                    yield SideBySideRow(left, right, len(right) if is_kept else 0)
                    left, right, is_kept = Markup(""), Markup(""), True
        if left or right:
            yield SideBySideRow(left, right, len(right) if is_kept else 0)

    def _render_beside(self, operation: Operation, line: _OperationLine, view: str) -> tuple[Markup, Markup]:
        if operation.op == "equal":
            return escape(line.old), escape(line.new)
        deletion = self._render_deletion(operation, line.old, view, with_note=line.is_last and not operation.new)
        return deletion, self._render_insertion(operation, line.new, view, with_note=line.is_last)

    def _render_inline(self, operation: Operation, view: str) -> Markup:
        if operation.op == "equal":
            return escape(operation.new)
        deletion = self._render_deletion(operation, operation.old, view, with_note=not operation.new)
        return deletion + self._render_insertion(operation, operation.new, view, with_note=True)

    def _render_deletion(self, operation: Operation, text: str, view: str, with_note: bool) -> Markup:
        return self._mark("del", operation, text, escape(text.rstrip()), view, with_note)

    def _render_insertion(self, operation: Operation, text: str, view: str, with_note: bool) -> Markup:
        inside = Markup("").join(self._render_inline(part, view) for part in operation.inside)
        content = inside.rstrip() if inside else escape(text.rstrip())
        return self._mark("ins", operation, text, content, view, with_note)

    def _mark(self, tag: str, operation: Operation, text: str, content: Markup, view: str, with_note: bool) -> Markup:
        """Put the content of a text into `del`, `ins` or `span`; the white space at its end stays outside."""
        if not text:
            return content
        element, css_class = "span" if operation.inside else tag, ' class="moved"' if operation.moved else ""
        marked = Markup(f"<{element}{css_class}>{{}}</{element}>").format(content)
        note = self._note(tag, operation, view) if with_note else Markup("")
        return marked + note + escape(text[len(text.rstrip()) :])

    def _note(self, tag: str, operation: Operation, view: str) -> Markup:
        """Render the labels of an operation; the two places of a moved paragraph link to each other."""
        place, other = f"{view}-{operation.moved}-", "ins" if tag == "del" else "del"
        link = Markup('<small id="{}{}"><a href="#{}{}">{} {}</a></small>')
        moved = link.format(place, tag, place, other, self.say("moved"), operation.moved) if operation.moved else ""
        labels = " ".join(map(self.say, operation.label.split())) if operation.label else ""
        return Markup("{}{}").format(moved, Markup("<small>{}</small>").format(escape(labels)) if labels else "")


def _equal_segments(text: str, has_change_before: bool, has_change_after: bool) -> Iterator[Segment]:
    """Yield equal text; the rest of a changed line, and the line next to it, are never folded."""
    lines = text.splitlines(keepends=True)
    for part, is_far in _split_by_distance(lines, 2 * has_change_before, 2 * has_change_after):
        kept = "".join(part)
        yield Segment(escape(kept), len(kept) if is_far and len(kept) >= MIN_FOLDED else 0)


def _split_by_distance(lines: Sequence[T], near_before: int, near_after: int) -> Iterator[tuple[Sequence[T], bool]]:
    """Yield the lines near the change before, those far from changes (True), and those near the change after."""
    end = max(len(lines) - near_after, near_before)
    for part, is_far in ((lines[:near_before], False), (lines[near_before:end], True), (lines[end:], False)):
        if part:
            yield part, is_far


class _OperationLine(NamedTuple):
    """A line of the old text of an operation beside one of its new text; one of them may be empty."""

    old: str
    new: str
    is_last: bool


def _lines(operation: Operation) -> Iterator[_OperationLine]:
    """Yield an operation line by line, if its lines correspond; else as one."""
    old, new = operation.old.splitlines(keepends=True), operation.new.splitlines(keepends=True)
    correspond = len(old) == len(new) or not old or not new
    if operation.inside or not correspond:
        old, new = [operation.old], [operation.new]
    pairs = list(zip_longest(old, new, fillvalue=""))
    for number, (old_line, new_line) in enumerate(pairs, 1):
        yield _OperationLine(old_line, new_line, number == len(pairs))


def _ends_row(operation: Operation, left: Markup, right: Markup) -> bool:
    has_ended = [side.endswith("\n") for side in (left, right)]
    return all(has_ended) or (any(has_ended) and (operation.op == "equal" or not left or not right))
