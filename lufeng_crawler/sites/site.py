"""A site as its file describes it: columns, hosts, layout and what a good run brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

from lufeng_crawler.items import Layout, PresenceRule
from lufeng_crawler.sites.hosts import host_of, is_private


@dataclass(frozen=True, slots=True)
class Column:
    """A named channel of a site.

    `path` is its listing's URL, relative to the site's start. Without it the column is found by its name in
    the navigation: that of the home page, or of the page of the column called `under`. `pages` is how many pages of
    the listing are enough: what further ones hold is neither followed nor missed.
    """

    name: str
    path: str | None = None
    under: str | None = None
    pages: int | None = None

    def url(self, site: Site) -> str | None:
        """Return the absolute URL of the first listing page; None where the navigation has to be searched for it."""
        return None if self.path is None else urljoin(site.start, self.path)


@dataclass(frozen=True, slots=True)
class Expect:
    """What a good run brings at least: entries on the first page of each column, and how old the newest article may be.

    `owed` is how many entries may stay uncaptured for longer than a few runs.
    """

    entries: int | None = None
    newest_within_days: int | None = None
    owed: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """One government website. `hosts` are those it may be crawled at beside the ones in `start` and its columns."""

    name: str
    title: str
    start: str
    every: timedelta = timedelta(hours=6)
    sweep_every: timedelta = timedelta(days=30)
    hosts: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    layout: Layout = field(default_factory=Layout)
    expect: Expect = field(default_factory=Expect)
    presence: PresenceRule = field(default_factory=PresenceRule)
    scrapy: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def family(self) -> str | None:
        """Return the name of the CMS behind the site, if its file names one."""
        return self.layout.family

    @property
    def host(self) -> str:
        """Return the host of `start`, as `host_of` writes it."""
        return host_of(self.start)

    @property
    def is_local(self) -> bool:
        """Return whether it is on this machine or its network: a demo, a mirror; "all sites" never includes it."""
        return is_private(urlsplit(self.start).hostname or "")

    @property
    def all_hosts(self) -> frozenset[str]:
        """Return every host this site may be crawled at, as `host_of` writes them."""
        listings = (column.url(self) for column in self.columns)
        return frozenset({self.host, *self.hosts, *(host_of(url) for url in listings if url)})


def site_from_host(host: str, start: str) -> Site:
    """Return a site named after a host that no site file knows: pages of a foreign WARC need a site.

    Raises ValueError where `host` is not written as `host_of` writes it, since names become parts of other names.
    """
    if host not in (host_of(f"http://{host}"), host_of(f"https://{host}")):
        raise ValueError(f"not a host: {host!r}")
    return Site(name=host, title=host, start=start)
