"""Parses captures by the layouts of their sites' files: what the archive is given to read pages with."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from lufeng_crawler import __version__, archive, pages, sites
from lufeng_crawler.archive import Archive, Reader
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.queries.statistics import site_titles
from lufeng_crawler.errors import ArchiveError, UnknownSite, UsageError
from lufeng_crawler.items import Article, Capture, Layout, Listing, Reading
from lufeng_crawler.pages.downloads import read_download

_READER = str(pages.READER)
SOFTWARE = (
    f"lufeng-crawler/{__version__} reader/{_READER} Scrapy/{version('scrapy')} Python/{platform.python_version()}"
)
"""The running software, for run and WARC records. A version with another reader number was parsed again later."""


def reader(folder: Path | None, given: Mapping[str, sites.Site] | None = None) -> Reader:
    """Return the reader of every site: by the layout in its file (or in `given`), by the page alone without one."""
    layouts = SiteLayouts(folder, given or {})
    return Reader(layouts.read, _READER, layouts.version_suffix, layouts.visible_lines)


class SiteLayouts:
    """The layouts of the sites in `given`, else of the site files, each loaded when a capture of its site is read."""

    def __init__(self, folder: Path | None, given: Mapping[str, sites.Site]) -> None:
        self._folder = folder
        self._sites: dict[str, sites.Site | None] = dict(given)

    def site(self, name: str) -> sites.Site | None:
        """Return the site of that name, None where it has no file."""
        if name not in self._sites:
            try:
                self._sites[name] = sites.load_site(name, self._folder)
            except UnknownSite:
                self._sites[name] = None
        return self._sites[name]

    def layout(self, site: str) -> Layout:
        """Return the site's layout, an empty one where it has no file."""
        known = self.site(site)
        return known.layout if known else Layout()

    def read(self, capture: Capture) -> Reading:
        """Parse the capture: as a page, or as the file that it is."""
        return read_download(capture, self.read_page)

    def read_page(self, capture: Capture) -> Reading:
        """Parse the capture as a page of its site."""
        known = self.site(capture.site)
        return unify_keys(pages.read(capture, self.layout(capture.site)), known.all_hosts if known else frozenset())

    def visible_lines(self, capture: Capture) -> Sequence[str]:
        """Return the lines of text that a reader sees on the page."""
        return pages.visible_lines(capture, self.layout(capture.site))

    def version_suffix(self, site: str) -> str:
        """Return what is added to the reader's number: a digest of the site's layout, nothing for an empty one."""
        layout = self.layout(site)
        return "" if layout == Layout() else f" +{sha256(repr(layout).encode()).hexdigest()[:8]}"


def unify_keys(reading: Reading, hosts: Collection[str]) -> Reading:
    """Return the reading with one key for each article, whatever the spelling of its address.

    http and https of a host are one; so are a host and its `www.` name, where the site file names both (`hosts`).
    """
    if isinstance(reading, Article):
        key = _unify_key(reading.key, hosts)
        return reading if key == reading.key else replace(reading, key=key)
    if isinstance(reading, Listing):
        keys = [_unify_key(entry.key, hosts) for entry in reading.entries]
        if any(key != entry.key for key, entry in zip(keys, reading.entries, strict=True)):
            pairs = zip(keys, reading.entries, strict=True)
            return replace(reading, entries=tuple(replace(entry, key=key) for key, entry in pairs))
    return reading


def _unify_key(key: str, hosts: Collection[str]) -> str:
    scheme, is_address, rest = key.partition("://")
    if not is_address or scheme not in ("http", "https"):
        return key  # a CMS's own id
    host = rest.partition("/")[0]
    bare = host.removeprefix("www.")
    return f"http://{rest.removeprefix('www.') if host in hosts and bare in hosts else rest}"


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
