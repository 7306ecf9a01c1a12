"""Starts the UI: Datasette on one archive, read-only, with our plugin."""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from lufeng_crawler import ui
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.errors import UsageError
from lufeng_crawler.ui.page import PLUGIN_NAME
from lufeng_crawler.ui.table_descriptions import metadata

SETTINGS = {
    "sql_time_limit_ms": 5000,  # Chinese text is long, and whoever writes SQL knows what they wait for
    "max_returned_rows": 2000,
    "suggest_facets": False,  # runs a query for each column, each time
    "default_cache_ttl": 0,  # a crawl may be writing
    "allow_download": False,  # a database that is being written to is no file to copy; `lufeng export` makes one
}


def build_application(archive: Path, sites: Path | None = None) -> Datasette:
    """Build Datasette on an archive. Raises UsageError where there is none."""
    with closing(connect_for_reading(archive)) as db:
        descriptions = metadata(db)
    if not pm.has_plugin(PLUGIN_NAME):
        pm.register(ui, PLUGIN_NAME)
        pm.unregister(name="datasette.handle_exception")  # prints every variable of a page that is not there
    config = {**descriptions, "plugins": {PLUGIN_NAME: {"sites": str(sites) if sites else None}}}
    return Datasette([str(archive / "archive.db")], settings=SETTINGS, metadata=config)


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket, port 0 to any that is free. Raises UsageError where the port is taken."""
    try:
        return socket.create_server((host, port), reuse_port=False)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror}; --port names another") from error


def configured(datasette: Datasette) -> uvicorn.Config:
    """Return how uvicorn serves it."""
    return uvicorn.Config(datasette.app(), log_level="warning", lifespan="on")


def serve(datasette: Datasette, listening: socket.socket) -> None:
    """Serve until interrupted."""
    with suppress(KeyboardInterrupt):  # raised once more when all has ended well
        uvicorn.Server(configured(datasette)).run(sockets=[listening])
