"""The county on a day: its columns and articles, as the data files tell them and the happenings have left them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from lufeng_crawler.demo.events import EVENTS, DemoEvent, Happens

Condition = Literal["live", "gone", "soft_gone", "challenged", "forbidden"]

ROWS_PER_PAGE = 10
"""So many lines has a page of a listing."""


@dataclass(frozen=True, slots=True)
class DemoColumn:
    """A channel of the county's site. `charset` is what its pages declare, `encoding` what they are in.

    `date` is the format of a date in its listing, as HTML.
    """

    id: int
    name: str
    path: str
    parent: str = ""
    encoding: str = "utf-8"
    charset: str = "utf-8"
    date: str = "{0.year}-{0.month:02}-{0.day:02}"

    @property
    def trail(self) -> tuple[str, ...]:
        """The breadcrumb without the home page, outermost first."""
        return tuple(name for name in (self.parent, self.name) if name)


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article as it stands on a day: the truth to hold a crawler's findings against.

    `news_id` never changes, `id` is the one it answers under, `listed_id` the one that listings name; the addresses
    of `former` ids redirect, those of `dead` ids are not found. `columns` holds every column it is in, its own first.
    A `link` is no article of the county, only a row that leads elsewhere.
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
        """The body as a reader sees it: paragraphs parted by newlines, cells by tabs, captions as paragraphs."""
        return "\n".join("\t".join(split_cells(line)) for line in self.body.splitlines())

    def url(self, column: int) -> str:
        """The address at which its text answers, within one of its columns."""
        return f"/info/{column}/{self.id}.htm"

    def listed_url(self, column: int) -> str:
        """The address that the listing of a column gives."""
        return self.link or f"/info/{column}/{self.listed_id}.htm"


@dataclass(frozen=True, slots=True)
class County:
    """All there is on one day."""

    day: int
    columns: tuple[DemoColumn, ...]
    articles: tuple[DemoArticle, ...]
    skin: int = 0
    """How often the template has changed by now."""

    def article(self, news_id: int) -> DemoArticle | None:
        """The article that has or had this id; None where there never was one."""
        own = (article for article in self.articles if not article.link)
        return next((article for article in own if news_id in (article.id, *article.former, *article.dead)), None)

    def column(self, id_: int) -> DemoColumn:
        """The column of an id."""
        return next(column for column in self.columns if column.id == id_)

    def listing(self, column: DemoColumn) -> tuple[DemoArticle, ...]:
        """What a column lists: pinned ones first, then the newest first."""
        listed = [article for article in self.articles if article.listed and column.id in article.columns]
        return tuple(sorted(listed, key=lambda one: (one.pinned, one.published, one.news_id), reverse=True))

    def pages(self, column: DemoColumn) -> dict[str, tuple[DemoArticle, ...]]:
        """Addresses of a column's listing pages, newest first. Of 3 pages of x.htm the others are x/2.htm, x/1.htm."""
        rows = self.listing(column)
        parts = [rows[start : start + ROWS_PER_PAGE] for start in range(0, len(rows), ROWS_PER_PAGE)] or [()]
        stem = column.path.removesuffix(".htm")
        paths = (column.path, *(f"{stem}/{number}.htm" for number in range(len(parts) - 1, 0, -1)))
        return dict(zip(paths, parts, strict=True))


def split_cells(line: str) -> list[str]:
    """A line of a data file without its mark: `|` parts a table's cells, `!` marks a caption, `>` a signature."""
    return line[1:].split("|") if line.startswith("|") else [line.lstrip("!>")]


@lru_cache
def county(day: int) -> County:
    """The county on a day. A pure function; days after the last of the table are like the last."""
    if day < 1:
        raise ValueError(f"the demo's days are counted from 1, not {day}")
    columns, articles = _first_day()
    so_far = [happening for happening in EVENTS if happening.day <= day]
    looks = sum(happening.kind == "template" for happening in so_far)
    return County(day, columns, tuple(_on(day, article) for article in articles if _published(article, day)), looks)


def _published(article: DemoArticle, day: int) -> bool:
    births = (one.day for one in EVENTS if one.news_id == article.news_id and one.kind in {"new", "backdated"})
    return next(births, 1) <= day


def _on(day: int, article: DemoArticle) -> DemoArticle:
    for happening in EVENTS:
        if happening.news_id == article.news_id and happening.day <= day:
            article = _after(article, happening)
    return article


_CONDITIONS: Mapping[Happens, Condition] = {
    "gone": "gone", "soft_gone": "soft_gone", "challenged": "challenged", "forbidden": "forbidden",
    "restored": "live", "unblocked": "live",
}  # fmt: skip


def _after(article: DemoArticle, happening: DemoEvent) -> DemoArticle:
    return replace(
        _swapped(article, happening.swaps),
        published=happening.published or article.published,
        condition=_CONDITIONS.get(happening.kind, article.condition),
        listed=happening.listed,
        id=happening.to or article.id,
        former=(*article.former, article.id) if happening.kind == "moved" else article.former,
        dead=(*article.dead, article.id) if happening.kind == "reposted" else article.dead,
        listed_id={"relinked": article.id, "reposted": happening.to}.get(happening.kind) or article.listed_id,
    )


def _swapped(article: DemoArticle, swaps: tuple[tuple[str, str], ...]) -> DemoArticle:
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
def _first_day() -> tuple[tuple[DemoColumn, ...], tuple[DemoArticle, ...]]:
    columns, articles = [], []
    for file in sorted(files(__package__).joinpath("articles").iterdir(), key=lambda file: file.name):
        told = tomllib.loads(file.read_text("utf-8"))
        articles += list(_told(told["id"], told.pop("article")))
        columns.append(DemoColumn(**told))
    return tuple(sorted(columns, key=lambda column: column.id)), tuple(articles)


def _told(column: int, rows: list[dict[str, Any]]) -> Iterator[DemoArticle]:
    for row in rows:
        news_id, columns = row.pop("id"), (column, *row.pop("also", ()))
        body = row.pop("body", "").strip()
        yield DemoArticle(news_id, news_id, news_id, columns, body=body, **row)
