"""鹿峰县人民政府: a county that exists only on loopback, says so on every page, and moves from day to day.

    with serve(day=1) as county:
        ...                          # crawl county.url
        county.day = 2               # the county has moved on: HAPPENINGS says how
        ...

`HAPPENINGS` is all that ever happens there, `DAYS` its calendar, `TROUBLES` the days on which its server fails,
`county(day)` the truth about every article on a day, `answer(path, day, headers)` any page without a server.
"""

from lufeng_crawler.demo.answers import Answer, answer
from lufeng_crawler.demo.county import Column, County, DemoArticle, county
from lufeng_crawler.demo.happenings import DAYS, HAPPENINGS, TROUBLES, Happening
from lufeng_crawler.demo.looks import NOTICE
from lufeng_crawler.demo.server import Asked, Served, serve

__all__ = [
    "DAYS", "HAPPENINGS", "NOTICE", "TROUBLES",
    "Answer", "Asked", "Column", "County", "DemoArticle", "Happening", "Served",
    "answer", "county", "serve",
]  # fmt: skip
