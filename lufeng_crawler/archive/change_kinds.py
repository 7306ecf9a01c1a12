"""The kinds of change in an article's life: the one table that runs, views, commands, feeds and UI read.

To add a kind, add it here, have a module of `history/`, or `store/listings.py`, record it, and write its sentence in
`queries/event_text.py` and `queries/phrases.py`. A test fails for whatever was forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "neutral", "warning", "bad", "plain"]
"""The colour in which pages and feeds show a kind."""


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """A kind of change by its name in the table `changes`, what people call it, and its colour."""

    name: str
    english: str
    chinese: str
    tone: Tone


KINDS = (
    ChangeKind("new", "new", "新增", "good"),
    ChangeKind("edited", "edited", "修改", "neutral"),
    ChangeKind("missing", "missing", "不见", "warning"),
    ChangeKind("gone", "gone", "撤下", "bad"),
    ChangeKind("restored", "restored", "恢复", "good"),
    ChangeKind("delisted", "delisted", "移出列表", "warning"),
    ChangeKind("relisted", "relisted", "重新列入", "good"),
    ChangeKind("moved", "moved", "移动", "neutral"),
)
"""In the order in which they are listed and counted."""

NAMES = tuple(kind.name for kind in KINDS)
BY_NAME = {kind.name: kind for kind in KINDS}
