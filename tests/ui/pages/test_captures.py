"""Tests the page of a capture and what it gives away: as served, in a sandbox; as a file; as records of a WARC."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import unquote

import pytest

from lufeng_crawler.ui import csp
from tests.support.archive_builder import Story, answer, article, document, rows, warcio, warcs
from tests.support.browser import get, page, text
from tests.support.demo_archive import AllDays

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
HTML = "<html><script>alert(1)</script>县政府".encode("gb18030")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Captures: 1 an article, 2 a page in GBK, 3 a file, 4 a picture, 5 the file again, 6 the article gone."""
    story = Story(tmp_path)
    gbk = document("gbk.htm", HTML, "text/html; charset=gbk", status=500)
    story.run(1, article(1, "题<b>"), gbk, document('文 件"\r\n.pdf'), document("p.svg", PNG, "image/svg+xml"))
    story.run(2, document('文 件"\r\n.pdf'), answer(1, status=404))
    return tmp_path


def test_it_says_what_was_asked_and_answered_and_where_it_lies(folder: Path) -> None:
    shown = page(folder, "/captures/1")
    [row] = rows(folder, "SELECT * FROM captures WHERE id = 1")
    for part in (row["payload_digest"], row["record_digest"], row["chain"], row["file"], "2026-11-01 00:00:01Z"):
        assert part in text(shown)
    assert "GET /info/1/1.htm HTTP/1.1" in text(shown, "//pre")
    assert shown.xpath("//th[@scope='row']/text()") == ["Content-Type"]
    assert "as recorded" in text(shown) and "题<b>" in text(shown)


def test_the_page_as_served_is_in_a_sandbox_and_nowhere_else(folder: Path) -> None:
    shown = page(folder, "/captures/2")
    [frame] = shown.xpath("//iframe")
    assert frame.get("sandbox") == "" and frame.get("src") == "/captures/2/raw" and frame.get("title")
    assert "alert" not in text(shown) and not shown.xpath("//main//script")
    raw = get(folder, "/captures/2/raw")
    assert raw.headers["content-security-policy"] == csp.CAPTURED
    assert raw.headers["x-content-type-options"] == "nosniff"
    assert raw.headers["content-type"] == "text/html; charset=gbk" and raw.content == HTML


def test_what_the_site_sent_besides_does_not_come_along(all_days: AllDays) -> None:
    sql = "SELECT min(id) AS id FROM captures WHERE outcome = 'article' AND revisit_of IS NULL"
    raw = get(all_days.folder, f"/captures/{rows(all_days.folder, sql)[0]['id']}/raw")
    assert "县" in raw.text and raw.headers["content-encoding"] == "gzip"
    assert "set-cookie" not in raw.headers and "server" not in raw.headers


def test_a_file_is_saved_under_a_name_that_is_none_of_the_sites_tricks(folder: Path) -> None:
    got = get(folder, "/captures/3/download")
    assert got.headers["content-type"] == "application/octet-stream" and got.content == b"%PDF"
    named = got.headers["content-disposition"]
    assert named.startswith('attachment; filename="') and unquote(named.partition("''")[2]) == "文-件-.pdf"
    assert "attachment" in get(folder, "/captures/1/download").headers["content-disposition"]


def test_a_type_that_is_none_is_not_passed_on(tmp_path: Path) -> None:
    Story(tmp_path).run(1, document("1.htm", b"x", "text/html é", status=500))
    assert get(tmp_path, "/captures/1/raw").headers["content-type"] == "application/octet-stream"
    assert not page(tmp_path, "/captures/1").xpath("//iframe")


def test_a_picture_is_what_its_bytes_say(folder: Path) -> None:
    got = get(folder, "/captures/4/picture")
    assert got.headers["content-type"] == "image/png" and got.content == PNG
    assert got.headers["content-security-policy"] == csp.CAPTURED
    assert get(folder, "/captures/2/picture").status_code == 404


def test_a_revisit_leads_to_what_it_repeats(folder: Path) -> None:
    shown = page(folder, "/captures/5")
    assert "/captures/3" in shown.xpath("//p[@class='notice']/a/@href") and not shown.xpath("//iframe")
    for part in ("raw", "download"):
        got = get(folder, f"/captures/5/{part}")
        assert got.status_code == 302 and got.headers["location"] == f"../3/{part}"


def test_the_record_is_one_that_other_tools_accept(folder: Path, tmp_path: Path) -> None:
    whole = b"".join(path.read_bytes() for path in warcs(folder))
    for id in (1, 3, 5):
        record = get(folder, f"/captures/{id}/record.warc.gz").content
        assert record in whole
        assert gzip.decompress(record).count(b"\r\nWARC-Type: ") == 2
        file = tmp_path / f"{id}.warc.gz"
        file.write_bytes(record)
        checked = warcio("check", [file], "-v")
        assert checked.returncode == 0 and "digest pass" in checked.stdout, checked.stdout


def test_a_damaged_or_missing_warc_is_one_clear_line(folder: Path) -> None:
    [row] = rows(folder, "SELECT * FROM captures WHERE id = 1")
    for path in warcs(folder):
        path.unlink()
    shown = page(folder, "/captures/1")
    assert "missing or damaged" in text(shown, "//*[@role='alert']") and row["payload_digest"] in text(shown)
    for part in ("raw", "download", "picture", "record.warc.gz"):
        got = get(folder, f"/captures/1/{part}")
        assert got.status_code == 400 and "missing or damaged" in got.text and str(folder) not in got.text


def test_what_is_not_there(folder: Path) -> None:
    for path in ("/captures/77", "/captures/77/raw", "/captures/1/body"):
        assert get(folder, path).status_code == 404


def test_every_kind_of_capture_is_shown(all_days: AllDays) -> None:
    sql = "SELECT min(id) AS id FROM captures GROUP BY outcome, status, revisit_of IS NULL"
    for row in rows(all_days.folder, sql):
        assert "as recorded" in text(page(all_days.folder, f"/captures/{row['id']}"))
