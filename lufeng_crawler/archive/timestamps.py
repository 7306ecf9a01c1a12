"""Times as the archive writes them: UTC to the second, `2026-11-22T10:04:05Z`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_SIGNS = str.maketrans("", "", "-:TZ")


def now() -> str:
    """Return the present time."""
    return datetime.now(UTC).strftime(FORMAT)


def later(time: str, delta: timedelta) -> str:
    """Return the time that much later, or earlier."""
    return (parse(time) + delta).astimezone(UTC).strftime(FORMAT)


def digits(time: str) -> str:
    """Return a time of ours as replays and file names have it: 20261122100405."""
    return time.translate(_SIGNS)


def parse(time: str) -> datetime:
    """Parse a time of ours, or one a page states. A day without a time means its beginning in China."""
    moment = datetime.fromisoformat(time)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC) - timedelta(hours=8)
