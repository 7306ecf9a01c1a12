"""How fast and how right search is, beside LIKE, FTS5's trigram and DuckDB on the same articles in the same run.

`python benchmarks/search.py --articles 100000` makes up an archive (`big_archive.py`), takes queries of 1, 2, 4 and 8
characters out of its texts, rare ones (in at most 60 articles, one is enough) and common ones, and asks each of these:

lufeng     `archive.search`: 20 hits by relevance (ranked) and by date, with passages and marks; facets of the hits
LIKE       SQLite's, over title and body, until 20 are found, the newest first
trigram    FTS5 with its own tokenizer, as contentless as ours: 20 by rank, 20 by date
DuckDB     LIKE over a table in memory, by one thread; it must be installed, else it is skipped

ms are p50 and p95, each query's the least of `--rounds`; recall and precision are by what Python finds in the folded
texts of title and body. Sizes are of the index alone, by those of the texts in UTF-8.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import click
from big_archive import build

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect, connect_for_reading
from lufeng_crawler.archive.db.rows import dicts
from lufeng_crawler.archive.search import fulltext_index
from lufeng_crawler.archive.search.folding import fold_text
from lufeng_crawler.archive.search.query_parser import fts5_match
from lufeng_crawler.archive.search.search import facets, search
from lufeng_crawler.archive.store.transaction import transaction

NEWEST = "title, body FROM latest l JOIN versions v ON v.id = l.version"
LENGTHS, RARE = (1, 2, 4, 8), 60
CLOCKS: dict[str, Callable[[], float]] = {"wall": perf_counter, "cpu": process_time}
Ask = Callable[[str], object]
Find = Callable[[str], set[int]]
Class = tuple[int, str]


@dataclass(slots=True)
class Contestant:
    """What is measured: its ways to ask, by name, and how it finds all ids. `size` is bytes, `memory` MB."""

    name: str
    ways: dict[str, Ask]
    find: Find
    size: int = 0
    seconds: float = 0.0
    memory: float = 0.0


@dataclass(slots=True)
class Texts:
    """Title and body of each article, as written and folded, by id."""

    written: dict[int, tuple[str, str]]
    folded: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        self.folded = {id: f"{fold_text(title)}\0{fold_text(body)}" for id, (title, body) in self.written.items()}

    @property
    def bytes(self) -> int:
        """In UTF-8."""
        return sum(len(text.encode()) for both in self.written.values() for text in both)

    def holding(self, text: str) -> set[int]:
        """What is right."""
        return {id for id, said in self.folded.items() if text in said}


def lufeng(path: Path, db: sqlite3.Connection, clock: Callable[[], float]) -> Contestant:
    """Ours; its index is made anew to see how long that takes."""
    with closing(connect(path / "archive.db")) as writer:
        writer.execute("PRAGMA synchronous = OFF")
        started = clock()
        with transaction(writer):
            fulltext_index.rebuild_index(writer)
        seconds, most = clock() - started, memory()
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ways: dict[str, Ask] = {
        "ranked": lambda text: search(db, text),
        "by date": lambda text: search(db, text, sort="date"),
        "of a site": lambda text: search(db, text, Filter(site="site3", published_from="2020-01-01")),
        "facets": lambda text: facets(db, text),
    }

    def find(text: str) -> set[int]:
        sql, values = fts5_match(text)
        return {id for (id,) in db.execute(f"SELECT id FROM articles WHERE {sql}", values)}

    return Contestant("lufeng", ways, find, size_of(db, "search%"), seconds, most)


def like(db: sqlite3.Connection) -> Contestant:
    """SQLite alone."""
    sql = "SELECT l.article FROM latest l JOIN versions v ON v.id = l.version WHERE title LIKE ?1 OR body LIKE ?1"
    newest = f"{sql} ORDER BY l.id DESC LIMIT 20"
    return Contestant(
        "LIKE",
        {"by date": lambda text: db.execute(newest, (f"%{text}%",)).fetchall()},
        lambda text: {id for (id,) in db.execute(sql, (f"%{text}%",))},
    )


def trigram(folder: Path, archive: sqlite3.Connection, clock: Callable[[], float]) -> Contestant:
    """FTS5's tokenizer for any piece of text, of three characters and more."""
    db = sqlite3.connect(folder / "trigram.db")
    db.execute("PRAGMA synchronous = OFF")
    started = clock()
    db.execute("CREATE VIRTUAL TABLE search USING fts5(title, body, content='', tokenize='trigram')")
    db.executemany(
        "INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)",
        archive.execute(f"SELECT l.id, {NEWEST} ORDER BY l.id"),
    )
    db.commit()
    seconds = clock() - started
    articles: dict[int, int] = dict(archive.execute("SELECT id, article FROM latest"))
    sql = "SELECT rowid FROM search WHERE search MATCH ?"
    ways: dict[str, Ask] = {
        "ranked": lambda text: db.execute(f"{sql} ORDER BY rank LIMIT 20", (f'"{text}"',)).fetchall(),
        "by date": lambda text: db.execute(f"{sql} ORDER BY rowid DESC LIMIT 20", (f'"{text}"',)).fetchall(),
    }
    found: Find = lambda text: {articles[id] for (id,) in db.execute(sql, (f'"{text}"',))}  # noqa: E731
    return Contestant("trigram", ways, found, size_of(db, "search%"), seconds)


