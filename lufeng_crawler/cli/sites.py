"""Commands about site files: list them, write one from a live site, try one without recording."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lufeng_crawler import scaffold, sites
from lufeng_crawler.cli.options import Options, print_json, spinner
from lufeng_crawler.cli.options import as_json as options_as_json
from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.items import Article
from lufeng_crawler.scaffold import CheckedColumn, SurveyResult
from lufeng_crawler.scaffold.write_files import marks
from lufeng_crawler.sites import Site

SHOWN = 60
"""Characters of a field's value."""


@click.group("sites", invoke_without_command=True)
@options_as_json
@click.pass_context
def sites_command(context: click.Context, as_json: bool) -> None:
    """List the sites there are files for; add one, try one."""
    if context.invoked_subcommand:
        return
    options: Options = context.obj
    for site in sites.load_all_sites(options.sites).values():
        columns = [column.name for column in site.columns]
        if as_json:
            row = {"site": site.name, "title": site.title, "start": site.start, "family": site.family}
            print_json(row | {"every": site.every.total_seconds(), "columns": columns})
        else:
            click.echo(f"{site.name:<16} {site.title}  {site.start}  {'、'.join(columns)}")


@sites_command.command("new")
@click.argument("name")
@click.argument("url")
@click.pass_context
def new_command(context: click.Context, name: str, url: str) -> None:
    """Write the file NAME.toml of the site at URL, and save the pages for its test.

    They go into the folder that --sites names, else into the current one.
    """
    options: Options = context.obj
    folder = options.sites or Path()
    where = scaffold.site_paths(folder, name)
    with spinner() as show:
        found = scaffold.run_survey(Site(name, name, url), scaffold.find_site_columns, url, _watch(show))
    site = scaffold.write_site(where, found)
    click.echo("\n".join(_found(site, found)))
    click.echo(f"written: {where.file}, {where.pages}/")
    at = f"lufeng --sites {shlex.quote(str(folder))}"
    click.echo(f"next:    {at} sites check {name}\n         {at} crawl {name}")
    context.exit(0 if found.sample else 1)


@sites_command.command("check")
@click.argument("name")
@click.option("--start", metavar="URL", help="Another address for the site.")
@options_as_json
@click.pass_context
def check_command(context: click.Context, name: str, start: str | None, as_json: bool) -> None:
    """Try a site without recording anything: its columns, and the rule behind each field of an article."""
    options: Options = context.obj
    site = sites.load_site(name, options.sites)
    with spinner() as show:
        checked = scaffold.run_survey(site, scaffold.check_site, start, _watch(show))
    for column in checked.columns:
        if as_json:
            print_json(_row(site, column))
        else:
            click.echo("\n".join(_checked(column)))
    context.exit(checked.exit_code)


COMMANDS = (sites_command,)


def _watch(show: Callable[[str, str], None]) -> Callable[[CrawlRun], None]:
    return lambda run: show(run.site.name, f"{run.answers} answers")


def _found(site: Site, found: SurveyResult) -> Iterator[str]:
    """What was found and what was not, for people."""
    known = f"family {site.family} (known by {', '.join(marks(found))})" if site.family else "family not recognised"
    yield f"{site.name}: {site.title}  {site.start}  {known}"
    for column in found.columns:
        newest = f"newest {column.newest}" if column.newest else "undated"
        yield f"  {column.column.name}: {len(column.listing.entries)} entries, {newest}  {column.url}"
    for name, why in found.missed.items():
        yield f"  left out: {name}: {why}"
    if found.unasked:
        yield f"  not looked at: {'、'.join(found.unasked)}"
    if found.sample:
        yield from _fields(found.sample.article)
    else:
        yield "  none of the entries that were tried reads as an article"


def _checked(column: CheckedColumn) -> Iterator[str]:
    yield f"{column.name}: {column.url or 'not found'}" + (f" ({column.how})" if column.how else "")
    if column.listing:
        newest = f"newest {column.newest}" if column.newest else "undated"
        further = f"next page {column.listing.next_page}" if column.listing.next_page else "no next page"
        yield f"  {len(column.listing.entries)} entries on its first page, {newest}, {further}"
    if column.article:
        yield from _fields(column.article)
    if column.problem:
        yield f"  problem: {column.problem}"


def _fields(article: Article) -> Iterator[str]:
    yield f"  article {article.url}"
    for field, evidence in article.provenance.items():
        said = getattr(article, field, None) or evidence.value
        other = f"; {evidence.other_rule} says {_short(evidence.other_value)}" if evidence.other_rule else ""
        yield f"    {field:<12} {_short(said)}   [{_short(evidence.rule)}{other}]"


def _short(value: str | None) -> str:
    line = " ".join((value or "").split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _row(site: Site, column: CheckedColumn) -> dict[str, Any]:
    """A column as `sites check --json` prints it."""
    listing, article = column.listing, column.article
    return {
        "site": site.name,
        "column": column.name,
        "url": column.url,
        "how": column.how or None,
        "entries": len(listing.entries) if listing else None,
        "newest": column.newest,
        "next_page": listing.next_page if listing else None,
        "article": article.url if article else None,
        "provenance": {name: asdict(evidence) for name, evidence in article.provenance.items()} if article else {},
        "problem": column.problem,
    }
