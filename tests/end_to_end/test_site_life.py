"""Twenty days of a site, told in a script, recorded and read for real: the events that happened, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import Outcome, Sweep, rebuild
from lufeng_crawler.demo import County, DemoArticle, DemoColumn, render
from lufeng_crawler.items import Capture
from lufeng_crawler.reader import reader
from tests.support.archive_builder import SITE, Story, article, everything, listing, rows

COLUMN = DemoColumn(1001, "要闻", "/yw.htm")
HOST = SITE.rstrip("/")
HTML = (("Content-Type", "text/html; charset=utf-8"),)
Event = tuple[str | int, ...]
"""Kind, the number in the article's title, and its flags."""


def page(url: str, html: str = "", status: int = 200, *headers: tuple[str, str], **more: Any) -> Capture:
    more = {"kind": "article"} | more
    return Capture(HOST + url, "", status, (*HTML, *headers), html.encode(), "gulou", **more)


def first_day() -> dict[int, DemoArticle]:
    told = {}
    for number in range(1, 15):
        body = f"第{number}件事。" + "县人民政府召开会议，研究部署冬春农田水利建设。" * 6
        day = date(2026, 10, 1 + number)
        told[number] = DemoArticle(number, number, number, (1001,), f"第{number}号新闻", day, body, source="县政府")
    return told


@dataclass(slots=True)
class Town:
    """The site as it stands; `fails` may answer instead of it (None: as it is), or raise to give no answer at all."""

    articles: dict[int, DemoArticle] = field(default_factory=first_day)
    redirects: dict[int, tuple[int, str]] = field(default_factory=dict)
    look: int = 0
    fails: Callable[[str], Capture | None] = lambda url: None

    def edit(self, number: int, **said: Any) -> None:
        self.articles[number] = replace(self.articles[number], **said)

    def asked(self, url: str) -> Capture | None:
        """What an address answers; None where nothing comes back."""
        try:
            return self.fails(url) or self._page(url)
        except TimeoutError:
            return None

    def _page(self, url: str) -> Capture:
        county = County(1, (COLUMN,), tuple(self.articles.values()), self.look)
        if url in county.pages(COLUMN):
            return page(url, render.render_listing(county, COLUMN, url), kind="listing", column="要闻")
        number = int(url.rpartition("/")[2].removesuffix(".htm") if url.startswith("/info") else 0)
        if number in self.redirects:
            status, to = self.redirects[number]
            return page(url, "", status, ("Location", to))
        one = self.articles.get(number)
        if one is None or one.condition == "gone":
            return page(url, render.render_prompt("404", "没有找到"), 404)
        if one.condition == "soft_gone":
            return page(url, render.render_prompt("系统提示", "您访问的页面不存在，可能已被删除或更名"))
        return page(url, render.render_article(county, COLUMN, one))

    def listed(self) -> list[str]:
        county = County(1, (COLUMN,), tuple(self.articles.values()), self.look)
        return list(county.pages(COLUMN))


def crawl(town: Town, known: list[str]) -> tuple[list[Capture], Outcome, Sweep]:
    """All listings to their end, then every article known or listed and what it redirects to, judged as a crawl is."""
    lists = [seen for url in town.listed() if (seen := town.asked(url))]
    whole = len(lists) == len(town.listed()) and all(seen.status == 200 and b"line_u" in seen.body for seen in lists)
    named = [one.url(1001) for one in town.articles.values() if one.listed] if whole else []
    asked = list(dict.fromkeys([*named, *known]))
    answers = [seen for url in asked if (seen := town.asked(url))]
    ends = [town.asked(to.removeprefix(HOST)) for seen in answers if (to := seen.header("Location"))]
    told = [seen for seen in answers if seen.status in (200, 301, 302, 404)]
    captures = [*lists, *answers, *(seen for seen in ends if seen)]
    outcome: Outcome = "good" if whole and 2 * len(told) >= len(asked) else "below_expectation"
    if not captures:
        outcome = "unreachable"
    return captures, outcome, "complete" if whole else "broken"


def failing(status: int, which: Callable[[str], bool] = lambda url: True) -> Callable[[str], Capture | None]:
    return lambda url: page(url, "<html><body>500</body></html>", status) if which(url) else None


