"""Finds the parts of a file that hold WARC records, and unpacks them; no name in the file is used as a path.

A part that cannot be read, or is not what its package says, costs itself and a line.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO

from fastwarc.stream_io import ZstdReader

from lufeng_crawler.errors import ArchiveError, DamagedCapture
from lufeng_crawler.ingest.stated_digests import canonical_digest, contradicts

GZIP, ZSTD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
PIECE = 1 << 14

OTHER_KINDS = (
    (b"BZh", "packed with bzip2: unpack it first (bunzip2)"),
    (b"\xfd7zXZ\0", "packed with xz: unpack it first (unxz)"),
    (b"\x04\x22\x4d\x18", "packed with LZ4: unpack it first (lz4 -d)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
)
"""First bytes of files that are refused, and why."""

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError)
"""What zipfile raises for damaged, encrypted or strangely packed files."""

MAX_UNPACKED, MAX_RATIO = 256 << 20, 100
"""Bytes that a file may unpack to, or so many times its own size: WARCs of text shrink to a tenth at the most."""

MAX_MANIFEST = 64 << 20
"""Bytes that are read of a file that describes a package."""


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a file that holds records, and its name for messages.

    `spool` has its bytes where they had to be unpacked; `damage` says what could not be unpacked, or that it does not
    have the digest that its package states: then `is_altered`, and none of its records is evidence.
    """

    name: str
    path: Path
    base: int
    length: int
    spool: IO[bytes] | None = None
    damage: str = ""
    is_altered: bool = False

    def read(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from an offset on; fewer at the end of the part."""
        size = max(0, min(size, self.length - offset))
        if self.spool:
            return os.pread(self.spool.fileno(), size, self.base + offset)
        with self.path.open("rb", buffering=0) as file:
            return os.pread(file.fileno(), size, self.base + offset)

    def digest(self) -> str:
        """Return the SHA-256 of all of it, in hexadecimal digits."""
        return _hash(self, "sha256")

    @property
    def zipped(self) -> bool:
        """Whether it consists of gzip members."""
        return self.read(0, 2) == GZIP


class SourceStream(io.RawIOBase):
    """A source from a byte on, as a file that is read from front to back; positions count from that byte."""

    def __init__(self, source: Source, start: int) -> None:
        self._source, self._start, self._position = source, start, 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position of the next byte."""
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer, as io.RawIOBase defines it."""
        data = self._source.read(self._start + self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def open_sources(path: Path, stack: ExitStack) -> Iterator[Source]:
    """Yield the parts of a file that hold records: all of it, or each WARC in a WACZ.

    What is unpacked can be read until `stack` is closed. Raise DamagedCapture for a file of another kind, and
    ArchiveError where there is no room to unpack in.
    """
    try:
        with path.open("rb") as file:
            head, length = file.read(1024), path.stat().st_size
    except OSError as error:
        raise DamagedCapture(f"{path}: cannot be read: {error.strerror}") from error
    whole = Source(str(path), path, 0, length)
    if head.startswith(ZIP):
        yield from _sources_in_wacz(path, stack)
    elif head.startswith(ZSTD):
        yield _spool(whole, _read_pieces(ZstdReader(SourceStream(whole, 0))), stack)
    elif kind := next((kind for first, kind in OTHER_KINDS if head.startswith(first)), None):
        raise DamagedCapture(f"{path}: {kind}")
    elif (beginning := _unpacked_beginning(head)).startswith(b"filedesc:"):
        raise DamagedCapture(f"{path}: an ARC file, not a WARC: make one of it first (warcio recompress OLD NEW)")
    elif not head.startswith(GZIP) and b"WARC/" not in beginning.upper() and zipfile.is_zipfile(path):
        yield from _sources_in_wacz(path, stack)  # with something before the zip file
    else:
        yield whole


def unpack_source(source: Source, stack: ExitStack) -> Source:
    """Unpack a gzip source whose records are not members of their own."""
    return replace(_spool(source, _inflate(source), stack), is_altered=source.is_altered)


def _unpacked_beginning(head: bytes) -> bytes:
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 64)
    except zlib.error:
        return b""


def _sources_in_wacz(path: Path, stack: ExitStack) -> Iterator[Source]:
    """Yield the WARCs of a WACZ: they lie in archive/, stored without compression (WACZ 1.1.1, 5.2.1)."""
    try:
        file = stack.enter_context(zipfile.ZipFile(path))
        package = WaczManifest(path, file)
    except ZIP_ERRORS as error:
        raise DamagedCapture(f"{path}: a damaged zip file: {error}") from error
    warcs = [info for info in file.infolist() if info.filename.startswith("archive/") and _is_warc(info)]
    missing = [name for name in package.stated if name.startswith("archive/") and name not in file.namelist()]
    if not warcs and not missing:
        raise DamagedCapture(f"{path}: a zip file that is no WACZ: no WARC in archive/")
    for info in warcs:
        try:
            stored = info.compress_type == zipfile.ZIP_STORED
            source = _stored_source(path, info) if stored else _unzip(path, file, info, stack)
        except ZIP_ERRORS as error:
            source = Source(_part_name(path, info.filename), path, 0, 0, damage=f"{path}: a damaged zip file: {error}")
        yield package.check(info.filename, source)
    for name in missing:
        lost = _part_name(path, name)
        yield Source(lost, path, 0, 0, damage=f"{lost}: datapackage.json states it, and it is not there")
    if package.problem:
        yield Source(str(path), path, 0, 0, damage=f"{path}: {package.problem}")


class WaczManifest:
    """What a WACZ states of its files: the digest of each by name, and one of those statements as a whole.

    `problem` says what is wrong with them (WACZ 1.1.1, 5.3 and 5.4).
    """

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        names = file.namelist()
        if "datapackage.json" not in names:
            raise DamagedCapture(f"{path}: a zip file that is no WACZ: no datapackage.json")
        manifest = _read_small(file, "datapackage.json")
        self.stated, self.problem, self.is_altered = _stated_digests(manifest), "", False
        if "datapackage-digest.json" in names:
            stated = _json_object(_read_small(file, "datapackage-digest.json")).get("hash")
            self.is_altered = contradicts(stated if isinstance(stated, str) else None, manifest)
        if self.is_altered:
            self.problem = "datapackage.json does not have the digest in datapackage-digest.json"
        elif not _json_object(manifest):
            self.problem = "datapackage.json cannot be read: what it states of the files could not be checked"

    def check(self, name: str, source: Source) -> Source:
        """Return a source, marked where it does not have the digest that is stated of it."""
        stated = self.stated.get(name, "")
        if self.is_altered:
            return replace(source, is_altered=True)
        if source.damage or not canonical_digest(stated) or _has_digest(source, stated):
            return source
        return replace(source, is_altered=True, damage=f"{source.name}: does not have the digest in datapackage.json")


def _stated_digests(manifest: bytes) -> dict[str, str]:
    """Return the digests of a Data Package's resources by path."""
    resources = _json_object(manifest).get("resources")
    stated = [one for one in resources if isinstance(one, dict)] if isinstance(resources, list) else []
    pairs = ((one.get("path"), one.get("hash", "")) for one in stated)
    return {path: digest for path, digest in pairs if isinstance(path, str) and isinstance(digest, str)}


def _json_object(text: bytes) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _read_small(file: zipfile.ZipFile, name: str) -> bytes:
    with file.open(name) as stream:
        return stream.read(MAX_MANIFEST)


def _has_digest(source: Source, stated: str) -> bool:
    name, _, digits = canonical_digest(stated).partition(":")
    return _hash(source, name) == digits


def _hash(source: Source, algorithm: str) -> str:
    digest, offset = hashlib.new(algorithm, usedforsecurity=False), 0
    while piece := source.read(offset, 1 << 20):
        digest.update(piece)
        offset += len(piece)
    return digest.hexdigest()


def _part_name(path: Path, name: str) -> str:
    return f"{path}: {name!r}"


def _is_warc(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith((".warc.gz", ".warc"))


def _stored_source(path: Path, info: zipfile.ZipInfo) -> Source:
    """Return a stored file: it lies after its local header, which ends with two variable fields (APPNOTE 4.3.7)."""
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(30)
    base = info.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    if not header.startswith(ZIP) or base + info.file_size > path.stat().st_size:
        raise zipfile.BadZipFile(f"{info.filename!r} is not where its directory says")
    return Source(_part_name(path, info.filename), path, base, info.file_size)


def _unzip(path: Path, file: zipfile.ZipFile, info: zipfile.ZipInfo, stack: ExitStack) -> Source:
    with file.open(info) as stream:
        return _spool(Source(_part_name(path, info.filename), path, 0, 0), _read_pieces(stream), stack)


def _spool(source: Source, pieces: Iterator[bytes], stack: ExitStack) -> Source:
    """Write pieces into a file without a name, as far as they can be unpacked.

    Raise DamagedCapture where they are out of all proportion to the file, and might fill the disk.
    """
    spool, damage = stack.enter_context(TemporaryFile()), ""  # noqa: SIM115
    limit = max(MAX_UNPACKED, MAX_RATIO * source.path.stat().st_size)
    try:
        for piece in pieces:
            if spool.tell() + len(piece) > limit:
                raise DamagedCapture(f"{source.name}: refused: it unpacks to over {limit:,} bytes")
            _write_piece(spool, piece, source.name)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        damage = f"{source.name}: cannot be unpacked to its end: {error}"
    spool.flush()
    return Source(f"{source.name}, unpacked", source.path, 0, spool.tell(), spool, damage)


def _write_piece(spool: IO[bytes], piece: bytes, name: str) -> None:
    try:
        spool.write(piece)
    except OSError as error:
        raise ArchiveError(f"{name}: cannot be unpacked in {gettempdir()}: {error.strerror}") from error


def _read_pieces(stream: ZstdReader | IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _inflate(source: Source) -> Iterator[bytes]:
    """Yield what the gzip members hold; some may be empty.

    Of a damaged one that is what lies before the damage; then come those behind it. Raise EOFError, after all, where
    one is damaged or cut short.
    """
    unzip, offset, in_member, damage = zlib.decompressobj(31), 0, False, ""
    while piece := source.read(offset, PIECE):
        offset += len(piece)
        try:
            while piece:
                yield unzip.decompress(piece)
                in_member, piece = not unzip.eof, unzip.unused_data
                if not in_member:
                    unzip = zlib.decompressobj(31)
        except zlib.error as error:
            damage = damage or str(error)
            unzip, in_member = zlib.decompressobj(31), False
            offset = _next_member(source, offset - len(piece) + 1)
            yield b"\r\n\r\n"  # so that the next record begins a line
    if damage or in_member:
        raise EOFError(damage or "it is cut short")


def _next_member(source: Source, start: int) -> int:
    """Return where the next gzip member seems to begin; the end of the source where there is none."""
    while piece := source.read(start, 1 << 20):
        if (found := piece.find(GZIP + b"\x08")) >= 0:
            return start + found
        start += max(1, len(piece) - 2)
    return source.length
