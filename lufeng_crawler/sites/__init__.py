"""Government websites, each described by one TOML file whose stem is the site's name: data, never logic."""

from lufeng_crawler.sites.hosts import host_of
from lufeng_crawler.sites.loader import load_all_sites, load_site
from lufeng_crawler.sites.site import Column, Expect, Site, site_from_host

__all__ = ["Column", "Expect", "Site", "host_of", "load_all_sites", "load_site", "site_from_host"]
