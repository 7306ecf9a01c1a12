"""What tests of packages share: an archive with everything in it that is special, and a WACZ taken apart."""

from __future__ import annotations

import gzip
import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export import wacz
from lufeng_crawler.archive.export.capture_selection import CaptureFilter, select_captures
from lufeng_crawler.archive.export.wacz_signing import SigningKey
from tests.support.archive_builder import Story, address, answer, article, document, listing

FILE = [address("a.docx"), "报名表.docx"]


def told(folder: Path) -> Path:
    """Article 1 edited, its file repeated, 2 blocked and moved to 4, 3 of another site; a 304, a 404, a cut."""
    story = Story(folder)
    first = article(1, "旧题", "旧文", files=[FILE])
    story.run(1, listing(1, 2), first, article(2, "二"), document("a.docx"), article(3, "三", site="gongguan"))
    story.run(2, first, answer(2, "x", status=521), document("a.docx"), answer("list.htm", status=304, kind="listing"))
    story.run(3, article(1, "新题", "新文", files=[FILE]), answer(2, status=301, to=4), article(4, "二"))
    story.run(4, answer(1, "cut", truncated="length"), answer(5, status=404), answer("文/通知.htm", {"title": "中"}))
    return folder


@dataclass(frozen=True, slots=True)
class Opened:
    """A WACZ: its parts by path, as they are before they are put into the zip."""

    parts: dict[str, bytes]

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.parts["datapackage.json"])
        return found

    @property
    def digest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.parts["datapackage-digest.json"])
        return found

    @property
    def lines(self) -> list[tuple[str, str, dict[str, str]]]:
        """The index: key, time, the rest."""
        text = gzip.decompress(self.parts["indexes/index.cdx.gz"]).decode("ascii")
        split = (line.split(" ", 2) for line in text.splitlines())
        return [(key, time, json.loads(rest)) for key, time, rest in split]

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The header, then the pages."""
        return [json.loads(line) for line in self.parts["pages/pages.jsonl"].decode("utf-8").splitlines()]

    @property
    def urls(self) -> list[str]:
        """What is indexed, by time."""
        return [rest["url"] for _, _, rest in sorted(self.lines, key=lambda line: (line[1], line[0]))]

    def record(self, rest: dict[str, str]) -> bytes:
        """The gzip member that a line of the index is about."""
        start = int(rest["offset"])
        return self.parts[f"archive/{rest['filename']}"][start : start + int(rest["length"])]


def packed(folder: Path, path: Path, wanted: CaptureFilter | None = None, key: SigningKey | None = None) -> Opened:
    """What `lufeng wacz` writes."""
    with closing(connect_for_reading(folder)) as db, select_captures(db, wanted or CaptureFilter()) as selection:
        wacz.write_wacz(selection, folder, path, "lufeng-crawler test", key)
    return opened(path)


def opened(path: Path) -> Opened:
    with ZipFile(path) as zip:
        assert zip.testzip() is None
        return Opened({name: zip.read(name) for name in zip.namelist()})
