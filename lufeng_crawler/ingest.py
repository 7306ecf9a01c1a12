"""Takes WARCs of any maker into the archive: the same two steps as a crawl, without the network."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic

from lufeng_crawler import sites
from lufeng_crawler.archive import Archive, Beginning, Ending, foreign
from lufeng_crawler.archive.clock import now
from lufeng_crawler.archive.rows import first
from lufeng_crawler.archive.warc import sha256
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.items import Capture
from lufeng_crawler.reader import SOFTWARE

MANY = 1000
"""Answers remembered as just taken, before the archive itself is made to know them."""

NOWHERE = "nowhere"
"""The site of captures whose address names no host: other people's WARCs have such."""


@dataclass(slots=True)
class Taken:
    """What an ingest amounts to, as `--json` prints it; `skipped` were there already or carry no page of their own."""

    files: int = 0
    captures: int = 0
    new: int = 0
    edited: int = 0
    unchanged: int = 0
    skipped: int = 0
    errors: int = 0
    seconds: float = 0.0

    def report(self) -> dict[str, float]:
        """By name."""
        return asdict(self)


class Ingest:
    """One ingest of any number of files. `say` is told of each file that cannot be read, `watch` of each record."""

    def __init__(self, archive: Archive, sites_folder: Path | None, say: Callable[[str], None]) -> None:
        self.archive, self.say = archive, say
        known = sites.load_all(sites_folder).values()
        self._site_of = {host: site.name for site in known for host in site.all_hosts}
        self._just_taken: set[tuple[str, str, str]] = set()
        self.taken = Taken()

    def run(self, files: Iterable[Path], watch: Callable[[], None] = lambda: None) -> Taken:
        """Take them in, in the order given; an answer that the archive has already is skipped."""
        started, begun = monotonic(), now()
        run = f"ingest-{begun}-{uuid.uuid4().hex[:8]}"
        self.archive.begin(Beginning(name=run, kind="ingest", started_at=begun, software=SOFTWARE))
        for path in files:
            self.taken.files += 1
            for capture in self._answers(path):
                self._take(capture, run)
                watch()
        outcome = self.archive.end(Ending(run, now(), "good", errors=self.taken.errors))
        for name in ("new", "edited", "unchanged"):
            setattr(self.taken, name, outcome[name])
        self.taken.seconds = round(monotonic() - started, 3)
        return self.taken

    def _answers(self, path: Path) -> Iterator[Capture | None]:
        try:
            yield from foreign.captures(path)
        except DamagedCapture as error:
            self.taken.errors += 1
            self.say(str(error))

    def _take(self, capture: Capture | None, run: str) -> None:
        if capture is None or self._has(capture):
            self.taken.skipped += 1
            return
        self.archive.take(replace(capture, site=self._site(capture.url)), run)
        self.taken.captures += 1

    def _site(self, url: str) -> str:
        """The site that may be asked at this address, else one named after the host."""
        try:
            host = sites.host_of(url)
        except ValueError:
            return NOWHERE
        return self._site_of.get(host, host)

    def _has(self, capture: Capture) -> bool:
        """Known by address, time and payload: in the archive, or among what has just been taken."""
        digest = sha256(capture.body)
        same = (capture.url, digest, capture.fetched_at)
        if same in self._just_taken:
            return True
        if len(self._just_taken) >= MANY:
            self.archive.flush()
            self._just_taken.clear()
        self._just_taken.add(same)
        sql = "SELECT 1 FROM captures WHERE url = ? AND payload_digest = ? AND fetched_at = ?"
        return first(self.archive.db, sql, *same) is not None
