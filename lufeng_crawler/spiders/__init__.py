"""Scrapy's spiders: every site file is a spider of its name."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from lufeng_crawler import sites
from lufeng_crawler.errors import UnknownSite
from lufeng_crawler.spiders.news import NewsSpider


class SiteLoader:
    """Scrapy's spider loader protocol over site files (`SPIDER_LOADER_CLASS`)."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Make the loader of the package's sites and those in LUFENG_SITES."""
        folder = settings.get("LUFENG_SITES")
        return cls(Path(folder) if folder else None)

    def load(self, spider_name: str) -> type[Spider]:
        """Make the spider of a site. Raises KeyError, as Scrapy expects, where no site has that name."""
        try:
            site = sites.load_site(spider_name, self.folder)
        except UnknownSite as error:
            raise KeyError(str(error)) from error
        return type(f"{site.name}Spider", (NewsSpider,), {"name": site.name, "site": site})

    def list(self) -> list[str]:
        """Return the names of all sites whose files can be used."""
        return sorted(sites.load_site_files(self.folder).sites)

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]  # `list` is the method here
        """Return the names of the sites whose hosts include the request's."""
        found, host = sites.load_site_files(self.folder), sites.host_of(request.url)
        return sorted(name for name, site in found.sites.items() if host in site.all_hosts)
