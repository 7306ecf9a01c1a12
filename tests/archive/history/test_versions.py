"""Versions: a difference in content, never in how we read, whatever order the answers come in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive import Reader
from lufeng_crawler.items import Article, Attachment, Capture, Other, Reading
from tests.support.archive_builder import Story, article, everything, moment, read, rebuilt, rows


def read_otherwise(capture: Capture) -> Reading:
    """A reader that finds an author where the first one saw none."""
    found = read(capture)
    if not isinstance(found, Article):
        return found
    return Article(found.key, found.url, found.title, found.body + "（完）", published=found.published, author="某人")


NEWER = Reader(read_otherwise, "reader 2")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def versions(story: Story) -> list[dict[str, Any]]:
    return rows(story.folder, "SELECT * FROM versions WHERE article = 1 ORDER BY number")


def spans(story: Story) -> list[tuple[str, str, str]]:
    return [(row["body"], row["first_seen"][8:10], row["last_seen"][8:10]) for row in versions(story)]


def test_only_a_difference_makes_a_version(story: Story) -> None:
    story.run(1, article(1, body="一"))
    story.run(2, article(1, body="一\n"))
    story.run(3, article(1, body="二", published="2026-11-03"))
    story.run(4, article(1, body="二", published="2026-11-03"))
    assert spans(story) == [("一", "01", "02"), ("二", "03", "04")]
    (edited,) = story.events("kind = 'edited'")
    assert json.loads(edited["fields"]) == ["published", "body"]
    assert (edited["silent"], edited["backdated"], json.loads(edited["evidence"])) == (0, 0, [1, 3])


@pytest.mark.parametrize(
    ("published", "silent", "backdated"),
    [("2026-11-01", 1, 0), ("2026-11-02", 0, 0), ("2026-10-31", 0, 1), ("2026-11-01T08:00:00+08:00", 0, 0)],
)
def test_an_edit_may_be_silent_or_backdated(story: Story, published: str, silent: int, backdated: int) -> None:
    story.run(1, article(1))
    story.run(2, article(1, body="改", published=published))
    (edited,) = story.events("kind = 'edited'")
    assert (edited["silent"], edited["backdated"]) == (silent, backdated)


def test_a_state_that_comes_back_is_an_edit_though_its_payload_is_known(story: Story) -> None:
    """The third answer repeats the first, byte for byte: a revisit in the WARC, an edit on the site."""
    for day, body in enumerate(("一", "二", "一", "一", "二"), 1):
        story.run(day, article(1, body=body))
    assert spans(story) == [("一", "01", "01"), ("二", "02", "02"), ("一", "03", "04"), ("二", "05", "05")]
    assert story.kinds() == ["new", "edited", "edited", "edited"]
    assert [row["revisit_of"] for row in rows(story.folder, "SELECT revisit_of FROM captures")] == [None, None, 1, 1, 2]
    assert everything(story.folder) == rebuilt(story.folder)


def test_reading_otherwise_makes_no_version(story: Story) -> None:
    story.run(1, article(1))
    story.reader = NEWER
    story.run(2, article(1, headers=(("X-Template", "2"),)))
    story.run(3, article(1, body="文 "))
    assert story.kinds() == ["new"]
    (version,) = versions(story)
    assert (version["author"], version["reader"], version["capture"]) == ("某人", "reader 2", 1)


def test_reading_otherwise_and_an_edit_are_one_version(story: Story) -> None:
    story.run(1, article(1))
    story.reader = NEWER
    story.run(2, article(1, body="改"))
    assert story.kinds() == ["new", "edited"]
    assert [row["reader"] for row in versions(story)] == ["reader 2", "reader 2"]
    (edited,) = story.events("kind = 'edited'")
    assert json.loads(edited["fields"]) == ["body"]


def test_the_past_taken_in_by_another_reader_is_no_edit_either(story: Story) -> None:
    """What comes late stands between versions that an earlier reader read: both are read again, if need be."""
    story.run(5, article(1, body="一"))
    story.run(10, article(1, body="二"))
    story.reader = NEWER
    late = article(1, body="一", fetched_at=moment(6), headers=(("X-Template", "2"),))
    story.run(12, late, article(1, body="二", fetched_at=moment(8)), kind="ingest")
    assert spans(story) == [("一（完）", "05", "06"), ("二（完）", "08", "10")]
    assert story.kinds() == ["new", "edited"]
    story.run(13, article(1, body="零", fetched_at=moment(1)), kind="ingest")
    assert [json.loads(edited["fields"]) for edited in story.events("kind = 'edited'")] == [["body"], ["body"]]


def test_a_changed_site_file_reads_otherwise_and_is_no_edit(story: Story) -> None:
    story.run(1, article(1), article(2, site="another"))
    layouts = {"gulou": " +layout 2"}
    story.reader = Reader(read_otherwise, "reader 1", lambda site: layouts.get(site, ""))
    story.run(2, article(1, body="文 "))
    assert story.kinds() == ["new", "new"]
    readers = rows(story.folder, "SELECT author, reader FROM versions ORDER BY id")
    assert readers == [{"author": "某人", "reader": "reader 1 +layout 2"}, {"author": None, "reader": "reader 1"}]


def test_a_reader_that_sees_no_article_where_one_was_says_nothing_of_it(story: Story) -> None:
    story.run(1, article(1))
    story.reader = Reader(lambda capture: Other("cannot read it"), "reader 3")
    story.run(2, article(1, body="改"))
    assert story.kinds() == ["new"]


def test_attachments_are_part_of_a_version(story: Story) -> None:
    one, two = ["http://gulou.example/a.doc", "附件一"], ["http://gulou.example/b.doc", "附件二"]
    story.run(1, article(1, files=[one]))
    story.run(2, article(1, files=[["https://www.gulou.example/a.doc", "附件 一"]]))
    story.run(3, article(1, files=[one, two]))
    story.run(4, article(1, files=[two, one]))
    assert [json.loads(event["fields"]) for event in story.events("kind = 'edited'")] == [["attachments"]]
    view = rows(story.folder, "SELECT attachments FROM latest_articles")[0]
    assert [Attachment(file["url"], file["text"]) for file in json.loads(view["attachments"])] == [
        Attachment(*one),
        Attachment(*two),
    ]


def test_an_older_state_that_comes_late_takes_its_place_in_time(story: Story) -> None:
    story.run(10, article(1, body="三"))
    story.run(11, article(1, body="四"))
    older = [
        article(1, body=body, fetched_at=moment(day)) for day, body in ((5, "一"), (7, "二"), (8, "三"), (9, "三"))
    ]
    story.run(12, *older, kind="ingest")
    assert [body for body, *_ in spans(story)] == ["一", "二", "三", "四"]
    assert spans(story)[2] == ("三", "08", "10")
    events = [(event["kind"], event["at"][8:10], event["from_version"]) for event in story.events("1 ORDER BY at --")]
    assert events == [("new", "05", None), ("edited", "07", 1), ("edited", "08", 2), ("edited", "11", 3)]
    row = rows(story.folder, "SELECT * FROM latest_articles")[0]
    assert (row["body"], row["first_seen"][8:10], row["last_seen"][8:10]) == ("四", "05", "11")
    assert everything(story.folder) == rebuilt(story.folder)


def test_an_older_answer_that_repeats_the_payload_we_have_is_no_edit(story: Story) -> None:
    story.run(10, article(1))
    story.run(11, article(1, fetched_at=moment(5)), kind="ingest")
    story.run(12, article(1))
    assert story.kinds() == ["new"]
    assert spans(story) == [("文", "05", "12")]
