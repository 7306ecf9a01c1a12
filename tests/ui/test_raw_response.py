"""Tests answers that are no pages: they come as they are, under the policy that every answer has."""

from __future__ import annotations

from lufeng_crawler.ui import csp
from tests.support.browser import get
from tests.support.demo_archive import AllDays


def test_an_address_leads_to_its_article(all_days: AllDays) -> None:
    answer = get(all_days.folder, f"/articles?url={all_days.url}info/1001/1163.htm")
    assert answer.status_code == 302 and answer.headers["location"].startswith("articles/")
    assert answer.headers["content-security-policy"] == csp.DATASETTE


def test_what_cannot_be_asked_is_said_in_a_line(all_days: AllDays) -> None:
    for path, status, said in (("/articles", 400, "say which article"), ("/articles?url=x", 404, "x: no article")):
        answer = get(all_days.folder, path)
        assert answer.status_code == status and said in answer.text
