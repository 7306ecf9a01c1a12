"""Parses captures by the layouts of their sites' files: what the archive is given to read pages with."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from lufeng_crawler import __version__, archive, pages, sites
from lufeng_crawler.archive import Archive, Reader
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.queries.statistics import site_titles
from lufeng_crawler.errors import ArchiveError, UnknownSite, UsageError
from lufeng_crawler.items import Capture, Layout, Reading
from lufeng_crawler.pages.downloads import read_download

_READER = str(pages.READER)
SOFTWARE = (
    f"lufeng-crawler/{__version__} reader/{_READER} Scrapy/{version('scrapy')} Python/{platform.python_version()}"
)
"""The running software, for run and WARC records. A version with another reader number was parsed again later."""


def reader(folder: Path | None, given: Mapping[str, sites.Site] | None = None) -> Reader:
    """Return the reader of every site: by the layout in its file (or in `given`), by the page alone without one."""
    layouts = SiteLayouts(folder, given or {})
    return Reader(layouts.read, _READER, layouts.version_suffix)


class SiteLayouts:
    """The layouts of the sites in `given`, else of the site files, each loaded when a capture of its site is read."""

    def __init__(self, folder: Path | None, given: Mapping[str, sites.Site]) -> None:
        self._folder = folder
        self._layouts = {name: site.layout for name, site in given.items()}

    def layout(self, site: str) -> Layout:
        """Return the site's layout, an empty one where it has no file."""
        if site not in self._layouts:
            try:
                self._layouts[site] = sites.load_site(site, self._folder).layout
            except UnknownSite:
                self._layouts[site] = Layout()
        return self._layouts[site]

    def read(self, capture: Capture) -> Reading:
        """Parse the capture: as a page, or as the file that it is."""
        return read_download(capture, self.read_page)

    def read_page(self, capture: Capture) -> Reading:
        """Parse the capture as a page of its site."""
        return pages.read(capture, self.layout(capture.site))

    def version_suffix(self, site: str) -> str:
        """Return what is added to the reader's number: a digest of the site's layout, nothing for an empty one."""
        layout = self.layout(site)
        return "" if layout == Layout() else f" +{sha256(repr(layout).encode()).hexdigest()[:8]}"


def require_site_files(sites_folder: Path | None, archives: Iterable[Path]) -> None:
    """Raise SiteFileError where the file of a site that one of these archives has is broken.

    Without it pages would be read by other rules than the site's. An archive that cannot say which sites it has may
    have any of them.
    """
    problems = sites.load_site_files(sites_folder).problems
    for folder in archives if problems else ():
        try:
            with closing(connect_for_reading(folder)) as db:
                known = set(site_titles(db))
        except (sqlite3.Error, UsageError, ArchiveError):
            known = set(problems)
        if broken := next((problem for name, problem in problems.items() if name in known), None):
            raise broken


def open_archive(folder: Path, sites_folder: Path | None, progress: Progress = no_progress) -> Archive:
    """Open the archive for writing, caught up with what earlier runs left; see Archive for what it raises."""
    return archive.open_archive(folder, reader(sites_folder), SOFTWARE, progress)
