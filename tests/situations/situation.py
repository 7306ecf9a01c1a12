"""Tells a situation: a site, the nights on which it is crawled, and what must hold after each of them.

A night is told by what happens to the site before it, how it is crawled, and what is to be found afterwards. What is
always checked, unless the night says otherwise: that no more happened than it names, that the run's exit code is its
outcome's, and, once the last night is over, that the archive verifies, that its events contradict no order, and that a
rebuild gives the same rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from lufeng_crawler.archive import rebuild, run_outcomes
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.integrity.verify import verify_archive
from lufeng_crawler.archive.progress import no_progress
from lufeng_crawler.reader import reader
from tests.situations.scripted_site import HOST, NEWS, ScriptedSite, served
from tests.support.archive_builder import everything, rows
from tests.support.commands import Done, lufeng

BEGINNING = datetime(2026, 11, 2, 2, tzinfo=UTC)
"""When the first night is."""

NIGHT = 1.01
"""Days between two nights: a little over what `[presence] apart` asks for."""

BELOW = "below_expectation"
Does = Callable[[ScriptedSite], object]

LAST_OUTCOME = "SELECT outcome FROM captures WHERE url = ? ORDER BY fetched_at DESC, id DESC LIMIT 1"
"""What the last answer of an address was read as."""


@dataclass(frozen=True, slots=True)
class Night:
    """One crawl. None is not checked; `events` are exactly what the night brings, as in "new 1-10", "edited 3".

    `does` happens to the site before it, `at` is the day on which it is (0 the first; None: the next night). `says` are
    words in the run's reason. `asked` are article numbers that are asked for, with the number of times. `read` is what
    the last answer for an article was read as. `coverage` is the state of each column, `seen` and `stated` the lines of
    NEWS. `rows` are the answers of the database by query. `code` is the exit code where it is not the outcome's.
    """

    events: tuple[str, ...] | None = ()
    does: tuple[Does, ...] = ()
    outcome: str | None = "good"
    full: bool = False
    at: float | None = None
    says: tuple[str, ...] = ()
    articles: int | None = None
    owed: int | None = None
    out_of_reach: int | None = None
    coverage: Mapping[str, str] = field(default_factory=dict)
    seen: int | None = None
    stated: int | None = None
    asked: Mapping[int, int] = field(default_factory=dict)
    read: Mapping[int, str] = field(default_factory=dict)
    rows: Mapping[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """A site and its nights. `columns` and `more` go into the site file, `pages` into its first column."""

    name: str
    begins: Does
    nights: tuple[Night, ...]
    columns: str = f'[[columns]]\nname = "{NEWS}"\npath = "/list.htm"\n'
    more: str = ""
    start: str = f"http://{HOST}/"
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """A situation under way: its folder, its site, and what has happened so far."""

    situation: Situation
    folder: Path
    site: ScriptedSite
    proxy: str
    day: float = -NIGHT
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def archive(self) -> Path:
        """The archive."""
        return self.folder / "archive"

    def crawl(self, night: Night) -> Done:
        """Crawl the site as on that night."""
        self.day = self.day + NIGHT if night.at is None else night.at
        shift = BEGINNING.timestamp() + self.day * 86400 - datetime.now(UTC).timestamp()
        more = {"LUFENG_CLOCK": f"{shift:+.0f}", "http_proxy": self.proxy, "https_proxy": self.proxy}
        where = ("--archive", self.archive, "--sites", self.folder / "sites")
        return lufeng(*where, "crawl", "gulou", "--json", *(["--full"] if night.full else []), more=more)


def tell(situation: Situation, folder: Path) -> None:
    """Tell a situation, and check what must hold."""
    site = ScriptedSite()
    situation.begins(site)
    _write_site_files(situation, folder / "sites")
    with served(site) as proxy:
        told = Told(situation, folder, site, proxy)
        for number, night in enumerate(situation.nights, 1):
            for change in night.does:
                change(site)
            before = len(site.asked)
            done = told.crawl(night)
            assert not site.faults, f"the script of the site is at fault: {site.faults[:3]}"
            _check_night(told, night, done, f"{situation.name}, night {number}", before)
    _check_archive(told)


def _write_site_files(situation: Situation, folder: Path) -> None:
    folder.mkdir()
    settings = "DOWNLOAD_DELAY = 0\nLUFENG_REST = 0.05\nLUFENG_REST_LONGEST = 2.0\nDOWNLOAD_TIMEOUT = 5\n"
    head = f'title = "鼓楼区人民政府"\nstart = "{situation.start}"\n'
    parts = (head, situation.more, situation.columns, f"[scrapy]\n{settings}")
    (folder / "gulou.toml").write_text("\n".join(parts), encoding="utf-8")
    for name, content in situation.files.items():
        (folder / name).write_bytes(content)


def _check_night(told: Told, night: Night, done: Done, where: str, before: int) -> None:
    assert done.out, f"{where}: {done.err}"
    report = done.report
    reason = report["reason"] or ""
    happened = _events(told.archive)
    assert not told.happened - happened, f"{where}: no longer told: {_listed(told.happened - happened)}"
    brought = happened - told.happened
    expected = brought if night.events is None else expand(night.events)
    assert not brought - expected, f"{where}: told, and not so: {_listed(brought - expected)}; {reason}"
    assert not expected - brought, f"{where}: not told: {_listed(expected - brought)}; {reason}"
    told.happened = happened
    if night.outcome is not None:
        assert report["outcome"] == night.outcome, f"{where}: {reason}"
    code = run_outcomes.BY_NAME[report["outcome"]].exit_code if night.code is None else night.code
    assert done.code == code, f"{where}: exit code; {done.err}"
    assert [word for word in night.says if word not in reason] == [], f"{where}: missing in the reason: {reason}"
    found = _found(told, report)
    for name in ("articles", "owed", "out_of_reach", "seen", "stated"):
        if (wanted := getattr(night, name)) is not None:
            assert found[name] == wanted, f"{where}: {name}"
    states = {column: told_of["state"] for column, told_of in report.get("coverage", {}).items()}
    assert {column: states.get(column) for column in night.coverage} == night.coverage, f"{where}: coverage"
    _check_answers(told, night, where, before)


def _check_answers(told: Told, night: Night, where: str, before: int) -> None:
    asked = Counter(one.path for one in told.site.asked[before:])
    assert {number: asked[told.site.path(number)] for number in night.asked} == night.asked, f"{where}: asked for"
    for number, outcome in night.read.items():
        found = rows(told.archive, LAST_OUTCOME, f"http://{HOST}{told.site.path(number)}")
        assert [row["outcome"] for row in found] == [outcome], f"{where}: article {number} was read as"
    for query, wanted in night.rows.items():
        assert [tuple(row.values()) for row in rows(told.archive, query)] == wanted, f"{where}: {query}"


def _found(told: Told, report: Mapping[str, Any]) -> dict[str, Any]:
    """What may be checked by a number."""
    [(articles,)] = [tuple(row.values()) for row in rows(told.archive, "SELECT count(*) FROM articles")]
    news = report.get("coverage", {}).get(NEWS, {})
    numbers = {name: report.get(name) for name in ("owed", "out_of_reach")}
    return numbers | {"articles": articles, "seen": news.get("seen"), "stated": news.get("stated")}


def expand(events: tuple[str, ...]) -> Counter[str]:
    """Return each event by itself: "new 1-3" is "new 1", "new 2", "new 3"."""
    told = Counter[str]()
    for event in events:
        kind, _, numbers = event.partition(" ")
        first, _, last = numbers.partition("-")
        told.update(f"{kind} {number}" for number in range(int(first), int(last or first) + 1))
    return told


def _events(archive: Path) -> Counter[str]:
    """Every event that the archive tells, with the number in the first title of its article."""
    told = rows(
        archive,
        "SELECT c.kind, (SELECT title FROM versions WHERE article = c.article ORDER BY number LIMIT 1) AS title"
        " FROM changes c",
    )
    return Counter(f"{row['kind']} {_number(row['title'])}" for row in told)


def _listed(events: Counter[str]) -> str:
    return ", ".join(sorted(events.elements()))


def _number(title: str | None) -> str:
    found = re.match(r"第(\d+)号", title or "")
    return found[1] if found else f"({title})"


def _check_archive(told: Told) -> None:
    """Check what holds of every archive, whatever happened."""
    with closing(connect_for_reading(told.archive)) as db:
        wrong = list(verify_archive(db, told.archive, False, None, no_progress))
    assert wrong == [], f"verify: {wrong[:3]}"
    _check_order(told.archive)
    before = everything(told.archive)
    rebuild(told.archive, reader(told.folder / "sites"), "test")
    after = everything(told.archive)
    differing = {table for table in before | after if before.get(table) != after.get(table)}
    assert not differing, f"rebuilt differently: {differing}"


def _check_order(archive: Path) -> None:
    """Check that an article's versions and events follow each other as their times say."""
    for row in rows(archive, "SELECT article, number, first_seen, last_seen FROM versions"):
        assert row["first_seen"] <= row["last_seen"], row
    versions = rows(archive, "SELECT article, first_seen FROM versions ORDER BY article, number")
    _check_sorted(versions, "first_seen")
    presence = dict[int, str]()
    for row in rows(archive, "SELECT article, at, kind FROM changes ORDER BY article, at, id"):
        if row["kind"] in BEFORE:
            assert presence.get(row["article"], "restored") in BEFORE[row["kind"]], row
            presence[row["article"]] = row["kind"]


BEFORE = {"missing": ("restored",), "gone": ("missing",), "restored": ("missing", "gone")}
"""What was last said of an article's presence, by what is said next; an article begins as if restored."""


def _check_sorted(found: list[dict[str, Any]], by: str) -> None:
    for first, then in pairwise(found):
        if first["article"] == then["article"]:
            assert first[by] <= then[by], (first, then)
