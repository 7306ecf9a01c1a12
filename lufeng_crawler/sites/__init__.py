"""Government websites, each described by one TOML file whose stem is the site's name: data, never logic."""

from lufeng_crawler.sites.hosts import host_of
from lufeng_crawler.sites.loader import SiteFiles, load_all_sites, load_site, load_site_files, select_sites
from lufeng_crawler.sites.site import Column, Expect, Site, site_from_host

__all__ = [
    "Column",
    "Expect",
    "Site",
    "SiteFiles",
    "host_of",
    "load_all_sites",
    "load_site",
    "load_site_files",
    "select_sites",
    "site_from_host",
]
