"""Which copies are found among many articles, how many claims are wrong, and what it costs, beside datasketch's.

`python benchmarks/copies.py FOLDER --articles 100000` reads the texts of the archive that `big_archive.py` made there
(it is made where there is none), plants copies of one in twenty, each changed in one of nine ways, and lets the tables
of copies follow, a hundred articles to a transaction. Then come what floods naive finders: forms filled in a thousand
times, and one notice in many counties, each with a heading of its own.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from time import process_time

import click
from big_archive import build

from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.db.copies_schema import FIRST_TABLES
from lufeng_crawler.archive.db.rows import insert, value
from lufeng_crawler.archive.search import near_duplicates
from lufeng_crawler.archive.shingles import MIN_CONTAINMENT, ComparedText, comparable_text

IN, BATCH, RUN = 20, 100, 10
WEATHER = (
    "县气象台{}日{}时发布：今天白天到夜间多云间晴，偏南风{}级，最高气温{}℃，最低气温{}℃，相对湿度{}%到{}%，"
    "森林火险等级{}级。明天白天晴转多云，气温{}到{}℃，请注意防火。未来三天以多云天气为主，请合理安排出行。"
)

Way = Callable[[str, str, Random], str]
"""A copy of a text; the second is another text, of which it may hold something."""


def edit(share: float) -> Way:
    """So much of it written anew, a clause's length at a time."""

    def edited(text: str, other: str, chance: Random) -> str:
        for _ in range(max(1, round(len(text) * share / RUN))):
            at, taken = chance.randrange(len(text)), chance.randrange(max(len(other) - RUN, 1))
            text = text[:at] + other[taken : taken + RUN] + text[at + RUN :]
        return text

    return edited


