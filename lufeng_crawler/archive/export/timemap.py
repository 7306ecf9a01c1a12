"""When an address was captured, as Memento says it (RFC 7089): for people, aggregators and replays."""

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
    """The moments at which an address was captured, oldest first; `prefix` is where a replay serves the archive."""

    url: str
    prefix: str
    moments: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The link format (RFC 7089, 5)."""
        first, last = self.moments[0], self.moments[-1]
        yield f'<{_escaped(self.url)}>; rel="original",'
        yield f'<{self._at("timemap/link")}>; rel="self"; type="application/link-format"; {_span(first, last)},'
        yield f'<{self._at()}>; rel="timegate",'
        for moment in self.moments:
            place = "first " * (moment == first) + "last " * (moment == last)
            end = "," if moment != last else ""
            yield f'<{self._memento(moment)}>; rel="{place}memento"; datetime="{_http_date(moment)}"{end}'

    def report(self) -> dict[str, Any]:
        """The JSON of MemGator and the Time Travel service."""
        mementos = [{"datetime": moment, "uri": self._memento(moment)} for moment in self.moments]
        return {
            "original_uri": self.url,
            "self": self._at("timemap/json"),
            "timegate_uri": self._at(),
            "timemap_uri": {"link_format": self._at("timemap/link"), "json_format": self._at("timemap/json")},
            "mementos": {"first": mementos[0], "last": mementos[-1], "list": mementos},
        }

    def _memento(self, moment: str) -> str:
        return self._at(timestamps.digits(moment))

    def _at(self, what: str = "") -> str:
        return "/".join(part for part in (self.prefix.rstrip("/"), what, _escaped(self.url)) if part)


def build_timemap(db: sqlite3.Connection, addresses: Iterable[str], prefix: str) -> TimeMap:
    """That of the first of these ways to write an address which the archive knows. Raises NotInArchive."""
    asked = list(addresses)
    for url in dict.fromkeys(form for one in asked for form in (one, safe_url_string(one))):
        sql = f"SELECT DISTINCT fetched_at FROM captures WHERE url = ? AND {SHOWS_STATE} ORDER BY fetched_at"
        if moments := tuple(row[0] for row in db.execute(sql, (url,))):
            return TimeMap(url, prefix, moments)
    raise NotInArchive(f"{asked[0]}: the archive has no capture that shows what is at this address")


def _span(first: str, last: str) -> str:
    return f'from="{_http_date(first)}"; until="{_http_date(last)}"'


def _http_date(moment: str) -> str:
    return format_datetime(timestamps.parse(moment), usegmt=True)


def _escaped(url: str) -> str:
    """Fit to stand between angle brackets."""
    return quote(url, safe="/%:=&?~#+!$,;'@()*[]|")
