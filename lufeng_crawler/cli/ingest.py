"""`lufeng ingest`: take WARC and WACZ files of any maker into the archive."""

from __future__ import annotations

from pathlib import Path

import click

from lufeng_crawler.cli.shared.options import Options, json_option


@click.command("ingest")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="How many processes parse pages.",
)
@json_option
@click.pass_context
def ingest_command(context: click.Context, files: tuple[Path, ...], jobs: int, as_json: bool) -> None:
    """Ingest WARC and WACZ files of any maker, in the order of time."""
    from lufeng_crawler import sites
    from lufeng_crawler.cli.shared.progress import bar
    from lufeng_crawler.cli.shared.reports import print_ingested
    from lufeng_crawler.ingest import Ingest

    options: Options = context.obj
    sites.load_all_sites(options.sites)  # a broken file's hosts are unknown: their pages would go to another site
    with options.writing() as archive:
        result = Ingest(archive, options.sites, _print_problem, jobs).run(files, bar)
    print_ingested(result, as_json)
    context.exit(1 if result.failed else 0)


def _print_problem(problem: str) -> None:
    click.echo(f"lufeng: {problem}", err=True)
