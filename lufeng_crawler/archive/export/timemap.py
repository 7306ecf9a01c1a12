"""Lists when a URL was captured as a Memento time map (RFC 7089): for people, aggregators and replay tools."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from w3lib.url import safe_url_string

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.export.capture_selection import SHOWS_STATE
from lufeng_crawler.errors import NotInArchive


@dataclass(frozen=True, slots=True)
class TimeMap:
    """The times at which a URL was captured, oldest first; `prefix` is where a replay tool serves the archive."""

    url: str
    prefix: str
    moments: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the link format (RFC 7089, 5)."""
        first, last = self.moments[0], self.moments[-1]
        yield f'<{_escape_url(self.url)}>; rel="original",'
        timemap, span = self._replay_url("timemap/link"), _time_span(first, last)
        yield f'<{timemap}>; rel="self"; type="application/link-format"; {span},'
        yield f'<{self._replay_url()}>; rel="timegate",'
        for moment in self.moments:
            place = "first " * (moment == first) + "last " * (moment == last)
            end = "," if moment != last else ""
            yield f'<{self._memento_url(moment)}>; rel="{place}memento"; datetime="{_http_date(moment)}"{end}'

    def report(self) -> dict[str, Any]:
        """Return the JSON object of MemGator and the Time Travel service."""
        mementos = [{"datetime": moment, "uri": self._memento_url(moment)} for moment in self.moments]
        return {
            "original_uri": self.url,
            "self": self._replay_url("timemap/json"),
            "timegate_uri": self._replay_url(),
            "timemap_uri": {
                "link_format": self._replay_url("timemap/link"),
                "json_format": self._replay_url("timemap/json"),
            },
            "mementos": {"first": mementos[0], "last": mementos[-1], "list": mementos},
        }

    def _memento_url(self, moment: str) -> str:
        return self._replay_url(timestamps.digits(moment))

    def _replay_url(self, resource: str = "") -> str:
        return "/".join(part for part in (self.prefix.rstrip("/"), resource, _escape_url(self.url)) if part)


def build_timemap(db: sqlite3.Connection, spellings: Iterable[str], prefix: str) -> TimeMap:
    """Build the time map of the first of these spellings of a URL that the archive has. Raise NotInArchive."""
    candidates = list(spellings)
    sql = f"SELECT DISTINCT fetched_at FROM captures WHERE url = ? AND {SHOWS_STATE} ORDER BY fetched_at"
    for url in dict.fromkeys(form for spelling in candidates for form in (spelling, safe_url_string(spelling))):
        if moments := tuple(row[0] for row in db.execute(sql, (url,))):
            return TimeMap(url, prefix, moments)
    raise NotInArchive(f"{candidates[0]}: the archive has no capture that shows what is at this address")


def _time_span(first: str, last: str) -> str:
    return f'from="{_http_date(first)}"; until="{_http_date(last)}"'


def _http_date(moment: str) -> str:
    return format_datetime(timestamps.parse(moment), usegmt=True)


def _escape_url(url: str) -> str:
    """Escape what may not stand between angle brackets."""
    return quote(url, safe="/%:=&?~#+!$,;'@()*[]|")
