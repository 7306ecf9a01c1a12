"""Writes the index of a WACZ: CDXJ lines in compressed blocks, sorted by a key that groups the URLs of a site."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote_from_bytes, unquote_to_bytes

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.digests import sha256

LINES_PER_BLOCK = 1024
"""Lines that are compressed together: what a reader fetches to look up one URL."""

_PARTS = re.compile(rb"(https?)://(?:[^/?#]*@)?(\[[^/?#\]]*\]|[^/?#:]*)(?::(\d*))?([^?#]*)(?:\?([^#]*))?", re.I)
_DEFAULT_PORT = {b"http": b"80", b"https": b"443"}
_PRINTABLE = bytes(sign for sign in range(0x21, 0x7F) if sign not in b"#%")

_SESSIONS_IN_PATH = re.compile(rb"(.*/)(?:(?:\([a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))/([^?]+\.aspx.*)", re.I)
_SESSIONS_IN_QUERY = tuple(
    re.compile(rb"(.*)" + words + rb"(?:&(.*))?", re.I)
    for words in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


@dataclass(frozen=True, slots=True)
class CdxjLine:
    """One response in a WARC of the package. `record_digest` is of the record as it lies there, compressed."""

    url: str
    fetched_at: str
    status: int
    mime: str | None
    digest: str
    file: str
    offset: int
    length: int
    record_digest: str

    def __str__(self) -> str:
        """Format it as cdxj-indexer does: numbers as text, unknown values left out."""
        fields = {"url": self.url, "mime": self.mime, "status": str(self.status), "digest": self.digest}
        fields |= {"length": str(self.length), "offset": str(self.offset), "filename": self.file}
        fields |= {"recordDigest": self.record_digest}
        known = {name: value for name, value in fields.items() if value is not None}
        return f"{surt_key(self.url)} {timestamps.digits(self.fetched_at)} {json.dumps(known)}\n"


class CdxjIndex:
    """Sorts lines by their bytes; they wait on disk, not in memory."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a temporary file that SQLite deletes
        self._db.executescript("PRAGMA synchronous = OFF; CREATE TABLE lines (line TEXT NOT NULL)")

    def add(self, line: CdxjLine) -> None:
        """Add a line; the order does not matter."""
        self._db.execute("INSERT INTO lines VALUES (?)", (str(line),))

    def blocks(self) -> Iterator[tuple[bytes, str]]:
        """Yield the index in compressed blocks, each with its line for the table of blocks.

        That table begins with `cdxj_header`. Call it once, after the last `add`.
        """
        offset = 0
        rows = self._db.execute("SELECT line FROM lines ORDER BY line")
        while lines := [row[0] for row in islice(rows, LINES_PER_BLOCK)]:
            block = gzip.compress("".join(lines).encode("ascii"), mtime=0)
            location = {"offset": offset, "length": len(block), "digest": sha256(block)}
            first_key = lines[0].partition(" {")[0]
            yield block, f"{first_key} {json.dumps(location)}\n"
            offset += len(block)

    def close(self) -> None:
        """Delete the lines."""
        self._db.close()


def cdxj_header(file: str) -> str:
    """Return the first line of the table of blocks."""
    return "!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": file}) + "\n"


def surt_key(url: str) -> str:
    """Return the key that replay tools look up a URL by (SURT).

    `http://www.a.example:8080/X?b&a` becomes `example,a:8080)/x?a&b`, as the library `surt` makes it for pywb and
    py-wacz: another spelling would not be found. A URL that is not http or https is its own key.
    """
    match = _PARTS.match(re.sub(rb"[\n\r\t]", b"", url.strip().encode("utf-8", "replace")))
    if not match or not match[2]:
        return url
    scheme, host, port, path, query = (part or b"" for part in match.groups())
    port = b"" if port in (b"", _DEFAULT_PORT[scheme.lower()]) else b":" + port
    query = _query_key(query)
    return (_host_key(host) + port + b")" + _path_key(path) + (b"?" + query if query else b"")).decode("ascii")


def _host_key(host: bytes) -> bytes:
    host = _unescape(host.strip(b"[]").lower())
    if not host.isascii():
        with suppress(UnicodeError):  # a label is empty or too long: it stays as it is
            host = host.decode("utf-8", "ignore").encode("idna")
    host = _escape(host.replace(b"..", b".").strip(b".")).lower()
    return b",".join(reversed(re.sub(rb"\Awww\d*\.", b"", host).split(b".")))


def _path_key(path: bytes) -> bytes:
    """Remove dot segments, doubled slashes, sessions of ASP.NET and a final slash; lower the case."""
    kept: list[bytes] = []
    _, *names = _unescape(path).split(b"/") if path else [b"", b""]
    for name in names:
        if name == b"..":
            kept = kept[:-1] if kept else [name]
        elif name != b".":
            kept.append(name)
    last = kept.pop() if kept else b""
    whole = _escape(b"/" + b"".join(name + b"/" for name in kept if name) + last).lower()
    if session := _SESSIONS_IN_PATH.fullmatch(whole):
        whole = session[1] + session[2]
    return whole[:-1] if whole.endswith(b"/") and len(whole) > 1 else whole


def _query_key(query: bytes) -> bytes:
    """Remove sessions, lower the case and sort the parameters."""
    query = _escape(_unescape(query))
    for pattern in _SESSIONS_IN_QUERY:
        if session := pattern.fullmatch(query):
            query = session[1] + (session[2] or b"")
    pairs = sorted(tuple(pair.split(b"=", 1)) for pair in query.lower().split(b"&"))
    return b"&".join(b"=".join(pair) for pair in pairs)


def _escape(text: bytes) -> bytes:
    return quote_from_bytes(text, safe=_PRINTABLE).encode("ascii")


def _unescape(text: bytes) -> bytes:
    while (plain := unquote_to_bytes(text)) != text:
        text = plain
    return text