WAYS: dict[str, Way] = {
    "spaced anew": lambda text, other, chance: "\n".join(text.split("，")),
    "edited  1 %": edit(0.01),
    "edited  5 %": edit(0.05),
    "edited 10 %": edit(0.10),
    "edited 20 %": edit(0.20),
    "edited 30 %": edit(0.30),
    "head, foot": lambda text, other, chance: f"{other[:80]}\n{text}\n{other[-60:]}",
    "first half": lambda text, other, chance: text[: len(text) // 2],
    "quoted": lambda text, other, chance: f"{other}\n{text}\n{other}",
}


@dataclass(slots=True)
class Planted:
    """The texts by number, and which is a copy of which, in which way."""

    texts: Callable[[], Iterable[str]]
    copies: dict[tuple[int, int], str] = field(default_factory=dict)

    def all(self) -> Iterator[str]:
        """Every text, with a copy behind one in so many."""
        chance, ways, before, number = Random(1), list(WAYS), "", 0
        for count, text in enumerate(self.texts()):
            number += 1
            yield text
            if count % IN == IN - 1:
                way = ways[count // IN % len(ways)]
                number += 1
                self.copies[number - 1, number] = way
                yield WAYS[way](text, before[::-1], chance)
            before = text


def texts(folder: Path, articles: int) -> Iterator[str]:
    """The bodies of that many articles, each once."""
    if not (folder / "archive.db").exists():
        build(folder, articles)
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        sql = "SELECT body FROM versions WHERE number = 1 GROUP BY body ORDER BY min(id) LIMIT ?"
        yield from (body for (body,) in db.execute(sql, (articles,)))


@dataclass(slots=True)
class Ours:
    """The tables of copies, as they follow articles that come a batch to a transaction."""

    db: sqlite3.Connection
    count: int = 0
    seconds: float = 0.0

    def take_in(self, bodies: Iterable[str]) -> None:
        """An article for each body; `seconds` is the CPU time of what follows from them."""
        rest = iter(bodies)
        while some := list(islice(rest, BATCH)):
            self.db.execute("BEGIN")
            first = self.count + 1
            for body in some:
                self.count += 1
                insert(self.db, "versions", id=self.count, article=self.count, body=body, **EMPTY)
            start = process_time()
            near_duplicates.update_near_duplicates(self.db, range(first, self.count + 1))
            self.seconds += process_time() - start
            self.db.execute("DELETE FROM stale")
            self.db.execute("COMMIT")

    def found(self) -> set[tuple[int, int]]:
        """Every two articles that are claimed to be copies."""
        return set(self.db.execute("SELECT article, copy FROM alike WHERE article < copy"))

    def size(self) -> int:
        """Bytes of the tables, by what one more copy of them takes."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "only.db")) as only:
            only.executescript(";".join(FIRST_TABLES))
            for table in ("texts", "sketches", "prints", "pairs"):
                marks = ", ".join("?" * len(only.execute(f"SELECT * FROM pragma_table_info('{table}')").fetchall()))
                only.executemany(f"INSERT INTO {table} VALUES ({marks})", self.db.execute(f"SELECT * FROM {table}"))
            only.commit()
            return (Path(folder) / "only.db").stat().st_size


EMPTY = dict.fromkeys(
    ("first_seen", "last_seen", "title", "body_html", "images", "keywords", "tags", "content_digest", "provenance"), ""
) | {"number": 1, "capture": 0, "reader": ""}


def by_datasketch(bodies: Iterable[str]) -> tuple[set[tuple[int, int]], float]:
    """The pairs that MinHashLSH finds among the same shingles, 128 permutations, threshold 0.5; CPU seconds."""
    from datasketch import MinHash, MinHashLSH

    start, index = process_time(), MinHashLSH(threshold=MIN_CONTAINMENT, num_perm=128)
    found: set[tuple[int, int]] = set()
    for number, body in enumerate(bodies, 1):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([one.encode() for one in ComparedText(comparable_text(body)).shingles])
        found.update((other, number) for other in index.query(sketch))
        index.insert(number, sketch, check_duplication=False)
    return found, process_time() - start


def megabytes() -> int:
    """The largest resident set of this process until now."""
    return getrusage(RUSAGE_SELF).ru_maxrss >> 10


def report(name: str, found: set[tuple[int, int]], copies: dict[tuple[int, int], str]) -> Iterator[str]:
    """Of each way the share of copies that is found, and how many of all that are claimed are copies."""
    planted, hit = Counter(copies.values()), Counter(copies[pair] for pair in found & copies.keys())
    yield f"{name:12} " + " ".join(f"{hit[way] / max(planted[way], 1):>11.3f}" for way in WAYS)
    yield f"{'':12} precision {len(found & copies.keys()) / max(len(found), 1):.4f} of {len(found)} claims"


def flood(ours: Ours, what: str, bodies: Sequence[str]) -> str:
    """What so many texts of one kind cost and claim."""
    start, before = ours.seconds, value(ours.db, "SELECT count(*) FROM pairs") or 0
    ours.take_in(bodies)
    claims = (value(ours.db, "SELECT count(*) FROM pairs") - before) // 2
    return f"{what}: {(ours.seconds - start) / len(bodies) * 1000:.2f} ms an article, {claims} claims"


def forms() -> list[str]:
    """The weather of a thousand days."""
    chance = Random(3)
    return [WEATHER.format(*(chance.randrange(100) for _ in range(10))) for _ in range(1000)]


def counties(text: str, count: int) -> list[str]:
    """A notice as each county publishes it."""
    return [f"{number:03}县人民政府办公室转发如下，请认真贯彻执行。\n{text}\n{number:03}县" for number in range(count)]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rival/--no-rival", default=True, help="Whether datasketch is measured, too.")
@click.option("--articles", type=click.IntRange(1), default=100_000, show_default=True)
def main(folder: Path, articles: int, rival: bool) -> None:
    """Find planted copies."""
    with tempfile.TemporaryDirectory() as made, closing(connect(Path(made) / "archive.db")) as db:
        ours, planted, memory = Ours(db), Planted(lambda: texts(folder, articles)), megabytes()
        ours.take_in(planted.all())
        click.echo(f"{'found':12} " + " ".join(f"{way:>11}" for way in WAYS))
        click.echo("\n".join(report("lufeng", ours.found(), planted.copies)))
        each = ours.seconds / ours.count * 1000
        said = (
            f"{each:.2f} ms of CPU an article, {ours.count / ours.seconds:.0f} articles/s, {memory} → {megabytes()} MB"
        )
        click.echo(f"{'':12} {said}, {ours.size() / ours.count:.0f} bytes an article")
        click.echo(flood(ours, "1,000 forms", forms()))
        for count in (129, 500):
            text = next(texts(folder, 1))
            click.echo(flood(ours, f"a notice in {count} counties", counties(text[count:], count)))
    if not rival or find_spec("datasketch") is None:
        click.echo("datasketch is not asked for, or not installed: skipped")
        return
    found, seconds = by_datasketch(planted.all())
    click.echo("\n".join(report("datasketch", found, planted.copies)))
    click.echo(f"{'':12} {seconds / ours.count * 1000:.2f} ms of CPU an article, {megabytes()} MB, nothing on disk")


if __name__ == "__main__":
    main()
