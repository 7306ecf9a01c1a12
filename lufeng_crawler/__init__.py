"""Lufeng Crawler: crawls Chinese government news sites and archives what they publish, with the evidence.

cli          the command: parses arguments, calls one function, prints
ui           the web UI, a plugin of Datasette
crawl, schedule, health, ingest, scaffold    whole jobs: crawl, schedule crawls, report health, ingest WARCs, add sites
settings     Scrapy's settings that differ from its defaults, each with its reason
spiders, middlewares, pipelines, extensions    the crawl itself, in Scrapy's usual places
crawl_run    one crawl of one site, as these share it
reader       parses captures by the layouts of site files
sites        one TOML file for each government website
pages        reads pages: a pure function of a capture and its site's layout
archive      archive.db and captures/*.warc.gz: what is stored, and what may be claimed of it
demo         a made-up county that is served on loopback
"""

__version__ = "0.1.0"
