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
    Unanswered,
    open_archive,
    rebuild,
)
from lufeng_crawler.archive.coverage import Coverage
from lufeng_crawler.archive.store.unanswered import UnansweredOutcome
from lufeng_crawler.archive.warc.files import warc_files
from lufeng_crawler.items import (
    Article,
    Attachment,
    Blocked,
    Capture,
    Entry,
    Extent,
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
    """`7` is the address of article 7 under column 1; other names are paths, or addresses."""
    if isinstance(name, str) and "://" in name:
        return name
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
            return Listing(tuple(map(_entry, lines)), extent=Extent(**said.get("extent", {})))
        case {"says": words}:
            return Other(words)
        case {"title": title}:
            files = tuple(Attachment(*one) for one in said.get("files", ()))
            texts = {name: said[name] for name in ("published", "author", "source") if name in said}
            return Article(key(capture.url), capture.url, title, said.get("body", ""), attachments=files, **texts)
    return Other("empty body")


def _entry(said: Said) -> Entry:
    """The line of an article; one that says more is [name, title, published, pinned]; no name, no link."""
    name, title, *rest = said if isinstance(said, list) else (said, f"line {said}")
    url = "" if name is None else address(name)
    return Entry(title, url, url and key(url), *rest)


def visible_lines(capture: Capture) -> list[str]:
    """What a reader sees: everything that a page says, line by line."""
    said = json.loads(capture.body or b"null") if capture.status == 200 else None
    texts = [said.get(name, "") for name in ("title", "body", "gone", "says")] if isinstance(said, dict) else []
    return [line for text in texts for line in text.split("\n") if line]


READER = Reader(lambda capture: read_download(capture, read), "reader 1", lines=visible_lines)


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


def listing(*lines: Said, column: str = "要闻", name: str = "list.htm", **more: Any) -> Capture:
    """A page of a column. A line is an article's name, or what `_entry` takes; `extent` is what it says of more."""
    extent = {"extent": more.pop("extent")} if "extent" in more else {}
    return answer(name, {"lines": list(lines)} | extent, column=column, kind="listing", **more)


def unanswered(
    name: str | int, outcome: UnansweredOutcome = "unreachable", reason: str = "timed out", at: str = ""
) -> Unanswered:
    """A request for an article that brought no answer. Its time is the run's."""
    return Unanswered("gulou", address(name), "article", None, at, outcome, reason)


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
        *answers: Capture | Unanswered,
        outcome: Outcome | None = "good",
        sweeps: Mapping[str, Sweep] | None = None,
        hand_in: bool = True,
        kind: Any = "crawl",
        apart: int = 86400,
        rules: int = 0,
        proves: bool | None = None,
        coverage: Mapping[str, Coverage] | None = None,
        hosts: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """One run, a second between its answers; the events it brought. Outcome None: the process is killed.

        A run by rules 1 whose `coverage` is not told has seen nothing of any column.
        """
        name = f"run-{len(self.told):03}"
        self.told.append(name)
        archive = open_archive(self.folder, self.reader, "test")
        site, rule = None if kind == "ingest" else "gulou", PresenceRule(apart=apart)
        start = RunStart(name, kind, moment(day), site, start=site and SITE, presence_rule=rule)
        archive.begin(replace(start, rules=rules, hosts=tuple(hosts)))
        for second, given in enumerate(answers, 1):
            if isinstance(given, Unanswered):
                archive.store_unanswered(replace(given, at=given.at or moment(day, second)), name)
                continue
            kept = archive.store(at(given, given.fetched_at or moment(day, second)), name)
            if hand_in:
                archive.set_reading(kept, archive.read(kept))
        if outcome is None:
            archive.release()
            return []
        seen = {column: told.as_json() for column, told in (coverage or {}).items()}
        end = RunEnd(name, moment(day, len(answers) + 1), outcome, sweeps=sweeps or {}, coverage=seen, proves=proves)
        archive.end(end)
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
