"""Turns what lies in the WARCs into rows, one event or capture at a time: for a crawl, an ingest, a rebuild alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from lufeng_crawler.archive.db.rows import first, insert, value
from lufeng_crawler.archive.history import (
    articles,
    attachments,
    content_moves,
    presence,
    presence_backfill,
    redirect_moves,
    versions,
)
from lufeng_crawler.archive.history.article_urls import article_at_url
from lufeng_crawler.archive.history.observation import Observation, ReadAgain
from lufeng_crawler.archive.store import listings, runs
from lufeng_crawler.archive.warc import hash_chain
from lufeng_crawler.archive.warc.files import RecordLocation
from lufeng_crawler.archive.warc.hash_chain import ChainState
from lufeng_crawler.archive.warc.records import FileHeader, Original, Record, RunMarker
from lufeng_crawler.items import Article, Blocked, Capture, File, Gone, Listing, Reading, Redirect, Unchanged


@dataclass(slots=True)
class RunRow:
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

    def __init__(self, db: sqlite3.Connection, reader: Callable[[str], str], reread: ReadAgain) -> None:
        self.db, self.reader, self.reread = db, reader, reread
        self._runs: dict[str, RunRow] = {}
        self._sites: dict[str, int] = {}
        self._standings: dict[str, ChainState] = {}
        self.reset()

    def reset(self) -> None:
        """Take up where the tables end: at the start, and after a transaction that was rolled back."""
        self._runs.clear()
        self._sites.clear()
        self._standings.clear()
        self.last_id = value(self.db, "SELECT max(id) FROM captures") or 0

    def chain_state(self, file: str) -> ChainState:
        """How far a file is recorded, what waits for its batch included."""
        if file not in self._standings:
            self._standings[file] = hash_chain.load_chain_state(self.db, file)
        return self._standings[file]

    def record_file_header(self, opening: FileHeader, place: RecordLocation) -> None:
        """Record that a file begins."""
        self.chain_state(place.file).opened(opening, place.digest)

    def record_run_marker(self, event: RunMarker, place: RecordLocation) -> None:
        """Record a run's beginning or end. Only an end that others gave it, who found it cut short, is no last word."""
        data: Any = dict(event.data)
        head = self.chain_state(place.file).link(event, place.digest)
        if event.kind == "begin":
            beginning = runs.RunStart(**data)
            known = value(self.db, "SELECT id FROM runs WHERE name = ?", event.run)  # of another archive, by chance
            self._runs[event.run] = RunRow(known or runs.insert_run(self.db, beginning), beginning.apart)
        elif not runs.has_ended(self.db, event.run):
            runs.finish_run(self.db, runs.RunEnd(**data), head)
        insert(
            self.db,
            "run_events",
            run=self._run(event.run).id,
            kind=event.kind,
            at=event.at,
            file=place.file,
            offset=place.offset,
            record_length=place.length,
            record_digest=place.digest,
            chain=head,
        )
        if event.kind == "end":
            self._runs.pop(event.run, None)

    def record_capture(self, record: Record, place: RecordLocation, reading: Reading) -> None:
        """Record an answer and all that follows from what it was read as."""
        capture, run = record.capture, self._run(record.run)
        original = self.original(record)
        site, reader = self._site(capture.site), self.reader(capture.site)
        seen = Observation(self.db, self.last_id + 1, run.id, site, run.apart, capture, reader, self.reread)
        reading = self._repeated(seen, original) if isinstance(reading, Unchanged) and original else reading
        article = self._decide(seen, reading, original)
        insert(
            self.db,
            "captures",
            run=run.id,
            site=seen.site,
            article=article,
            content=self._content(article, seen, reading),
            payload_digest=record.digest,
            revisit_of=original.id if original else None,
            vantage=record.vantage,
            file=place.file,
            offset=place.offset,
            record_length=place.length,
            record_digest=place.digest,
            chain=self.chain_state(place.file).link(record, place.digest),
            length=original.length if original and capture.status != HTTPStatus.NOT_MODIFIED else len(capture.body),
            **capture_columns(capture),
            **_of_reading(reading),
        )
        self.last_id = seen.id
        self._settle(seen, reading, article)

    def _settle(self, seen: Observation, reading: Reading, article: int | None) -> None:
        """What can be told only once the capture's row is there."""
        if isinstance(reading, File | Redirect):
            attachments.link_attachments(self.db, seen.capture.url)
        if article is not None:
            presence_backfill.recompute_presence(seen, article)

    def original(self, record: Record) -> Original | None:
        """The capture that a revisit record refers to, as far as the archive has it."""
        if record.refers_to is None:
            return None
        url, at = record.refers_to
        same = "url = ? AND payload_digest = ? AND fetched_at = ?"
        return find_original(self.db, record.capture.site, same, url, record.digest, at)

    def _repeated(self, seen: Observation, original: Original) -> Reading:
        """What an answer says that repeats an earlier payload: `Unchanged` where that shows the latest version.

        Else what the earlier one said, again: a listing's lines, a soft 404, or a version that was thought replaced.
        """
        if original.outcome == "file":
            return File()
        article = self._article_of(original)
        if original.outcome == "article" and article is not None:
            latest = versions.latest_version(self.db, article)
            content = value(self.db, "SELECT content FROM captures WHERE id = ?", original.id)
            if content == latest.content_digest and seen.at >= latest.first_seen:
                return Unchanged()
        return self.reread(original.id)

    def _decide(self, seen: Observation, reading: Reading, original: Original | None) -> int | None:
        match reading:
            case Article():
                return articles.record_article(seen, reading)
            case Listing():
                listings.record_listing(seen, reading)
                return None
            case Redirect():
                article = redirect_moves.record_redirect(seen, reading)
                if article is not None:
                    articles.record_inconclusive(seen, article)
                    presence.record_redirect_to_gone(seen, article, reading.url)
                return article
            case Unchanged():
                article = self._article_of(original) if original else None
                if article is not None:
                    articles.record_unchanged(seen, article, versions.latest_version(self.db, article))
                return article
        article = article_at_url(self.db, seen.site, seen.capture.url)
        if isinstance(reading, Gone):
            self._gone(seen, article)
        elif article is not None:
            articles.record_inconclusive(seen, article)
        return article

    def _gone(self, seen: Observation, article: int | None) -> None:
        if article is None:
            presence.record_gone_behind_redirects(seen)
        elif not content_moves.merge_if_moved(seen, article):
            presence.record_gone(seen, article)

    def _content(self, article: int | None, seen: Observation, reading: Reading) -> str | None:
        """What the article's page showed: the digest of the version that has just been told of that time."""
        if article is None or not isinstance(reading, Article | Unchanged):
            return None
        version = versions.version_at(self.db, article, seen.at)
        return version.content_digest if version else None

    def _article_of(self, original: Original) -> int | None:
        article: int | None = value(self.db, "SELECT article FROM captures WHERE id = ?", original.id)
        return article

    def _run(self, name: str) -> RunRow:
        if name not in self._runs:
            self._runs[name] = RunRow(*(first(self.db, "SELECT id, apart FROM runs WHERE name = ?", name) or (0, 0)))
        return self._runs[name]

    def _site(self, name: str) -> int:
        if name not in self._sites:
            self._sites[name] = runs.site_id(self.db, name)
        return self._sites[name]


def capture_columns(capture: Capture) -> dict[str, object]:
    """The columns that are of the answer alone."""
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
