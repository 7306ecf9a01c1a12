"""`lufeng merge`: merge other archives into this one."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import click

from lufeng_crawler.cli.shared.options import Options, json_option


@click.command("merge")
@click.argument(
    "archives", metavar="DIR...", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@json_option
@click.pass_context
def merge_command(context: click.Context, archives: tuple[Path, ...], as_json: bool) -> None:
    """Merge other archives into this one.

    In any order and any number of times: the result is the same. The others are only read.
    """
    from lufeng_crawler.archive.store.merge import merge_archives
    from lufeng_crawler.cli.shared.progress import bar, warc_size
    from lufeng_crawler.cli.shared.reports import archive_totals, print_ingested
    from lufeng_crawler.reader import SOFTWARE, reader, require_site_files

    options: Options = context.obj
    require_site_files(options.sites, [*archives, *([options.archive] if options.archive.exists() else [])])
    started = monotonic()
    size = sum(map(warc_size, archives))
    with (
        bar("merging", 2 * size) as progress,
        merge_archives(options.archive, archives, reader(options.sites), SOFTWARE, progress) as (archive, merged),
    ):
        totals = archive_totals(archive.db, merged.files, started)
    totals.skipped, totals.errors = merged.skipped, len(merged.differing)
    for problem in merged.differing:
        click.echo(f"lufeng: {problem}", err=True)
    print_ingested(totals, as_json)
    context.exit(1 if merged.differing else 0)
