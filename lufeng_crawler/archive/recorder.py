"""Turns what lies in the WARCs into rows, one event or capture at a time: for a crawl, an ingest, a rebuild alike."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from lufeng_crawler.archive import articles, entries, files, moves, observations, presence, runs, versions
from lufeng_crawler.archive.addresses import at_address
from lufeng_crawler.archive.captures import Place
from lufeng_crawler.archive.rows import first, insert, value
from lufeng_crawler.archive.sightings import Sighting
from lufeng_crawler.archive.warc import Event, Original, Record, sha256
from lufeng_crawler.items import Article, Blocked, Capture, File, Gone, Listing, Reading, Redirect, Unchanged


@dataclass(slots=True)
class Run:
    """What must be known of a run while its captures are recorded."""

    id: int
    apart: int


def find_original(db: sqlite3.Connection, site: str, where: str, *values: object) -> Original | None:
    """The site's newest capture with a payload of its own that meets the condition."""
    row = first(
        db,
        "SELECT id, url, fetched_at, payload_digest, outcome, length FROM captures"
        f" WHERE {where} AND site = (SELECT id FROM sites WHERE name = ?) AND revisit_of IS NULL"
        " ORDER BY id DESC LIMIT 1",
        *values,
        site,
    )
    return Original(*row) if row else None


def find_standing(db: sqlite3.Connection, site: str, url: str, at: str) -> Original | None:
    """The payload that stood at an address at that time, as far as is known: what a 304 says is still so."""
    newest = (
        "id = (SELECT coalesce(revisit_of, id) FROM captures WHERE url = ? AND fetched_at <= ? AND status = 200"
        " AND site = (SELECT id FROM sites WHERE name = ?) ORDER BY fetched_at DESC, id DESC LIMIT 1)"
    )
    return find_original(db, site, newest, url, at, site)


class Recorder:
    """Writes over one connection, inside the transaction of whoever calls.

    `reader` names what reads a site, `reread` reads an earlier capture again.
    """

    def __init__(self, db: sqlite3.Connection, reader: Callable[[str], str], reread: articles.Reread) -> None:
        self.db, self.reader, self.reread = db, reader, reread
        self._runs: dict[str, Run] = {}
        self._sites: dict[str, int] = {}
        self.go_on()

    def go_on(self) -> None:
        """Take up where the tables end: at the start, and after a transaction that was rolled back."""
        self._runs.clear()
        self._sites.clear()
        last = first(self.db, "SELECT id, chain FROM captures ORDER BY id DESC LIMIT 1")
        self.last_id, self.head = last or (0, "")

    def event(self, event: Event) -> None:
        """Record a run's beginning or end."""
        data: Any = dict(event.data)
        if event.kind == "begin":
            beginning = runs.Beginning(**data)
            self._runs[event.run] = Run(runs.begin(self.db, beginning), beginning.apart)
        else:
            runs.end(self.db, runs.Ending(**data), self.head)
            self._runs.pop(event.run, None)

    def capture(self, record: Record, place: Place, reading: Reading) -> None:
        """Record an answer and all that follows from what it was read as."""
        capture, run = record.capture, self._run(record.run)
        original = self.original(record)
        seen = Sighting(self.db, self.last_id + 1, run.id, self._site(capture.site), run.apart, capture)
        reading = self._repeated(seen, original) if isinstance(reading, Unchanged) and original else reading
        article = self._decide(seen, reading, original)
        chain = self._link(record)
        insert(
            self.db,
            "captures",
            run=run.id,
            site=seen.site,
            article=article,
            content=self._content(article, seen.at) if isinstance(reading, Article | Unchanged) else None,
            payload_digest=record.digest,
            revisit_of=original.id if original else None,
            vantage=record.vantage,
            file=place.file,
            offset=place.offset,
            record_length=place.length,
            chain=chain,
            length=original.length if original and capture.status != HTTPStatus.NOT_MODIFIED else len(capture.body),
            **_of_capture(capture),
            **_of_reading(reading),
        )
        self.last_id, self.head = seen.id, chain
        if isinstance(reading, File | Redirect):
            files.arrived(self.db, capture.url)
        if article is not None:
            observations.settle(seen, article)

    def original(self, record: Record) -> Original | None:
        """The capture that a revisit record refers to, as far as the archive has it."""
        if record.refers_to is None:
            return None
        url, at = record.refers_to
        same = "url = ? AND payload_digest = ? AND fetched_at = ?"
        return find_original(self.db, record.capture.site, same, url, record.digest, at)

    def _repeated(self, seen: Sighting, original: Original) -> Reading:
        """What an answer says that repeats an earlier payload: `Unchanged` where that shows the latest version.

        Else what the earlier one said, again: a listing's lines, a soft 404, or a version that was thought replaced.
        """
        if original.outcome == "file":
            return File()
        article = self._article_of(original)
        if original.outcome == "article" and article is not None:
            latest = versions.latest(self.db, article)
            content = value(self.db, "SELECT content FROM captures WHERE id = ?", original.id)
            if content == latest.content_digest and seen.at >= latest.first_seen:
                return Unchanged()
        return self.reread(original.id)

    def _decide(self, seen: Sighting, reading: Reading, original: Original | None) -> int | None:
        match reading:
            case Article():
                return articles.seen_as_article(seen, reading, self.reader(seen.capture.site), self.reread)
            case Listing():
                entries.seen_as_listing(seen, reading)
                return None
            case Redirect():
                return moves.seen_as_redirect(seen, reading)
            case Unchanged():
                article = self._article_of(original) if original else None
                if article is not None:
                    articles.seen_unchanged(seen, article, versions.latest(self.db, article))
                return article
        article = at_address(self.db, seen.site, seen.capture.url)
        if isinstance(reading, Gone) and article is not None:
            presence.seen_gone(seen, article)
        return article

    def _content(self, article: int | None, at: str) -> str | None:
        """What the article's page showed: the digest of the version that has just been told of that time."""
        version = None if article is None else versions.current(self.db, article, at)
        return version.content_digest if version else None

    def _article_of(self, original: Original) -> int | None:
        article: int | None = value(self.db, "SELECT article FROM captures WHERE id = ?", original.id)
        return article

    def _run(self, name: str) -> Run:
        if name not in self._runs:
            self._runs[name] = Run(*(first(self.db, "SELECT id, apart FROM runs WHERE name = ?", name) or (0, 0)))
        return self._runs[name]

    def _site(self, name: str) -> int:
        if name not in self._sites:
            self._sites[name] = runs.site_id(self.db, name)
        return self._sites[name]

    def _link(self, record: Record) -> str:
        """The hash of this capture and of all before it: of what was seen, not of how it was read or where it lies."""
        capture = record.capture
        facts = [self.head, record.run, capture.site, capture.column, capture.kind, capture.url, capture.fetched_at]
        facts += [str(capture.status), record.digest, record.vantage, *(record.refers_to or ())]
        return sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _of_capture(capture: Capture) -> dict[str, object]:
    return {
        "url": capture.url,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "kind": capture.kind,
        "column": capture.column,
        "mime": (capture.header("Content-Type") or "").split(";")[0].strip().lower() or None,
        "etag": capture.header("ETag"),
        "last_modified": capture.header("Last-Modified"),
    }


def _of_reading(reading: Reading) -> dict[str, object]:
    return {
        "outcome": type(reading).__name__.lower(),
        "reason": reading.signature if isinstance(reading, Gone | Blocked) else getattr(reading, "reason", None),
        "location": reading.url if isinstance(reading, Redirect) else None,
    }
