"""Commands that fill the archive or take from it without asking the network: ingest, rebuild, export."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from time import monotonic

import click

from lufeng_crawler.archive import rebuild
from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.export.export import export
from lufeng_crawler.archive.queries import articles as queries_articles
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.archive.store.rebuild_preview import RebuildPreview, RebuildSummary, preview_rebuild
from lufeng_crawler.archive.warc.files import warc_files as capture_files
from lufeng_crawler.cli.article_filter import article_options
from lufeng_crawler.cli.options import Options, bar, print_json
from lufeng_crawler.cli.options import as_json as options_as_json
from lufeng_crawler.errors import UsageError
from lufeng_crawler.ingest import Ingest, IngestResult
from lufeng_crawler.reader import SOFTWARE, reader


@click.command("ingest")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Processes that read pages."
)
@options_as_json
@click.pass_context
def ingest_command(context: click.Context, files: tuple[Path, ...], jobs: int, as_json: bool) -> None:
    """Take in WARC and WACZ files of any maker, in the order of time."""
    options: Options = context.obj
    with options.writing() as archive:
        ingest = Ingest(archive, options.sites, lambda problem: click.echo(f"lufeng: {problem}", err=True), jobs)
        taken = ingest.run(files, bar)
    print_taken(taken, as_json)
    context.exit(1 if taken.errors else 0)


@click.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Only say what would read differently; write nothing.")
@options_as_json
@click.pass_context
def rebuild_command(context: click.Context, dry_run: bool, as_json: bool) -> None:
    """Derive archive.db anew from captures/ alone."""
    options: Options = context.obj
    captures = capture_files(options.archive / "captures")
    if not captures:
        raise UsageError(f"{options.archive}: no captures there to rebuild from")
    started = monotonic()
    with bar("reading", sum(path.stat().st_size for path in captures)) as step:
        if dry_run:
            with preview_rebuild(options.archive, reader(options.sites), step) as found:
                return _compare(found, len(captures), started, as_json)
        rebuild(options.archive, reader(options.sites), SOFTWARE, step)
    with options.reading() as db:
        return print_taken(totals(db, len(captures), started), as_json)


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--query", help="Only what `lufeng search` finds by this.")
@article_options
@click.pass_context
def export_command(context: click.Context, file: Path, wanted: Filter) -> None:
    """Write the latest version of articles, or all to a database.

    What is written follows from the ending: .csv, .jsonl or .parquet hold a row for each article, .db is an archive.db
    of these articles with all versions and events.
    """
    options: Options = context.obj
    with options.reading() as db, bar("writing", queries_articles.count_articles(db, wanted)) as step:
        written = export(db, wanted, file, step)
    click.echo(f"{written} articles in {file}")


COMMANDS = (ingest_command, rebuild_command, export_command)


def totals(db: sqlite3.Connection, files: int, started: float) -> IngestResult:
    """What the archive amounts to now, however it came to that."""
    return IngestResult(files=files, seconds=round(monotonic() - started, 3), **statistics.capture_totals(db))


def _compare(found: RebuildPreview, files: int, started: float, as_json: bool) -> None:
    """Print what differs, article by article, and what that amounts to. That something differs is no failure."""
    tally = RebuildSummary()
    for article, each in groupby(found.differences(), key=attrgetter("article")):
        differences = list(each)
        tally.add(differences)
        if as_json:
            for one in differences:
                print_json(one.report())
        else:
            click.echo("  ".join(dict.fromkeys((*article, differences[0].url))))  # its address may be its key
            click.echo("".join(f"  {line}\n" for one in differences for line in one.lines()))
    articles = queries_articles.count_articles(found.kept, Filter())
    if as_json:
        return print_json(totals(found.draft, files, started).report() | {"articles": articles} | tally.report())
    return click.echo(tally.line(articles))


def print_taken(taken: IngestResult, as_json: bool) -> None:
    """The last line of a command that fills the archive."""
    if as_json:
        return print_json(taken.report())
    counts = ", ".join(
        f"{value} {name.replace('_', ' ')}"
        for name, value in taken.report().items()
        if name not in ("files", "seconds") and (value or name != "without_original")
    )
    return click.echo(f"{taken.files} files: {counts}; {taken.seconds:.1f} s")
