"""Finds the records of a source: where each begins and ends, and its head. One that cannot be read costs itself alone.

A record begins with `WARC/`, its head ends with a blank line, its block is as long as Content-Length says, and line
ends follow it (WARC 1.1, 4). In a gzip file every record is a member of its own; where it is not, `NotAligned` is
raised, and the file must be unpacked first.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lufeng_crawler.archive.warc.message_head import Head, parse_head
from lufeng_crawler.ingest.containers import Source

BEGINNING, AFTER = b"WARC/", b"\r\n\r\n"

NEXT_RECORD = re.compile(rb"\nWARC/[01]\.", re.IGNORECASE)
NEXT_MEMBER = re.compile(rb"\x1f\x8b\x08")
"""Where the next record, or gzip member, seems to begin; patterns of one length."""

MAX_HEAD = 1 << 20
"""Bytes of a WARC header; the longest known ones have 40,000."""

PIECE = 1 << 20
"""Bytes that are searched or unpacked at once."""

FIRST_PIECE = 1 << 14
"""Bytes of which the header is found, mostly."""

MIN_MEMBER = 512
"""Bytes of a gzip member from which its first five unpacked bytes can be told."""

LINE_ENDS = b"\r\n"


@dataclass(frozen=True, slots=True)
class Located:
    """A record that is as long as it says. `length` counts what lies in the source, compressed or not."""

    offset: int
    length: int
    head: Head


@dataclass(frozen=True, slots=True)
class Damage:
    """What cannot be read: from which byte on, why, and whether it begins as a record does."""

    offset: int
    reason: str
    is_record: bool


class NotAligned(Exception):
    """Gzip members do not hold one record each."""


def locate_records(source: Source) -> Iterator[Located | Damage]:
    """Yield all records, and what is none. Raise NotAligned for gzip members that hold several records, or parts."""
    return _locate_in_members(source) if source.zipped else _locate_in_plain(source)


def _locate_in_plain(source: Source) -> Iterator[Located | Damage]:
    offset = _skip_line_ends(source, 0)
    while offset < source.length:
        found = _record_at(source, offset)
        yield found
        next_offset = offset + found.length if isinstance(found, Located) else _next_beginning(source, offset + 1)
        offset = source.length if next_offset is None else next_offset


def _record_at(source: Source, offset: int) -> Located | Damage:
    data, size = source.read(offset, FIRST_PIECE), FIRST_PIECE
    is_record = _begins(data)
    if not is_record:
        return Damage(offset, "no record begins there", _may_begin(data))
    while (head := parse_head(data, "utf-8")) is None and len(data) == size < MAX_HEAD:
        size = min(4 * size, MAX_HEAD)
        data = source.read(offset, size)
    length = head.content_length() if head else None
    if head is None or length is None:
        return Damage(offset, _problem_of_head(head, len(data)), is_record)
    end = offset + head.length + length
    if end > source.length:
        return Damage(offset, f"the record is torn: {end - source.length} bytes are missing", is_record)
    next_offset = _skip_line_ends(source, end)
    if not _ends_there(source.read(end, FIRST_PIECE)):
        return Damage(offset, "the record does not end where its Content-Length says", is_record)
    return Located(offset, next_offset - offset, head)


def _problem_of_head(head: Head | None, size: int) -> str:
    if head:
        return "the record states no Content-Length"
    return "the record's header is torn" if size < MAX_HEAD else f"the record's header does not end within {size} bytes"


def _ends_there(following: bytes) -> bool:
    """Return whether a record ends before these bytes: some makers leave out the line ends that end one.

    Behind those it does in any case: what follows may be damaged, and that is not this record's fault.
    """
    rest = following.lstrip(LINE_ENDS)
    return following.startswith(AFTER) or _may_begin(rest)


def _skip_line_ends(source: Source, offset: int) -> int:
    while piece := source.read(offset, 64):
        offset += len(piece) - len(piece.lstrip(LINE_ENDS))
        if piece.lstrip(LINE_ENDS):
            break
    return offset


def _next_beginning(source: Source, start: int) -> int | None:
    return next((offset + 1 for offset in _find(source, NEXT_RECORD, 8, start)), None)


def _find(source: Source, pattern: re.Pattern[bytes], width: int, start: int) -> Iterator[int]:
    """Yield the offsets of a pattern, which matches so many bytes, in the source."""
    while piece := source.read(start, PIECE):
        yield from (start + match.start() for match in pattern.finditer(piece))
        start += max(1, len(piece) - width + 1)


def _begins(data: bytes) -> bool:
    """Return whether a record begins with these bytes."""
    return data[: len(BEGINNING)].upper() == BEGINNING


def _may_begin(data: bytes) -> bool:
    """Return whether a record may begin with these bytes, which may be fewer than it takes to tell, or none."""
    return BEGINNING.startswith(data[: len(BEGINNING)].upper())


@dataclass(slots=True)
class _Member:
    """A gzip member as far as it was unpacked: its beginning, and the head of its record.

    `has_more`: another record seems to begin in it. `length` is what it takes in the source, None where it cannot be
    unpacked to its end: `problem` says why.
    """

    start: bytearray = field(default_factory=bytearray)
    head: Head | None = None
    size: int = 0
    has_more: bool = False
    length: int | None = None
    problem: str = ""

    @property
    def end(self) -> int | None:
        """Where the record ends, counted in unpacked bytes."""
        length = self.head.content_length() if self.head else None
        return self._indent + self.head.length + length if self.head and length is not None else None

    @property
    def is_blank(self) -> bool:
        return not self.start.strip(LINE_ENDS) and self.size <= MAX_HEAD

    @property
    def is_record(self) -> bool:
        return _begins(bytes(self.start.lstrip(LINE_ENDS)))

    @property
    def _indent(self) -> int:
        return len(self.start) - len(self.start.lstrip(LINE_ENDS))

    def add(self, piece: bytes) -> None:
        """Take in the next unpacked bytes. Raise NotAligned where there is more than line ends behind the record."""
        self.has_more = self.has_more or NEXT_RECORD.search(piece) is not None
        before, self.size = self.size, self.size + len(piece)
        if self.head is None and before <= MAX_HEAD:
            self.start += piece
            self.head = parse_head(bytes(self.start), "utf-8", self._indent) if self.is_record else None
            piece, before = (bytes(self.start), 0) if self.head else (b"", self.size)
        if self.end is not None and piece[max(0, self.end - before) :].strip(LINE_ENDS):
            raise NotAligned


def _locate_in_members(source: Source) -> Iterator[Located | Damage]:
    """Yield the record of each member. One that ends before its record does is torn if the next begins with a record.

    Else the next goes on with it, and the members are not aligned.
    """
    offset, torn = 0, None
    while offset < source.length:
        member = _unpack_member(source, offset)
        if torn and member.length is not None and not member.is_blank:
            if not member.is_record:
                raise NotAligned
            yield torn
            torn = None
        found = _record_of(member, offset)
        if not isinstance(found, Located) and member.has_more:
            raise NotAligned
        if member.length is None:
            yield Damage(offset, member.problem, member.is_record)
            next_offset = _next_member(source, offset + 1)
            offset = source.length if next_offset is None else next_offset
            continue
        if isinstance(found, Damage) and found.is_record:
            torn = found
        elif found:
            yield found
        offset += member.length
    if torn:
        yield torn


def _record_of(member: _Member, offset: int) -> Located | Damage | None:
    """Return the record of a member; None where it holds nothing."""
    if member.is_blank:
        return None
    if not member.is_record:
        return Damage(offset, "no record begins there", is_record=False)
    if member.head is None or member.end is None:
        return Damage(offset, _problem_of_head(member.head, member.size), is_record=True)
    if member.size < member.end:
        return Damage(offset, f"the record is torn: {member.end - member.size} bytes are missing", is_record=True)
    return Located(offset, member.length or 0, member.head)


def _unpack_member(source: Source, offset: int) -> _Member:
    member, unzip, taken = _Member(), zlib.decompressobj(31), 0
    try:
        while not unzip.eof:
            piece = unzip.unconsumed_tail or source.read(offset + taken, FIRST_PIECE if not taken else PIECE)
            if not piece:
                member.problem = "the record is torn: its gzip member has no end"
                return member
            taken += 0 if unzip.unconsumed_tail else len(piece)
            member.add(unzip.decompress(piece, PIECE))
    except zlib.error as error:
        member.problem = f"the record cannot be unpacked: {error}"
        return member
    member.length = taken - len(unzip.unused_data)
    return member


def _next_member(source: Source, start: int) -> int | None:
    """Return where the next gzip member begins whose content begins with a record."""
    return next((offset for offset in _find(source, NEXT_MEMBER, 3, start) if _begins_record(source, offset)), None)


def _begins_record(source: Source, offset: int) -> bool:
    try:
        return zlib.decompressobj(31).decompress(source.read(offset, MIN_MEMBER), 5).upper() == BEGINNING
    except zlib.error:
        return False
