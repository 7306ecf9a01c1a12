"""What tests of the UI share: an answer of the application, without a server and with one."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import lxml.html
import uvicorn

from lufeng_crawler.ui import server


def get(folder: Path, path: str, sites: Path | None = None, **headers: str) -> Any:
    """What the UI of an archive answers; `accept_language="zh"` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(_get(folder, path, sites, named))


def page(folder: Path, path: str) -> Any:
    """A page of the UI of an archive, parsed; it must be there."""
    got = get(folder, path)
    assert got.status_code == 200, got.text
    return lxml.html.document_fromstring(got.text)


def text(page: Any, where: str = "//main") -> str:
    """All text of a page at an XPath, in one line."""
    return " ".join(" ".join(page.xpath(f"{where}//text()")).split())


async def _get(folder: Path, path: str, sites: Path | None, headers: Mapping[str, str]) -> Any:
    datasette = server.build_application(folder, sites)
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
    with closing(server.listen("127.0.0.1", 0)) as listening:
        instance = uvicorn.Server(server.configured(server.build_application(folder)))
        thread = threading.Thread(target=instance.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        instance.should_exit = True
        thread.join()


ALLOWED = frozenset(
    [
        "html",
        "head",
        "body",
        "article",
        "p",
        "br",
        "div",
        "span",
        "a",
        "img",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "h3",
        "h4",
        "h5",
        "h6",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "sub",
        "sup",
        "blockquote",
        "pre",
        "hr",
        "figure",
        "figcaption",
    ]
)
"""Elements that may be in what is left of a site's text."""

ATTRIBUTES = {"href", "src", "alt", "rel", "class", "colspan", "rowspan", "start"}


def active(html: str) -> list[str]:
    """What is in a site's text that may not be: elements, attributes, addresses."""
    found = []
    for element in lxml.html.document_fromstring(f"<body>{html}</body>").iter():
        found += [] if element.tag in ALLOWED else [str(element.tag)]
        for name, value in element.attrib.items():
            found += [] if name in ATTRIBUTES and _is_harmless(name, value) else [f"{name}={value}"]
    return found


def _is_harmless(name: str, value: str) -> bool:
    match name:
        case "href":
            return value.startswith(("http://", "https://"))
        case "src":
            return re.fullmatch(r"\.\./captures/\d+/picture", value) is not None
        case "class":
            return value == "picture"
    return True
