"""A difference as HTML: each field as running text and side by side, in which nothing of a site's is but text."""

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
"""Characters of whole lines that stayed, from which on they may be folded."""

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What HTML may not hold, even escaped."""


class Segment(NamedTuple):
    """A part of a view; `folded`: so many characters that stayed and are a line away from any change, else 0."""

    html: Markup
    folded: int = 0


class SideBySideRow(NamedTuple):
    """Old and new beside each other; `kept`: the characters of a row in which nothing changed."""

    old: Markup
    new: Markup
    kept: int = 0

    @property
    def html(self) -> Markup:
        """As a row of a table."""
        return Markup("<tr><td>{}</td><td>{}</td></tr>\n").format(self.old, self.new)


def escape(text: str) -> Markup:
    """Text as HTML, without what HTML may not hold."""
    return markupsafe.escape(_CONTROL.sub("", text))


@dataclass(frozen=True, slots=True)
class FieldDiffHtml:
    """A field that differs, marked up: `del`, `ins`, `.moved`, and labels in `small`.

    `say` puts LABELS and "moved" into a reader's words; `within` keeps ids apart where a page has many differences.
    """

    field: ChangedField
    say: Callable[[str], str] = str
    within: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it is a list of attachments, which `files` shows; else it is text."""
        return isinstance(self.field.old, list) or isinstance(self.field.new, list)

    def files(self) -> Markup:
        """Attachments that went and came, a line each."""
        gone = [Markup("<del>{}</del>").format(escape(summarize_file(file))) for file in self.field.gone()]
        come = [Markup("<ins>{}</ins>").format(escape(summarize_file(file))) for file in self.field.come()]
        return Markup("\n").join([*gone, *come])

    def inline(self) -> Iterator[Segment]:
        """The running text: what went stands before what came. For an element that keeps white space."""
        view, last = f"{self.within}{self.field.name}-inline", len(self.field.operations) - 1
        for at, one in enumerate(self.field.operations):
            if one.op == "equal":
                yield from _kept(one.new, at > 0, at < last)
            else:
                yield Segment(self._running(one, view))

    def side(self) -> Iterator[Segment]:
        """Rows of a table with old and new beside each other."""
        groups = [list(group) for _, group in groupby(self.rows(), lambda row: row.kept > 0)]
        for at, rows in enumerate(groups):
            stayed = rows[0].kept > 0
            for part, is_far in _parted(rows, at > 0, at < len(groups) - 1) if stayed else [(rows, False)]:
                length = sum(row.kept for row in part) if is_far else 0
                yield Segment(Markup("").join(row.html for row in part), length if length >= MIN_FOLDED else 0)

    def rows(self) -> Iterator[SideBySideRow]:
        """Those of `side`; a row ends where a line ends on both sides, or on the one that has something."""
        view, left, right, kept = f"{self.within}{self.field.name}-side", Markup(""), Markup(""), True
        for one in self.field.operations:
            for old, new, is_last in _lines(one):
                here, there = self._beside(one, old, new, view, is_last)
                left, right, kept = left + here, right + there, kept and one.op == "equal"
                ended = [side.endswith("\n") for side in (left, right)]
                if all(ended) or (any(ended) and (one.op == "equal" or not left or not right)):
                    yield SideBySideRow(left, right, len(right) if kept else 0)
                    left, right, kept = Markup(""), Markup(""), True
        if left or right:
            yield SideBySideRow(left, right, len(right) if kept else 0)

    def _beside(self, one: Operation, old: str, new: str, view: str, is_last: bool) -> tuple[Markup, Markup]:
        if one.op == "equal":
            return escape(old), escape(new)
        gone = self._gone(one, old, view, noted=is_last and not one.new)
        return gone, self._come(one, new, view, noted=is_last)

    def _running(self, one: Operation, view: str) -> Markup:
        if one.op == "equal":
            return escape(one.new)
        return self._gone(one, one.old, view, noted=not one.new) + self._come(one, one.new, view, noted=True)

    def _gone(self, one: Operation, text: str, view: str, noted: bool) -> Markup:
        said = escape(text.rstrip())
        return self._mark("del", one, said, view, noted) + escape(text[len(text.rstrip()) :]) if text else said

    def _come(self, one: Operation, text: str, view: str, noted: bool) -> Markup:
        inside = Markup("").join(self._running(part, view) for part in one.inside)
        said = inside.rstrip() if inside else escape(text.rstrip())
        return self._mark("ins", one, said, view, noted) + escape(text[len(text.rstrip()) :]) if text else said

    def _mark(self, tag: str, one: Operation, said: Markup, view: str, noted: bool) -> Markup:
        """Where a paragraph moved, its two places lead to each other."""
        element, kind = "span" if one.inside else tag, ' class="moved"' if one.moved else ""
        marked = Markup(f"<{element}{kind}>{{}}</{element}>").format(said)
        return marked + self._note(tag, one, view) if noted else marked

    def _note(self, tag: str, one: Operation, view: str) -> Markup:
        place, other = f"{view}-{one.moved}-", "ins" if tag == "del" else "del"
        link = Markup('<small id="{}{}"><a href="#{}{}">{} {}</a></small>')
        moved = link.format(place, tag, place, other, self.say("moved"), one.moved) if one.moved else ""
        labels = " ".join(map(self.say, one.label.split())) if one.label else ""
        return Markup("{}{}").format(moved, Markup("<small>{}</small>").format(escape(labels)) if labels else "")


def _kept(text: str, before: bool, behind: bool) -> Iterator[Segment]:
    """What stayed; the rest of a change's own line and the line next to that are never folded."""
    for part, is_far in _parted(text.splitlines(keepends=True), 2 * before, 2 * behind):
        said = "".join(part)
        yield Segment(escape(said), len(said) if is_far and len(said) >= MIN_FOLDED else 0)


def _parted(lines: Sequence[T], before: int, behind: int) -> Iterator[tuple[Sequence[T], bool]]:
    """So many lines behind the change before them, those far from changes (True), and so many before the next."""
    head, tail = before, max(len(lines) - behind, before)
    for part, is_far in ((lines[:head], False), (lines[head:tail], True), (lines[tail:], False)):
        if part:
            yield part, is_far


def _lines(one: Operation) -> Iterator[tuple[str, str, bool]]:
    """The operation line by line, where its lines can be told; whether each is the last."""
    old, new = one.old.splitlines(keepends=True), one.new.splitlines(keepends=True)
    together = len(old) == len(new) or not old or not new
    if one.inside or not together:
        old, new = [one.old], [one.new]
    pairs = list(zip_longest(old, new, fillvalue=""))
    for at, (here, there) in enumerate(pairs, 1):
        yield here, there, at == len(pairs)
