"""Random histories of a scripted site, and what an archive may say of them: no more than the site did, and no less."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

from scrapy.settings import Settings

from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.settings import configured
from tests.support.random_site import FIRST_DAY, READER, SITE, RandomSite
from tests.support.scripted_crawl import ScriptedCrawl

RUNS = 10
PAUSES = (0.2, 1.1, 1.1, 3, 10, 31)
"""Days between two runs: several in one day, most of a day, some that make sweeps due."""

ALLOWED = {
    "edited": ("edited",),
    "missing": ("deleted",),
    "gone": ("deleted",),
    "restored": ("restored",),
    "delisted": ("delisted", "deleted"),
    "relisted": ("relisted", "restored", "delisted"),
    "moved": ("moved",),
}
"""What the site must have done to an article for an event to be true of it, by the kind of event."""


@cache
def _settings() -> Settings:
    return configured()


@dataclass(frozen=True, slots=True)
class RandomHistory:
    """A site after its history, and the archive of the crawls of it."""

    site: RandomSite
    folder: Path

    def faults(self) -> Iterator[str]:
        """Yield each event that the script does not justify, and each listed article that was lost."""
        with closing(sqlite3.connect(self.folder / "archive.db")) as db:
            yield from self._false_events(db)
            yield from self._lost(db)

    def _false_events(self, db: sqlite3.Connection) -> Iterator[str]:
        rows = db.execute("SELECT article, url FROM urls")
        numbers = {article: number for article, url in rows if (number := number_of(url))}
        did, known = self.site.did, set[int]()
        for kind, article, backdated in db.execute("SELECT kind, article, backdated FROM changes ORDER BY id"):
            number = numbers.get(article, 0)
            if kind != "new":
                if not any(number in did[act] for act in ALLOWED[kind]):
                    yield f"{kind}: {number}"
                continue
            if number == 0 or (number in known and number not in did["moved"]):  # its old address was not asked since
                yield f"new: {number}"
            if backdated and number not in did["backdated"] | did["placed"]:
                yield f"backdated: {number}"
            known.add(number)

    def _lost(self, db: sqlite3.Connection) -> Iterator[str]:
        sql = "SELECT url FROM urls UNION SELECT url FROM uncaptured"
        accounted = {number_of(url) for (url,) in db.execute(sql)}
        yield from (f"lost: {number}" for number in sorted(self.site.listed - accounted))


def tell(seed: int, folder: Path, runs: int = RUNS) -> RandomHistory:
    """Let a site live by chance and crawl it so many times, now and then whole."""
    random = Random(seed)
    site = RandomSite(random, random.choice(["stated", "plain", "script", "none"]), random.choice([3, 5, 8]))
    crawl = ScriptedCrawl(folder, SITE, site.answer, READER, _settings())
    for run in range(runs):
        site.live_through(random.choice(PAUSES) if run else 0)
        now = (FIRST_DAY + timedelta(days=site.day)).strftime(FORMAT)
        crawl.run(now, full=random.random() < 0.2)
    return RandomHistory(site, folder)


def number_of(url: str) -> int | None:
    """Return the number of the article at an address of the site."""
    found = re.search(r"/(\d+)\.htm$", url)
    return int(found[1]) if found else None
