"""Reads a capture the way its site's file says: where sites and pages meet."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from lufeng_crawler import __version__, archive, pages, sites
from lufeng_crawler.archive import Archive, Reader
from lufeng_crawler.archive.store.replay import Progress
from lufeng_crawler.errors import UnknownSite
from lufeng_crawler.items import Capture, Layout, Reading
from lufeng_crawler.pages.downloads import read_download

_READER = str(pages.READER)
SOFTWARE = (
    f"lufeng-crawler/{__version__} reader/{_READER} Scrapy/{version('scrapy')} Python/{platform.python_version()}"
)
"""The software that runs, for run and WARC records. A version with another reader number was read again later."""


def reader(folder: Path | None, given: Mapping[str, sites.Site] | None = None) -> Reader:
    """The reader of every site: by the layout in its file (or in `given`), by the page alone where there is none."""

    @cache
    def layout(site: str) -> Layout:
        if given and site in given:
            return given[site].layout
        try:
            return sites.load_site(site, folder).layout
        except UnknownSite:
            return Layout()

    def read_page(capture: Capture) -> Reading:
        return pages.read(capture, layout(capture.site))

    def read(capture: Capture) -> Reading:
        return read_download(capture, read_page)

    def named(site: str) -> str:
        own = layout(site)
        return "" if own == Layout() else f" +{sha256(repr(own).encode()).hexdigest()[:8]}"

    return Reader(read, _READER, named)


def open_archive(folder: Path, sites_folder: Path | None, progress: Progress | None = None) -> Archive:
    """The archive for writing, caught up with what earlier runs left; see Archive for what it raises."""
    return archive.open_archive(folder, reader(sites_folder), SOFTWARE, progress)
