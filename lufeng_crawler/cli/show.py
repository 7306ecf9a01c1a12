"""`lufeng show`: show an article."""

from __future__ import annotations

from typing import Any

import click

from lufeng_crawler.cli.options import Options, as_json, print_json

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
@click.option("--provenance", is_flag=True, help="Show which rule found each field.")
@as_json
@click.pass_context
def show_command(context: click.Context, article: str, provenance: bool, as_json: bool) -> None:
    """Show an article, by its id or its address."""
    from lufeng_crawler.archive.queries.articles import get_article

    options: Options = context.obj
    with options.reading() as db:
        row = get_article(db, article)
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


def _rule(evidence: dict[str, Any] | None) -> str:
    if evidence is None:
        return ""
    other = f"; {evidence['other_rule']} says {evidence['other_value']}" if evidence["other_rule"] else ""
    return f"   [{evidence['rule']}{other}]"
