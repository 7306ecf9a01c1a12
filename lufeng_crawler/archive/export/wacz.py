"""Writes selected captures as a WACZ that others can replay: the records from the WARCs, an index, the pages."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.db.rows import Row, dicts, first, value
from lufeng_crawler.archive.export.atomic_file import atomic_write
from lufeng_crawler.archive.export.capture_selection import SHOWS_STATE, CaptureSelection
from lufeng_crawler.archive.export.cdxj import CdxjIndex, CdxjLine, cdxj_header
from lufeng_crawler.archive.export.wacz_package import WaczPackage
from lufeng_crawler.archive.export.wacz_signing import SigningKey
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.errors import UsageError

INDEX = "index.cdx.gz"
SHOWS_ARTICLE = f"{SHOWS_STATE} AND outcome IN ('article', 'unchanged')"

PAGES_SQL = f"""SELECT capture.url, min(capture.fetched_at) AS ts, version.title, version.body AS text,
        version.content_digest
    FROM (SELECT * FROM {CaptureSelection.CAPTURES}) capture JOIN versions version ON version.id = (
        SELECT id FROM versions WHERE article = capture.article AND first_seen <= capture.fetched_at
        ORDER BY first_seen DESC, number DESC LIMIT 1)
    WHERE {SHOWS_ARTICLE} GROUP BY version.id ORDER BY ts, capture.url, version.number"""
"""One row for each version: the first selected capture that shows it. SQLite takes the URL from the row of the min().

A capture shows the newest version that was first seen by then.
"""


def write_wacz(
    selection: CaptureSelection,
    folder: Path,
    path: Path,
    software: str,
    key: SigningKey | None = None,
    progress: Progress = no_progress,
) -> int:
    """Write the selected captures of the archive in `folder` to a .wacz file. Return the number of pages it lists.

    The same archive and selection give the same bytes. `progress` counts captures. Raise UsageError for an ending other
    than `.wacz`, on which the standard insists, and DamagedCapture for a record that is not whole; then nothing is
    written.
    """
    if path.suffix != ".wacz":
        raise UsageError(f"{path}: the file name must end in .wacz")
    metadata = _package_metadata(selection)
    with atomic_write(path) as file, ZipFile(file.buffer, "w") as zip, closing(CdxjIndex()) as index:
        package = WaczPackage(zip, metadata["created"])
        _write_records(selection, folder / "captures", package, index, progress)
        _write_index(package, index)
        pages = _write_pages(selection, package, metadata["title"])
        package.write_manifest(metadata | {"software": software}, key)
    return pages


def _package_metadata(selection: CaptureSelection) -> dict[str, str]:
    """Return what datapackage.json says; `created` is the time of the newest capture, so that it can be made again."""
    sql = f"SELECT count(*), min(fetched_at), max(fetched_at), count(DISTINCT site) FROM {selection.CAPTURES}"
    count, since, until, sites = first(selection.db, sql) or ()
    has_main_page = bool(selection.article) or sites == 1
    metadata = {
        "title": _title(selection) if has_main_page else f"{sites} sites",
        "description": f"{count} captures, {since} to {until}. In the index are those that show a state of their"
        " address; answers 304 and challenges are in the WARC files only.",
        "created": until,
    }
    url, at = _main_page(selection) if has_main_page else (None, None)
    return metadata | ({"mainPageUrl": url, "mainPageDate": at} if url else {})


def _title(selection: CaptureSelection) -> str:
    """Return the title of the article, else of the only site."""
    if selection.article:
        sql = "SELECT title FROM versions WHERE article = ? ORDER BY number DESC LIMIT 1"
        return str(value(selection.db, sql, selection.article))
    site = f"SELECT site FROM {selection.CAPTURES}"
    return str(value(selection.db, f"SELECT coalesce(title, name) FROM sites WHERE id = ({site})"))


def _main_page(selection: CaptureSelection) -> tuple[str | None, str | None]:
    """Return URL and time of the newest capture of the article, else of the home page."""
    article = selection.article
    condition = f"{SHOWS_ARTICLE} AND article = {article}" if article else "kind = 'home' AND status = 200"
    sql = f"SELECT url, fetched_at FROM {selection.CAPTURES} WHERE {condition} ORDER BY fetched_at DESC LIMIT 1"
    url, at = first(selection.db, sql) or (None, None)
    return url, at


def _write_records(
    selection: CaptureSelection,
    folder: Path,
    package: WaczPackage,
    index: CdxjIndex,
    progress: Progress,
) -> None:
    """Copy the records file by file, under the files' own names and after their own warcinfo record.

    The index has the captures that show a state, and those that they repeat.
    """
    originals = f"SELECT revisit_of FROM {selection.CAPTURES} WHERE {SHOWS_STATE} AND revisit_of > 0"
    rows = dicts(
        selection.db,
        f"""SELECT url, fetched_at, status, mime, payload_digest, file, offset,
                ({SHOWS_STATE}) OR id IN ({originals}) AS is_indexed
            FROM {selection.CAPTURES} ORDER BY file, offset""",
    )
    for file, captures in groupby(rows, key=itemgetter("file")):
        name = file.replace("/", "-")
        with package.part(f"archive/{name}") as write:
            offset = write(files.read_member(folder, file, 0)[0])
            for capture in captures:
                line, data = _read_members(folder, capture, name, offset)
                if capture["is_indexed"]:
                    index.add(line)
                offset += write(data)
                progress(1)


def _read_members(folder: Path, capture: Row, name: str, offset: int) -> tuple[CdxjLine, bytes]:
    """Return the index line of a capture, and the gzip members of its response and its request.

    `name` and `offset` are those of the response in the package. A request that was lost with a torn tail is left out.
    """
    response, record = files.read_member(folder, capture["file"], capture["offset"])
    end = capture["offset"] + len(response)
    is_last = end >= (folder / capture["file"]).stat().st_size
    request, request_record = (b"", b"") if is_last else files.read_member(folder, capture["file"], end)
    mime = "warc/revisit" if records.record_type(record) == "revisit" else capture["mime"]
    facts = (capture["url"], capture["fetched_at"], capture["status"], mime, capture["payload_digest"])
    line = CdxjLine(*facts, name, offset, len(response), digests.sha256(response))
    return line, response + (request if records.record_type(request_record) == "request" else b"")


def _write_index(package: WaczPackage, index: CdxjIndex) -> None:
    table = [cdxj_header(INDEX)]
    with package.part(f"indexes/{INDEX}") as write:
        for block, line in index.blocks():
            write(block)
            table.append(line)
    with package.part("indexes/index.idx") as write:
        write("".join(table).encode())


def _write_pages(selection: CaptureSelection, package: WaczPackage, title: str) -> int:
    """Write a page for each version of an article: the first capture in the package that shows it.

    That is not always the one that the version was found by, since that one may not be selected.
    """
    count = 0
    with package.part("pages/pages.jsonl") as write:
        write(_json_line({"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": True}))
        for row in dicts(selection.db, PAGES_SQL):
            digest = row.pop("content_digest")
            id = digests.sha256("\n".join((row["url"], row["ts"], digest)).encode("utf-8", "surrogatepass"))
            write(_json_line({"id": id.removeprefix("sha256:")[:20]} | row))
            count += 1
    return count


def _json_line(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "replace")
