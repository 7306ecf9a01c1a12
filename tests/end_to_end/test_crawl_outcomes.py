"""How a crawl judges itself: blocked, unreachable, below expectation or good; and what it does when a page fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from lufeng_crawler import demo
from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.commands import LISTINGS, Done, answer, asked, crawl, rows, site

BY_NAME = '[[columns]]\nname = "通知公告"\n[[columns]]\nname = "政务公开"'
NOTICES, OPEN = LISTINGS["通知公告"], LISTINGS["政务公开"]


def judged(done: Done) -> tuple[int, str, str | None]:
    assert done.err == ""
    return done.code, done.report["outcome"], done.report["reason"]


def swapped(path: str, old: str, new: str) -> HttpAnswer:
    """The county's page with other words."""
    page = demo.answer(path, 1).body.decode()
    assert old in page
    return answer(200, page.replace(old, new))


def test_a_site_that_challenges_everything_is_blocked(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    county.fail = lambda path, day: answer(521, "<script>__jsl_clearance</script>") if "robots" not in path else None
    assert judged(crawl(tmp_path, county)) == (4, "blocked", "521 加速乐")


def test_a_site_that_hangs_up_is_unreachable(tmp_path: Path, county: DemoServer) -> None:
    def hang_up(path: str, day: int) -> HttpAnswer | None:
        raise ConnectionResetError

    site(tmp_path)
    county.fail = hang_up
    code, outcome, reason = judged(crawl(tmp_path, county))
    assert (code, outcome) == (4, "unreachable")
    assert reason and reason.startswith(county.url)


@pytest.mark.parametrize("page", ["<ul></ul>", "<html><body><p>建设中</p></body></html>", ""])
def test_a_column_without_entries_is_below_expectation(tmp_path: Path, county: DemoServer, page: str) -> None:
    site(tmp_path, text=BY_NAME)
    county.fail = lambda path, day: answer(200, page) if path == NOTICES else None
    code, outcome, reason = judged(crawl(tmp_path, county))
    assert (code, outcome) == (1, "below_expectation")
    assert reason and reason.startswith(f"通知公告: {county.url}tzgg.htm shows no entries")


def test_fewer_entries_than_the_file_expects(tmp_path: Path, county: DemoServer) -> None:
    sites = site(tmp_path)
    with (sites / "county.toml").open("a", encoding="utf-8") as file:
        file.write("[expect]\nentries = 10\n")
    code, outcome, reason = judged(crawl(tmp_path, county))
    assert (code, outcome) == (1, "below_expectation")
    assert reason and "entries on its first page, 10 expected" in reason


def test_some_columns_failing(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    county.fail = lambda path, day: answer(500) if path == OPEN else None
    code, outcome, reason = judged(crawl(tmp_path, county))
    assert (code, outcome) == (1, "below_expectation")
    assert reason and reason.startswith("政务公开: ")
    assert ";" not in reason


def test_one_failing_article_lowers_nothing_and_is_asked_for_again(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    county.fail = lambda path, day: answer(500) if path.endswith("/1168.htm") else None
    assert judged(crawl(tmp_path, county)) == (0, "good", None)
    county.fail = None
    assert crawl(tmp_path, county).report["new"] == 1


@pytest.mark.parametrize("how", ["error", "one page for all", "challenge"])
def test_most_articles_failing(tmp_path: Path, county: DemoServer, how: str) -> None:
    """A redirect of all articles to one page (of an error, of a login) is asked for once and hides none of them."""
    answers = {
        "error": answer(500),
        "one page for all": answer(302, "", {"Location": "/login.htm"}),
        "challenge": answer(521, "<script>__jsl_clearance</script>"),
    }
    site(tmp_path, text=BY_NAME, RETRY_TIMES=0)
    county.fail = lambda path, day: answers[how] if path.startswith("/info/") else None
    code, outcome, reason = judged(crawl(tmp_path, county))
    assert (code, outcome) == (1, "below_expectation")
    assert reason and "articles could not be read" in reason


def test_a_document_behind_an_entry_is_no_failure(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=BY_NAME)
    pdf = answer(200, b"%PDF-1.7", {"Content-Type": "application/pdf"})
    county.fail = lambda path, day: pdf if path.startswith("/info/") else None
    assert judged(crawl(tmp_path, county)) == (0, "good", None)


def test_an_entry_that_leads_nowhere_is_passed_over(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=BY_NAME)
    first = next(one for one in demo.county(1).listing(demo.county(1).column(1002)))
    page = swapped(NOTICES, f"info/1002/{first.news_id}.htm", "javascript:void(0)")
    county.fail = lambda path, day: page if path == NOTICES else None
    assert judged(crawl(tmp_path, county)) == (0, "good", None)


def test_a_listing_that_redirects_is_read_where_it_leads(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text='[[columns]]\nname = "通知公告"\npath = "/old.htm"')
    county.fail = lambda path, day: answer(301, "", {"Location": NOTICES}) if path == "/old.htm" else None
    first = crawl(tmp_path, county)
    assert judged(first) == (0, "good", None)
    assert first.report["new"] > 5


def test_a_listing_that_moved_is_found_by_its_name_again(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=BY_NAME)
    assert judged(crawl(tmp_path, county)) == (0, "good", None)

    def moved(path: str, day: int) -> HttpAnswer | None:
        if path == "/":
            return swapped("/", "tzgg.htm", "notices.htm")
        return {"/notices.htm": demo.answer(NOTICES, 1), NOTICES: answer(404)}.get(path)

    county.fail = moved
    county.clear_requests()
    assert judged(crawl(tmp_path, county)) == (0, "good", None)
    assert "/notices.htm" in asked(county)


def test_a_column_that_the_navigation_calls_otherwise_is_read_where_it_was_last(
    tmp_path: Path, county: DemoServer
) -> None:
    site(tmp_path, text=BY_NAME)
    county.fail = lambda path, day: swapped("/", "通知公告", "公告栏") if path == "/" else None
    code, outcome, reason = judged(crawl(tmp_path, county))
    assert (code, outcome, reason) == (1, "below_expectation", f"通知公告: not in the navigation of {county.url}")
    county.fail = None
    assert judged(crawl(tmp_path, county)) == (0, "good", None)
    county.fail = lambda path, day: swapped("/", "通知公告", "公告栏") if path == "/" else None
    assert judged(crawl(tmp_path, county)) == (0, "good", None)


@pytest.mark.parametrize("how", ["challenge", "hang up", "elsewhere"])
def test_without_the_home_page_columns_are_read_where_they_were_last(
    tmp_path: Path, county: DemoServer, how: str
) -> None:
    def fail(path: str, day: int) -> HttpAnswer | None:
        if path != "/":
            return None
        if how == "hang up":
            raise ConnectionResetError
        return answer(521) if how == "challenge" else answer(302, "", {"Location": "http://www.example.gov.cn/"})

    site(tmp_path, text=BY_NAME)
    assert judged(crawl(tmp_path, county)) == (0, "good", None)
    county.fail = fail
    county.clear_requests()
    assert judged(crawl(tmp_path, county)) == (0, "good", None)
    assert {NOTICES, OPEN} <= set(asked(county))


def test_columns_that_only_their_parents_page_names(tmp_path: Path, county: DemoServer) -> None:
    """Two under one parent are one request; a column may be the parent of another, too."""
    text = "".join(f'[[columns]]\nname = "{name}"\nunder = "新闻"\n' for name in ("通知公告", "政务公开"))
    site(tmp_path, text=text + '[[columns]]\nname = "新闻"\n')
    home = '<div class="nav"><a href="/news.htm">新闻</a></div>'
    news = swapped(
        LISTINGS["鹿峰动态"], "</body>", f'<a href="{NOTICES}">通知公告</a><a href="{OPEN}">政务公开</a></body>'
    )
    county.fail = lambda path, day: {"/": answer(200, home), "/news.htm": news}.get(path)
    assert judged(crawl(tmp_path, county)) == (0, "good", None)
    assert rows(tmp_path, "SELECT count(*) FROM columns WHERE swept_at IS NOT NULL") == [(3,)]


def test_a_pager_that_leads_back_ends_the_listing(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text='[[columns]]\nname = "通知公告"\npath = "/tzgg.htm"')
    last = list(demo.county(1).pages(demo.county(1).column(1002)))[-1]
    back = swapped(last, "</body>", f'<a href="{NOTICES}">下页</a></body>')
    county.fail = lambda path, day: back if path == last else None
    assert judged(crawl(tmp_path, county)) == (0, "good", None)
    assert rows(tmp_path, "SELECT count(*) FROM columns WHERE swept_at IS NOT NULL") == [(1,)]
