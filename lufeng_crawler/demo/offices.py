"""Five offices of the county: each has a site of its own, which does one thing that a crawler must not believe.

They are served beside the county, on the days after its last one (`OFFICE_DAYS`). Their site files lie in `sites/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from lufeng_crawler.demo.county import Condition, County, DemoArticle, DemoColumn
from lufeng_crawler.demo.events import DAYS

SITE_FILES = Path(__file__).parent / "sites"
"""The folder of the offices' site files."""

FIRST_OFFICE_DAY = max(DAYS) + 1

OFFICE_DAYS: Mapping[int, date] = MappingProxyType(
    {day: DAYS[1] + timedelta(days=day - 1) for day in range(FIRST_OFFICE_DAY, FIRST_OFFICE_DAY + 3)}
)
"""The days on which the offices are crawled, counted on from the county's."""

EDITED = 1
"""The place of the article whose text changes; not the first, which a crawl asks for anyhow when it probes a site."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office with a site of one column. `site` is its site file's stem, `does` what its server does, in words.

    `crawls` are the crawls that it takes to find that out, one a day, each full or not. In the articles' texts
    `{visitors}` is a number that every day raises, `{warmth}` one that changes in the article `EDITED` alone. Where
    `keeps_validators` is set, the pages' validators are those of the first day, whatever has changed.
    """

    site: str
    name: str
    does: str
    column: DemoColumn
    articles: tuple[DemoArticle, ...]
    crawls: tuple[bool, ...] = (False,)
    keeps_validators: bool = False

    def on(self, day: int) -> County:
        """Return the office's column and articles on a day."""
        articles = []
        for number, article in enumerate(self.articles):
            words = {"visitors": article.news_id * 3 + day * 13, "warmth": day if number == EDITED else 9}
            articles.append(replace(article, body=article.body.format_map(words)))
        return County(day, (self.column,), tuple(articles))

    def serves(self, path: str) -> bool:
        """Return whether a path is one of the office's."""
        return path == self.column.path or path.startswith(f"/info/{self.column.id}/")


def find_office(path: str) -> Office | None:
    """Return the office that serves a path; None where the county does."""
    return next((office for office in OFFICES if office.serves(path)), None)


def _write_articles(
    column: int, source: str, titles: Iterable[str], body: str, link: str = "", condition: Condition = "live"
) -> Iterator[DemoArticle]:
    """Yield an article for each title, the newest first, a day between each and the next."""
    for number, title in enumerate(titles):
        id, published = column * 10 + 100 - number, DAYS[max(DAYS)] - timedelta(days=number)
        text = f"{title}。\n{body}\n>{source}"
        url = link.format(id)
        yield DemoArticle(id, id, id, (column,), title, published, text, source=source, link=url, condition=condition)


_HALLS = ("县文化馆", "县图书馆", "望槲乡文化站", "桐坪镇文化站")

_TRADES = tuple(
    _write_articles(
        2001,
        "县公共资源交易中心",
        (f"鹿峰县公共资源交易公告（2026年第{number}号）" for number in range(23, 0, -1)),
        "本号公告的项目、时间、地点和方式见县公共资源交易中心一楼公告栏，有意者可在公告期内到窗口登记。公告期为五个工作日。",
    )
)
_FORECASTS = tuple(
    _write_articles(
        2002,
        "县气象局",
        (f"鹿峰县天气公报（2026年第{number}期）" for number in range(48, 44, -1)),
        "预计未来三天全县多云间晴，高山有霜，坝区最高气温{warmth}℃，早晚温差较大，请注意添衣保暖，并防范森林火险。",
    )
)
_SHOWS = tuple(
    _write_articles(
        2003,
        "县文化馆",
        (f"{hall}{what}开始报名" for hall in _HALLS for what in ("书画班", "合唱班")),
        "开班时间为每周六上午，免费参加，额满为止，未成年学员须由家长接送。\n您是本页第{visitors}位来访者",
    )
)
_SCHOOLS = tuple(
    _write_articles(
        2004,
        "县教育局",
        (f"鹿峰县第{number}小学举行冬季运动会" for number in "一二三四五六"),
        "",
        link="http://jyj.lufengxian.example/info/{0}.htm",
    )
)
_LETTERS = tuple(
    _write_articles(
        2005,
        "县信访局",
        (f"来信选登（2026年第{number}期）" for number in range(9, 4, -1)),
        "来信人反映的问题已转有关乡镇办理，办理结果将在本栏目公布。",
        condition="gated",
    )
)

OFFICES: tuple[Office, ...] = (
    Office(
        "demo-pager",
        "县公共资源交易中心",
        "the next page of its listing is a call of a script",
        DemoColumn(2001, "交易公告", "/jyzx/jygg.htm", further="javascript:goPage({number})"),
        _TRADES,
    ),
    Office(
        "demo-304",
        "县气象局",
        "its server answers 304 (not modified) though a page has changed",
        DemoColumn(2002, "天气公报", "/qxj/tqgb.htm"),
        _FORECASTS,
        crawls=(False, False, True),
        keeps_validators=True,
    ),
    Office(
        "demo-counter",
        "县文化馆",
        "a line of every page counts its visitors",
        DemoColumn(2003, "活动预告", "/whg/hdyg.htm"),
        _SHOWS,
        crawls=(False, True),
    ),
    Office(
        "demo-moved",
        "县教育局",
        "the site has moved to another host, and its old listing stayed",
        DemoColumn(2004, "校园动态", "/jyj/xydt.htm"),
        _SCHOOLS,
    ),
    Office(
        "demo-gate",
        "县信访局",
        "its server shows an article only to those who bring a cookie",
        DemoColumn(2005, "来信选登", "/xfj/lxxd.htm"),
        _LETTERS,
    ),
)
