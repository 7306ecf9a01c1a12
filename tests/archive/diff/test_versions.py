"""Tests what differs between versions in an archive: fields, attachments, words; and what is said where nothing can."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive import fields
from lufeng_crawler.archive.diff.versions import COMPARED_FIELDS, diff_versions, summarize_file
from lufeng_crawler.errors import NotInArchive
from tests.support.archive_builder import Story, address, article, document

FORM, OTHER = [address("a.docx"), "报名表.docx"], [address("b.docx"), "说明.docx"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1 has four versions, the last as the first; article 2 has one."""
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(1, article(1, "通知", "全县12人。", files=[FORM]), article(2), document("a.docx", b"%PDF 1"))
    story.run(2, article(1, "通知", "全县21人。", author="鹿小峰", files=[FORM, OTHER]))
    story.run(3, article(1, "公告", "全县21人。", author="鹿小峰", files=[OTHER], published="2026-11-03"))
    story.run(4, article(1, "通知", "全县12人。", files=[FORM]))
    return story.folder


def test_every_field_is_compared_the_body_last() -> None:
    assert set(COMPARED_FIELDS) == {*fields.NAMES, "attachments"}
    assert COMPARED_FIELDS[-1] == "body"


def test_fields_come_before_the_body(db: sqlite3.Connection) -> None:
    found = diff_versions(db, "1", (1, 2))
    assert [field.name for field in found.fields] == ["author", "attachments", "body"]
    author, files, body = found.fields
    assert (author.old, author.new, [one.op for one in author.operations]) == (None, "鹿小峰", ["insert"])
    assert ([file["text"] for file in files.removed()], [file["text"] for file in files.added()]) == ([], ["说明.docx"])
    assert [(one.op, one.old, one.new, one.label) for one in body.operations][1:2] == [
        ("replace", "12人", "21人", "number")
    ]
    assert not found.coarse


def test_the_last_two_versions_where_none_are_named(db: sqlite3.Connection) -> None:
    found = diff_versions(db, address(1))
    assert (found.article, found.url, found.old.number, found.new.number) == (1, address(1), 3, 4)
    assert (found.title, found.new.first_seen) == ("通知", "2026-11-04T00:00:01Z")
    assert [field.name for field in found.fields] == ["title", "published", "author", "attachments", "body"]


def test_any_two_versions_in_any_order(db: sqlite3.Connection) -> None:
    there, back = diff_versions(db, "1", (1, 3)).report(), diff_versions(db, "1", (3, 1)).report()
    assert (there["from"], there["to"], back["from"], back["to"]) == (1, 3, 3, 1)
    assert there["fields"].keys() == back["fields"].keys()
    for name, field in there["fields"].items():
        assert (field["old"], field["new"]) == (back["fields"][name]["new"], back["fields"][name]["old"])


def test_versions_that_say_the_same_differ_in_nothing(db: sqlite3.Connection) -> None:
    assert diff_versions(db, "1", (1, 4)).fields == ()
    assert diff_versions(db, "1", (2, 2)).fields == ()


def test_a_file_that_became_another_under_its_address_differs(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1, files=[FORM]), document("a.docx", b"%PDF 1"))
    story.run(2, article(1, "另题", files=[FORM]), document("a.docx", b"%PDF 2"))
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        digests = [f"sha256:{number}" for number in (1, 2)]
        db.executemany("UPDATE attachments SET digest = ? WHERE version = ?", zip(digests, (1, 2), strict=True))
        files = diff_versions(db, "1").fields[-1]
        assert files.name == "attachments"
        assert [summarize_file(file) for file in (*files.removed(), *files.added())] == [
            f"报名表.docx  {FORM[0]}  {digest}" for digest in digests
        ]
        db.execute("UPDATE attachments SET digest = NULL WHERE version = 1")
        assert [field.name for field in diff_versions(db, "1").fields] == ["title"]


def test_the_report_has_the_keys_of_the_design(db: sqlite3.Connection) -> None:
    said = diff_versions(db, "1", (1, 2)).report()
    assert {"article", "from", "to", "fields"} <= said.keys()
    assert said["fields"]["attachments"].keys() == {"old", "new"}
    assert said["fields"]["body"].keys() == {"old", "new", "operations"}


@pytest.mark.parametrize(
    ("wanted", "numbers", "said"),
    [
        ("2", None, "2: the archive holds one version of this article, and nothing to compare it with"),
        ("1", (1, 9), "1: this article has no version 9; there is 1, 2, 3, 4"),
        ("77", None, "77: no article of the archive has this id or address"),
    ],
)
def test_what_cannot_be_compared_is_said(
    db: sqlite3.Connection, wanted: str, numbers: tuple[int, int] | None, said: str
) -> None:
    with pytest.raises(NotInArchive) as raised:
        diff_versions(db, wanted, numbers)
    assert str(raised.value) == said
