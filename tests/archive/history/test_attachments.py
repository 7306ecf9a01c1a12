"""Which answers are files, and which of them proves what a version's attachment was, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive import Reader
from lufeng_crawler.archive.digests import sha256
from lufeng_crawler.items import Article, Attachment, Blocked, Capture, File, Gone, Other, Reading
from lufeng_crawler.pages.downloads import MAX_NOTE_BYTES, read_download
from tests.support.archive_builder import (
    READER,
    SITE,
    Story,
    answer,
    article,
    document,
    everything,
    moment,
    read,
    rebuilt,
    rows,
)

URL = f"{SITE}a.pdf"
ONE = [URL, "附件"]
PDF = b"%PDF-1.7 " + bytes(2 * MAX_NOTE_BYTES)
PAGE = b"<!DOCTYPE html><html><body>" + b"<p>nothing here</p>" * MAX_NOTE_BYTES


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def attachment(story: Story, number: int | None = None) -> dict[str, Any]:
    """The one attachment of a version (of the latest)."""
    which = number or "(SELECT max(number) FROM versions)"
    sql = f"SELECT a.* FROM attachments a JOIN versions v ON v.id = a.version WHERE v.number = {which}"
    [row] = rows(story.folder, sql)
    return row


def never(capture: Capture) -> Reading:
    raise AssertionError("a file was read as a page")


@pytest.mark.parametrize(
    ("mime", "body"),
    [
        ("application/pdf", PDF),
        ("application/octet-stream", PDF),
        ("", PDF),
        ("text/csv", b"a,b\n" * MAX_NOTE_BYTES),
        ("application/msword", b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>' + PAGE),
    ],
)
def test_a_file_is_not_read_as_a_page(mime: str, body: bytes) -> None:
    assert read_download(document("a.pdf", body, mime), never) == File()


@pytest.mark.parametrize(
    "given",
    [
        document("a.pdf", PAGE),
        document("a.pdf", PDF, "text/html; charset=utf-8"),
        document("a.pdf", b'{"code": 404}' + bytes(2 * MAX_NOTE_BYTES), "application/octet-stream"),
        document("a.pdf", PDF, "application/json"),
        document("a.pdf", PDF, headers=(("Content-Encoding", "gzip"),)),
        document("a.pdf", b" \n" * MAX_NOTE_BYTES),
        document("a.pdf", b""),
        document("a.pdf", PDF, status=206),
        document("a.pdf", PDF, status=404),
        replace(document("a.pdf", PDF), truncated="length"),
        document("a.css", b"body {}", "text/css", kind="home"),
        document("robots.txt", b"User-agent: *", "text/plain", kind="robots"),
    ],
)
def test_what_is_no_file_is_what_it_is_read_as(given: Capture) -> None:
    assert read_download(given, lambda capture: Other("so it is")) == Other("so it is")


@pytest.mark.parametrize("reading", [Gone("soft 404"), Blocked("521"), Other("SPA shell")])
@pytest.mark.parametrize("kind", ["attachment", "article", "other"])
def test_a_short_answer_may_be_a_sentence_that_says_why_there_is_no_file(reading: Reading, kind: Any) -> None:
    short = document("a.pdf", "文件不存在".encode(), "application/octet-stream", kind=kind)
    assert read_download(short, lambda capture: reading) == (File() if isinstance(reading, Other) else reading)


def test_what_was_asked_for_as_a_file_is_no_article() -> None:
    page = answer("a.htm", {"title": "题"}, kind="attachment")
    assert read_download(page, read) == Other("a page where a file was promised")
    assert isinstance(read_download(replace(page, kind="article"), read), Article)


def test_a_file_that_comes_after_its_article_is_its_attachment(story: Story) -> None:
    story.run(1, article(1, files=[ONE]))
    assert attachment(story)["digest"] is None
    story.run(2, document("a.pdf", PDF))
    row = attachment(story)
    assert (row["digest"], row["mime"], row["length"]) == (sha256(PDF), "application/pdf", len(PDF))
    assert (row["capture"], row["url"], row["text"]) == (2, URL, "附件")
    [view] = rows(story.folder, "SELECT attachments FROM latest_articles")
    assert sha256(PDF) in view["attachments"]
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_an_attachment_is_the_first_file_since_its_version(story: Story, order: tuple[int, ...]) -> None:
    seen = [
        document("a.pdf", b"%PDF 1", fetched_at=moment(1)),
        article(1, files=[ONE], fetched_at=moment(3)),
        document("a.pdf", b"%PDF 2", fetched_at=moment(4)),
    ]
    story.run(10, *(seen[one] for one in order), kind="ingest")
    story.run(11, document("a.pdf", b"%PDF 3", fetched_at=moment(5)), kind="ingest")
    assert attachment(story)["digest"] == sha256(b"%PDF 2")
    assert everything(story.folder) == rebuilt(story.folder)


def test_else_it_is_the_last_before(story: Story) -> None:
    story.run(1, document("a.pdf", b"%PDF 1"))
    story.run(2, document("a.pdf", b"%PDF 2"))
    story.run(3, article(1, files=[ONE]))
    assert attachment(story)["digest"] == sha256(b"%PDF 2")


def test_each_version_has_the_file_of_its_time(story: Story) -> None:
    """A page that says nothing of it: the article has not changed, and the file's two states stand side by side."""
    story.run(1, article(1, files=[ONE]), document("a.pdf", b"%PDF 1"))
    story.run(2, article(1, files=[ONE]), document("a.pdf", b"%PDF 2"))
    assert story.kinds() == ["new"]
    story.run(3, article(1, files=[ONE], body="改"), document("a.pdf", b"%PDF 2"))
    assert [attachment(story, number)["digest"] for number in (1, 2)] == [sha256(b"%PDF 1"), sha256(b"%PDF 2")]
    states = rows(story.folder, "SELECT digest, first_seen, last_seen, captures FROM files ORDER BY first_seen")
    assert [(row["digest"], row["first_seen"][8:10], row["last_seen"][8:10], row["captures"]) for row in states] == [
        (sha256(b"%PDF 1"), "01", "01", 1),
        (sha256(b"%PDF 2"), "02", "03", 2),
    ]
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize("status", [200, 304])
def test_an_unchanged_file_is_a_revisit(story: Story, status: int) -> None:
    story.run(1, document("a.pdf", PDF))
    story.run(2, article(1, files=[ONE]), document("a.pdf", PDF if status == 200 else b"", status=status))
    again = rows(story.folder, "SELECT outcome, revisit_of FROM captures WHERE id = 3")
    assert again == [{"outcome": "file", "revisit_of": 1}]
    row = attachment(story)
    assert (row["digest"], row["capture"], row["length"], row["mime"]) == (sha256(PDF), 3, len(PDF), "application/pdf")
    assert everything(story.folder) == rebuilt(story.folder)


