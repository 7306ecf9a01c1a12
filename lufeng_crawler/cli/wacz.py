"""`lufeng wacz`: write captures to a file that others can replay."""

from __future__ import annotations

from pathlib import Path

import click

from lufeng_crawler import __version__
from lufeng_crawler.cli.shared.article_filter import Moment
from lufeng_crawler.cli.shared.options import Options


@click.command("wacz")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--site", help="Only this site's captures.")
@click.option("--from", "since", type=Moment(), help="Captured on this day (UTC) or later (2026-11-22).")
@click.option("--to", "until", type=Moment(), help="Captured on this day (UTC) or earlier.")
@click.option("--article", "articles", multiple=True, help="Only this article, its files and pictures; repeatable.")
@click.option(
    "--sign-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Sign with this private key (PEM, ECDSA over P-384).",
)
@click.pass_context
def wacz_command(
    context: click.Context,
    file: Path,
    site: str | None,
    since: str | None,
    until: str | None,
    articles: tuple[str, ...],
    sign_key: Path | None,
) -> None:
    """Write captures to a .wacz file that others can replay."""
    from lufeng_crawler.archive.export.capture_selection import CaptureFilter, select_captures
    from lufeng_crawler.archive.export.wacz import write_wacz
    from lufeng_crawler.archive.export.wacz_signing import SigningKey
    from lufeng_crawler.archive.queries.articles import find_article_id
    from lufeng_crawler.cli.shared.progress import bar

    options: Options = context.obj
    key = SigningKey.read(sign_key) if sign_key else None
    with options.reading() as db:
        ids = tuple(find_article_id(db, article) for article in articles)
        with (
            select_captures(db, CaptureFilter(site, since, until, ids)) as selection,
            bar("writing", captures := len(selection)) as progress,
        ):
            pages = write_wacz(selection, options.archive, file, f"lufeng-crawler {__version__}", key, progress)
    click.echo(f"{captures} captures, {pages} pages in {file}")
