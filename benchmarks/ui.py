"""How soon the web UI answers on a large archive: every page, beside Datasette's own of the same rows.

`python benchmarks/ui.py FOLDER` asks the archive there (made first where there is none: 100,000 articles, some minutes)
through Datasette, in one process, one page after the other, and prints per page how long half and 95 of a hundred
answers took, from the request to the last byte, and how large they are. Each page is asked with other arguments each
time, so that none is answered from what the last one left. `cpu` is what the processor worked, of the 95th: on a
machine that is busy with other things, too, only that says something. A page that is not there is said.
"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

import click
from big_archive import build
from datasette.app import Datasette

from lufeng_crawler.archive.db.connection import connect, connect_for_reading
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.ui.server import build_application

WALL = 150
"""Milliseconds within which 95 of a hundred answers are to come."""

WORDS = ("税收", "通知", "防汛", "公告", "乡村振兴", "2024", "关于", "县")


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of each answer, those of them that the processor worked, and the bytes of the largest."""

    times: Sequence[float]
    worked: Sequence[float]
    bytes: int


def share(times: Sequence[float], hundredth: int) -> float:
    """The time within which so many of a hundred answers came."""
    return quantiles(times, n=100, method="inclusive")[hundredth - 1]


def made(folder: Path, articles: int) -> Path:
    """The archive, made where there is none, with all that follows from its versions."""
    if not (folder / "archive.db").exists():
        build(folder, articles)
    with closing(connect(folder / "archive.db")) as db, transaction(db):
        pass
    return folder


def addresses(db: sqlite3.Connection) -> Mapping[str, Sequence[str]]:
    """Addresses of each page: of articles, days, sites and words all over the archive."""
    articles = _column(db, "SELECT id FROM articles ORDER BY id * 7919 % 100003 LIMIT 200")
    edits = db.execute(
        "SELECT article, from_version, to_version, id FROM changes WHERE kind = 'edited'"
        " ORDER BY id * 7919 % 100003 LIMIT 200"
    ).fetchall()
    sites, some = (
        _column(db, "SELECT name FROM sites"),
        _column(db, "SELECT id FROM changes ORDER BY id * 7919 % 100003 LIMIT 200"),
    )
    return {
        "home": ["/"],
        "home of a site": [f"/?site={site}" for site in sites],
        "article": [f"/articles/{id}" for id in articles],
        "diff": [f"/articles/{article}/diff?from={old}&to={new}" for article, old, new, _ in edits],
        "capture": [f"/captures/{id}" for id in _column(db, "SELECT capture FROM versions ORDER BY id LIMIT 200")],
        "search": [f"/search?q={word}" for word in WORDS],
        "search by date, of a site": [f"/search?q={word}&site={site}&sort=date" for word in WORDS for site in sites],
        "changes": [f"/changes?before={id}" for id in some],
        "changes: edits": [f"/changes?kind=edited&before={event}" for _, _, _, event in edits],
        "changes of a site": [f"/changes?site={site}" for site in sites],
        "feeds": ["/changes.rss", "/changes.atom", *(f"/changes.atom?site={site}" for site in sites)],
        "deletions": ["/deletions", *(f"/deletions?state=gone&site={site}" for site in sites)],
        "health": ["/health", *(f"/health?site={site}" for site in sites)],
        "Datasette: latest_articles": [f"/archive/latest_articles?_size=50&site={site}" for site in sites],
        "Datasette: events": [f"/archive/events?_size=50&kind={kind}" for kind in ("edited", "gone", "new")],
        "Datasette: changes": [f"/archive/changes?_size=50&_next={id}" for id in some],
    }


async def asked(datasette: Datasette, paths: Sequence[str], times: int) -> Taken | None:
    """How long the answers took, so many; None where there is no such page."""
    taken, worked, largest = list[float](), list[float](), 0
    await datasette.client.get(paths[-1])
    for path in islice(cycle(paths), times):
        began, before = perf_counter(), process_time()
        answer = await datasette.client.get(path)
        taken.append((perf_counter() - began) * 1000)
        worked.append((process_time() - before) * 1000)
        if answer.status_code != HTTPStatus.OK:
            return None
        largest = max(largest, len(answer.content))
    return Taken(taken, worked, largest)


async def measured(folder: Path, times: int) -> Iterator[tuple[str, Taken | None]]:
    """Per page, what its answers took."""
    with closing(connect_for_reading(folder)) as db:
        pages = addresses(db)
    datasette = build_application(folder)
    found = [(name, await asked(datasette, paths, times)) for name, paths in pages.items()]
    for database in datasette.databases.values():
        database.close()
    if datasette.executor is not None:
        datasette.executor.shutdown()
    return iter(found)


def told(name: str, taken: Taken | None) -> str:
    """A line on a page."""
    if taken is None:
        return f"{name:28} is not there, or could not answer"
    half, most, cpu = share(taken.times, 50), share(taken.times, 95), share(taken.worked, 95)
    late = "" if most <= WALL or name.startswith("Datasette") else f"  over {WALL} ms"
    return f"{name:28} p50 {half:6.1f} ms  p95 {most:6.1f} ms  cpu {cpu:6.1f} ms  {taken.bytes / 1000:6.1f} kB{late}"


def _column(db: sqlite3.Connection, sql: str) -> list[object]:
    return [row[0] for row in db.execute(sql)]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--articles", type=click.IntRange(1), default=100_000, show_default=True, help="Where one is made.")
@click.option("--times", type=click.IntRange(2), default=60, show_default=True, help="Answers a page.")
def main(folder: Path, articles: int, times: int) -> None:
    """Time the pages of the UI."""
    for name, taken in asyncio.run(measured(made(folder, articles), times)):
        click.echo(told(name, taken))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(f"memory at most {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
