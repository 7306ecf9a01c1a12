"""`lufeng sites`: list site files, write one from a live site, try one without recording."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lufeng_crawler import sites
from lufeng_crawler.cli.shared.options import Options, json_option, print_json, print_problems

if TYPE_CHECKING:
    from lufeng_crawler.crawl_run import CrawlRun
    from lufeng_crawler.items import Article
    from lufeng_crawler.scaffold import CheckedColumn, SurveyResult
    from lufeng_crawler.sites import Site

MAX_VALUE_LENGTH = 60
"""Characters of a field's value."""


@click.group("sites", invoke_without_command=True)
@json_option
@click.pass_context
def sites_command(context: click.Context, as_json: bool) -> None:
    """List the sites that have a site file; add one, check one."""
    if context.invoked_subcommand:
        return
    options: Options = context.obj
    found = sites.load_site_files(options.sites)
    for site in found.sites.values():
        columns = [column.name for column in site.columns]
        if as_json:
            row = {"site": site.name, "title": site.title, "start": site.start, "family": site.family}
            print_json(row | {"every": site.every.total_seconds(), "columns": columns})
        else:
            click.echo(f"{site.name:<16} {site.title}  {site.start}  {'、'.join(columns)}")
    context.exit(print_problems(found.problems.values()))


@sites_command.command("new")
@click.argument("name")
@click.argument("url")
@click.pass_context
def new_command(context: click.Context, name: str, url: str) -> None:
    """Write the file NAME.toml of the site at URL, and save the pages for its test.

    They go into the folder that --sites names, else into the current one.
    """
    from lufeng_crawler import scaffold
    from lufeng_crawler.cli.shared.progress import spinner

    options: Options = context.obj
    folder = options.sites or Path()
    paths = scaffold.site_paths(folder, name)
    with spinner() as show:
        survey = scaffold.run_survey(sites.Site(name, name, url), scaffold.find_site_columns, url, _watch(show))
    site = scaffold.write_site(paths, survey)
    click.echo("\n".join(_survey_lines(site, survey)))
    click.echo(f"written: {paths.file}, {paths.pages}/")
    program = f"lufeng --sites {shlex.quote(str(folder))}"
    click.echo(f"next:    {program} sites check {name}\n         {program} crawl {name}")
    context.exit(0 if survey.sample else 1)


@sites_command.command("check")
@click.argument("name")
@click.option("--start", metavar="URL", help="Start at this URL instead.")
@json_option
@click.pass_context
def check_command(context: click.Context, name: str, start: str | None, as_json: bool) -> None:
    """Try a site without recording anything: its columns, and the rule behind each field of an article."""
    from lufeng_crawler import scaffold
    from lufeng_crawler.cli.shared.progress import spinner

    options: Options = context.obj
    site = sites.load_site(name, options.sites)
    with spinner() as show:
        check = scaffold.run_survey(site, scaffold.check_site, start, _watch(show))
    for column in check.columns:
        if as_json:
            print_json(_column_report(site, column))
        else:
            click.echo("\n".join(_column_lines(column)))
    context.exit(check.exit_code)


def _watch(show: Callable[[str, str], None]) -> Callable[[CrawlRun], None]:
    from lufeng_crawler.cli.shared.reports import crawl_state

    return lambda run: show(run.site.name, crawl_state(run))


def _survey_lines(site: Site, survey: SurveyResult) -> Iterator[str]:
    """Yield for people what was found and what was not."""
    from lufeng_crawler.scaffold.write_files import family_marks

    family = (
        f"family {site.family} (known by {', '.join(family_marks(survey))})" if site.family else "family not recognised"
    )
    yield f"{site.name}: {site.title}  {site.start}  {family}"
    for column in survey.columns:
        newest = f"newest {column.newest}" if column.newest else "undated"
        yield f"  {column.column.name}: {len(column.listing.entries)} entries, {newest}  {column.url}"
    for name, reason in survey.rejected.items():
        yield f"  left out: {name}: {reason}"
    if survey.unvisited:
        yield f"  not looked at: {'、'.join(survey.unvisited)}"
    if survey.sample:
        yield from _article_lines(survey.sample.article)
    else:
        yield "  none of the entries that were tried reads as an article"


def _column_lines(column: CheckedColumn) -> Iterator[str]:
    yield f"{column.name}: {column.url or 'not found'}" + (f" ({column.how})" if column.how else "")
    if column.listing:
        newest = f"newest {column.newest}" if column.newest else "undated"
        next_page = f"next page {column.listing.next_page}" if column.listing.next_page else "no next page"
        yield f"  {len(column.listing.entries)} entries on its first page, {newest}, {next_page}"
    if column.article:
        yield from _article_lines(column.article)
    if column.problem:
        yield f"  problem: {column.problem}"


def _article_lines(article: Article) -> Iterator[str]:
    yield f"  article {article.url}"
    for field, evidence in article.provenance.items():
        value = getattr(article, field, None) or evidence.value
        other = f"; {evidence.other_rule} says {_shortened(evidence.other_value)}" if evidence.other_rule else ""
        yield f"    {field:<12} {_shortened(value)}   [{_shortened(evidence.rule)}{other}]"


def _shortened(value: str | None) -> str:
    line = " ".join((value or "").split())
    return line if len(line) <= MAX_VALUE_LENGTH else f"{line[: MAX_VALUE_LENGTH - 1]}…"


def _column_report(site: Site, column: CheckedColumn) -> dict[str, Any]:
    """Return a column as `sites check --json` prints it."""
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
