"""The county on a day: its columns and articles, as its data files and the events so far make them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from lufeng_crawler.demo.events import EVENTS, DemoEvent, EventKind

Condition = Literal["live", "gone", "soft_gone", "challenged", "forbidden", "gated"]

ROWS_PER_PAGE = 10
"""Entries on one page of a listing."""


@dataclass(frozen=True, slots=True)
class DemoColumn:
    """A channel of the county's site.

    `charset` is what its pages declare, `encoding` what they are in. `date` is the format of a date in its listing, as
    HTML. `further` is the format of the address that leads to a further page of it, by the page's number from the
    front; without it addresses are VSB's, which are numbered from the oldest end.
    """

    id: int
    name: str
    path: str
    parent: str = ""
    encoding: str = "utf-8"
    charset: str = "utf-8"
    date: str = "{0.year}-{0.month:02}-{0.day:02}"
    further: str = ""

    @property
    def trail(self) -> tuple[str, ...]:
        """Return the breadcrumb without the home page, outermost first."""
        return tuple(name for name in (self.parent, self.name) if name)

    def paths(self, pages: int) -> tuple[str, ...]:
        """Return the addresses of so many listing pages, newest first: of 3 VSB's are x.htm, x/2.htm, x/1.htm."""
        if self.further:
            return (self.path, *(self.further.format(number=number) for number in range(2, pages + 1)))
        stem = self.path.removesuffix(".htm")
        return (self.path, *(f"{stem}/{number}.htm" for number in range(pages - 1, 0, -1)))


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article as it is on a day: the truth to compare a crawler's findings with.

    `news_id` never changes, `id` is the one in its current URL, `listed_id` the one in listings; the URLs of `former`
    ids redirect, those of `dead` ids are not found. `columns` holds every column it is in, its own first. One with a
    `link` is no article of the county, only a row that leads elsewhere.
    """

    news_id: int
    id: int
    listed_id: int
    columns: tuple[int, ...]
    title: str
    published: date
    body: str = ""
    author: str = ""
    source: str = ""
    doc_number: str = ""
    index_number: str = ""
    publisher: str = ""
    attachment: str = ""
    picture: str = ""
    link: str = ""
    pinned: bool = False
    condition: Condition = "live"
    listed: bool = True
    former: tuple[int, ...] = ()
    dead: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return the body as a reader sees it: paragraphs on lines, cells separated by tabs, captions as paragraphs."""
        return "\n".join("\t".join(split_cells(line)) for line in self.body.splitlines())

    def url(self, column: int) -> str:
        """Return the URL of the article within one of its columns."""
        return f"/info/{column}/{self.id}.htm"

    def listed_url(self, column: int) -> str:
        """Return the URL in the listing of a column."""
        return self.link or f"/info/{column}/{self.listed_id}.htm"


@dataclass(frozen=True, slots=True)
class County:
    """All columns and articles on one day."""

    day: int
    columns: tuple[DemoColumn, ...]
    articles: tuple[DemoArticle, ...]
    skin: int = 0
    """How often the template has changed by now."""

    def article(self, news_id: int) -> DemoArticle | None:
        """Return the article that has or had this id; None where there never was one."""
        own = (article for article in self.articles if not article.link)
        return next((article for article in own if news_id in (article.id, *article.former, *article.dead)), None)

    def column(self, id_: int) -> DemoColumn:
        """Return the column with an id."""
        return next(column for column in self.columns if column.id == id_)

    def listing(self, column: DemoColumn) -> tuple[DemoArticle, ...]:
        """Return the articles that a column lists: pinned ones first, then the newest first."""
        listed = [article for article in self.articles if article.listed and column.id in article.columns]
        return tuple(sorted(listed, key=_listing_order, reverse=True))

    def pages(self, column: DemoColumn) -> dict[str, tuple[DemoArticle, ...]]:
        """Return a column's listing pages by URL, newest first."""
        rows = self.listing(column)
        parts = [rows[start : start + ROWS_PER_PAGE] for start in range(0, len(rows), ROWS_PER_PAGE)] or [()]
        return dict(zip(column.paths(len(parts)), parts, strict=True))


def _listing_order(article: DemoArticle) -> tuple[bool, date, int]:
    return article.pinned, article.published, article.news_id


def split_cells(line: str) -> list[str]:
    """Return a data file's line without its mark: `|` separates a table's cells, `!` marks captions, `>` signatures."""
    return line[1:].split("|") if line.startswith("|") else [line.lstrip("!>")]


@lru_cache
def county(day: int) -> County:
    """Return the county on a day. A pure function; days after the last event are like the last."""
    if day < 1:
        raise ValueError(f"the demo's days are counted from 1, not {day}")
    columns, articles = _load_first_day()
    so_far = [event for event in EVENTS if event.day <= day]
    skin = sum(event.kind == "template" for event in so_far)
    published = tuple(_apply_events(day, article) for article in articles if _is_published(article, day))
    return County(day, columns, published, skin)


def _is_published(article: DemoArticle, day: int) -> bool:
    publications = (
        event for event in EVENTS if event.news_id == article.news_id and event.kind in {"new", "backdated"}
    )
    return next((event.day for event in publications), 1) <= day


def _apply_events(day: int, article: DemoArticle) -> DemoArticle:
    for event in EVENTS:
        if event.news_id == article.news_id and event.day <= day:
            article = _apply_event(article, event)
    return article


_CONDITIONS: Mapping[EventKind, Condition] = {
    "gone": "gone", "soft_gone": "soft_gone", "challenged": "challenged", "forbidden": "forbidden",
    "restored": "live", "unblocked": "live",
}  # fmt: skip


def _apply_event(article: DemoArticle, event: DemoEvent) -> DemoArticle:
    return replace(
        _apply_swaps(article, event.swaps),
        published=event.published or article.published,
        condition=_CONDITIONS.get(event.kind, article.condition),
        listed=event.listed,
        id=event.to or article.id,
        former=(*article.former, article.id) if event.kind == "moved" else article.former,
        dead=(*article.dead, article.id) if event.kind == "reposted" else article.dead,
        listed_id={"relinked": article.id, "reposted": event.to}.get(event.kind) or article.listed_id,
    )


def _apply_swaps(article: DemoArticle, swaps: tuple[tuple[str, str], ...]) -> DemoArticle:
    for old, new in swaps:
        article = replace(
            article,
            title=article.title.replace(old, new),
            author=article.author.replace(old, new),
            source=article.source.replace(old, new),
            body=article.body.replace(old, new),
        )
    return article


@lru_cache(maxsize=1)
def _load_first_day() -> tuple[tuple[DemoColumn, ...], tuple[DemoArticle, ...]]:
    columns, articles = [], []
    for file in sorted(files(__package__).joinpath("articles").iterdir(), key=lambda file: file.name):
        data = tomllib.loads(file.read_text("utf-8"))
        articles += list(_make_articles(data["id"], data.pop("article")))
        columns.append(DemoColumn(**data))
    return tuple(sorted(columns, key=lambda column: column.id)), tuple(articles)


def _make_articles(column: int, rows: list[dict[str, Any]]) -> Iterator[DemoArticle]:
    for row in rows:
        news_id, columns = row.pop("id"), (column, *row.pop("also", ()))
        body = row.pop("body", "").strip()
        yield DemoArticle(news_id, news_id, news_id, columns, body=body, **row)
