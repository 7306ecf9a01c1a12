"""WARC and WACZ files as other makers write them, for tests of what is taken in."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from lufeng_crawler.ingest.left_out import LeftOut
from lufeng_crawler.ingest.responses import ForeignResponse, parse_response
from lufeng_crawler.ingest.scanner import ScanReport, find_records

URL, AT = "http://www.lufengxian.example/info/1001/1.htm", "2026-11-16T02:00:00Z"
BODY = "<p>鹿峰县召开防汛工作会议</p>".encode()
LATEST = "2026-12-31T00:00:00Z"
Made = dict[str, Any]


def made(path: Path, records: Sequence[Made], zipped: bool = True, version: str = "1.0") -> Path:
    """A WARC as warcio writes it; its records may differ in url, body, status, headers, date, kind and more."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another"}))
        for given in records:
            headers = [("Content-Type", "text/html"), *given.get("headers", ())]
            http = StatusAndHeaders(given.get("status", "200 OK"), headers, protocol="HTTP/1.1")
            more = {"WARC-Date": given.get("date", AT)} | given.get("more", {})
            kind, url, payload = given.get("kind", "response"), given.get("url", URL), BytesIO(given.get("body", BODY))
            writer.write_record(
                writer.create_warc_record(url, kind, payload=payload, http_headers=http, warc_headers_dict=more)
            )
    return path


def revisit(**named: Any) -> Made:
    """A revisit record; `named` by the header's words behind WARC-, or as `made` has it."""
    more = {f"WARC-{name.replace('_', '-')}": value for name, value in named.items() if name[0].isupper()}
    return {name: value for name, value in named.items() if name[0].islower()} | {
        "kind": "revisit",
        "body": b"",
        "more": more,
    }


def sha1(body: bytes) -> str:
    """A digest as Heritrix, wget, warcio and Common Crawl write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


def chunked(pieces: Sequence[bytes], end: bytes = b"0\r\n\r\n") -> bytes:
    """A body in the chunks of RFC 9112, 7.1."""
    return b"".join(b"%X\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + end


def wacz(path: Path, files: Mapping[str, bytes], how: int = zipfile.ZIP_STORED, package: bool = True) -> Path:
    """A WACZ of these files under archive/, with pages and an index as Browsertrix packs them."""
    with zipfile.ZipFile(path, "w") as file:
        for name, content in files.items():
            file.writestr(f"archive/{name}", content, how)
        file.writestr("indexes/index.cdx.gz", gzip.compress(b"example,lufengxian)/ 20261116 {}\n"))
        file.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0", "id": "pages"}\n', zipfile.ZIP_DEFLATED)
        if package:
            file.writestr("datapackage.json", json.dumps({"profile": "data-package", "wacz_version": "1.1.1"}))
    return path


def answers(path: Path, report: ScanReport | None = None) -> list[ForeignResponse | LeftOut]:
    """What each record of an answer in a file says, or why it says nothing."""
    with ExitStack() as kept:
        return [parse_response(found.read(), LATEST) for found in find_records(path, kept, report or ScanReport())]
