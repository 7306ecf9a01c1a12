"""Reads a capture the way its site's file says: where sites and pages meet."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from lufeng_crawler import __version__, archive, pages, sites
from lufeng_crawler.archive import Archive, Reader
from lufeng_crawler.archive.writer import Progress
from lufeng_crawler.errors import UnknownSite
from lufeng_crawler.items import Capture, Layout, Reading

SOFTWARE = f"lufeng-crawler/{__version__} Scrapy/{version('scrapy')} Python/{platform.python_version()}"


def reader(folder: Path | None, given: Mapping[str, sites.Site] | None = None) -> Reader:
    """The reader of every site: by the layout in its file (or in `given`), by the page alone where there is none."""

    @cache
    def layout(site: str) -> Layout:
        if given and site in given:
            return given[site].layout
        try:
            return sites.load(site, folder).layout
        except UnknownSite:
            return Layout()

    def read(capture: Capture) -> Reading:
        return pages.read(capture, layout(capture.site))

    return Reader(read, pages.READER)


def open_archive(folder: Path, sites_folder: Path | None, progress: Progress | None = None) -> Archive:
    """The archive for writing, caught up with what earlier runs left; see Archive for what it raises."""
    return archive.open_archive(folder, reader(sites_folder), SOFTWARE, progress)
