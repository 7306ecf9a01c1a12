"""Finds the parts of a file that hold WARC records, and unpacks them; no name in the file is used as a path."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO

from fastwarc.stream_io import ZstdReader

from lufeng_crawler.errors import ArchiveError, DamagedCapture

GZIP, ZSTD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
PIECE = 1 << 14


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a file that holds records, and its name for messages.

    `spool` has its bytes where they had to be unpacked; `damage` says what could not be unpacked.
    """

    name: str
    path: Path
    base: int
    length: int
    spool: IO[bytes] | None = None
    damage: str = ""

    def read(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from an offset on; fewer at the end of the part."""
        size = max(0, min(size, self.length - offset))
        if self.spool:
            return os.pread(self.spool.fileno(), size, self.base + offset)
        with self.path.open("rb", buffering=0) as file:
            return os.pread(file.fileno(), size, self.base + offset)

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

    What is unpacked can be read until `stack` is closed. Raise DamagedCapture for any other zip and for an ARC,
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
    elif _unpacked_beginning(head).startswith(b"filedesc:"):
        raise DamagedCapture(f"{path}: an ARC file, not a WARC: make one of it first (warcio recompress OLD NEW)")
    else:
        yield whole


def unpack_source(source: Source, stack: ExitStack) -> Source:
    """Unpack a gzip source whose records are not members of their own."""
    return _spool(source, _inflate(source), stack)


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
        with zipfile.ZipFile(path) as file:
            warcs = [info for info in file.infolist() if info.filename.startswith("archive/") and _is_warc(info)]
            if not warcs or "datapackage.json" not in file.namelist():
                raise DamagedCapture(f"{path}: a zip file that is no WACZ: no datapackage.json, or no WARC in archive/")
            for info in warcs:
                stored = info.compress_type == zipfile.ZIP_STORED
                yield _stored_source(path, info) if stored else _unzip(path, file, info, stack)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise DamagedCapture(f"{path}: a damaged zip file: {error}") from error


def _is_warc(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith((".warc.gz", ".warc"))


def _stored_source(path: Path, info: zipfile.ZipInfo) -> Source:
    """Return a stored file: it lies after its local header, which ends with two variable fields (APPNOTE 4.3.7)."""
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(30)
    base = info.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    if not header.startswith(ZIP) or base + info.file_size > path.stat().st_size:
        raise DamagedCapture(f"{path}: a damaged zip file: {info.filename!r} is not where its directory says")
    return Source(f"{path}: {info.filename!r}", path, base, info.file_size)


def _unzip(path: Path, file: zipfile.ZipFile, info: zipfile.ZipInfo, stack: ExitStack) -> Source:
    with file.open(info) as stream:
        return _spool(Source(f"{path}: {info.filename!r}", path, 0, 0), _read_pieces(stream), stack)


def _spool(source: Source, pieces: Iterator[bytes], stack: ExitStack) -> Source:
    """Write pieces into a file without a name, as far as they can be unpacked."""
    spool, damage = stack.enter_context(TemporaryFile()), ""  # noqa: SIM115
    try:
        for piece in pieces:
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
    """Yield what the gzip members hold; some may be empty, and of a damaged one what lies before the damage."""
    unzip, offset, in_member = zlib.decompressobj(31), 0, False
    while piece := source.read(offset, PIECE):
        offset += len(piece)
        while piece:
            yield unzip.decompress(piece)
            in_member, piece = not unzip.eof, unzip.unused_data
            if not in_member:
                unzip = zlib.decompressobj(31)
    if in_member:
        raise EOFError("it is cut short")
