"""Maintains the tables of copies: which versions have which text, and which texts share much with which others.

The tables are a function of the versions in the archive: in whatever order these came, the rows are the same.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.shingles import (
    MIN_LENGTH,
    ComparedText,
    comparable_text,
    make_sketch,
    similarity,
    text_id,
)

WINDOW_SIZE = 128
"""A text is compared with at most this many of the texts that share a print with it: those with the lowest ids.

Up to this number of similar texts are all paired with each other; of more, each is paired with these, so that the
number of pairs does not grow with the square. Ids are hashes: which texts have the lowest does not depend on the order
in which they came.
"""

MIN_PRINT_SHARE = 12
"""Two texts are compared when they share one of this many prints of the shorter text."""

CACHE_CHARACTERS = 200_000
"""Characters of texts whose shingles are kept in memory while texts are compared: some 40 MB."""

MAX_TEXT_ID = (1 << 63) - 1
"""The limit of a window that is not full: ids below it are inside, and no text will ever have just this one."""

WINDOWS_SQL = """WITH windows AS (
    SELECT value AS print,
        (SELECT text FROM prints WHERE print = value ORDER BY text LIMIT 1 OFFSET :window) AS edge
    FROM json_each(:sketch))"""
"""The prints of a sketch, each with the first text that its window has no room for (NULL where there is none)."""

CANDIDATES_SQL = f"""{WINDOWS_SQL}
    SELECT prints.text FROM windows CROSS JOIN prints ON prints.print = windows.print
        AND prints.text < iif(:text < windows.edge OR windows.edge IS NULL, :end, windows.edge)
        JOIN sketches ON sketches.text = prints.text
    WHERE prints.text != :text GROUP BY prints.text
    HAVING count(*) * :share >= min(:size, length(sketches.prints) / 4)"""
"""Texts that share enough prints with :text, counting prints in whose window one of the two lies.

Where :text lies in the window itself, all texts with the print count, else only those in the window. A print takes 4
bytes of `sketches.prints`.
"""


@dataclass(slots=True)
class TextCache:
    """Reads texts by id, and keeps those read last with their shingles."""

    db: sqlite3.Connection
    held: dict[int, ComparedText] = field(default_factory=dict)
    room: int = CACHE_CHARACTERS

    def read(self, id: int) -> ComparedText:
        """Return a text from the cache, or else from any version that has it."""
        sql = """SELECT version.body FROM texts JOIN versions version ON version.id = texts.version
            WHERE texts.text = ? LIMIT 1"""
        text = self.held.get(id) or ComparedText(comparable_text(value(self.db, sql, id)))
        self.hold(id, text)
        return text

    def hold(self, id: int, text: ComparedText) -> None:
        """Put a text into the cache as the newest, and drop the oldest ones that have no room."""
        self.room -= 0 if self.held.pop(id, None) else len(text.text)
        self.held[id] = text
        while self.room < 0 and len(self.held) > 1:
            self.room += len(self.held.pop(next(iter(self.held))).text)


def update_near_duplicates(db: sqlite3.Connection, stale: Sequence[int]) -> None:
    """Update the tables for the articles with these ids, whose versions changed or disappeared."""
    cache = TextCache(db)
    touched = _update_texts(cache, stale)
    used = {text for text in touched if value(db, "SELECT 1 FROM texts WHERE text = ?", text)}
    sketched = {text for text in touched if value(db, "SELECT 1 FROM sketches WHERE text = ?", text)}
    removed, added, moved = sorted(sketched - used), sorted(used - sketched), set[int]()
    for text in removed:
        moved |= _remove_text(db, text)
    for text in added:
        moved |= _add_text(db, text, make_sketch(cache.read(text).text))
    _rebuild_pairs(cache, sorted(moved.union(added).difference(removed)))


def _update_texts(cache: TextCache, articles: Sequence[int]) -> set[int]:
    """Update the articles' rows of `texts`. Return the texts that more or fewer versions have now."""
    sql = "SELECT version, article, text FROM texts WHERE article = ?"
    db = cache.db
    before = {row for article in articles for row in db.execute(sql, (article,))}
    now = {row for article in articles for row in _texts_of_article(cache, article)}
    db.executemany("DELETE FROM texts WHERE version = ?", [(version,) for version, _, _ in before - now])
    db.executemany("INSERT INTO texts (version, article, text) VALUES (?, ?, ?)", now - before)
    return {text for _, _, text in now ^ before}


