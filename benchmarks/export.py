"""How fast and in how much memory articles are taken out, beside other programs that write the same of archive.db.

`python benchmarks/export.py [FOLDER]` exports an archive (default: one that `big_archive.py` makes up, of `--articles`)
to every format, each in a process of its own, and reads each file back: id, digest and length of the text of all
articles must be as the archive has them. Beside it, into the same formats:

sqlite3   its shell, over the same view: `-csv`, `-json` (one array), and `VACUUM INTO` (the whole archive)
pandas    `read_sql` and then `to_csv`, `to_json`, `to_parquet`: all in memory, as scripts do it
duckdb    from our CSV file to Parquet
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from ingest import LUFENG, measured

HERE = Path(__file__).resolve().parent
ENDINGS = (".csv", ".jsonl", ".parquet", ".db")
VIEW = "SELECT * FROM latest_articles ORDER BY id"
FACTS = "SELECT id, content_digest, length(body)"
EXECUTE = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
BUILD = (
    f"import sys; sys.path.insert(0, {str(HERE)!r}); from big_archive import build; from pathlib import Path; "
    "build(Path(sys.argv[1]), int(sys.argv[2]))"
)
PANDAS = """
import pandas, sqlite3, sys
_, archive, path, view = sys.argv
table = pandas.read_sql(view, sqlite3.connect(archive))
if path.endswith(".csv"): table.to_csv(path, index=False)
elif path.endswith(".jsonl"): table.to_json(path, orient="records", lines=True, force_ascii=False)
else: table.to_parquet(path, compression="zstd")
"""
DUCKDB = """
import duckdb, sys
_, source, path = sys.argv
duckdb.execute(f"COPY (FROM read_csv('{source}')) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
"""


def commands(folder: Path, out: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Who writes which file, and how."""
    archive = str(folder / "archive.db")
    for ending in ENDINGS:
        yield (
            "lufeng",
            out / f"lufeng{ending}",
            [LUFENG, "--archive", str(folder), "export", str(out / f"lufeng{ending}")],
        )
    for ending in ENDINGS[:3]:
        yield "pandas", out / f"pandas{ending}", [PANDAS, archive, str(out / f"pandas{ending}"), VIEW]
    yield "duckdb", out / "duckdb.parquet", [DUCKDB, str(out / "lufeng.csv"), str(out / "duckdb.parquet")]
    if not shutil.which("sqlite3"):
        return click.echo("sqlite3: its shell is not here", err=True)
    for ending, mode in ((".csv", "-csv"), (".jsonl", "-json")):
        path = out / f"sqlite3{ending}"
        yield "sqlite3", path, [EXECUTE, "sqlite3", mode, "-header", "-cmd", f".output {path}", archive, VIEW]
    yield "sqlite3", out / "sqlite3.db", [EXECUTE, "sqlite3", archive, f"VACUUM INTO '{out / 'sqlite3.db'}'"]
    return None


def facts(path: Path) -> str:
    """A hash over what a file says: id, digest and length of each article."""
    import duckdb  # not before: a process that is started counts the memory of the one that starts it as its own

    if path.suffix == ".db":
        with closing(sqlite3.connect(path)) as db:
            return _hash(db.execute(f"{FACTS} FROM latest_articles ORDER BY id"))
    with duckdb.connect() as other:
        rows = other.execute(f"{FACTS} FROM '{path}' ORDER BY id").fetchall()
    return _hash(iter(rows))


def _hash(rows: Iterator[tuple[object, ...]]) -> str:
    whole = hashlib.sha256()
    for row in rows:
        whole.update(repr(row).encode())
    return whole.hexdigest()


def lines(folder: Path, out: Path) -> Iterator[str]:
    """A line for each file that is written. Raises click.ClickException where one of ours reads otherwise."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        [count] = db.execute("SELECT count(*) FROM articles").fetchone()
    yield f"{'':8} {'':9}{'seconds':>8} {'rows/s':>8} {'cpu s':>6} {'MB':>6} {'file MB':>8}"
    for who, path, command in commands(folder, out):
        seconds, cpu, memory = measured(command)
        size = path.stat().st_size / 1e6
        yield f"{who:8} {path.suffix:9}{seconds:8.1f} {count / seconds:8.0f} {cpu:6.1f} {memory:6.0f} {size:8.0f}"
    said = facts(folder / "archive.db")
    for ending in ENDINGS:
        if facts(out / f"lufeng{ending}") != said:
            raise click.ClickException(f"lufeng{ending} reads otherwise than the archive")
    yield "each file of lufeng's was read back and is equal to the archive"


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--articles", type=click.IntRange(1), default=100_000, show_default=True, help="Of the made up archive.")
def main(folder: Path | None, articles: int) -> None:
    """Export an archive to every format; print what each took, and what others take."""
    with TemporaryDirectory(prefix="lufeng-benchmark-") as name:
        archive = folder or Path(name) / "archive"
        if not folder:
            measured([BUILD, str(archive), str(articles)])
        for line in lines(archive, Path(name)):
            click.echo(line)


if __name__ == "__main__":
    main()
