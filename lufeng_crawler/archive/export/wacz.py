"""Captures of the archive as a WACZ that others can replay: their records as they lie there, an index, the pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.db.rows import dicts, first, value
from lufeng_crawler.archive.export.atomic_file import atomic_write
from lufeng_crawler.archive.export.capture_selection import SHOWS_STATE
from lufeng_crawler.archive.export.cdxj import CdxjIndex, CdxjLine, cdxj_header
from lufeng_crawler.archive.export.wacz_package import WaczPackage
from lufeng_crawler.archive.export.wacz_signing import SigningKey
from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.errors import UsageError

INDEX = "index.cdx.gz"
SHOWS_ARTICLE = f"{SHOWS_STATE} AND outcome IN ('article', 'unchanged')"


def write_wacz(
    db: sqlite3.Connection,
    folder: Path,
    path: Path,
    software: str,
    key: SigningKey | None = None,
    watch: Callable[[int], None] = lambda step: None,
) -> int:
    """Write what `selection.choose` chose of the archive in `folder`; how many pages it lists.

    The same archive and choice give the same bytes. Raises UsageError for an ending other than `.wacz`, on which the
    standard insists, DamagedCapture for a record that is not whole; then nothing is written.
    """
    if path.suffix != ".wacz":
        raise UsageError(f"{path}: its ending must be .wacz")
    about = _about(db)
    with atomic_write(path) as file, ZipFile(file.buffer, "w") as zip, closing(CdxjIndex()) as index:
        package = WaczPackage(zip, about["created"])
        _write_records(db, folder / "captures", package, index, watch)
        _write_index(package, index)
        pages = _write_pages(db, package, about["title"])
        package.write_manifest(about | {"software": software}, key)
    return pages


def _about(db: sqlite3.Connection) -> dict[str, str]:
    """What the package says of itself; it counts as created with its newest capture, so that it can be made again."""
    sql = "SELECT count(*), min(fetched_at), max(fetched_at), count(DISTINCT site) FROM captures NATURAL JOIN chosen"
    count, since, until, sites = first(db, sql) or ()
    article = value(db, "SELECT CASE count(*) WHEN 1 THEN max(article) END FROM about")
    said = {
        "title": _title(db, article) if article or sites == 1 else f"{sites} sites",
        "description": f"{count} captures, {since} to {until}. In the index are those that show a state of their"
        " address; answers 304 and challenges are in the WARC files only.",
        "created": until,
    }
    page, at = _main_page(db, article) if article or sites == 1 else (None, None)
    return said | ({"mainPageUrl": page, "mainPageDate": at} if page else {})


def _title(db: sqlite3.Connection, article: int | None) -> str:
    """That of the article, else of the only site."""
    of_article = "SELECT title FROM versions WHERE article = ? ORDER BY number DESC LIMIT 1"
    of_site = "SELECT coalesce(title, name) FROM sites WHERE id = (SELECT site FROM captures NATURAL JOIN chosen)"
    return str(value(db, of_article, article) if article else value(db, of_site))


def _main_page(db: sqlite3.Connection, article: int | None) -> tuple[str | None, str | None]:
    """The newest capture of the article, else of the home page."""
    main = f"{SHOWS_ARTICLE} AND article = {article}" if article else "kind = 'home' AND status = 200"
    sql = f"SELECT url, fetched_at FROM captures NATURAL JOIN chosen WHERE {main} ORDER BY fetched_at DESC LIMIT 1"
    page, at = first(db, sql) or (None, None)
    return page, at


def _write_records(
    db: sqlite3.Connection, folder: Path, package: WaczPackage, index: CdxjIndex, watch: Callable[[int], None]
) -> None:
    """Copy the records, file by file under the files' own names and behind their own warcinfo."""
    repeated = f"SELECT revisit_of FROM captures NATURAL JOIN chosen WHERE {SHOWS_STATE} AND revisit_of > 0"
    rows = dicts(
        db,
        "SELECT url, fetched_at, status, mime, payload_digest, file, offset,"
        f" ({SHOWS_STATE}) OR id IN ({repeated}) AS shown"
        " FROM captures NATURAL JOIN chosen ORDER BY file, offset",
    )
    for file, of_file in groupby(rows, key=itemgetter("file")):
        name = file.replace("/", "-")
        with package.part(f"archive/{name}") as write:
            at = write(files.encode_member(folder, file, 0)[0])
            for row in of_file:
                line, data = _copied(folder, row, name, at)
                if row["shown"]:
                    index.add(line)
                at += write(data)
                watch(1)


def _copied(folder: Path, row: dict[str, Any], name: str, at: int) -> tuple[CdxjLine, bytes]:
    """The records of a capture: its answer and, where it did not go missing with a torn tail, its request."""
    file, offset = row["file"], row["offset"]
    answer, data = files.encode_member(folder, file, offset)
    behind = offset + len(answer)
    request, asked = (
        files.encode_member(folder, file, behind) if behind < (folder / file).stat().st_size else (b"", b"")
    )
    mime = "warc/revisit" if records.request_kind(data) == "revisit" else row["mime"]
    said = (row["url"], row["fetched_at"], row["status"], mime, row["payload_digest"])
    line = CdxjLine(*said, name, at, len(answer), digests.sha256(answer))
    return line, answer + (request if records.request_kind(asked) == "request" else b"")


def _write_index(package: WaczPackage, index: CdxjIndex) -> None:
    table = [cdxj_header(INDEX)]
    with package.part(f"indexes/{INDEX}") as write:
        for block, line in index.blocks():
            write(block)
            table.append(line)
    with package.part("indexes/index.idx") as write:
        write("".join(table).encode())


def _write_pages(db: sqlite3.Connection, package: WaczPackage, title: str) -> int:
    """A page for each version of an article: the first capture in the package that shows it.

    That is not always the one that the version was found by, since that may not have been chosen.
    """
    rows = dicts(  # SQLite takes c.url from the row with the least c.fetched_at
        db,
        "SELECT c.url, min(c.fetched_at) AS ts, v.title, v.body AS text, v.content_digest FROM captures c"
        " NATURAL JOIN chosen JOIN versions v ON v.id = (SELECT id FROM versions WHERE article = c.article"
        "     AND first_seen <= c.fetched_at ORDER BY first_seen DESC, number DESC LIMIT 1)"
        f" WHERE {SHOWS_ARTICLE} GROUP BY v.id ORDER BY ts, c.url, v.number",
    )
    count = 0
    with package.part("pages/pages.jsonl") as write:
        write(_json({"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": True}))
        for row in rows:
            digest = row.pop("content_digest")
            id = digests.sha256("\n".join((row["url"], row["ts"], digest)).encode("utf-8", "surrogatepass"))
            write(_json({"id": id.removeprefix("sha256:")[:20]} | row))
            count += 1
    return count


def _json(said: dict[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False) + "\n").encode("utf-8", "replace")
