"""What nightly crawls alone tell, without a single full one: a delisting, a backdating, a server whose 304 is false."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from scrapy import Request

from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.sites import Column
from tests.support.random_site import FIRST_DAY, HOST, READER, SITE, page
from tests.support.scripted_crawl import Answer, ScriptedCrawl

NIGHTS, PAGE = 70, 10
ONE_COLUMN = replace(SITE, columns=(Column("要闻", "list-1.htm"),))


@dataclass(slots=True)
class NightlySite:
    """A column of three pages, whose articles have validators that never change."""

    texts: dict[int, str] = field(default_factory=dict)
    dates: dict[int, float] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)

    def add(self, number: int, day: float) -> None:
        """Publish an article that is dated that day, in its place by date."""
        self.texts[number], self.dates[number] = f"第{number}篇的正文，" + "说的是修路的事。" * 20, day
        place = next((n for n, each in enumerate(self.lines) if self.dates[each] <= day), len(self.lines))
        self.lines.insert(place, number)

    def answer(self, request: Request) -> Answer:
        """Answer as servers do that believe every validator."""
        path = request.url.removeprefix(HOST)
        if path.startswith("list"):
            return self._listing(int(path.removesuffix(".htm").partition("_")[2] or 1))
        number = int(path.rpartition("/")[2].removesuffix(".htm"))
        if number not in self.texts:
            return Answer(404)
        tag = ("ETag", '"1"')
        if request.headers.get("If-None-Match"):
            return Answer(304, headers=(tag,))
        told = {"title": f"第{number}篇修路消息", "body": self.texts[number], "published": self._date(number)}
        answer = page(told)
        return replace(answer, headers=(*answer.headers, tag))

    def _listing(self, number: int) -> Answer:
        shown, pages = self.lines[(number - 1) * PAGE : number * PAGE], -(-len(self.lines) // PAGE)
        entries = [(f"{HOST}info/1/{each}.htm", f"第{each}篇修路消息", self._date(each)) for each in shown]
        extent = {"rows": len(shown), "total": len(self.lines), "pages": pages, "page": number, "has_pager": True}
        following = f"{HOST}list-1_{number + 1}.htm" if number < pages else None
        return page({"entries": entries, "next": following, "extent": extent | {"is_last": number == pages}})

    def _date(self, number: int) -> str:
        return (FIRST_DAY + timedelta(days=self.dates[number])).date().isoformat()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The archive after seventy nights, in which one article is published every second day."""
    folder, site = tmp_path_factory.mktemp("nights"), NightlySite()
    for number in range(1, 26):
        site.add(number, -3 * number)
    crawl = ScriptedCrawl(folder, ONE_COLUMN, site.answer, READER)
    for night in range(NIGHTS):
        if night % 2:
            site.add(100 + night, night)
        if night == 3:
            site.texts[1] += "\n后来补上的一段话。"
        if night == 5:
            site.lines.remove(12)
        if night == 40:
            site.add(200, -20)
        crawl.run((FIRST_DAY + timedelta(days=night, hours=2)).strftime(FORMAT))
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        yield db


def told(db: sqlite3.Connection, where: str) -> list[str]:
    """Return the addresses of the articles of which such events are told."""
    sql = f"SELECT a.url FROM changes c JOIN articles a ON a.id = c.article WHERE {where} ORDER BY c.id"
    return [url.removeprefix(f"{HOST}info/1/") for (url,) in db.execute(sql)]


def test_what_left_the_middle_of_the_listing_is_delisted(archive: sqlite3.Connection) -> None:
    assert told(archive, "c.kind = 'delisted'") == ["12.htm"]


def test_what_was_put_in_with_an_old_date_is_backdated(archive: sqlite3.Connection) -> None:
    assert told(archive, "c.kind = 'new' AND c.backdated") == ["200.htm"]


def test_a_change_behind_a_304_is_found_out_and_said(archive: sqlite3.Connection) -> None:
    assert told(archive, "c.kind = 'edited'") == ["1.htm"]
    assert archive.execute("SELECT false_304 IS NOT NULL FROM sites").fetchone() == (1,)


def test_nothing_else_is_told(archive: sqlite3.Connection) -> None:
    kinds = dict(archive.execute("SELECT kind, count(*) FROM changes GROUP BY kind").fetchall())
    assert kinds == {"new": 25 + NIGHTS // 2 + 1, "edited": 1, "delisted": 1}
    assert archive.execute("SELECT DISTINCT outcome FROM runs").fetchall() == [("good",)]
