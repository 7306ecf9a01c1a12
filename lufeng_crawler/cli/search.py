"""`lufeng search`: find articles by full text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from lufeng_crawler.archive.search.query_parser import parse_query
from lufeng_crawler.archive.search.search import Sort, search
from lufeng_crawler.cli.shared.article_filter import article_options
from lufeng_crawler.cli.shared.options import Options, json_option, print_json

if TYPE_CHECKING:
    from lufeng_crawler.archive.db.conditions import Filter
    from lufeng_crawler.archive.search.search import Hit, SearchResults

HELP = """Find articles by full text, deleted ones too.

\b
税收 通知                both, anywhere
"税收 通知" “十四五”     as it stands
防汛 OR 抗旱             one of them; AND, NOT and parentheses, too
防汛 -演练               without 演练
标题:通知 来源:县政府办  in this field

Fields are title, body, source, author, editor, publisher, doc_number, index_number and column, in either language.
"""
"""What `lufeng search --help` says; the control character keeps click from joining the lines of the examples."""

MARK_START, MARK_END = "\x1b[1;33m", "\x1b[0m"
"""Click takes them out where the output is no terminal."""


@click.command("search", help=HELP, context_settings={"ignore_unknown_options": True})  # -演练 is part of a query
@click.argument("words", metavar="QUERY", nargs=-1, required=True)
@article_options
@click.option(
    "--sort", type=click.Choice(get_args(Sort)), default="relevance", show_default=True, help="Best or newest first."
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, metavar="N", help="Hits.")
@json_option
@click.pass_context
def search_command(
    context: click.Context, words: tuple[str, ...], sort: Sort, limit: int, as_json: bool, article_filter: Filter
) -> None:
    """Find articles by full text, deleted ones too."""
    options: Options = context.obj
    if unknown := next((word for word in words if word.startswith("--")), None):
        raise click.NoSuchOption(unknown, ctx=context)
    query = " ".join(words)
    parse_query(query)  # an empty one finds everything on the UI's page, and nothing here
    with options.reading() as db:
        results = search(db, query, article_filter, sort, limit)
    for hit in results.hits:
        print_json(_report(hit)) if as_json else _print_hit(hit)
    if not as_json:
        _print_count(results)


def _report(hit: Hit) -> dict[str, Any]:
    """Return what `--json` prints: `marks` and `title_marks` are where the words stand in snippet and title."""
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


def _print_hit(hit: Hit) -> None:
    presence = "" if hit.presence == "live" else f"  [{hit.presence}]"
    title, snippet = (text.marked(MARK_START, MARK_END) for text in (hit.title, hit.snippet))
    click.echo(f"{title}{presence}")
    details = (f"article {hit.id}", hit.published or "no date", hit.site, hit.source)
    click.echo("  " + "  ".join(detail for detail in details if detail) + f"\n  {hit.url}\n  {snippet}\n")


def _print_count(results: SearchResults) -> None:
    if not results.hits:
        click.echo("nothing found")
    elif results.more:
        click.echo(f"the first {results.total:,}; there are more: --limit N shows them")
    else:
        click.echo(f"{results.total:,} found")
