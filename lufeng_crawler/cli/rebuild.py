"""`lufeng rebuild`: derive archive.db from the captures, or show what that would change."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from time import monotonic
from typing import TYPE_CHECKING

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json
from lufeng_crawler.errors import UsageError

if TYPE_CHECKING:
    from lufeng_crawler.archive.store.rebuild_preview import RebuildPreview


@click.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Only show which articles would change; write nothing.")
@json_option
@click.pass_context
def rebuild_command(context: click.Context, dry_run: bool, as_json: bool) -> None:
    """Rebuild archive.db from captures/ alone.

    What is lost by that is named, and the exit code is 1.
    """
    from lufeng_crawler.archive import rebuild
    from lufeng_crawler.archive.store.rebuild_preview import preview_rebuild
    from lufeng_crawler.archive.warc.files import warc_files
    from lufeng_crawler.cli.shared.progress import bar
    from lufeng_crawler.cli.shared.reports import archive_totals, print_ingested
    from lufeng_crawler.reader import SOFTWARE, reader, require_site_files

    options: Options = context.obj
    files = warc_files(options.archive / "captures")
    if not files:
        raise UsageError(f"{options.archive}: no captures there to rebuild from")
    require_site_files(options.sites, [options.archive])
    started = monotonic()
    with bar("reading", sum(path.stat().st_size for path in files)) as progress:
        if dry_run:
            with preview_rebuild(options.archive, reader(options.sites), progress) as preview:
                _print_preview(preview, len(files), started, as_json)
            return
        losses = rebuild(options.archive, reader(options.sites), SOFTWARE, progress)
    if losses:
        click.echo(f"lufeng: {options.archive}: less than was there: {len(losses)} findings, warned of above", err=True)
    with options.reading() as db:
        result = archive_totals(db, len(files), started)
    result.errors = len(losses)
    print_ingested(result, as_json)
    context.exit(1 if losses else 0)


def _print_preview(preview: RebuildPreview, files: int, started: float, as_json: bool) -> None:
    """Print what differs, article by article, and its summary. That something differs is no failure."""
    from lufeng_crawler.archive.db.conditions import Filter
    from lufeng_crawler.archive.queries.articles import count_articles
    from lufeng_crawler.archive.store.rebuild_preview import RebuildSummary
    from lufeng_crawler.cli.shared.reports import archive_totals

    summary = RebuildSummary()
    for article, each in groupby(preview.differences(), key=attrgetter("article")):
        differences = list(each)
        summary.add(differences)
        if as_json:
            for difference in differences:
                print_json(difference.report())
        else:
            click.echo("  ".join(dict.fromkeys((*article, differences[0].url))))  # its address may be its key
            click.echo("".join(f"  {line}\n" for difference in differences for line in difference.lines()))
    articles = count_articles(preview.stored, Filter())
    if as_json:
        totals = archive_totals(preview.draft, files, started).report()
        return print_json(totals | {"articles": articles} | summary.report())
    return click.echo(summary.line(articles))
