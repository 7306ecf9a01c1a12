"""Decides when to visit an article again: soon while it is young or has just changed, ever more seldom with age."""

from __future__ import annotations

import math
from datetime import timedelta

from lufeng_crawler.archive import timestamps

MIN_WAIT, MAX_WAIT = timedelta(hours=6), timedelta(days=60)
WAIT_EXPONENT = 2 / 3
"""A page a day old waits six hours, one eight days old a day, one of half a year eight days, one of eight years 51.

Pages change at a rate that falls about as 1/age. With a fixed number of visits, waits that grow as √age give the least
mean delay (visits as the root of the rate) and waits that grow as age the least median; the exponent 2/3 lies between.
benchmarks/revisit.py measures what it is worth, under other assumptions too.
"""

IF_GONE = timedelta(days=30)
IF_INCONCLUSIVE = timedelta(days=1)


def next_visit(at: str, published: str | None, changed_at: str | None) -> str:
    """Return when a live article is due again. `changed_at` is when its latest edit was first seen, if any."""
    born = [timestamps.parse(time) for time in (published, changed_at) if time]
    age = timestamps.parse(at) - max(born) if born else timedelta(0)
    return timestamps.later(at, revisit_interval(age))


def revisit_interval(age: timedelta) -> timedelta:
    """Return how long to leave a page alone that was published, or last changed, so long ago."""
    days = max(0.0, age / timedelta(days=1))
    return min(MAX_WAIT, max(MIN_WAIT, MIN_WAIT * math.pow(days, WAIT_EXPONENT)))


def next_visit_if_absent(at: str, gone: bool, apart: int) -> str:
    """Return when to visit an absent article: a missing one as soon as a second denial can count, one gone seldom."""
    return timestamps.later(at, IF_GONE if gone else timedelta(seconds=apart))


def next_visit_if_inconclusive(at: str) -> str:
    """Return when to visit again after an answer that says nothing: not at once, or it would keep others waiting."""
    return timestamps.later(at, IF_INCONCLUSIVE)
