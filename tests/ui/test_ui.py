"""Tests the UI as a plugin of Datasette: read-only, both languages, one line for what is not there, its policy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.errors import UsageError
from lufeng_crawler.ui import csp
from lufeng_crawler.ui.server import build_application, listen
from tests.support.browser import get
from tests.support.demo_archive import AllDays


def test_every_answer_says_what_a_browser_may_load(all_days: AllDays) -> None:
    ours, theirs = get(all_days.folder, "/health"), get(all_days.folder, "/archive")
    assert ours.headers["content-security-policy"] == csp.STRICT
    assert theirs.headers["content-security-policy"] == csp.DATASETTE
    for answer in (ours, theirs):
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_strict_policy_lets_nothing_run_that_stands_in_a_page() -> None:
    assert "unsafe" not in csp.STRICT and "http" not in csp.STRICT and "*" not in csp.STRICT
    assert csp.CAPTURED.startswith("sandbox;") and "script" not in csp.CAPTURED


@pytest.mark.parametrize(
    ("accepted", "lang", "title"),
    [("en", "en", "<title>Health · Lufeng Crawler</title>"), ("zh-CN", "zh-CN", "<title>运行状况 · 禄丰存档</title>")],
)
def test_a_page_is_in_the_browsers_language(all_days: AllDays, accepted: str, lang: str, title: str) -> None:
    answer = get(all_days.folder, "/health", accept_language=accepted)
    assert f'<html lang="{lang}">' in answer.text and title in answer.text
    assert "Accept-Language" in answer.headers["vary"]


def test_a_language_that_was_asked_for_is_remembered(all_days: AllDays) -> None:
    answer = get(all_days.folder, "/health?lang=zh", accept_language="en")
    assert '<html lang="zh-CN">' in answer.text
    assert answer.headers["set-cookie"].startswith("lang=zh;")
    assert '<html lang="zh-CN">' in get(all_days.folder, "/health", accept_language="en", cookie="lang=zh").text


def test_what_is_not_there_is_said_in_one_line_and_only_there(
    all_days: AllDays, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("/nowhere/at-all", "/archive/no_such_table"):
        answer = get(all_days.folder, path)
        assert answer.status_code == 404 and "<h1>Cannot be shown</h1>" in answer.text
        assert answer.headers["content-security-policy"] == csp.STRICT
    assert get(all_days.folder, "/archive/no_such_table.json").json()["status"] == 404
    assert "".join(capsys.readouterr()) == ""


def test_a_defect_is_logged_and_not_shown(
    all_days: AllDays, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr("lufeng_crawler.health.status", broken)
    answer = get(all_days.folder, "/health")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert "a secret of the machine" in caplog.text


def test_nobody_can_write(all_days: AllDays) -> None:
    for sql in ("delete+from+versions", "with+x+as+(select+1)+insert+into+sites(name)+select+1"):
        answer = get(all_days.folder, f"/archive.json?sql={sql}")
        assert answer.status_code == 400
    datasette = build_application(all_days.folder)
    with closing(datasette.get_database().connect()) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM versions")


def test_all_that_datasette_gives_is_there(all_days: AllDays) -> None:
    rows = get(all_days.folder, "/archive/latest_articles.json?_shape=array&_size=3").json()
    assert [row["site"] for row in rows] == ["demo"] * 3
    assert get(all_days.folder, "/archive/latest_articles.csv?_size=3").text.startswith("id,site,")
    assert get(all_days.folder, "/archive.json?sql=select+1&_shape=arrays").json()["rows"] == [[1]]
    assert "Lufeng Crawler" in get(all_days.folder, "/archive").text


def test_no_archive_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no archive there yet"):
        build_application(tmp_path)


def test_a_port_that_is_taken_is_said() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(UsageError, match=r"cannot listen on 127.0.0.1, port \d+: "):
        listen("127.0.0.1", taken.getsockname()[1])
