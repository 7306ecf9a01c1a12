"""A site that lives by a random script: what it publishes, edits, moves, takes down, and how it fails meanwhile.

It keeps a diary of what it did, so that a test can tell which events an archive may tell of it, and which not.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal

from scrapy import Request

from lufeng_crawler.archive import Reader
from lufeng_crawler.items import (
    Article,
    Blocked,
    Capture,
    Entry,
    Extent,
    Gone,
    Listing,
    Other,
    Reading,
    Redirect,
    Unchanged,
)
from lufeng_crawler.pages.downloads import read_download
from lufeng_crawler.sites import Column, Site
from tests.support.scripted_crawl import Answer

HOST = "http://gulou.example/"
FIRST_DAY = datetime(2026, 11, 1, tzinfo=UTC)
WORDS = "县人民政府会议研究部署重点工作坚持以民为中心扎实推进实事落地见效经济运行总体平稳农村公路养护森林防火"
Pager = Literal["stated", "plain", "script", "none"]
Fault = Literal["500", "empty", "cut", "403", "template", "notice", "home", "away", "timeout"]
FAULTS: tuple[Fault, ...] = ("500", "empty", "cut", "403", "template", "notice", "home", "away", "timeout")


@dataclass(slots=True)
class Text:
    """An article as the site has it now."""

    number: int
    title: str
    body: str
    published: str
    path: str
    live: bool = True
    moved_to: str | None = None


@dataclass(slots=True)
class RandomSite:
    """The site. `lists` are its columns' lines, newest first; `did` is the diary: what happened to which article.

    `listed` are the articles that a page has named.
    """

    random: Random
    pager: Pager = "stated"
    size: int = 5
    texts: dict[int, Text] = field(default_factory=dict)
    lists: dict[str, list[int]] = field(default_factory=lambda: {"要闻": [], "通知": []})
    did: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    faults: dict[int, Fault] = field(default_factory=dict)
    forever: set[int] = field(default_factory=set)
    outage: Fault | None = None
    shift: tuple[str, int] | None = None
    listed: set[int] = field(default_factory=set)
    day: float = 0.0
    replaced: dict[tuple[int, Fault], float] = field(default_factory=dict)
    old_addresses: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for _ in range(self.random.randint(4, 16)):
            self.publish(self.random.choice(list(self.lists)), self.random.uniform(-60, 0))

    # What it does

    def publish(self, column: str, day: float) -> int:
        number = len(self.texts) + 1
        text = Text(number, self._words(12), self._paragraphs(), self._date(day), f"info/1/{number}.htm")
        self.texts[number] = text
        lines = self.lists[column]
        place = next((n for n, each in enumerate(lines) if self.texts[each].published <= text.published), len(lines))
        lines.insert(place, number)
        return number

    def live_through(self, days: float) -> None:
        """Let days pass, and let things happen in them."""
        self.day += days
        self.faults = {number: fault for number, fault in self.faults.items() if number in self.forever}
        self.outage = self.shift = None
        for _ in range(self.random.randint(0, 4)):
            self._happen()
        if self.random.random() < 0.15:
            self.outage = self.random.choice(FAULTS)
        if self.random.random() < 0.2:
            self.shift = (self.random.choice(list(self.lists)), self.random.randint(0, 3))
        for number in self.texts:
            if self.random.random() < 0.06:
                self.faults[number] = self.random.choice(FAULTS)
                if self.random.random() < 0.1:
                    self.forever.add(number)
                    self.did["edited"].add(number)  # a page that says something else for good has been replaced

    def _happen(self) -> None:
        column, random = random_choice(self.random, list(self.lists)), self.random
        live = [number for number, text in self.texts.items() if text.live]
        number = random_choice(random, live) if live else 0
        act = random.choices(
            ["publish", "backdate", "edit", "rewrite", "delete", "restore", "delist", "relist", "recolumn", "redirect"],
            [8, 1, 3, 1, 2, 1, 2, 1, 1, 1],
        )[0]
        match act:
            case "publish":
                self.publish(column, self.day)
            case "backdate":
                self.did["backdated"].add(self.publish(column, self.day - random.uniform(5, 40)))
            case "edit" if number:
                self.texts[number].body += "\n" + self._words(20)
                self.did["edited"].add(number)
            case "rewrite" if number:
                self.texts[number].body, self.texts[number].title = self._paragraphs(), self._words(12)
                self.did["edited"].add(number)
            case "delete" if number:
                self.texts[number].live = False
                self._unlist(number)
                self.did["deleted"].add(number)
            case "restore":
                for gone in [each for each in self.texts.values() if not each.live][:1]:
                    gone.live = True
                    self._list(gone.number, column)
                    self.did["restored"].add(gone.number)
            case "delist" if number:
                self._unlist(number)
                self.did["delisted"].add(number)
            case "relist":
                for text in self.texts.values():
                    if text.live and not any(text.number in lines for lines in self.lists.values()):
                        self._list(text.number, column)
                        self.did["relisted"].add(text.number)
                        break
            case "recolumn" if number:
                self._unlist(number)
                self._list(number, column)
            case "redirect" if number and self.texts[number].path.startswith("info/1/"):
                text = self.texts[number]
                self.old_addresses[text.path], text.path = number, f"news/{number}.htm"
                self.did["moved"].add(number)

    def _unlist(self, number: int) -> None:
        for lines in self.lists.values():
            if number in lines:
                lines.remove(number)

    def _list(self, number: int, column: str) -> None:
        self.did["placed"].add(number)
        lines = self.lists[column]
        day = self.texts[number].published
        lines.insert(next((n for n, each in enumerate(lines) if self.texts[each].published <= day), len(lines)), number)

    # What it answers

    def answer(self, request: Request) -> Answer:
        path = request.url.removeprefix(HOST)
        if path.startswith("list"):
            return self._listing(path)
        if path == "maint.htm":
            return page({"other": "系统维护中"})
        number = next((each.number for each in self.texts.values() if each.path == path), None)
        if number is None and path in self.old_addresses:
            return Answer(301, headers=(("Location", HOST + self.texts[self.old_addresses[path]].path),))
        if number is None or not self.texts[number].live:
            return Answer(404)
        fault = self.outage or self.faults.get(number)
        text = self.texts[number]
        if fault in ("template", "notice"):
            since = self.replaced.setdefault((number, fault), self.day)
            if self.day - since >= 1:  # seen twice, a day apart: as far as anybody can tell the text was replaced
                self.did["edited"].add(number)
        return faulty(fault, text) if fault else shown(text)

    def _listing(self, path: str) -> Answer:
        if self.outage:
            return faulty(self.outage, None)
        name, _, page_number = path.removeprefix("list-").removesuffix(".htm").partition("_")
        column, number = {"1": "要闻", "2": "通知"}[name], int(page_number or 1)
        if self.shift and self.shift[0] == column and number > 1:
            place, self.shift = self.shift[1], None
            if place < len(self.lists[column]):
                self.did["deleted"].add(gone := self.lists[column][place])
                self.texts[gone].live = False
                self._unlist(gone)
        lines, start = self.lists[column], (number - 1) * self.size
        shown_lines = lines[start : start + self.size]
        self.listed |= set(shown_lines)
        entries = [
            (HOST + self.texts[each].path, self.texts[each].title, self.texts[each].published) for each in shown_lines
        ]
        pages = max(1, -(-len(lines) // self.size))
        following = f"{HOST}list-{name}_{number + 1}.htm" if number < pages else None
        said: dict[str, Any] = {"entries": entries, "next": None, "extent": {"rows": len(entries)}}
        if self.pager in ("stated", "plain"):
            said["next"] = following
        if self.pager == "stated":
            said["extent"] |= {
                "total": len(lines),
                "pages": pages,
                "page": number,
                "has_pager": True,
                "is_last": number == pages,
            }
        if self.pager == "script" and following:
            said["extent"] |= {"more": ["goPage(2)"], "has_pager": True}
        return page(said)

    def _words(self, count: int) -> str:
        return "".join(self.random.choice(WORDS) for _ in range(count))

    def _paragraphs(self) -> str:
        return "\n".join(self._words(60) for _ in range(3))

    def _date(self, day: float) -> str:
        return (FIRST_DAY + timedelta(days=day)).date().isoformat()


def random_choice(random: Random, values: list[Any]) -> Any:
    return random.choice(values)


def page(said: Any) -> Answer:
    return Answer(200, json.dumps(said, ensure_ascii=False).encode())


def shown(text: Text) -> Answer:
    return page({"title": text.title, "body": text.body, "published": text.published})


def faulty(fault: Fault, text: Text | None) -> Answer:
    """What a site answers that fails."""
    title = text.title if text else "题"
    published = text.published if text else "2026-11-01"
    match fault:
        case "500":
            return Answer(500)
        case "empty":
            return Answer(200)
        case "cut":
            return Answer(200, b'{"title": "' + title.encode()[:20], cut=True)
        case "403":
            return Answer(403)
        case "template":
            return page({"title": title, "body": "", "published": published})
        case "notice":
            return page({"title": "网站维护公告", "body": "网站将于今日进行系统升级维护，届时暂停访问，敬请谅解。" * 3})
        case "home":
            return page({"entries": [(HOST + "a.htm", "首页推荐的一条", None)], "next": None, "extent": {}})
        case "away":
            return Answer(302, headers=(("Location", HOST + "maint.htm"),))
        case "timeout":
            return Answer(error="timed out")


def read(capture: Capture) -> Reading:
    """Read what the site makes: pure, as `pages.read` is."""
    match capture.status:
        case 301 | 302:
            return Redirect(capture.header("Location") or "", capture.status == 301)
        case 304:
            return Unchanged()
        case 404:
            return Gone("404")
        case 403:
            return Blocked("403")
        case 200:
            return _content(capture)
    return Other(f"status {capture.status}")


def _content(capture: Capture) -> Reading:
    said = json.loads(capture.body or b"null")
    match said:
        case {"entries": entries, "next": following, "extent": extent}:
            extent = Extent(**extent | {"more": tuple(extent.get("more", ()))})
            lines = tuple(Entry(title, url, key(url), published) for url, title, published in entries)
            return Listing(lines, following, extent=extent)
        case {"title": title, "body": body}:
            return Article(key(capture.url), capture.url, title, body, published=said.get("published"))
    return Other("empty body")


def key(url: str) -> str:
    return url


READER = Reader(lambda capture: read_download(capture, read), "reader 1")
SITE = Site("gulou", "鼓楼区", HOST, columns=(Column("要闻", "list-1.htm"), Column("通知", "list-2.htm")))
