"""What tests of the archive share: pages made of JSON, runs told in a line each, all rows of all tables."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lufeng_crawler.archive import (
    Archive,
    Outcome,
    Reader,
    RunEnd,
    RunStart,
    StoredCapture,
    Sweep,
    open_archive,
    rebuild,
)
from lufeng_crawler.archive.warc.files import warc_files
from lufeng_crawler.items import (
    Article,
    Attachment,
    Blocked,
    Capture,
    Entry,
    Gone,
    Listing,
    Other,
    PresenceRule,
    Reading,
    Redirect,
    Unchanged,
)
from lufeng_crawler.pages.downloads import read_download

SITE = "http://gulou.example/"
Said = Any


def address(name: str | int) -> str:
    """`7` is the address of article 7 under column 1; other names are paths."""
    return f"{SITE}info/1/{name}.htm" if isinstance(name, int) or name.isdigit() else SITE + name


def key(url: str) -> str:
    """The CMS's id in an address, else the address."""
    found = re.search(r"/info/\d+/(\d+)\.htm$", url)
    return found[1] if found else url


def read(capture: Capture) -> Reading:
    """Reads what `answer` makes: pure, as `pages.read` is, and about as honest."""
    match capture.status:
        case 301 | 302 | 308:
            return Redirect(capture.header("Location") or "", capture.status != 302)
        case 304:
            return Unchanged()
        case 404 | 410:
            return Gone(str(capture.status))
        case 412 | 521:
            return Blocked(str(capture.status))
        case 200:
            return _content(capture)
    return Other(f"status {capture.status}")


def _content(capture: Capture) -> Reading:
    if capture.header("Content-Type") not in (None, "text/html"):
        return Other("not a page")
    said: Said = json.loads(capture.body or b"null")
    match said:
        case {"gone": words}:
            return Gone(words)
        case {"lines": lines}:
            return Listing(tuple(Entry(f"line {one}", address(one), key(address(one))) for one in lines))
        case {"title": title}:
            files = tuple(Attachment(*one) for one in said.get("files", ()))
            texts = {name: said[name] for name in ("published", "author", "source") if name in said}
            return Article(key(capture.url), capture.url, title, said.get("body", ""), attachments=files, **texts)
    return Other("empty body")


READER = Reader(lambda capture: read_download(capture, read), "reader 1")


def answer(name: str | int, said: Said = None, status: int = 200, to: str | int | None = None, **more: Any) -> Capture:
    """What the site answers at an address: `said` as JSON, or a redirect `to` another one. Its time is the run's."""
    headers = (("Content-Type", "text/html"), *((("Location", address(to)),) if to is not None else ()))
    body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
    more = {"headers": headers, "site": "gulou", "kind": "article"} | more
    time = more.pop("fetched_at", "")
    return Capture(address(name), time, status, body=body, **more)


def article(
    name: str | int, title: str = "题", body: str = "文", published: str = "2026-11-01", **more: Any
) -> Capture:
    """An article's page."""
    said = {name: more.pop(name) for name in ("author", "source", "files") if name in more}
    return answer(name, {"title": title, "body": body, "published": published} | said, **more)


def document(name: str, body: bytes = b"%PDF", mime: str = "application/pdf", **more: Any) -> Capture:
    """A file, as it is downloaded."""
    headers = (("Content-Type", mime), *more.pop("headers", ()))
    more = {"site": "gulou", "kind": "attachment"} | more
    return Capture(address(name), more.pop("fetched_at", ""), more.pop("status", 200), headers, body, **more)


def listing(*lines: str | int, column: str = "要闻") -> Capture:
    """The one page of a column."""
    return answer("list.htm", {"lines": list(lines)}, column=column, kind="listing")


def moment(day: float, second: int = 0) -> str:
    """A time on that day of November 2026."""
    seconds = round(day % 1 * 86400) + second
    return f"2026-11-{int(day):02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"


@dataclass(slots=True)
class Story:
    """An archive, told run by run; closed and opened again between them."""

    folder: Path
    reader: Reader = READER
    told: list[str] = field(default_factory=list)

    def run(
        self,
        day: float,
        *answers: Capture,
        outcome: Outcome | None = "good",
        sweeps: Mapping[str, Sweep] | None = None,
        hand_in: bool = True,
        kind: Any = "crawl",
        apart: int = 86400,
    ) -> list[dict[str, Any]]:
        """One run, a second between its answers; the events it brought. Outcome None: the process is killed."""
        name = f"run-{len(self.told):03}"
        self.told.append(name)
        archive = open_archive(self.folder, self.reader, "test")
        site, rule = None if kind == "ingest" else "gulou", PresenceRule(apart=apart)
        archive.begin(RunStart(name, kind, moment(day), site, start=site and SITE, presence_rule=rule))
        for second, given in enumerate(answers, 1):
            kept = archive.store(at(given, given.fetched_at or moment(day, second)), name)
            if hand_in:
                archive.set_reading(kept, archive.read(kept))
        if outcome is None:
            archive.release()
            return []
        archive.end(RunEnd(name, moment(day, len(answers) + 1), outcome, sweeps=sweeps or {}))
        archive.close()
        return self.events(f"run = (SELECT id FROM runs WHERE name = '{name}')")

    def events(self, where: str = "1") -> list[dict[str, Any]]:
        """Events by id."""
        return rows(self.folder, f"SELECT * FROM changes WHERE {where} ORDER BY id")

    def kinds(self, where: str = "1") -> list[str]:
        """What happened, in order."""
        return [event["kind"] for event in self.events(where)]


def at(given: Capture, time: str) -> Capture:
    """The same answer at another time."""
    return replace(given, fetched_at=time)


def take(archive: Archive, run: str, given: Capture) -> StoredCapture:
    """Keep an answer and hand in its reading, as a crawl does."""
    kept = archive.store(given, run)
    archive.set_reading(kept, archive.read(kept))
    return kept


def rows(folder: Path, sql: str, *values: object) -> list[dict[str, Any]]:
    """What archive.db answers, by column name."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        cursor = db.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def everything(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but SQLite's, sqlite-utils' and the index's. Ids in `latest` are an order, no more."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        own = [name for name in names if not name.startswith(("sqlite_", "_sqlite_", "search", "retired"))]
        said = {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for name in own}
        said["latest"] = [row[1:] for row in said["latest"]]
        return {name: sorted(found, key=repr) for name, found in said.items()}


def rebuilt(folder: Path, reader: Reader = READER) -> dict[str, list[tuple[object, ...]]]:
    """The same after a rebuild from captures/ alone."""
    rebuild(folder, reader, "test")
    return everything(folder)


def warcio(command: str, paths: Sequence[Path], *options: str) -> subprocess.CompletedProcess[str]:
    """What the tool that everybody checks WARCs with says."""
    words = [sys.executable, "-W", "ignore", "-m", "warcio.cli", command, *options, *map(str, paths)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def warcs(folder: Path) -> list[Path]:
    """The capture files of an archive."""
    return warc_files(folder / "captures")