def _texts_of_article(cache: TextCache, article: int) -> Iterator[tuple[int, int, int]]:
    """Yield the version, the article and the text's id for each version that is long enough to be compared."""
    for version, body in cache.db.execute("SELECT id, body FROM versions WHERE article = ?", (article,)):
        text = ComparedText(comparable_text(body))
        if len(text.text) >= MIN_LENGTH:
            id = text_id(text.text)
            cache.hold(id, text)
            yield version, article, id


def _add_text(db: sqlite3.Connection, text: int, sketch: Sequence[int]) -> set[int]:
    """Add a text's prints. Return the texts that it moves out of windows."""
    db.execute("INSERT INTO sketches VALUES (?, ?)", (text, struct.pack(f"<{len(sketch)}I", *sketch)))
    db.executemany("INSERT INTO prints VALUES (?, ?)", [(print_hash, text) for print_hash in sketch])
    return _texts_at_edges(db, text, sketch)


def _remove_text(db: sqlite3.Connection, text: int) -> set[int]:
    """Remove a text that no version has any more. Return the texts that move into windows in its place."""
    sketch = _load_sketch(db, text)
    moved = _texts_at_edges(db, text, sketch)
    _delete_pairs(db, text)
    db.execute("DELETE FROM sketches WHERE text = ?", (text,))
    db.executemany("DELETE FROM prints WHERE print = ? AND text = ?", [(print_hash, text) for print_hash in sketch])
    return moved


def _texts_at_edges(db: sqlite3.Connection, text: int, sketch: Sequence[int]) -> set[int]:
    """Return the first texts outside of the windows that this text lies in."""
    values = {"sketch": json.dumps(sketch), "window": WINDOW_SIZE, "text": text}
    return {edge for (edge,) in db.execute(f"{WINDOWS_SQL} SELECT edge FROM windows WHERE :text < edge", values)}


def _delete_pairs(db: sqlite3.Connection, text: int) -> None:
    others = db.execute("DELETE FROM pairs WHERE text = ? RETURNING other", (text,)).fetchall()
    db.executemany("DELETE FROM pairs WHERE text = ? AND other = ?", [(other, text) for (other,) in others])


def _rebuild_pairs(cache: TextCache, texts: Sequence[int]) -> None:
    """Delete the pairs of these texts and compare each with its candidates again."""
    for text in texts:
        _delete_pairs(cache.db, text)
    done = set[int]()
    for text in texts:
        for other in _candidates(cache.db, text):
            if other not in done and (result := similarity(cache.read(text), cache.read(other))):
                shared, length, other_length = result
                both = [(text, other, shared, length, other_length), (other, text, shared, other_length, length)]
                cache.db.executemany("INSERT INTO pairs VALUES (?, ?, ?, ?, ?)", both)
        done.add(text)


def _candidates(db: sqlite3.Connection, text: int) -> list[int]:
    sketch = _load_sketch(db, text)
    values = {"sketch": json.dumps(sketch), "window": WINDOW_SIZE, "text": text, "size": len(sketch)}
    values |= {"share": MIN_PRINT_SHARE, "end": MAX_TEXT_ID}
    return [other for (other,) in db.execute(CANDIDATES_SQL, values).fetchall()]


def _load_sketch(db: sqlite3.Connection, text: int) -> tuple[int, ...]:
    packed = value(db, "SELECT prints FROM sketches WHERE text = ?", text)
    return struct.unpack(f"<{len(packed) // 4}I", packed)
