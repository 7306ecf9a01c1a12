"""What tests of `sites new` and `sites check` share: a made-up site whose pages are asked for without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lufeng_crawler.items import Capture
from lufeng_crawler.sites import Site
from lufeng_crawler.spiders.survey import NotFetched

START = "http://www.gulou.example/"
SITE = Site("gulou", "gulou", START)
SEEN = "2026-11-22T10:04:05Z"


@dataclass(slots=True)
class Pages:
    """A site by path: its pages, or why there is none; `asked` are the addresses asked for, in order."""

    pages: Mapping[str, str | NotFetched]
    asked: list[str] = field(default_factory=list)

    async def __call__(self, url: str) -> Capture | NotFetched:
        """As `SurveySpider.ask`."""
        self.asked.append(url)
        found = self.pages.get(url.removeprefix(START.rstrip("/")))
        if isinstance(found, NotFetched):
            return found
        status, body = (404, "") if found is None else (200, found)
        return Capture(url, SEEN, status, (("Content-Type", "text/html; charset=utf-8"),), body.encode())


def page(title: str, body: str, head: str = "") -> str:
    """A page of the site."""
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def navigation(*links: tuple[str, str]) -> str:
    """A menu of names and where they lead."""
    return "<ul>" + "".join(f'<li><a href="{url}">{name}</a></li>' for name, url in links) + "</ul>"


def listing(name: str, count: int, first: int = 1, more: str = "", dated: bool = True) -> str:
    """A page of a column whose entries are the articles of these numbers."""
    rows = "".join(
        f'<li><a href="/news/{number}.html">鼓楼区第{number}号工作会议在区政府召开研究重点项目</a>'
        + (f"<span>2026-11-{21 - number % 20:02}</span></li>" if dated else "</li>")
        for number in range(first, first + count)
    )
    return page(f"{name}_鼓楼区人民政府", f'<div class="list"><ul>{rows}</ul></div>{more}')


def article(number: int) -> str:
    """The page of an article."""
    text = "会议要求，各街道、各部门要压实责任，细化措施，确保各项重点工作按时完成。" * 4
    return page(
        f"鼓楼区第{number}号工作会议_鼓楼区人民政府",
        f"<h1>鼓楼区第{number}号工作会议在区政府召开研究重点项目</h1><p>发布时间：2026-11-20 来源：区政府办公室</p>"
        f'<div id="zoom"><p>{text}</p></div>',
    )
