"""What tests of the ingest share: pages of the demo county as records, and the archive that takes them in."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from lufeng_crawler.demo import answer, county
from lufeng_crawler.ingest import Ingest, IngestResult
from lufeng_crawler.reader import open_archive
from tests.support.archive_builder import rows
from tests.support.foreign_files import Made

HOST = "http://www.lufengxian.example"
PATHS = [one.url(one.columns[0]) for one in county(1).articles if not one.link]


def page(path: str, day: int, **more: Any) -> Made:
    """The county's answer at an address on a day of its calendar, as a record."""
    given = answer(path, day)
    return {
        "url": HOST + path,
        "date": f"2026-11-{15 + day}T02:00:00Z",
        "status": f"{given.status} Said",
        "headers": [pair for pair in given.headers if pair[0] != "Content-Type"],
        "body": given.body,
    } | more


def ingest(folder: Path, *files: Path, jobs: int = 1) -> tuple[IngestResult, list[str]]:
    """What an ingest into the archive of that folder amounts to, and what it says."""
    said: list[str] = []
    with closing(open_archive(folder, None)) as archive:
        taken = Ingest(archive, None, said.append, jobs).run(files)
    return taken, said


def told(folder: Path) -> list[tuple[Any, ...]]:
    """Versions and events, by article and time."""
    versions = (
        "SELECT a.key, number, v.title, v.body, v.first_seen, v.last_seen FROM versions v"
        " JOIN articles a ON a.id = v.article ORDER BY 1, 2"
    )
    events = (
        "SELECT a.key, kind, at, fields, silent, from_version, to_version FROM changes c"
        " JOIN articles a ON a.id = c.article ORDER BY at, 1, 2"
    )
    return [tuple(row.values()) for sql in (versions, events) for row in rows(folder, sql)]
