"""Finds what a revisit repeats among the captures that an earlier crawl or ingest brought into the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from lufeng_crawler.archive.queries.exchanges import nearest_payload_locations, payload_locations
from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.archive.warc.files import RecordLocation
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.ingest.stated_digests import contradicts, has_digest
from lufeng_crawler.items import Capture

MAX_CANDIDATES = 99
"""Captures of a URL that are read to find the one with a digest."""


def find_archived_original(db: sqlite3.Connection, folder: Path, revisit: Revisit) -> Capture | None:
    """Return the capture in the archive that a revisit names, or None. `folder` holds the WARC files.

    It is named by URL and time, else by digest among the captures of a URL. Where several were made of the URL in that
    second, it is the one with the digest. One that does not have the stated digest is not what the revisit repeats.
    """
    named = list(_read_captures(folder, payload_locations(db, revisit.url, revisit.at)))
    if len(named) == 1:
        return None if contradicts(revisit.digest, named[0].body) else named[0]
    for url in dict.fromkeys((revisit.url, revisit.capture.url)):
        locations = nearest_payload_locations(db, url, revisit.capture.fetched_at, MAX_CANDIDATES)
        for capture in named or _read_captures(folder, locations):
            if has_digest(capture.body, revisit.digest):
                return capture
    return None


def _read_captures(folder: Path, locations: Iterable[RecordLocation]) -> Iterator[Capture]:
    for location in locations:
        record = records.parse_record(files.read_record(folder, location))
        if isinstance(record, records.Record):
            yield record.capture
