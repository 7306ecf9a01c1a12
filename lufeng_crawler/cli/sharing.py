"""Commands that hand captures to others: wacz, timemap."""

from __future__ import annotations

from pathlib import Path

import click

from lufeng_crawler import __version__
from lufeng_crawler.archive.export import wacz
from lufeng_crawler.archive.export.capture_selection import CaptureFilter, select_captures
from lufeng_crawler.archive.export.timemap import build_timemap
from lufeng_crawler.archive.export.wacz_signing import SigningKey
from lufeng_crawler.archive.queries import articles as queries_articles
from lufeng_crawler.cli.article_filter import Moment
from lufeng_crawler.cli.options import Options, bar, print_json
from lufeng_crawler.cli.options import as_json as options_as_json
from lufeng_crawler.pages.text.urls import canonical_url

REPLAY = "http://localhost:8080/lufeng"
"""Where pywb serves a collection of that name, if nothing else is said to it."""


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
    options: Options = context.obj
    key = SigningKey.read(sign_key) if sign_key else None
    with options.reading() as db:
        ids = tuple(queries_articles.find_article_id(db, article) for article in articles)
        with select_captures(db, CaptureFilter(site, since, until, ids)) as selection:
            captures = len(selection)
            with bar("writing", captures) as step:
                pages = wacz.write_wacz(selection, options.archive, file, f"lufeng-crawler {__version__}", key, step)
    click.echo(f"{captures} captures, {pages} pages in {file}")


@click.command("timemap")
@click.argument("url")
@click.option(
    "--prefix",
    metavar="URL",
    default=REPLAY,
    show_default=True,
    help="Where a replay (pywb, OpenWayback) serves the captures.",
)
@options_as_json
@click.pass_context
def timemap_command(context: click.Context, url: str, prefix: str, as_json: bool) -> None:
    """List when an address was captured, in Memento's link format."""
    options: Options = context.obj
    with options.reading() as db:
        found = build_timemap(db, (url, canonical_url(url)), prefix)
    if as_json:
        return print_json(found.report())
    return click.echo("\n".join(found.lines()))


COMMANDS = (wacz_command, timemap_command)
