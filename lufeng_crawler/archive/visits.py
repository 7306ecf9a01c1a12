"""When an article is to be looked at again: soon while it is young or has just changed, ever more seldom with age."""

from __future__ import annotations

from datetime import timedelta

from lufeng_crawler.archive import clock

SOONEST, LATEST = timedelta(hours=6), timedelta(days=60)
SHARE_OF_AGE = 0.25
"""A page a day old waits six hours, one eight days old two days, one of half a year six weeks."""

GONE = timedelta(days=30)


def next_visit(at: str, published: str | None, changed_at: str | None) -> str:
    """From when on a live article is due again. `changed_at`: when its latest edit was first seen, if it was edited."""
    born = [clock.parse(time) for time in (published, changed_at) if time]
    age = clock.parse(at) - max(born) if born else timedelta(0)
    return clock.later(at, min(LATEST, max(SOONEST, age * SHARE_OF_AGE)))


def next_visit_of_absent(at: str, gone: bool, apart: int) -> str:
    """When to look again at a missing article (as soon as a second look can count), and at one that is gone."""
    return clock.later(at, GONE if gone else timedelta(seconds=apart))