def silent(which: Callable[[str], bool] = lambda url: True) -> Callable[[str], Capture | None]:
    def fails(url: str) -> None:
        if which(url):
            raise TimeoutError

    return fails


def is_article(url: str) -> bool:
    return url.startswith("/info")


def is_odd(url: str) -> bool:
    return is_article(url) and int(url[:-4].rpartition("/")[2]) in range(1, 100, 2)  # not more than half of all


def empty_listing(url: str) -> Capture | None:
    if is_article(url):
        return None
    return page(
        url, render.render_listing(County(1, (COLUMN,), ()), COLUMN, COLUMN.path), kind="listing", column="要闻"
    )


def _changed(town: Town, number: int, **more: Any) -> None:
    town.edit(number, body=town.articles[number].body.replace("冬春", "秋冬"), **more)


def _reposted(town: Town, number: int, new: int) -> None:
    town.articles[new] = replace(town.articles[number], id=new, listed_id=new, condition="live", listed=True)
    town.edit(number, condition="gone", listed=False)


def _moved(town: Town, number: int, new: int) -> None:
    town.articles[new] = replace(town.articles.pop(number), id=new, listed_id=new)
    town.redirects[number] = (301, f"{SITE}info/1001/{new}.htm")


def _appears(town: Town, number: int, published: date) -> None:
    like = town.articles[1]
    town.articles[number] = replace(
        like, news_id=number, id=number, listed_id=number, title=f"第{number}号新闻", published=published
    )


@dataclass(frozen=True, slots=True)
class Day:
    """What is done to the site before its crawl, how it fails on that day alone, and the events that prove it."""

    what: str
    events: tuple[Event, ...] = ()
    does: tuple[Callable[[Town], object], ...] = ()
    fails: Callable[[str], Capture | None] = lambda url: None


LIFE = (
    Day("everything is new", tuple(("new", number) for number in range(1, 15))),
    Day("nothing happens"),
    Day(
        "an edit with a new date, and a silent one",
        (("edited", 1), ("edited", 2, "silent")),
        (lambda town: _changed(town, 1, published=date(2026, 11, 3)), lambda town: _changed(town, 2)),
    ),
    Day(
        "one page is taken down, another says so with a 200",
        (("missing", 3), ("missing", 4)),
        (
            lambda town: town.edit(3, condition="gone", listed=False),
            lambda town: town.edit(4, condition="soft_gone", listed=False),
        ),
    ),
    Day("nothing answers at all", fails=silent()),
    Day("every answer is a challenge", fails=failing(412)),
    Day("every answer is an error", fails=failing(502)),
    Day("a good day: the two are gone", (("gone", 3), ("gone", 4))),
    Day(
        "half the site is down, and one more page is taken down",
        (("missing", 6),),
        (lambda town: town.edit(6, condition="gone"),),
        failing(503, is_odd),
    ),
    Day("the listing is empty", fails=empty_listing),
    Day("articles take too long to answer", fails=silent(is_article)),
    Day("a good day: it is gone", (("gone", 6),)),
    Day("an article is redirected", (("moved", 7),), (lambda town: _moved(town, 7, 107),)),
    Day("an article is posted anew elsewhere", (("moved", 8),), (lambda town: _reposted(town, 8, 108),)),
    Day(
        "one comes back, one is new, one is new with an old date",
        (("restored", 3), ("new", 20), ("new", 21, "backdated")),
        (
            lambda town: town.edit(3, condition="live", listed=True),
            lambda town: _appears(town, 20, date(2026, 11, 15)),
            lambda town: _appears(town, 21, date(2026, 9, 1)),
        ),
    ),
    Day("a line is taken from the list", (("delisted", 9),), (lambda town: town.edit(9, listed=False),)),
    Day("the second page of the list fails", fails=failing(500, lambda url: url == "/yw/1.htm")),
    Day(
        "it is listed again, and a date is moved back",
        (("relisted", 9), ("edited", 10, "backdated")),
        (lambda town: town.edit(9, listed=True), lambda town: _changed(town, 10, published=date(2026, 9, 9))),
    ),
    Day(
        "a page redirects to one that says not found, and a challenge hides every odd page",
        (("missing", 12),),
        (lambda town: town.redirects.update({12: (302, f"{SITE}404.htm")}),),
        failing(521, is_odd),
    ),
    Day(
        "a new template, a title changed, and what was gone is found elsewhere",
        (("gone", 12), ("edited", 2, "silent"), ("restored", 4), ("moved", 4)),
        (
            lambda town: setattr(town, "look", 1),
            lambda town: town.edit(2, title="第2号新闻（更正）"),
            lambda town: _reposted(town, 4, 104),
        ),
    ),
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[list[Event]]]]:
    """The archive, and what it told on each day, articles by the number they began with."""
    story, town, told = Story(tmp_path_factory.mktemp("life"), reader(None)), Town(), list[list[Event]]()
    for number, day in enumerate(LIFE, 1):
        for change in day.does:
            change(town)
        town.fails = day.fails
        known = [row["url"] for row in rows(story.folder, "SELECT url FROM articles")] if told else []
        captures, outcome, sweep = crawl(town, [url.removeprefix(HOST) for url in known])
        found = story.run(number * 1.01, *captures, outcome=outcome, sweeps={"要闻": sweep})  # over 24 hours apart
        titles = {row["id"]: row["title"] for row in rows(story.folder, "SELECT id, title FROM latest_articles")}
        told.append([_event(event, titles[event["article"]]) for event in found])
    yield story.folder, told