def test_only_a_file_counts(story: Story) -> None:
    story.run(1, article(1, files=[ONE]))
    gone, challenge = document("a.pdf", b"", status=404), document("a.pdf", b"", status=521)
    cut = replace(document("a.pdf", PDF), truncated="length")
    soft = answer("a.pdf", {"gone": "404"}, kind="attachment")
    page = answer("a.pdf", {"title": "题"}, kind="attachment")
    story.run(2, gone, challenge, cut, soft, page)
    outcomes = rows(story.folder, "SELECT outcome, reason FROM captures WHERE kind = 'attachment' ORDER BY id")
    assert [row["outcome"] for row in outcomes] == ["gone", "blocked", "other", "gone", "other"]
    assert outcomes[2]["reason"] == "truncated: length"
    assert (attachment(story)["digest"], attachment(story)["capture"]) == (None, None)
    assert story.kinds() == ["new"]
    story.run(3, document("a.pdf", PDF))
    assert attachment(story)["digest"] == sha256(PDF)
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize("first", ["redirect", "file", "article"])
def test_a_file_is_found_where_its_address_redirects_to(story: Story, first: str) -> None:
    seen = {
        "redirect": answer("a.pdf", status=302, to="b.pdf", kind="attachment", fetched_at=moment(1, 2)),
        "file": document("b.pdf", PDF, fetched_at=moment(1, 3)),
        "article": article(1, files=[ONE], fetched_at=moment(1, 1)),
    }
    story.run(2, seen.pop(first), *seen.values())
    assert attachment(story)["digest"] == sha256(PDF)
    assert everything(story.folder) == rebuilt(story.folder)


def test_redirects_that_go_round_lead_nowhere(story: Story) -> None:
    to_and_fro = [answer("a.pdf", status=302, to="b.pdf"), answer("b.pdf", status=302, to="a.pdf")]
    story.run(1, article(1, files=[ONE]), *to_and_fro)
    assert attachment(story)["capture"] is None


def test_files_of_other_makers_and_other_sites_count_by_their_address(story: Story) -> None:
    story.run(1, article(1, files=[ONE]))
    story.run(2, document("a.pdf", PDF, kind="other", site="elsewhere"), kind="ingest")
    assert attachment(story)["digest"] == sha256(PDF)


def test_an_address_is_kept_as_it_is_asked_for(story: Story) -> None:
    story.run(1, article(1, files=[[f"{SITE}附件|1.pdf", "附件"], ["", "没有地址"]]))
    urls = [row["url"] for row in rows(story.folder, "SELECT url FROM attachments ORDER BY id")]
    assert urls == [f"{SITE}%E9%99%84%E4%BB%B6%7C1.pdf", ""]


def test_an_attachment_that_another_reader_finds_has_its_file(story: Story) -> None:
    story.run(1, article(1), document("a.pdf", PDF))

    def sees_more(capture: Capture) -> Reading:
        found = read(capture)
        return replace(found, attachments=(Attachment(*ONE),)) if isinstance(found, Article) else found

    story.reader = Reader(sees_more, "reader 2")
    story.run(2, article(1, author="某人"))
    assert [row["digest"] for row in rows(story.folder, "SELECT digest FROM attachments")] == [sha256(PDF)] * 2
    assert story.reader is not READER
