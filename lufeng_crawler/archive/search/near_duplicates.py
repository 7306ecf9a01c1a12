"""Keeps the tables of copies: which versions say which text, and which texts have much in common (see copies.py).

What the tables hold is a function of the versions there are: in whatever order they came, the rows are the same.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.search.shingles import MIN_LENGTH, ComparedText, comparable_text, similarity, text_id
from lufeng_crawler.archive.search.shingles import sketch as shingles_sketch

WINDOW_SIZE = 128
"""Of the texts that share a print each is compared with so many, those of the lowest names.

Up to so many texts that are alike make a pair each with each; of more, every one with these, so that pairs never grow
with the square. Names are hashes: which texts come first in them does not depend on when they came.
"""

MIN_PRINT_SHARE = 12
"""One of so many of the prints of the shorter text must be the other's, before the two are compared."""

CACHE_CHARACTERS = 200_000
"""Characters of texts, of which what they are compared by is kept while pairs are made: some 40 MB."""

MAX_TEXT_ID = (1 << 63) - 1
"""Behind all names but one, which no text will ever have."""

WINDOWS_SQL = """WITH windows AS (
    SELECT value AS print,
        (SELECT text FROM prints WHERE print = value ORDER BY text LIMIT 1 OFFSET :window) AS edge
    FROM json_each(:sketch))"""
"""The prints of a sketch, and of each the first text that its window has no place for."""


@dataclass(slots=True)
class TextCache:
    """The texts that there are, by name; those read lately are at hand."""

    db: sqlite3.Connection
    held: dict[int, ComparedText] = field(default_factory=dict)
    room: int = CACHE_CHARACTERS

    def read(self, name: int) -> ComparedText:
        """A text, as any version that says it has it."""
        sql = "SELECT v.body FROM texts t JOIN versions v ON v.id = t.version WHERE t.text = ? LIMIT 1"
        text = self.held.get(name) or ComparedText(comparable_text(value(self.db, sql, name)))
        self.hold(name, text)
        return text

    def hold(self, name: int, text: ComparedText) -> None:
        """Have a text at hand, as the last that will be let go."""
        self.room -= 0 if self.held.pop(name, None) else len(text.said)
        self.held[name] = text
        while self.room < 0 and len(self.held) > 1:
            self.room += len(self.held.pop(next(iter(self.held))).said)


def update_near_duplicates(db: sqlite3.Connection, stale: Sequence[int]) -> None:
    """Bring the texts of these articles, and what is like them, up to date."""
    texts = TextCache(db)
    touched = _restate(texts, stale)
    said = {text for text in touched if value(db, "SELECT 1 FROM texts WHERE text = ?", text)}
    known = {text for text in touched if value(db, "SELECT 1 FROM sketches WHERE text = ?", text)}
    gone, new, moved = sorted(known - said), sorted(said - known), set[int]()
    for text in gone:
        moved |= _let_go(db, text)
    for text in new:
        moved |= _take_in(db, text, shingles_sketch(texts.read(text).said))
    _compare(texts, sorted(moved.union(new).difference(gone)))


def _restate(texts: TextCache, articles: Sequence[int]) -> set[int]:
    """Write anew which of their versions says which text; the texts that more of them say now, or fewer."""
    sql = "SELECT version, article, text FROM texts WHERE article = ?"
    db = texts.db
    known = {row for article in articles for row in db.execute(sql, (article,))}
    said = {row for article in articles for row in _said(texts, article)}
    db.executemany("DELETE FROM texts WHERE version = ?", [(version,) for version, _, _ in known - said])
    db.executemany("INSERT INTO texts (version, article, text) VALUES (?, ?, ?)", said - known)
    return {text for _, _, text in said ^ known}


def _said(texts: TextCache, article: int) -> Iterator[tuple[int, int, int]]:
    """Each version, the article, and the name of what it says, where that is enough to be known by."""
    for version, body in texts.db.execute("SELECT id, body FROM versions WHERE article = ?", (article,)):
        text = ComparedText(comparable_text(body))
        if len(text.said) >= MIN_LENGTH:
            name = text_id(text.said)
            texts.hold(name, text)
            yield version, article, name


def _take_in(db: sqlite3.Connection, text: int, sketch: Sequence[int]) -> set[int]:
    """Make a text known; those that it moves out of windows."""
    db.execute("INSERT INTO sketches VALUES (?, ?)", (text, struct.pack(f"<{len(sketch)}I", *sketch)))
    db.executemany("INSERT INTO prints VALUES (?, ?)", [(one, text) for one in sketch])
    return _at_the_edge(db, text, sketch)


def _let_go(db: sqlite3.Connection, text: int) -> set[int]:
    """Forget a text that nobody says any more; those that move into windows for it."""
    sketch = _sketch(db, text)
    moved = _at_the_edge(db, text, sketch)
    _part(db, text)
    db.execute("DELETE FROM sketches WHERE text = ?", (text,))
    db.executemany("DELETE FROM prints WHERE print = ? AND text = ?", [(one, text) for one in sketch])
    return moved


def _at_the_edge(db: sqlite3.Connection, text: int, sketch: Sequence[int]) -> set[int]:
    """The texts that the windows have no place for while this one stands in them."""
    asked = {"sketch": json.dumps(sketch), "window": WINDOW_SIZE, "text": text}
    return {edge for (edge,) in db.execute(f"{WINDOWS_SQL} SELECT edge FROM windows WHERE :text < edge", asked)}


def _part(db: sqlite3.Connection, text: int) -> None:
    others = db.execute("DELETE FROM pairs WHERE text = ? RETURNING other", (text,)).fetchall()
    db.executemany("DELETE FROM pairs WHERE text = ? AND other = ?", [(other, text) for (other,) in others])


def _compare(texts: TextCache, names: Sequence[int]) -> None:
    """Make the pairs of these texts anew."""
    for name in names:
        _part(texts.db, name)
    done = set[int]()
    for name in names:
        for other in _candidates(texts.db, name):
            if other not in done and (found := similarity(texts.read(name), texts.read(other))):
                shared, length, other_length = found
                both = [(name, other, shared, length, other_length), (other, name, shared, other_length, length)]
                texts.db.executemany("INSERT INTO pairs VALUES (?, ?, ?, ?, ?)", both)
        done.add(name)


def _candidates(db: sqlite3.Connection, text: int) -> list[int]:
    """Texts that share enough prints with this one, of those prints in whose windows one of the two stands."""
    sketch = _sketch(db, text)
    sql = f"""{WINDOWS_SQL}
        SELECT p.text FROM windows w CROSS JOIN prints p ON p.print = w.print
            AND p.text < iif(:text < w.edge OR w.edge IS NULL, :end, w.edge) JOIN sketches s ON s.text = p.text
        WHERE p.text != :text GROUP BY p.text HAVING count(*) * :share >= min(:size, length(s.prints) / 4)"""
    asked = {
        "sketch": json.dumps(sketch),
        "window": WINDOW_SIZE,
        "text": text,
        "share": MIN_PRINT_SHARE,
        "size": len(sketch),
    }
    asked["end"] = MAX_TEXT_ID
    return [other for (other,) in db.execute(sql, asked).fetchall()]


def _sketch(db: sqlite3.Connection, text: int) -> tuple[int, ...]:
    packed = value(db, "SELECT prints FROM sketches WHERE text = ?", text)
    return struct.unpack(f"<{len(packed) // 4}I", packed)
