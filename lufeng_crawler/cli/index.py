"""`lufeng index`: rebuild the full-text index."""

from __future__ import annotations

import click

from lufeng_crawler.cli.shared.options import Options


@click.command("index")
@click.pass_context
def index_command(context: click.Context) -> None:
    """Rebuild the full-text index.

    It is kept up to date by itself; this makes it as small and fast as possible.
    """
    from lufeng_crawler.archive.store.opening import rebuild_index
    from lufeng_crawler.cli.shared.progress import bar

    options: Options = context.obj
    with options.writing() as archive, bar("indexing", None) as progress:
        count = rebuild_index(archive, progress)
    click.echo(f"{count:,} articles indexed")
