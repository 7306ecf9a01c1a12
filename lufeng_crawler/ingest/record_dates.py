"""Reads the dates of WARC records: as precise as they are, with or without punctuation, and only such as there were."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from lufeng_crawler.archive import timestamps

EARLIEST = "1990-01-01T00:00:00Z"
"""When there was no web yet; a clock that was never set says 1970."""

TOLERANCE = timedelta(days=1)
"""How far ahead of ours another maker's clock may be, its time zone included."""

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d)"
    r"(?:[T ]?(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]?\d+)?)?)?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_timestamp(value: str) -> str | None:
    """Return a WARC-Date in our own form, or None where it is no date.

    It may be more precise than that, or less, down to the year (WARC 1.1, 5.4): then it is the first second of it. A
    leap second is the one before. What states no time zone is UTC.
    """
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return None
    *numbers, zone = match.groups()
    year, month, day, hour, minute, second = (int(part or least) for part, least in zip(numbers, "011000", strict=True))
    try:
        moment = datetime(year, month, day, hour, minute, 59 if second == 60 else second, tzinfo=UTC)
        return _format(moment - _offset(zone or "Z"))
    except (ValueError, OverflowError):
        return None


def latest_time(now: str) -> str:
    """Return the latest time that a record may state in an ingest at that time."""
    return timestamps.later(now, TOLERANCE)


def has_been(at: str, latest: str) -> bool:
    """Return whether there was a web at that time, and it is not later than `latest`.

    What is dated later would be the newest state of its article for as long as it is later, and all that is fetched
    until then would change nothing: it is no basis for an event, so it is left out.
    """
    return EARLIEST <= at <= latest


def _offset(zone: str) -> timedelta:
    if zone.upper() == "Z":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[3:].strip(":") or 0)
    offset = timezone(timedelta(hours=hours, minutes=minutes)).utcoffset(None)
    return offset if zone[0] == "+" else -offset


def _format(moment: datetime) -> str:
    return f"{moment.year:04d}-{moment:%m-%dT%H:%M:%SZ}"
