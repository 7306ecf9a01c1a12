"""How a run can end, and the numbers it is counted in: the one table that runs, commands, exit codes and UI read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lufeng_crawler.archive.change_kinds import KINDS, Tone

Outcome = Literal["good", "below_expectation", "blocked", "unreachable", "interrupted"]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """A way to end, what people call it, its colour, and the exit code of a crawl that ended so on every site."""

    name: Outcome
    english: str
    chinese: str
    tone: Tone
    exit_code: int


OUTCOMES = (
    RunOutcome("good", "good", "正常", "good", 0),
    RunOutcome("below_expectation", "below expectation", "低于预期", "warning", 1),
    RunOutcome("blocked", "blocked", "被拦截", "bad", 4),
    RunOutcome("unreachable", "unreachable", "无法连接", "bad", 4),
    RunOutcome("interrupted", "interrupted", "中断", "plain", 1),
)
BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}


@dataclass(frozen=True, slots=True)
class RunCount:
    """A number of a run by its name in `runs.counts` and `crawl --json`, and what people call it.

    `summed_up`: named in the one line that a crawl prints for people, unless it is zero.
    """

    name: str
    english: str
    chinese: str
    summed_up: bool = True


_EVENTS = tuple(RunCount(kind.name, kind.english.capitalize(), kind.chinese) for kind in KINDS)
COUNTS = (
    RunCount("requests", "Requests", "请求", summed_up=False),
    RunCount("captures", "Captures", "抓取", summed_up=False),
    RunCount("entries", "Entries", "条目", summed_up=False),
    *_EVENTS[:2],  # new, edited
    RunCount("unchanged", "Unchanged", "未变"),
    *_EVENTS[2:],
    RunCount("unconfirmed", "Unconfirmed", "待证实"),
    RunCount("owed", "Owed", "欠收"),
    RunCount("out_of_reach", "Out of reach", "无法抓取"),
    RunCount("blocked", "Blocked", "拦截"),
    RunCount("files", "Files", "附件", summed_up=False),
    RunCount("layout_alarms", "Alarms", "警报", summed_up=False),
    RunCount("errors", "Errors", "错误"),
)
"""In the order in which they are shown."""
