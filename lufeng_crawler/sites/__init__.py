"""Government websites, each described by one TOML file whose stem is the site's name: data, never logic."""

from lufeng_crawler.sites.address import host_of
from lufeng_crawler.sites.files import load, load_all
from lufeng_crawler.sites.site import Column, Expect, Site, from_host

__all__ = ["Column", "Expect", "Site", "from_host", "host_of", "load", "load_all"]
