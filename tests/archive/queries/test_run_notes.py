"""Tests the sentences in which a run says what it found out about its site."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries.run_notes import run_notes
from tests.support.archive_builder import Story, address, answer, article

TEXT = "县人民政府召开常务会议，研究部署冬春农田水利建设，要求各乡镇落实责任。" * 3
TAG = (("Content-Type", "text/html"), ("ETag", '"1"'))


def notes(story: Story, run: str) -> list[str]:
    with closing(connect_for_reading(story.folder)) as db:
        return run_notes(db, run)


def test_a_counter_is_told_with_two_addresses_by_the_run_that_found_it(tmp_path: Path) -> None:
    story = Story(tmp_path)
    for day in (1, 2, 3):
        pages = [article(n, f"第{n}条", f"{TEXT[n:]}\n浏览 {n + day} 次") for n in range(1, 7)]
        story.run(day, *pages, rules=1, proves=True)
    where = f"浏览#次 (6 articles: {address(1)}, {address(2)})"
    assert notes(story, "run-001") == [f"a line of the template, left out of comparisons from now on: {where}"]
    assert (notes(story, "run-000"), notes(story, "run-002"), notes(story, "nobody")) == ([], [], [])


def test_a_false_304_is_told_by_the_run_that_found_it_out(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1, body="旧", headers=TAG), rules=1)
    story.run(2, answer(1, status=304, headers=TAG), rules=1)
    story.run(3, article(1, body="新", headers=TAG), rules=1)
    said = f"it answered 304 although the page had changed; asked unconditionally from now on: {address(1)}"
    assert (notes(story, "run-001"), notes(story, "run-002")) == ([], [said])
