"""What tests of the UI share: an answer of the application, without a server and with one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from lufeng_crawler.ui import serving


def get(folder: Path, path: str, sites: Path | None = None, **headers: str) -> Any:
    """What the UI of an archive answers; `accept_language="zh"` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(_get(folder, path, sites, named))


async def _get(folder: Path, path: str, sites: Path | None, headers: Mapping[str, str]) -> Any:
    datasette = serving.application(folder, sites)
    try:
        return await datasette.client.get(path, headers=headers)
    finally:
        for database in datasette.databases.values():
            database.close()
        if datasette.executor is not None:
            datasette.executor.shutdown()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the UI of an archive answers meanwhile."""
    with closing(serving.listen("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(serving.configured(serving.application(folder)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
