"""The files under captures/: appends to them, reads them at offsets, repairs them after a kill."""

from __future__ import annotations

import mmap
import os
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lufeng_crawler.archive import digests, timestamps
from lufeng_crawler.archive.warc import records
from lufeng_crawler.errors import ArchiveError, DamagedCapture

ROLL_AT = 1_000_000_000
"""Bytes after which the next record opens a new file."""

PIECE = 1 << 16
"""Bytes read at once."""


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a record lies: file name, offset and length of its gzip member.

    `digest` covers the compressed bytes of the record and of its request's record behind it.
    """

    file: str
    offset: int
    length: int
    digest: str = field(default="", compare=False)


class WarcWriter:
    """Appends gzip members to a new file of a folder. A file begins with its warcinfo and is never opened again.

    Each file's name is unique in the world, so that files of many archives can lie together. `written` has the length
    of each file that was appended to since it was last emptied.
    """

    def __init__(self, folder: Path, software: str, roll_at: int = ROLL_AT) -> None:
        self.folder, self.software, self.roll_at = folder, software, roll_at
        self.file = ""
        self.length = 0
        self.written: dict[str, int] = {}
        self._handle: int | None = None

    def append(self, at: str, *members: bytes) -> RecordLocation:
        """Write the members one after another, all or none. Return the place of the first."""
        if self.full:
            self.open(at, records.FileHeader())
        data = b"".join(members)
        place = RecordLocation(self.file, self.length, len(members[0]), digests.sha256(data))
        self._write(data)
        return place

    @property
    def full(self) -> bool:
        """Return whether a new file is due."""
        return self._handle is None or self.length >= self.roll_at

    def open(self, at: str, header: records.FileHeader) -> RecordLocation:
        """Begin a file. Return where its warcinfo lies."""
        self.close()
        serial = max((file_serial(path) for path in warc_files(self.folder)), default=0) + 1
        moment = timestamps.digits(at)
        self.file = f"lufeng-{serial:06d}-{moment}-{uuid.uuid4().hex[:12]}.warc.gz"
        path, self.length = self.folder / self.file, 0
        with disk_errors(path):
            self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            sync_directory(self.folder)
            return self.append(at, records.encode_warcinfo(self.file, self.software, at, header))
        except ArchiveError:
            self._close_handle()
            path.unlink()
            raise

    def sync(self) -> None:
        """Return once all that was appended is on the disk."""
        if self._handle is not None:
            with disk_errors(self.folder / self.file):
                os.fsync(self._handle)

    def close(self) -> None:
        """Sync and close the file."""
        try:
            self.sync()
        finally:
            self._close_handle()

    def _write(self, data: bytes) -> None:
        assert self._handle is not None
        rest = memoryview(data)
        with disk_errors(self.folder / self.file):
            try:
                while rest:
                    rest = rest[os.write(self._handle, rest) :]
            except BaseException:
                os.ftruncate(self._handle, self.length)
                os.lseek(self._handle, self.length, os.SEEK_SET)
                raise
        self.length += len(data)
        self.written[self.file] = self.length

    def _close_handle(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def warc_files(folder: Path) -> list[Path]:
    """Return the capture files, those of one archive in the order they were written."""
    return sorted(folder.glob("lufeng-[0-9]*-*.warc.gz"))


def file_serial(path: Path) -> int:
    """Return the number of a file: larger than that of every file that its archive held when it was begun."""
    return int(path.name.split("-")[1])


def read_members(path: Path, start: int = 0) -> Iterator[tuple[RecordLocation, bytes]]:
    """Yield each whole gzip member from `start` on, uncompressed. What is torn or damaged is skipped."""
    with path.open("rb") as file:
        file.seek(start)
        ahead = b""
        while True:
            if member := _member(file, ahead):
                data, length, ahead = member
                yield RecordLocation(path.name, start, length), data
                start += length
            else:
                whole = find_next_member(file, start + 1)
                if whole is None:
                    return
                start, ahead = whole, b""
                file.seek(start)


def find_next_member(file: BinaryIO, start: int) -> int | None:
    """Return where the next whole record begins after a damaged one: a flipped bit must cost only its record."""
    if start >= os.fstat(file.fileno()).st_size:
        return None
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        while (start := content.find(b"\x1f\x8b\x08", start)) >= 0:
            file.seek(start)
            member = _member(file, b"")
            if member and member[0].startswith(b"WARC/"):
                return start
            start += 1
    return None


def read_record(folder: Path, place: RecordLocation) -> bytes:
    """Return the record at a place, uncompressed. Raises DamagedCapture where it is not whole."""
    try:
        with (folder / place.file).open("rb") as file:
            file.seek(place.offset)
            return zlib.decompress(file.read(place.length), 31)
    except (OSError, zlib.error) as error:
        raise DamagedCapture(f"{folder / place.file} at {place.offset}: no whole record: {error}") from error


def digest_member(path: Path, start: int, end: int) -> str:
    """Return the digest of the bytes of a file from `start` to `end`."""
    with path.open("rb") as file:
        file.seek(start)
        return digests.sha256(file.read(end - start))


def read_member(folder: Path, file: str, offset: int) -> tuple[bytes, bytes]:
    """Return the record that begins there, compressed and uncompressed. Raises DamagedCapture where it is not whole."""
    path = folder / file
    try:
        with path.open("rb") as handle:
            handle.seek(offset)
            if member := _member(handle, b""):
                handle.seek(offset)
                return handle.read(member[1]), member[0]
    except OSError as error:
        raise DamagedCapture(f"{path}: cannot be read: {error.strerror}") from error
    raise DamagedCapture(f"{path} at {offset}: no whole record")


def truncate_file(path: Path, length: int) -> None:
    """Cut a torn tail off a file."""
    with disk_errors(path), path.open("r+b") as file:
        file.truncate(length)
        os.fsync(file.fileno())


def _member(file: BinaryIO, ahead: bytes) -> tuple[bytes, int, bytes] | None:
    """Return the next member's data, its compressed length, and what was read past it; None if it is not whole."""
    unzip, data, taken = zlib.decompressobj(31), [], 0
    piece = ahead or file.read(PIECE)
    try:
        while piece:
            data.append(unzip.decompress(piece))
            taken += len(piece)
            if unzip.eof:
                return b"".join(data), taken - len(unzip.unused_data), unzip.unused_data
            piece = file.read(PIECE)
    except zlib.error:  # zeros or noise behind the last record that was synced
        pass
    return None


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Convert OSError to an ArchiveError that names the file."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"{path}: cannot write: {error.strerror}") from error


def sync_directory(folder: Path) -> None:
    """Return once the names in a folder are on the disk."""
    with disk_errors(folder):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
