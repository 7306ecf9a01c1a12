"""Tests the page of an article: what it shows, of which version, on what evidence; that a hostile one is harmless."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import lxml.html
import pytest

from lufeng_crawler.ui.pages.article import LAST, MAX_UNFOLDED, _folded
from tests.support.archive_builder import Story, answer, article, document, listing, rows
from tests.support.browser import active, get, page, text
from tests.support.demo_archive import AllDays

HOSTILE = (
    '<p>前<script>alert(1)</script><img src="x" onerror="alert(1)"><a href="javascript:alert(1)">点</a></p>'
    '<svg onload="alert(1)"><style>*{display:none}</style></svg><base href="//evil.example/">'
    '<form action="//evil.example"><input name=q></form><iframe src="//evil.example"></iframe>'
    '<a href="data:text/html,x">b</a><img srcset="//evil.example/1.png 2x"'
    ' src="http://gulou.example/p.png" alt="&quot;>"><b>未闭合'
)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Article 1 has three versions, a file, a picture; it is gone since."""
    told = Story(tmp_path)
    files = [["http://gulou.example/a.pdf", "附件一"], ["http://gulou.example/b.pdf", "附件二"]]
    told.run(1, listing(1), article(1, "题", "甲。\n乙。", files=files, source="县府办"), document("a.pdf"))
    told.run(2, article(1, "题", "甲。\n丙。", files=files), document("p.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    told.run(3, article(1, "新题", "甲。\n丙。", files=files))
    for day in range(4, 14):
        told.run(day, article(1, "新题", "甲。\n丙。", files=files))
    told.run(14, answer(1, status=404))
    told.run(16, answer(1, status=404))
    return told


def change(folder: Path, **columns: str) -> None:
    """What an older reader may have stored of article 1's latest version."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        for name, said in columns.items():
            db.execute(f"UPDATE versions SET {name} = ? WHERE article = 1 AND number = 3", (said,))
        db.commit()


def test_presence_with_its_date_and_proof(story: Story) -> None:
    shown = page(story.folder, "/articles/1")
    assert text(shown, "//*[@class='row standing']").startswith("taken down since 2026-11-16 Proof: 2026-11-14 #")
    assert "last seen on 2026-11-13" in text(shown)
    proofs = shown.xpath("//*[@class='row standing']//a/@href")
    ids = [row["id"] for row in rows(story.folder, "SELECT id FROM captures WHERE status = 404 ORDER BY id")]
    assert proofs == [f"/captures/{id}" for id in ids]


def test_a_live_article_shows_when_it_was_last_seen(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1))
    story.run(2, article(1))
    standing = page(tmp_path, "/articles/1").xpath("//*[@class='row standing']")[0]
    assert "live last seen there on 2026-11-02" in text(standing, ".") and standing.xpath(".//a/@href") == [
        "/captures/2"
    ]


def test_an_older_version_says_so(story: Story) -> None:
    shown = page(story.folder, "/articles/1?version=1")
    assert "This is version 1 of 3" in text(shown, "//*[@role='status']")
    assert text(shown, "//*[contains(@class, 'body')]") == "甲。 乙。"
    assert shown.xpath("//h1/text()") == ["题"]
    assert "县府办" in text(shown, "//dl[contains(@class, 'particulars')]")


def test_a_version_that_is_not_there(story: Story) -> None:
    for number, status in (("4", 404), ("0", 400), ("x", 400)):
        assert get(story.folder, f"/articles/1?version={number}").status_code == status


def test_an_article_that_is_not_there_is_said_in_a_line(story: Story) -> None:
    for path in ("/articles/7", "/articles/999999999999999999"):
        answer = get(story.folder, path)
        assert answer.status_code in (400, 404) and "Traceback" not in answer.text


def test_the_time_line_says_what_changed(story: Story) -> None:
    lines = page(story.folder, "/articles/1").xpath("//ol[contains(@class, 'time_line')]/li")
    assert len(lines) == 3
    assert "2026-11-03 version 3 Title silent" in text(lines[0], ".")
    assert lines[0].xpath(".//a/@href")[1] == "/articles/1/diff?from=2&to=3"
    assert "as first seen" in text(lines[2], ".")


def test_looks_are_folded_when_there_are_many(story: Story) -> None:
    shown = page(story.folder, "/articles/1")
    assert len(shown.xpath("//*[@aria-labelledby='h-looks']//tbody/tr")) == 15
    assert len(shown.xpath("//*[@aria-labelledby='h-looks']/details//tbody/tr")) == 15 - 3 - LAST
    few = [{"id": id} for id in range(MAX_UNFOLDED)]
    assert _folded(few) == (few, (), ())


def test_attachments_are_downloaded_from_the_archive(story: Story) -> None:
    files = page(story.folder, "/articles/1").xpath("//*[@aria-labelledby='h-files']//li")
    [capture] = [
        row["id"] for row in rows(story.folder, "SELECT id FROM captures WHERE outcome = 'file' AND url LIKE '%a.pdf'")
    ]
    assert f"/captures/{capture}/download" in files[0].xpath(".//a/@href") and "application/pdf" in text(files[0], ".")
    assert "not in the archive" in text(files[1], ".")


def test_a_field_says_how_it_is_known_and_what_disagrees(story: Story) -> None:
    told = {"rule": "label line", "value": "2026-11-01", "other_rule": "meta PubDate", "other_value": "<b>2026-11-03"}
    change(story.folder, provenance=json.dumps({"published": told}))
    shown = text(page(story.folder, "/articles/1"), "//dl[contains(@class, 'particulars')]")
    assert "Elsewhere the page says: <b>2026-11-03" in shown
    assert "Found by label line Other value found by meta PubDate" in shown


def test_a_hostile_article_is_harmless(story: Story) -> None:
    change(story.folder, body_html=HOSTILE, title="<script>alert(1)</script>\u202e", author="<img src=x onerror=1>")
    html = get(story.folder, "/articles/1").text
    shown = lxml.html.document_fromstring(html)
    [body] = shown.xpath("//*[contains(@class, 'body')]")
    assert not active(body.text_content() and "".join(lxml.html.tostring(one, encoding="unicode") for one in body))
    assert not shown.xpath(
        "//script | //style | //*[@onerror or @onload or @style] | //main//iframe | //base | //main//form"
    )
    assert not [link for link in shown.xpath("//@href") if link.startswith(("javascript:", "data:", "//"))]
    assert shown.xpath("//h1/text()") == ["<script>alert(1)</script>"]


def test_a_picture_comes_from_the_archive(story: Story) -> None:
    change(
        story.folder, body_html='<img src="http://gulou.example/p.png" alt="图"><img src="http://gulou.example/q.png">'
    )
    shown = page(story.folder, "/articles/1")
    [picture] = shown.xpath("//*[contains(@class, 'body')]//img/@src")
    assert get(story.folder, picture.removeprefix("..")).headers["content-type"] == "image/png"
    assert shown.xpath("//a[@class='picture']/@href") == ["http://gulou.example/q.png"]


def test_it_leads_to_the_same_in_data_and_in_a_terminal(all_days: AllDays) -> None:
    shown = page(all_days.folder, "/articles/1")
    assert "lufeng wacz article-1.wacz --article 1" in text(shown, "//pre")
    for link in shown.xpath("//*[@aria-labelledby='h-tools']//a/@href"):
        assert get(all_days.folder, link).status_code == 200, link


def test_every_article_is_shown_in_both_languages(all_days: AllDays) -> None:
    ids = [row["id"] for row in rows(all_days.folder, "SELECT id FROM articles")]
    assert len(ids) > 40
    for id in ids[:: len(ids) // 8]:
        for language in ("zh", "en"):
            levels = [
                int(one.tag[1])
                for one in page(all_days.folder, f"/articles/{id}?lang={language}").xpath("//h1|//h2|//h3")
            ]
            assert levels[0] == 1 and levels.count(1) == 1


def test_it_says_where_else_the_same_text_was_published(tmp_path: Path) -> None:
    said = (
        "县人民政府要求各乡镇各部门抓好森林防火工作，把责任落实到山头地块，不得有误，长期坚持，确保群众生命财产安全。"
        * 2
    )
    Story(tmp_path).run(
        1, article(1, "题一", said, "2026-10-01"), article(2, "题二", said, "2026-10-09", site="gongguan"), article(3)
    )
    [copy] = page(tmp_path, "/articles/2").xpath("//*[@aria-labelledby='h-copies']//li")
    assert text(copy, ".") == "2026-10-01 gulou 题一 the same text published first"
    assert copy.xpath(".//a/@href") == ["/articles/1"]
    assert not page(tmp_path, "/articles/3").xpath("//*[@aria-labelledby='h-copies']")
