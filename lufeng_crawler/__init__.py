"""Lufeng Crawler: crawls Chinese government news sites and keeps what they publish, with the evidence.

cli          reads arguments, calls one function, prints
crawl, schedule, health, ingest    whole jobs: run sites, say when, judge how it went, take in WARCs
settings     what differs from Scrapy's defaults, each with its reason
spiders, middlewares, pipelines, extensions    the crawl itself, in Scrapy's own places
sites        one TOML file per government website
pages        what a captured page says: pure functions of bytes, headers and address
archive      archive.db and captures/*.warc.gz: what is kept, and what may be claimed of it
demo         a county that exists only on loopback
"""

__version__ = "0.1.0"
