"""Commands that only look: show, history, copies, status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from lufeng_crawler import health, sites
from lufeng_crawler.archive import text
from lufeng_crawler.archive.queries import articles, captures, event_text
from lufeng_crawler.archive.queries.events import EventFilter, list_events
from lufeng_crawler.archive.search.copies import is_compared, list_copies
from lufeng_crawler.cli.options import Options, print_json
from lufeng_crawler.cli.options import as_json as options_as_json

LABELS = {
    "title": "标题 title",
    "published": "日期 published",
    "author": "作者 author",
    "source": "来源 source",
    "editor": "责编 editor",
    "publisher": "发布机构 publisher",
    "doc_number": "文号 doc_number",
    "index_number": "索引号 index_number",
    "column": "栏目 column",
    "url": "地址 url",
}


@click.command("show")
@click.argument("article")
@click.option("--provenance", is_flag=True, help="Say of each field which rule found it.")
@options_as_json
@click.pass_context
def show_command(context: click.Context, article: str, provenance: bool, as_json: bool) -> None:
    """Show an article, by its id or its address."""
    options: Options = context.obj
    with options.reading() as db:
        row = articles.get_article(db, article)
    if as_json:
        return print_json(row)
    for name, label in LABELS.items():
        if row[name] is not None:
            rule = _rule(row["provenance"].get(name)) if provenance else ""
            click.echo(f"{label}: {row[name]}{rule}")
    click.echo(f"\n{row['body']}\n")
    for file in row["attachments"]:
        click.echo(f"附件 attachment: {file['text']}  {file['url']}")
    return click.echo(f"article {row['id']}, version {row['version']}, {row['presence']} as of {row['last_seen']}")


@click.command("history")
@click.argument("article")
@options_as_json
@click.pass_context
def history_command(context: click.Context, article: str, as_json: bool) -> None:
    """Show an article's versions and events, and every look at it.

    A request that brought no answer (a time-out) left no capture, and says nothing of the article.
    """
    options: Options = context.obj
    with options.reading() as db:
        versions = articles.get_history(db, article)
        told = list(list_events(db, EventFilter(article=articles.find_article_id(db, article))))
        looks, files = captures.list_observations(db, article), articles.list_replaced_files(db, article)
    if as_json:
        return _print_all(versions)
    for version in versions:
        seen, title = f"{version['first_seen']} – {version['last_seen']}", text.one_line(version["title"])
        click.echo(f"version {version['number']}  {seen}  {version['published'] or 'no date'}  {title}")
    for event in told:
        click.echo(f"{event['at']}  {event['kind']}: {event['sentence']}")
    for file in files:
        seen = f"{file['first_seen']} – {file['last_seen']}"
        click.echo(f"file {file['url']}  {seen}  {file['length']:,} bytes, {file['digest']}")
    for look in looks:
        click.echo(f"{look['fetched_at']}  capture {look['id']}: {event_text.describe_capture(look)}")
    return None


@click.command("copies")
@click.argument("article")
@options_as_json
@click.pass_context
def copies_command(context: click.Context, article: str, as_json: bool) -> None:
    """Show where else an article's text was published, by whom first.

    A copy has half of the article's text or more, or the article has half of the copy's, in any of their versions.
    """
    options: Options = context.obj
    with options.reading() as db:
        row = articles.get_article(db, article)
        found, compared = list_copies(db, row["id"]), is_compared(db, row["id"])
    if as_json:
        return _print_all(found)
    click.echo(f"article {row['id']}  {row['site']}  {event_text.format_date(row)}  {text.one_line(row['title'])}")
    if not compared:
        return click.echo("it says too little to be known elsewhere")
    if not found:
        return click.echo("no other article of the archive says the same")
    for copy in found:
        click.echo(f"\narticle {copy['copy']}  {copy['site']}  {event_text.format_date(copy)}  {copy['url']}")
        click.echo(f"  {event_text.describe_copy(copy)}")
    return None


@click.command("status")
@click.argument("name", required=False)
@options_as_json
@click.pass_context
def status_command(context: click.Context, name: str | None, as_json: bool) -> None:
    """Show how each site's crawls went, against what its file expects."""
    options: Options = context.obj
    known = [sites.load_site(name, options.sites)] if name else list(sites.load_all_sites(options.sites).values())
    with options.reading() as db:
        rows = health.status(db, known, only_known=name is not None)
    if as_json:
        return _print_all(row.report() for row in rows)
    for row in rows:
        click.echo(row.line())
    if not rows:
        click.echo("nothing has been crawled yet")
    return None


COMMANDS = (show_command, history_command, copies_command, status_command)


def _print_all(rows: Iterable[Any]) -> None:
    for row in rows:
        print_json(row)


def _rule(evidence: dict[str, Any] | None) -> str:
    if evidence is None:
        return ""
    other = f"; {evidence['other_rule']} says {evidence['other_value']}" if evidence["other_rule"] else ""
    return f"   [{evidence['rule']}{other}]"
