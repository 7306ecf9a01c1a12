"""Parses the heads of WARC records and of HTTP messages: a first line, named fields, a blank line (WARC 1.1, 4).

Read is whatever those write that we know of: lines that end with LF alone, names in any case, values folded over
several lines, white space around names and values. There is no limit to the length of a head: whatever can be written
can be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

END = re.compile(rb"\r*\n\r*\n")
FIELD_SPACE = " \t\r\n\f"
"""White space that is no part of a field's name or value where it stands around them."""

_BREAKS = re.compile("[ \t\f]*[\r\n\0]+[ \t\f\r\n\0]*")


@dataclass(frozen=True, slots=True)
class Head:
    """A head of `length` bytes, its blank line included.

    A value that was folded has a line break where it was: `value` puts a space there, `text` leaves it. `texts` has the
    first field of each name, in lower case.
    """

    first_line: str
    fields: tuple[tuple[str, str], ...]
    texts: Mapping[str, str]
    length: int

    def text(self, name: str) -> str | None:
        """Return the first field of that name, in any case, with its line breaks; None where there is none."""
        return self.texts.get(name.lower())

    def value(self, name: str) -> str | None:
        """Return the first field of that name, in any case, on one line; None where there is none."""
        text = self.text(name)
        return None if text is None else one_line(text)

    def content_length(self) -> int | None:
        """Return Content-Length; None where there is none, or it is no length."""
        stated = self.value("Content-Length") or ""
        return int(stated) if re.fullmatch(r"[0-9]{1,18}", stated) else None

    def values(self) -> tuple[tuple[str, str], ...]:
        """Return all fields with their values on one line each."""
        return tuple((name, one_line(text)) for name, text in self.fields)


def parse_head(data: bytes, encoding: str, start: int = 0) -> Head | None:
    """Parse the head that begins at `start`; None where no blank line ends it.

    In UTF-8, a line that is no UTF-8 is read as Latin-1, so that it can be written again.
    """
    end = END.search(data, start)
    if end is None:
        return None
    first, *lines = (_decode(line, encoding) for line in data[start : end.start()].split(b"\n"))
    fields = _fields(lines)
    texts = {name.lower(): text for name, text in reversed(fields)}
    return Head(first.strip(FIELD_SPACE), tuple(fields), texts, end.end() - start)


def one_line(text: str) -> str:
    """Return a text as a field can state it and be read again: line breaks and NULs are spaces, none at its ends."""
    return _BREAKS.sub(" ", text).strip(FIELD_SPACE)


def _decode(line: bytes, encoding: str) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _fields(lines: list[str]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith((" ", "\t")) and fields:
            name, value = fields[-1]
            fields[-1] = name, f"{value}\n{line.strip(FIELD_SPACE)}"
        else:
            name, _, value = line.partition(":")
            fields.append((name.strip(FIELD_SPACE), value.strip(FIELD_SPACE)))
    return fields
