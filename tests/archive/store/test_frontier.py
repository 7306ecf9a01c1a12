"""What a crawl asks the archive before it asks the site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lufeng_crawler.archive import CrawlTarget, Frontier
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.store.frontier import Validators
from lufeng_crawler.items import Article, Capture, Entry, Unchanged
from tests.support.archive_builder import SITE, Story, address, answer, article, document, key, listing, moment, read

COLUMN = "要闻"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


@contextmanager
def frontier(story: Story) -> Iterator[Frontier]:
    with closing(connect_for_reading(story.folder)) as db:
        yield Frontier(db, "gulou")


def entries(*names: int, title: str = "line {}") -> list[Entry]:
    return [Entry(title.format(name), address(name), key(address(name))) for name in names]


def unsettled(story: Story, *names: int) -> list[str]:
    with frontier(story) as ask:
        return [entry.key for entry in ask.new_entries(COLUMN, entries(*names))]


def test_nothing_is_known_of_a_site_never_seen(story: Story) -> None:
    story.run(1)
    with closing(connect_for_reading(story.folder)) as db:
        ask = Frontier(db, "another")
        assert (ask.column_urls(), ask.is_settled(COLUMN), ask.newest_date(COLUMN)) == ({}, False, None)
        assert (ask.pending_entries(moment(2)), ask.due_articles(moment(2), 9), ask.known_articles()) == ([], [], [])
        assert ask.new_entries(COLUMN, entries(1)) == entries(1)
        assert not ask.is_fresh("1", address(1), moment(2))
        assert ask.validators(address(1)) is None


def test_a_column_is_settled_by_a_run_that_followed_it_whole(story: Story) -> None:
    story.run(1, listing(1, 2), sweeps={COLUMN: "broken"})
    with frontier(story) as ask:
        assert not ask.is_settled(COLUMN)
    assert unsettled(story, 1, 2) == ["1", "2"]
    story.run(2, listing(1, 2), sweeps={COLUMN: "complete"})
    with frontier(story) as ask:
        assert ask.is_settled(COLUMN)
        assert ask.column_urls() == {COLUMN: f"{SITE}list.htm"}
    assert unsettled(story, 1, 2, 3) == ["3"]


def test_what_an_interrupted_run_saw_is_still_news(story: Story) -> None:
    """Or the page behind the one where it was cut would never be asked for."""
    story.run(1, listing(1), sweeps={COLUMN: "settled"})
    story.run(2, listing(3, 2, 1), outcome=None)
    story.run(3)
    assert unsettled(story, 3, 2, 1) == ["3", "2"]
    with frontier(story) as ask:
        assert not ask.has_no_gap(COLUMN)
    story.run(4, listing(3, 2, 1), sweeps={COLUMN: "settled"})
    assert unsettled(story, 3, 2, 1) == []
    with frontier(story) as ask:
        assert ask.has_no_gap(COLUMN)


def test_pending_is_what_was_promised_and_not_seen(story: Story) -> None:
    answers = [article(1), answer(2, status=503), answer(3, status=521), answer(4, status=404), answer(5, status=302)]
    story.run(1, listing(1, 2, 3, 4, 5, 6), *answers)
    with frontier(story) as ask:
        soon, later = ask.pending_entries(moment(2)), ask.pending_entries(moment(9))
    assert [one.key for one in soon] == ["2", "3", "5", "6"]  # a 404 says that it is gone: asked again after a week
    assert [one.key for one in later] == ["2", "3", "4", "5", "6"]
    assert soon[0] == CrawlTarget(address(2), "2", COLUMN, "line 2")
    story.run(10, article(6), article(2))
    with frontier(story) as ask:
        assert [one.key for one in ask.pending_entries(moment(10))] == ["3", "4", "5"]


def test_due_is_first_what_has_waited_longest_beside_what_it_should(story: Story) -> None:
    story.run(10, article(1, published="2026-11-09"), article(2, published="2026-01-01"))
    story.run(10.5, article(3, published="2026-11-10"))
    with frontier(story) as ask:
        assert [one.key for one in ask.due_articles(moment(10, 60), 9)] == []
        assert [one.key for one in ask.due_articles(moment(12), 9)] == ["1", "3"]
        assert [one.key for one in ask.due_articles(moment(12), 1)] == ["1"]
        assert [one.key for one in ask.due_articles(moment(29.99), 9)] == [
            "3",
            "1",
            "2",
        ]  # meant: 6 h, 7 h, 11 days
        assert [one.key for one in ask.known_articles()] == ["1", "3", "2"]


def test_the_young_are_not_behind_the_many_old(story: Story) -> None:
    old = [article(number, published="2020-01-01") for number in range(1, 6)]
    story.run(1, *old)
    story.run(27, article(9, published="2026-11-26"))
    with frontier(story) as ask:
        assert len(ask.due_articles(moment(29.9), 9)) == 1  # the old wait 46 days
        assert ask.due_articles("2026-12-25T00:00:00Z", 2)[0].key == "9"
        assert len(ask.due_articles("2026-12-25T00:00:00Z", 9)) == 6


def test_the_missing_are_asked_first_for_that_may_prove_it(story: Story) -> None:
    story.run(10, article(1), article(2), article(3))
    story.run(11, answer(3, status=404))
    with frontier(story) as ask:
        assert [one.url for one in ask.due_articles(moment(20), 1)] == [address(3)]


@pytest.mark.parametrize("unread", [answer(1, status=521), answer(1, status=502), answer(1, status=302, to="login")])
def test_what_does_not_show_itself_keeps_no_other_waiting(story: Story, unread: Capture) -> None:
    story.run(10, article(1), article(2))
    story.run(12, unread)
    with frontier(story) as ask:
        assert [one.key for one in ask.due_articles(moment(12, 60), 9)] == ["2"]
        assert [one.key for one in ask.due_articles(moment(13, 60), 9)] == ["2", "1"]


def test_fresh_is_what_is_not_yet_due_by_id_or_address(story: Story) -> None:
    story.run(10, article(1, published="2026-11-09"))
    with frontier(story) as ask:
        assert ask.is_fresh("1", "http://elsewhere.example/", moment(10, 60))
        assert ask.is_fresh("another", address(1), moment(10, 60))
        assert not ask.is_fresh("1", address(1), moment(12))
        assert not ask.is_fresh("another", "http://elsewhere.example/", moment(10, 60))


def test_a_moved_article_is_fresh_under_its_new_id(story: Story) -> None:
    story.run(10, listing(1), article(1))
    story.run(11, listing(2), answer(1, status=301, to=2), article(2))
    with frontier(story) as ask:
        assert ask.is_fresh("2", address(2), moment(11, 60))
        assert ask.is_fresh("2", f"{SITE}info/9/2.htm", moment(11, 60))


def test_a_missing_article_is_asked_for_at_all_its_addresses_as_soon_as_that_can_count(story: Story) -> None:
    story.run(10, article(1), article("info/7/1.htm"))
    story.run(11, answer(1, status=404))
    with frontier(story) as ask:
        assert ask.due_articles(moment(11.99), 9) == []
        assert sorted(one.url for one in ask.due_articles(moment(12, 1), 9)) == [address(1), f"{SITE}info/7/1.htm"]


def test_a_line_that_reads_otherwise_is_reworded(story: Story) -> None:
    story.run(1, listing(1, 2))
    with frontier(story) as ask:
        assert ask.changed_entries(COLUMN, entries(1, 2, 3)) == []
        assert ask.changed_entries(COLUMN, entries(1, 9, title="又 {}")) == entries(1, title="又 {}")


def test_validators_are_those_of_the_last_full_answer_that_was_read(story: Story) -> None:
    def tagged(number: int, tag: str, body: str = "文") -> object:
        return article(number, body=body, headers=(("ETag", tag), ("Last-Modified", "then")))

    story.run(1, article(1, headers=(("ETag", '"1"'), ("Last-Modified", "then"))), article(2))
    story.run(
        2, article(1, body="改", headers=(("ETag", '"2"'),)), answer(3, {"gone": "x"}, headers=(("ETag", '"3"'),))
    )
    story.run(3, answer(1, status=304, headers=(("ETag", '"2"'),)), answer(1, status=503))
    with frontier(story) as ask:
        assert ask.validators(address(1)) == Validators('"2"', None)
        assert ask.validators(address(2)) is None
        assert ask.validators(address(3)) is None


FILES = [[f"{SITE}a.pdf", "附件一"], [f"{SITE}b.pdf", "附件二"], ["", "没有地址"]]
A, B = f"{SITE}a.pdf", f"{SITE}b.pdf"


def files(story: Story, page: Capture | None = None, full: bool = False) -> list[str]:
    """What is asked for after article 1 was read as that page; or was found unchanged."""
    reading = read(page) if page else Unchanged()
    assert isinstance(reading, Article | Unchanged)
    with frontier(story) as ask:
        return ask.files_to_fetch(address(1), reading, full)


def pending_files(story: Story, day: float, most: int = 9) -> list[str]:
    with frontier(story) as ask:
        return ask.pending_files(moment(day), most)


def test_all_files_of_a_new_or_edited_article_are_asked_for(story: Story) -> None:
    story.run(1)
    with closing(connect_for_reading(story.folder)) as db:
        assert Frontier(db, "another").files_to_fetch(address(1), Unchanged(), True) == []
    assert files(story, article(1, files=FILES)) == [A, B]
    story.run(2, article(1, files=FILES), document("a.pdf"), document("b.pdf"))
    assert files(story, article(1, files=FILES, body="改")) == [A, B]
    assert files(story, article(1, files=FILES[:1])) == [A]
    assert files(story, article(1, body="改")) == []


def test_of_an_article_that_is_as_it_was_only_the_missing_files_are_asked_for(story: Story) -> None:
    page = article(1, files=FILES)
    story.run(1, page, document("a.pdf"), document("b.pdf", status=404))
    assert files(story, page) == files(story) == [B]
    story.run(2, document("b.pdf"))
    assert files(story, page) == files(story) == []
    assert files(story, page, full=True) == files(story, full=True) == [A, B]


def test_files_are_pending_until_something_was_answered_for_a_week_at_most(story: Story) -> None:
    busy = [document("a.pdf", status=503), document("b.pdf", status=429)]
    story.run(1, document("a.pdf"), article(9, files=[["http://gulou.example/old.pdf", "旧"]]), document("old.pdf"))
    story.run(2, article(1, files=FILES), *busy)
    assert pending_files(story, 2.1) == pending_files(story, 8.9) == [A, B]
    assert pending_files(story, 2.1, most=1) == [A]
    assert pending_files(story, 9.1) == []
    story.run(3, document("a.pdf"), document("b.pdf", status=404))
    assert pending_files(story, 3.1) == []


def test_a_file_that_many_articles_link_to_is_asked_for_once_a_run(story: Story) -> None:
    story.run(1, article(1, files=FILES[:1]), document("a.pdf"), article(2, files=FILES[:1]))
    assert pending_files(story, 1.5) == []
    story.run(2, article(2, files=FILES[:1], body="改"), outcome=None)
    story.run(2.5)
    assert pending_files(story, 2.6) == [A], "the state is new, and the crawl was cut before its file was asked for"


def test_files_of_a_state_that_was_replaced_are_not_pending(story: Story) -> None:
    story.run(1, article(1, files=FILES))
    story.run(2, article(1))
    assert pending_files(story, 2.1) == []


def test_files_have_validators(story: Story) -> None:
    story.run(1, document("a.pdf", headers=(("ETag", '"1"'),)), document("b.pdf", headers=(("ETag", '"2"'),)))
    story.run(2, answer("b.pdf", {"gone": "x"}, headers=(("Content-Type", "text/html"), ("ETag", '"3"'))))
    with frontier(story) as ask:
        assert (ask.validators(A), ask.validators(B)) == (Validators('"1"', None), None)


def test_what_was_asked_for_as_a_file_is_still_pending_as_an_article(story: Story) -> None:
    story.run(1, listing(1), article(1, kind="attachment"))
    with frontier(story) as ask:
        assert [one.key for one in ask.pending_entries(moment(2))] == ["1"]
