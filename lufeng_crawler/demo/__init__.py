"""鹿峰县人民政府: a county that exists only on loopback, says so on every page, and changes from day to day.

    with serve(day=1) as county:
        ...                          # crawl county.url
        county.day = 2               # the county has moved on: EVENTS says how
        ...

Five offices of the county have sites of their own on the same server, each with one thing that a crawler must not
believe: `OFFICES`.

`EVENTS` is all that ever happens there, `DAYS` its calendar, `TROUBLES` the days on which its server fails,
`county(day)` the truth about every article on a day, `answer(path, day, headers)` any page without a server.
"""

from lufeng_crawler.demo.county import County, DemoArticle, DemoColumn, county
from lufeng_crawler.demo.events import DAYS, EVENTS, TROUBLES, DemoEvent
from lufeng_crawler.demo.http import HttpAnswer, answer
from lufeng_crawler.demo.offices import FIRST_OFFICE_DAY, OFFICE_DAYS, OFFICES, SITE_FILES, Office
from lufeng_crawler.demo.server import DemoServer, ServedRequest, serve
from lufeng_crawler.demo.skins import NOTICE

__all__ = [
    "DAYS",
    "EVENTS",
    "FIRST_OFFICE_DAY",
    "NOTICE",
    "OFFICES",
    "OFFICE_DAYS",
    "SITE_FILES",
    "TROUBLES",
    "County",
    "DemoArticle",
    "DemoColumn",
    "DemoEvent",
    "DemoServer",
    "HttpAnswer",
    "Office",
    "ServedRequest",
    "answer",
    "county",
    "serve",
]  # fmt: skip
