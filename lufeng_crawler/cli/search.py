"""Commands of full text: search, and index, which makes anew what search looks into."""

from __future__ import annotations

from typing import Any, get_args

import click

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.search.query_parser import parse_query
from lufeng_crawler.archive.search.search import Hit, SearchResults, Sort, search
from lufeng_crawler.archive.store.opening import rebuild_index
from lufeng_crawler.cli.article_filter import article_options
from lufeng_crawler.cli.options import Options, bar, print_json
from lufeng_crawler.cli.options import as_json as options_as_json


@click.command("search", context_settings={"ignore_unknown_options": True})  # -演练 is a part of the query
@click.argument("words", metavar="QUERY", nargs=-1, required=True)
@article_options
@click.option(
    "--sort", type=click.Choice(get_args(Sort)), default="relevance", show_default=True, help="Best or newest first."
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, metavar="N", help="Hits.")
@options_as_json
@click.pass_context
def search_command(
    context: click.Context, words: tuple[str, ...], sort: Sort, limit: int, as_json: bool, wanted: Filter
) -> None:
    """Find articles by what they say, gone ones too.

    \b
    税收 通知                both, anywhere
    "税收 通知" “十四五”     as it stands
    防汛 OR 抗旱             one of them; AND, NOT and parentheses, too
    防汛 -演练               without 演练
    标题:通知 来源:县政府办  in this field

    Fields are title, body, source, author, editor, publisher, doc_number, index_number and column, in either language.
    """
    options: Options = context.obj
    if unknown := next((word for word in words if word.startswith("--")), None):
        raise click.NoSuchOption(unknown, ctx=context)
    text = " ".join(words)
    parse_query(text)  # an empty one finds everything on the UI's page, and nothing here
    with options.reading() as db:
        found = search(db, text, wanted, sort, limit)
    for hit in found.hits:
        print_json(_report(hit)) if as_json else _show(hit)
    if not as_json:
        _sum_up(found)


@click.command("index")
@click.pass_context
def index_command(context: click.Context) -> None:
    """Make the full-text index anew.

    It follows the articles by itself; this makes it as small and fast as can be.
    """
    options: Options = context.obj
    with options.writing() as archive, bar("indexing", None) as step:
        count = rebuild_index(archive, step)
    click.echo(f"{count:,} articles indexed")


COMMANDS = (search_command, index_command)


def _report(hit: Hit) -> dict[str, Any]:
    """As `--json` prints it: `marks` and `title_marks` are where the words stand in snippet and title."""
    return {
        "id": hit.id,
        "site": hit.site,
        "url": hit.url,
        "title": hit.title.text,
        "published": hit.published,
        "source": hit.source,
        "snippet": hit.snippet.text,
        "score": hit.score,
        "column": hit.column,
        "presence": hit.presence,
        "version": hit.version,
        "title_marks": hit.title.marks,
        "marks": hit.snippet.marks,
    }


def _show(hit: Hit) -> None:
    before, after = "\x1b[1;33m", "\x1b[0m"  # click takes them out where the output is no terminal
    gone = "" if hit.presence == "live" else f"  [{hit.presence}]"
    title, snippet = (said.marked(before, after) for said in (hit.title, hit.snippet))
    click.echo(f"{title}{gone}")
    said = (f"article {hit.id}", hit.published or "no date", hit.site, hit.source)
    click.echo("  " + "  ".join(one for one in said if one) + f"\n  {hit.url}\n  {snippet}\n")


def _sum_up(found: SearchResults) -> None:
    if not found.hits:
        click.echo("nothing found")
    elif found.more:
        click.echo(f"the first {found.total:,}; there are more: --limit N shows them")
    else:
        click.echo(f"{found.total:,} found")