def _event(row: dict[str, Any], title: str) -> Event:
    flags = [flag for flag in ("silent", "backdated") if row[flag]]
    return (row["kind"], int(title[1:].partition("号")[0]), *flags)


@pytest.mark.parametrize("number", range(len(LIFE)), ids=[day.what for day in LIFE])
def test_a_day_brings_what_happened_and_nothing_else(lived: tuple[Path, list[list[Event]]], number: int) -> None:
    assert sorted(lived[1][number]) == sorted(LIFE[number].events)


def test_nothing_that_stands_is_said_to_be_gone(lived: tuple[Path, list[list[Event]]]) -> None:
    gone = rows(lived[0], "SELECT key FROM articles WHERE presence != 'live' ORDER BY id")
    assert [row["key"] for row in gone] == ["6", "12"]
    assert rows(lived[0], "SELECT count(*) AS n FROM articles") == [{"n": 16}]


def test_its_life_is_the_same_after_a_rebuild(lived: tuple[Path, list[list[Event]]]) -> None:
    before = everything(lived[0])
    rebuild(lived[0], reader(None), "test")
    assert everything(lived[0]) == before


TROUBLES: dict[str, tuple[Callable[[Capture], Capture | None], Outcome, Sweep]] = {
    "nothing answers": (lambda seen: None, "unreachable", "broken"),
    "challenges": (lambda seen: _as(seen, 412), "blocked", "broken"),
    "errors": (lambda seen: _as(seen, 502), "below_expectation", "broken"),
    "busy articles": (lambda seen: seen if seen.kind == "listing" else _as(seen, 503), "below_expectation", "complete"),
    "half of it": (lambda seen: seen if hash(seen.url) % 2 else None, "good", "settled"),
    "hidden articles": (lambda seen: seen if seen.kind == "listing" else _as(seen, 521), "good", "complete"),
    "empty list": (lambda seen: listing() if seen.kind == "listing" else seen, "below_expectation", "broken"),
    "cut answers": (lambda seen: replace(seen, truncated="disconnect"), "below_expectation", "broken"),
}


def _as(seen: Capture, status: int) -> Capture:
    return replace(seen, status=status, body=b"")


@settings(max_examples=12)
@given(st.lists(st.sampled_from(sorted(TROUBLES)), min_size=1, max_size=6))
def test_no_sequence_of_troubles_takes_anything_down(
    tmp_path_factory: pytest.TempPathFactory, troubles: list[str]
) -> None:
    story = Story(tmp_path_factory.mktemp("troubles"))
    site = [listing(1, 2, 3, 4), *(article(number, f"题{number}") for number in range(1, 5))]
    story.run(1, *site, sweeps={"要闻": "complete"})
    for day, trouble in enumerate(troubles, 2):
        answers, outcome, sweep = TROUBLES[trouble]
        told = [given for seen in site if (given := answers(seen))]
        story.run(day, *told, outcome=outcome, sweeps={"要闻": sweep})
    story.run(9, *site, sweeps={"要闻": "complete"})
    assert story.kinds() == ["new"] * 4
    assert {row["presence"] for row in rows(story.folder, "SELECT presence FROM articles")} == {"live"}
