"""`lufeng status`: show how each site's crawls went."""

from __future__ import annotations

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json, print_problems


@click.command("status")
@click.argument("name", required=False)
@json_option
@click.pass_context
def status_command(context: click.Context, name: str | None, as_json: bool) -> None:
    """Show how each site's crawls went, against what its file expects."""
    from lufeng_crawler import health, sites

    options: Options = context.obj
    found = sites.select_sites([name], options.sites) if name else sites.load_site_files(options.sites)
    code = print_problems(found.problems.values())
    if name and code:
        context.exit(code)
    with options.reading() as db:
        statuses = health.status(db, found.sites.values(), only_known=name is not None)
    for status in statuses:
        print_json(status.report()) if as_json else click.echo(status.line())
    if not statuses and not as_json:
        click.echo("nothing has been crawled yet")
    context.exit(code)
