"""`lufeng serve`: show the archive in a browser."""

from __future__ import annotations

import click

from lufeng_crawler.cli.shared.options import Options


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: any that is free.")
@click.option("--open", "in_browser", is_flag=True, help="Open it in the browser.")
@click.pass_context
def serve_command(context: click.Context, host: str, port: int, in_browser: bool) -> None:
    """Show the archive in a browser, with SQL over all tables."""
    import webbrowser

    from lufeng_crawler.ui import server  # Datasette, which no other command needs

    options: Options = context.obj
    application = server.build_application(options.archive, options.sites)
    with server.listen(host, port) as listening:
        url = f"http://{host}:{listening.getsockname()[1]}/"
        click.echo(f"{options.archive} is shown at {url} (Ctrl-C ends it)")
        if in_browser:
            webbrowser.open(url)
        server.serve(application, listening)
