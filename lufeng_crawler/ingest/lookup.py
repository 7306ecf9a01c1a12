"""Looks up what the archive already has of a response that an ingest reads from a file."""

from __future__ import annotations

from http import HTTPStatus

from lufeng_crawler.archive import Archive
from lufeng_crawler.archive.digests import sha256
from lufeng_crawler.archive.queries.captures import has_capture
from lufeng_crawler.archive.store.archive import BATCH
from lufeng_crawler.archive.store.recorder import find_confirmed_by_304
from lufeng_crawler.ingest.originals import find_archived_original
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.items import Capture


class ArchiveLookup:
    """Reads an archive that the ingest writes to.

    Captures that were stored become rows by the batch. Before a question about a URL that is among them, the batch is
    written, so that every answer includes all that was stored.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._unwritten: set[str] = set()

    def add_stored(self, url: str) -> None:
        """Note that a capture of that URL was stored, whose row may not be written yet."""
        self._unwritten.add(url)

    def has_row(self, url: str, at: str) -> bool:
        """Return whether there is a row of that URL and time, without writing the batch: a cheap guess."""
        return has_capture(self._archive.db, url, at)

    def has(self, capture: Capture) -> bool:
        """Return whether the archive has a capture with the same URL, time, status and payload."""
        self._write_rows(capture.url)
        digest = None if capture.status == HTTPStatus.NOT_MODIFIED else sha256(capture.body)
        return has_capture(self._archive.db, capture.url, capture.fetched_at, capture.status or None, digest)

    def has_response(self, revisit: Revisit) -> bool:
        """Return whether it has a capture of the revisit's URL, time and status (of any, where it states none)."""
        capture = revisit.capture
        self._write_rows(capture.url, revisit.url)
        return has_capture(self._archive.db, capture.url, capture.fetched_at, capture.status or None)

    def has_confirmed_by_304(self, capture: Capture) -> bool:
        """Return whether it has the payload that a 304 confirms."""
        self._write_rows(capture.url)
        return find_confirmed_by_304(self._archive.db, capture.site, capture.url, capture.fetched_at) is not None

    def find_original(self, revisit: Revisit) -> Capture | None:
        """Return the capture that a revisit repeats, or None."""
        self._write_rows(revisit.capture.url, revisit.url)
        return find_archived_original(self._archive.db, self._archive.captures, revisit)

    def _write_rows(self, *urls: str) -> None:
        if len(self._unwritten) >= BATCH or not self._unwritten.isdisjoint(urls):
            self._archive.flush()
            self._unwritten.clear()