def duckdb(folder: Path, path: Path, clock: Callable[[], float]) -> Iterator[Contestant]:
    """A table in memory."""
    try:
        import duckdb
    except ImportError:
        click.echo("DuckDB is not installed: skipped")
        return

    started, lines = clock(), folder / "articles.jsonl"
    with lines.open("w", encoding="utf-8") as file, closing(sqlite3.connect(path)) as db:
        for row in dicts(db, f"SELECT l.article AS id, l.id AS day, {NEWEST}"):
            file.write(json.dumps(row) + "\n")
    other = duckdb.connect()
    other.execute("SET threads = 1")
    types = "{'id': 'BIGINT', 'day': 'BIGINT', 'title': 'VARCHAR', 'body': 'VARCHAR'}"
    reading = f"read_json(?, format = 'newline_delimited', columns = {types})"
    other.execute(f"CREATE TABLE articles AS SELECT * FROM {reading}", [str(lines)])
    sql = "SELECT id FROM articles WHERE contains(title, $1) OR contains(body, $1)"
    yield Contestant(
        "DuckDB",
        {"by date": lambda text: other.execute(f"{sql} ORDER BY day DESC LIMIT 20", [text]).fetchall()},
        lambda text: {id for (id,) in other.execute(sql, [text]).fetchall()},
        seconds=clock() - started,
    )


def size_of(db: sqlite3.Connection, names: str) -> int:
    """Bytes of the tables so called."""
    [(size,)] = db.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?", (names,))
    return int(size)


def queries(db: sqlite3.Connection, texts: Texts, each: int, chance: Random) -> dict[Class, list[str]]:
    """By length and class: pieces of texts that stand there as folded, Chinese or whatever they are."""
    found: dict[Class, list[str]] = {(length, kind): [] for length in LENGTHS for kind in ("rare", "common")}
    bodies = [body for _, body in texts.written.values()]
    for length in LENGTHS:
        counted: dict[str, int] = {}
        for _ in range(each * 20):
            body = chance.choice(bodies)
            start = chance.randrange(max(1, len(body) - length))
            piece = body[start : start + length]
            if len(piece) == length and piece == fold_text(piece).strip() and piece.isalnum():
                sql, values = fts5_match(piece)
                counted[piece] = db.execute(f"SELECT count(*) FROM articles WHERE {sql}", values).fetchone()[0]
        by_count = sorted(counted, key=lambda piece: counted[piece])
        found[length, "rare"] = [piece for piece in by_count if counted[piece] <= RARE][:each]
        found[length, "common"] = [piece for piece in by_count[-each:] if counted[piece] > RARE]
    return found


def timed(ask: Ask, texts: Sequence[str], rounds: int, clock: Callable[[], float]) -> list[float]:
    """Milliseconds of each query, the least of the rounds, in order."""
    taken = dict.fromkeys(texts, float("inf"))
    for _ in range(rounds):
        for text in texts:
            started = clock()
            ask(text)
            taken[text] = min(taken[text], 1000 * (clock() - started))
    return sorted(taken.values())


def right(find: Find, texts: Texts, asked: Sequence[str]) -> tuple[float, float]:
    """Recall and precision over all of the queries' hits."""
    hits = wanted = both = 0
    for text in asked:
        found, expected = find(text), texts.holding(text)
        hits, wanted, both = hits + len(found), wanted + len(expected), both + len(found & expected)
    return both / (wanted or 1), both / (hits or 1)


def report(one: Contestant, asked: dict[Class, list[str]], texts: Texts, rounds: int, clock: str) -> Iterator[str]:
    """What there is to say of it, line by line."""
    share = f", index {one.size / 1e6:.0f} MB, {one.size / texts.bytes:.2f} of the texts" if one.size else ""
    yield f"{one.name}: built in {one.seconds:.0f} s{share}"
    for (length, kind), pieces in asked.items():
        if pieces:
            recall, precision = right(one.find, texts, pieces[:10])
            parts = [f"{length} {kind:7} recall {recall:.3f} precision {precision:.3f}"]
            for way, ask in one.ways.items():
                taken = timed(ask, pieces, rounds, CLOCKS[clock])
                p50, p95 = (taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.95))
                parts.append(f"{way} {p50:.1f}/{p95:.1f}")
            yield "   ".join(["", *parts])


def memory() -> float:
    """MB of the largest resident set so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@click.command()
@click.option("--articles", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--characters", type=click.IntRange(10), default=1_000, show_default=True, help="Of a body, in the mean.")
@click.option("--queries", "each", type=click.IntRange(1), default=30, show_default=True, help="Of each class.")
@click.option("--rounds", type=click.IntRange(1), default=2, show_default=True)
@click.option("--clock", type=click.Choice([*CLOCKS]), default="wall", show_default=True, help="cpu on busy machines.")
@click.option("--archive", type=click.Path(file_okay=False, path_type=Path), help="Made up already.")
def main(articles: int, characters: int, each: int, rounds: int, clock: str, archive: Path | None) -> None:
    """Measure search, and others beside it."""
    with TemporaryDirectory(prefix="lufeng-benchmark-") as name:
        folder = archive or build(Path(name) / "archive", articles, characters)
        with closing(connect_for_reading(folder)) as db:
            ours = lufeng(folder, db, CLOCKS[clock])
            click.echo(f"{ours.memory:.0f} MB of memory to make the index")
            sql = f"SELECT l.article, {NEWEST}"
            asked_of = Texts({id: (title, body) for id, title, body in db.execute(sql)})
            asked = queries(db, asked_of, each, Random(1))
            others = [like(db), trigram(Path(name), db, CLOCKS[clock])]
            others += duckdb(Path(name), folder / "archive.db", CLOCKS[clock])
            for one in (ours, *others):
                for line in report(one, asked, asked_of, rounds, clock):
                    click.echo(line)


if __name__ == "__main__":
    main()
