"""The page on the sites' health: last runs, blocks, layout alarms."""

from __future__ import annotations

import sqlite3

from lufeng_crawler import health, sites
from lufeng_crawler.ui.asked import Asked
from lufeng_crawler.ui.page import Page, Shown


def read(db: sqlite3.Connection, asked: Asked) -> Shown:
    """The standing of each site."""
    return {"standings": health.status(db, sites.load_all(asked.sites).values(), only_known=False)}


PAGES = (Page(r"^/health$", "health.html", read),)
