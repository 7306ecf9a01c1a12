"""Times as the archive writes them: UTC to the second, `2026-11-22T10:04:05Z`.

The environment variable `LUFENG_CLOCK` shifts the program's clock by so many seconds, forwards (`+86400`, or `86400`)
or backwards (`-3600`): a test of what a day brings need not wait for it. Every time that the program writes or compares
is then shifted; times that pages and other makers' WARCs state are not.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta

from lufeng_crawler.errors import UsageError

FORMAT = "%Y-%m-%dT%H:%M:%SZ"
CLOCK_VARIABLE = "LUFENG_CLOCK"
_SIGNS = str.maketrans("", "", "-:TZ")


def now() -> str:
    """Return the current time, shifted as LUFENG_CLOCK says. Raises UsageError where that is not a number."""
    return (datetime.now(UTC) + clock_shift()).strftime(FORMAT)


def clock_shift() -> timedelta:
    """Return the shift that LUFENG_CLOCK names, zero where it is unset or empty. Raises UsageError."""
    shift = os.environ.get(CLOCK_VARIABLE, "")
    if not shift:
        return timedelta()
    if not re.fullmatch(r"[+-]?\d{1,9}", shift, re.ASCII):  # nine digits are 31 years, and no overflow
        raise UsageError(f"{CLOCK_VARIABLE}={shift}: must be seconds, at most nine digits, such as +86400 or -3600")
    return timedelta(seconds=int(shift))


def later(time: str, delta: timedelta) -> str:
    """Return the time plus `delta`, which may be negative."""
    return (parse(time) + delta).astimezone(UTC).strftime(FORMAT)


def digits(time: str) -> str:
    """Return an archive time as replays and file names write it: 20261122100405."""
    return time.translate(_SIGNS)


def parse(time: str) -> datetime:
    """Parse an archive time, or one that a page states; a day without a time begins at midnight in China."""
    moment = datetime.fromisoformat(time)
    # Always 8 hours, as the views of the database count: CHINA would know the summer time of 1986 to 1991.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC) - timedelta(hours=8)
