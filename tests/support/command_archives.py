"""What the archives hold that tests of the commands share (see tests/cli/conftest.py)."""

from __future__ import annotations

from lufeng_crawler.demo import county

HOST = "http://www.lufengxian.example"
PATHS = [article.url(article.columns[0]) for article in county(1).articles if not article.link][:3]
"""The pages of `county_warc`."""

FILE = ["http://gulou.example/a.docx", "报名表.docx"]
"""The attachment of article 1 in `gulou`."""

GULOU_TOML = """title = "鼓楼区人民政府"
start = "http://gulou.example/"
every = "6h"
[[columns]]
name = "要闻"
path = "/list.htm"
"""
