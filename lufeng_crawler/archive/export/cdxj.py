"""The index of a WACZ: CDXJ lines, sorted by a key that puts a site's addresses together, in blocks."""

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
"""Lines that are compressed together: what a reader fetches to look one address up."""

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
    """One answer in a WARC of the package. `record_digest` is of the record as it lies there, compressed."""

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
        """As cdxj-indexer writes it: numbers as text, what is not known left out."""
        said = {"url": self.url, "mime": self.mime, "status": str(self.status), "digest": self.digest}
        said |= {"length": str(self.length), "offset": str(self.offset), "filename": self.file}
        said |= {"recordDigest": self.record_digest}
        known = {name: value for name, value in said.items() if value is not None}
        return f"{surt_key(self.url)} {timestamps.digits(self.fetched_at)} {json.dumps(known)}\n"


class CdxjIndex:
    """Takes lines in any order and gives them back sorted by their bytes; they wait on the disk, not in memory."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a file without a name
        self._db.executescript("PRAGMA synchronous = OFF; CREATE TABLE lines (line TEXT NOT NULL)")

    def add(self, line: CdxjLine) -> None:
        """Take a line."""
        self._db.execute("INSERT INTO lines VALUES (?)", (str(line),))

    def blocks(self) -> Iterator[tuple[bytes, str]]:
        """The index in compressed pieces, each with the line about it for the table of them.

        The table is to open with `header`. Nothing is added any more.
        """
        offset = 0
        rows = self._db.execute("SELECT line FROM lines ORDER BY line")
        while lines := [row[0] for row in islice(rows, LINES_PER_BLOCK)]:
            block = gzip.compress("".join(lines).encode("ascii"), mtime=0)
            where = {"offset": offset, "length": len(block), "digest": sha256(block)}
            yield block, f"{lines[0].partition(' {')[0]} {json.dumps(where)}\n"
            offset += len(block)

    def close(self) -> None:
        """Let go of the lines."""
        self._db.close()


def cdxj_header(file: str) -> str:
    """The first line of the table of blocks."""
    return "!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": file}) + "\n"


def surt_key(url: str) -> str:
    """What replays look an address up by (SURT): `http://www.a.example:8080/X?b&a` is `example,a:8080)/x?a&b`.

    As the library `surt` makes it for pywb and py-wacz: another spelling would not be found. An address that is not of
    the web is its own key.
    """
    found = _PARTS.match(re.sub(rb"[\n\r\t]", b"", url.strip().encode("utf-8", "replace")))
    if not found or not found[2]:
        return url
    scheme, host, port, path, query = (part or b"" for part in found.groups())
    port = b"" if port in (b"", _DEFAULT_PORT[scheme.lower()]) else b":" + port
    query = _query(query)
    return (_host(host) + port + b")" + _path(path) + (b"?" + query if query else b"")).decode("ascii")


def _host(host: bytes) -> bytes:
    host = _unescaped(host.strip(b"[]").lower())
    if not host.isascii():
        with suppress(UnicodeError):  # a label that is empty or too long: it stays as it is
            host = host.decode("utf-8", "ignore").encode("idna")
    host = _escaped(host.replace(b"..", b".").strip(b".")).lower()
    return b",".join(reversed(re.sub(rb"\Awww\d*\.", b"", host).split(b".")))


def _path(path: bytes) -> bytes:
    """Without dots, doubled slashes, sessions of ASP.NET and a slash at the end; in lower case."""
    kept: list[bytes] = []
    _, *names = _unescaped(path).split(b"/") if path else [b"", b""]
    for name in names:
        if name == b"..":
            kept = kept[:-1] if kept else [name]
        elif name != b".":
            kept.append(name)
    last = kept.pop() if kept else b""
    whole = _escaped(b"/" + b"".join(name + b"/" for name in kept if name) + last).lower()
    if session := _SESSIONS_IN_PATH.fullmatch(whole):
        whole = session[1] + session[2]
    return whole[:-1] if whole.endswith(b"/") and len(whole) > 1 else whole


def _query(query: bytes) -> bytes:
    """Without sessions, in lower case, its parameters sorted."""
    query = _escaped(_unescaped(query))
    for pattern in _SESSIONS_IN_QUERY:
        if session := pattern.fullmatch(query):
            query = session[1] + (session[2] or b"")
    pairs = sorted(tuple(pair.split(b"=", 1)) for pair in query.lower().split(b"&"))
    return b"&".join(b"=".join(pair) for pair in pairs)


def _escaped(text: bytes) -> bytes:
    return quote_from_bytes(text, safe=_PRINTABLE).encode("ascii")


def _unescaped(text: bytes) -> bytes:
    while (plain := unquote_to_bytes(text)) != text:
        text = plain
    return text
