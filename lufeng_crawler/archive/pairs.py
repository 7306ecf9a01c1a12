"""Keeps the tables of copies: which versions say which text, and which texts have much in common (see copies.py).

What the tables hold is a function of the versions there are: in whatever order they came, the rows are the same.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lufeng_crawler.archive.likeness import ENOUGH, compact, likeness, name_of, prints, shingles
from lufeng_crawler.archive.rows import value

WINDOW = 128
"""Of the texts that share a print each is compared with so many, those of the lowest names.

Up to so many texts that are alike make a pair each with each; of more, every one with these, so that pairs never grow
with the square. Names are hashes: which texts come first in them does not depend on when they came.
"""

SHARE = 12
"""One of so many of the prints of the shorter text must be the other's, before the two are compared."""


def follow(db: sqlite3.Connection, stale: Sequence[int]) -> None:
    """Bring the texts of these articles, and what is like them, up to date."""
    touched = {text for article in stale for text in _restate(db, article)}
    kept = {text for text in touched if value(db, "SELECT 1 FROM texts WHERE text = ?", text)}
    for text in sorted(touched - kept):
        _let_go(db, text)
    for text in sorted(kept):
        if not value(db, "SELECT 1 FROM sketches WHERE text = ?", text):
            _take_in(db, text)


def _restate(db: sqlite3.Connection, article: int) -> set[int]:
    """Write anew which of its versions says which text; the texts that more of them say now, or fewer."""
    said = set(_said(db, article))
    known = set(db.execute("SELECT version, text FROM texts WHERE article = ?", (article,)).fetchall())
    db.executemany("DELETE FROM texts WHERE version = ? AND text = ?", known - said)
    new = [(version, article, text) for version, text in said - known]
    db.executemany("INSERT OR REPLACE INTO texts (version, article, text) VALUES (?, ?, ?)", new)
    return {text for _, text in said ^ known}


def _said(db: sqlite3.Connection, article: int) -> Iterator[tuple[int, int]]:
    """The article's versions and the names of what they say, where that is enough to be known by."""
    for version, body in db.execute("SELECT id, body FROM versions WHERE article = ?", (article,)):
        text = compact(body)
        if len(text) >= ENOUGH:
            yield version, name_of(text)


def _take_in(db: sqlite3.Connection, text: int) -> None:
    said = _read(db, text)
    sketch = prints(said)
    packed = struct.pack(f"<{len(sketch)}I", *sketch)
    db.execute("INSERT INTO sketches VALUES (?, ?, ?)", (text, len(shingles(said)), packed))
    db.executemany("INSERT INTO prints VALUES (?, ?)", [(one, text) for one in sketch])
    _compare(db, text)
    _compare_anew(db, _at_the_edge(db, text, sketch))


def _let_go(db: sqlite3.Connection, text: int) -> None:
    if not (sketch := _sketch(db, text)):
        return
    moved = _at_the_edge(db, text, sketch)
    _part(db, text)
    db.execute("DELETE FROM sketches WHERE text = ?", (text,))
    db.executemany("DELETE FROM prints WHERE print = ? AND text = ?", [(one, text) for one in sketch])
    _compare_anew(db, moved)


def _at_the_edge(db: sqlite3.Connection, text: int, sketch: Iterable[int]) -> set[int]:
    """The texts that the windows have no place for while this one stands in them."""
    windows = (_sharing(db, one, WINDOW + 1) for one in sketch)
    return {window[WINDOW] for window in windows if len(window) > WINDOW and text < window[WINDOW]}


def _sharing(db: sqlite3.Connection, print: int, limit: int = -1) -> list[int]:
    sql = "SELECT text FROM prints WHERE print = ? ORDER BY text LIMIT ?"
    return [text for (text,) in db.execute(sql, (print, limit)).fetchall()]


def _compare_anew(db: sqlite3.Connection, texts: Iterable[int]) -> None:
    for text in sorted(texts):
        _part(db, text)
        _compare(db, text)


def _part(db: sqlite3.Connection, text: int) -> None:
    others = db.execute("DELETE FROM pairs WHERE text = ? RETURNING other", (text,)).fetchall()
    db.executemany("DELETE FROM pairs WHERE text = ? AND other = ?", [(other, text) for (other,) in others])


def _compare(db: sqlite3.Connection, text: int) -> None:
    """Make the pairs of a text that has none."""
    said = ""
    for other in _candidates(db, text):
        said = said or _read(db, text)
        if found := likeness(said, _read(db, other)):
            both = [(text, other, found.shared), (other, text, found.shared)]
            db.executemany("INSERT INTO pairs VALUES (?, ?, ?)", both)


def _candidates(db: sqlite3.Connection, text: int) -> list[int]:
    sketch, votes = _sketch(db, text), Counter[int]()
    for one in sketch:
        window = _sharing(db, one, WINDOW)
        votes.update(_sharing(db, one) if len(window) == WINDOW and text in window else window)
    del votes[text]
    return sorted(other for other, shared in votes.items() if shared * SHARE >= min(len(sketch), _size(db, other)))


def _sketch(db: sqlite3.Connection, text: int) -> tuple[int, ...]:
    packed = value(db, "SELECT prints FROM sketches WHERE text = ?", text) or b""
    return struct.unpack(f"<{len(packed) // 4}I", packed)


def _size(db: sqlite3.Connection, text: int) -> int:
    return int(value(db, "SELECT length(prints) / 4 FROM sketches WHERE text = ?", text))


def _read(db: sqlite3.Connection, text: int) -> str:
    """The text itself, from any version that says it."""
    sql = "SELECT v.body FROM texts t JOIN versions v ON v.id = t.version WHERE t.text = ? LIMIT 1"
    return compact(value(db, sql, text))
