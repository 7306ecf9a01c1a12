"""`lufeng export`: write articles to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lufeng_crawler.cli.shared.article_filter import article_options
from lufeng_crawler.cli.shared.options import Options

if TYPE_CHECKING:
    from lufeng_crawler.archive.db.conditions import Filter


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--query", help="Only what `lufeng search` finds by this.")
@article_options
@click.pass_context
def export_command(context: click.Context, file: Path, article_filter: Filter) -> None:
    """Write articles as a table, or with all versions as a database.

    What is written follows from the ending: .csv, .jsonl or .parquet hold a row for each article, .db is an archive.db
    of these articles with all versions and events.
    """
    from lufeng_crawler.archive.export.export import export
    from lufeng_crawler.archive.queries.articles import count_articles
    from lufeng_crawler.cli.shared.progress import bar

    options: Options = context.obj
    with options.reading() as db, bar("writing", count_articles(db, article_filter)) as progress:
        written = export(db, article_filter, file, progress)
    click.echo(f"{written} articles in {file}")
