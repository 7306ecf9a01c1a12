"""Attachments in whole crawls: fetched with their articles, kept, digested, and asked for no more than is needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from lufeng_crawler import demo
from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.commands import answer, asked, crawl, kept, lufeng, rows, site

NOTICES = '[[columns]]\nname = "通知公告"\npath = "/tzgg.htm"\n'
ARTICLES = [one.url(1002) for one in demo.county(1).listing(demo.county(1).column(1002)) if not one.link]
FORM = next(one for one in demo.county(1).articles if one.attachment)
ROBOTS = "/robots.txt"
PDF = b"%PDF-1.7 " + bytes(range(256)) * 100


def digest(body: bytes) -> str:
    return "sha256:" + sha256(body).hexdigest()


def linking(path: str, *links: str, day: int = 1) -> HttpAnswer:
    """The county's article with links to files behind its text."""
    page, mark = demo.answer(path, day).body.decode(), '<div id="div_vote_id"></div>'
    items = "".join(f'<li>附件【<a href="{link}">附件{number}</a>】</li>' for number, link in enumerate(links))
    assert mark in page
    return answer(200, page.replace(mark, f"{mark}<ul>{items}</ul>"))


def pdf(body: bytes = PDF, **headers: str) -> HttpAnswer:
    return answer(200, body, {"Content-Type": "application/pdf"} | {k.replace("_", "-"): v for k, v in headers.items()})


def county_with(county: DemoServer, files: Mapping[str, HttpAnswer | Callable[[], HttpAnswer]], *links: str) -> None:
    """Serve the county with its newest notice linking to `links` (to the files), and the files."""

    def other(path: str, day: int) -> HttpAnswer | None:
        given = files.get(path)
        if given:
            return given() if callable(given) else given
        return linking(path, *(links or files), day=day) if path == ARTICLES[0] else None

    county.fail = other


def attachments(folder: Path) -> dict[str, dict[str, Any]]:
    """The attachments of the latest versions by the path of their address; but the county's own form."""
    views = [json.loads(row[0]) for row in rows(folder, "SELECT attachments FROM latest_articles")]
    all_ = [file for view in views for file in view if "download.jsp" not in file["url"]]
    return {"/" + file["url"].partition("//")[2].partition("/")[2]: file for file in all_}


def good(folder: Path, county: DemoServer, *options: object) -> dict[str, Any]:
    """Crawl; the report of what must have gone well. What was asked before is forgotten."""
    county.clear_requests()
    done = crawl(folder, county, *options)
    assert (done.code, done.err, done.report["outcome"], done.report["reason"]) == (0, "", "good", None)
    return done.report


def times(county: DemoServer, path: str) -> int:
    return asked(county).count(path)


def test_the_countys_form_is_fetched_once_shown_and_then_only_asked_whether_it_changed(
    tmp_path: Path, county: DemoServer
) -> None:
    sites = site(tmp_path, text=NOTICES)
    report = good(tmp_path, county)
    [form] = [one for one in county.requests if "download.jsp" in one.path]
    assert dict(form.headers)["Accept-Encoding"] == "identity", "so that the payload is the file"
    assert (report["files"], report["refused"], report["requests"]) == (1, {}, len(county.requests))
    words = ("--archive", tmp_path / "archive", "--sites", sites)
    [shown] = lufeng(*words, "show", f"{county.url.rstrip('/')}{FORM.url(1002)}", "--json").lines
    [file] = shown["attachments"]
    assert (file["text"], file["digest"]) == (FORM.attachment, digest(form.body))
    before = rows(tmp_path, "SELECT length, mime, digest FROM attachments")
    assert before == [(len(form.body), dict(demo.answer(form.path, 1).headers)["Content-Type"], digest(form.body))]

    good(tmp_path, county)
    assert times(county, form.path) == 0
    good(tmp_path, county, "--full")
    assert [one.status for one in county.requests if one.path == form.path] == [200]  # --full asks unconditionally
    assert rows(tmp_path, "SELECT outcome, revisit_of IS NULL FROM captures WHERE kind = 'attachment'") == [
        ("file", 1),
        ("file", 0),
    ]
    everything = rows(tmp_path, "SELECT * FROM attachments")
    assert lufeng(*words, "rebuild").code == 0
    assert rows(tmp_path, "SELECT * FROM attachments") == everything


def test_a_file_that_many_articles_link_to_is_asked_for_once_a_run(tmp_path: Path, county: DemoServer) -> None:
    def other(path: str, day: int) -> HttpAnswer | None:
        return pdf() if path == "/a.pdf" else linking(path, "/a.pdf") if path in ARTICLES else None

    site(tmp_path, text=NOTICES)
    county.fail = other
    for _ in range(2):
        good(tmp_path, county)
        assert times(county, "/a.pdf") == (0 if _ else 1)
    linked = rows(tmp_path, "SELECT digest, count(*) FROM attachments WHERE url LIKE '%.pdf' GROUP BY digest")
    assert linked == [(digest(PDF), len(ARTICLES))]


def test_the_articles_of_a_limit_bring_their_files(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=NOTICES)
    county.fail = lambda path, day: (
        pdf() if path.endswith(".pdf") else linking(path, f"{path}.pdf") if path in ARTICLES else None
    )
    report = good(tmp_path, county, "--limit", 2)
    assert report["new"] == 2
    assert sum(path.endswith(".pdf") for path in asked(county)) == 2


def test_an_edited_article_has_its_files_asked_for_again_and_an_unchanged_payload_is_kept_once(
    tmp_path: Path, county: DemoServer
) -> None:
    site(tmp_path, text=NOTICES)
    county_with(county, {"/a.pdf": pdf()})
    good(tmp_path, county)
    county_with(county, {"/a.pdf": pdf(), "/b.pdf": pdf(b"%PDF another")})
    report = good(tmp_path, county, "--full")
    assert (report["edited"], times(county, "/a.pdf"), times(county, "/b.pdf")) == (1, 1, 1)
    bodies = [record.capture.body for record in kept(tmp_path) if record.capture.url.endswith("a.pdf")]
    assert bodies == [PDF, b""]
    assert {path: file["digest"] for path, file in attachments(tmp_path).items()} == {
        "/a.pdf": digest(PDF),
        "/b.pdf": digest(b"%PDF another"),
    }


def test_what_is_larger_than_the_limit_is_not_fetched_and_is_no_file(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=NOTICES, LUFENG_LARGEST_FILE=100_000)
    just = b"%PDF" + bytes(99_996)
    county_with(county, {"/a.pdf": pdf(b"%PDF" + bytes(20_000_000)), "/b.pdf": pdf(just)})
    good(tmp_path, county)
    captures = {record.capture.url[-6:]: record.capture for record in kept(tmp_path)}
    assert (captures["/a.pdf"].truncated, captures["/a.pdf"].body) == ("length", b"")
    assert captures["/a.pdf"].header("Content-Length") == "20000004"
    assert (captures["/b.pdf"].truncated, captures["/b.pdf"].body) == (None, just)
    assert [file["digest"] for file in attachments(tmp_path).values()] == [None, digest(just)]
    good(tmp_path, county)
    assert times(county, "/a.pdf") == 0, "that it is too large has been said"


def test_a_limit_of_nothing_asks_for_no_file(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=NOTICES, LUFENG_LARGEST_FILE=0)
    county_with(county, {"/a.pdf": pdf()})
    assert good(tmp_path, county)["files"] == 0
    assert times(county, "/a.pdf") == 0
    assert attachments(tmp_path)["/a.pdf"]["digest"] is None


IN_PLACE_OF_FILES = {
    "/404.pdf": (answer(404), "gone"),
    "/soft.pdf": (answer(200, "<html><body>您访问的文件不存在</body></html>"), "gone"),
    "/words.pdf": (answer(200, "文件不存在", {"Content-Type": "application/octet-stream"}), "gone"),
    "/521.pdf": (answer(521, "<script>document.cookie='__jsl_clearance=1'</script>"), "blocked"),
    "/403.pdf": (answer(403, "no"), "blocked"),
    "/article.pdf": (demo.answer(ARTICLES[1], 1), "other"),
    "/bytes.pdf": (answer(200, demo.answer(ARTICLES[1], 1).body, {"Content-Type": "application/pdf"}), "other"),
    "/listing.pdf": (demo.answer("/zwgk.htm", 1), "other"),
    "/500.pdf": (answer(500), "other"),
}


def test_what_stands_in_a_files_place_is_no_file_and_lowers_nothing(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=NOTICES)
    county_with(county, {path: given for path, (given, _) in IN_PLACE_OF_FILES.items()})
    report = good(tmp_path, county)
    assert (report["new"], report["files"], report["blocked"], report["errors"]) == (len(ARTICLES), 1, 2, 0)
    sql = "SELECT outcome FROM captures WHERE url LIKE ?"
    for path, (_, outcome) in IN_PLACE_OF_FILES.items():
        assert rows(tmp_path, sql, f"%{path}") == [(outcome,)], path
    assert {file["digest"] for file in attachments(tmp_path).values()} == {None}
    assert rows(tmp_path, "SELECT count(*) FROM columns") == [(1,)]

    county_with(county, dict.fromkeys(IN_PLACE_OF_FILES, pdf()))
    good(tmp_path, county)
    again = [path for path in asked(county) if path.endswith(".pdf")]
    assert sorted(again) == ["/500.pdf", "/521.pdf"], "others when their article is visited"
    good(tmp_path, county, "--full")
    assert {file["digest"] for file in attachments(tmp_path).values()} == {digest(PDF)}


def test_a_file_is_found_behind_a_redirect(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=NOTICES)
    county_with(county, {"/a.pdf": answer(302, "", {"Location": "/real/a.pdf"}), "/real/a.pdf": pdf()}, "/a.pdf")
    good(tmp_path, county)
    assert attachments(tmp_path)["/a.pdf"]["digest"] == digest(PDF)


def test_hosts_that_nobody_named_are_never_asked_and_that_is_said_once(tmp_path: Path, county: DemoServer) -> None:
    with demo.serve() as other:
        away = [f"{other.url}{name}" for name in ("a.pdf", "b.pdf")]
        site(tmp_path, text=NOTICES)
        moved = answer(302, "", {"Location": f"{other.url}c.pdf"})
        county_with(county, {"/c.pdf": moved}, *away, "/c.pdf", "javascript:void(0)")
        report = good(tmp_path, county)
        host = other.url.split("/")[2]
        assert (report["refused"], report["errors"], report["blocked"]) == ({host: 3}, 0, 0)
        words = (
            "--archive",
            tmp_path / "again",
            "--sites",
            tmp_path / "sites",
            "crawl",
            "county",
            "--start",
            county.url,
        )
        told = lufeng(*words)
        assert f"3 attachments not asked for (at {host}); " in told.out
        assert told.err == ""
        assert asked(other) == []


def test_what_robots_txt_forbids_is_not_asked_for(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=NOTICES)
    rules = answer(200, "User-agent: *\nDisallow: /files/\n", {"Content-Type": "text/plain"})
    county_with(county, {"/files/a.pdf": pdf(), "/files/b.pdf": pdf(), "/c.pdf": pdf(), ROBOTS: rules}, *[
        "/files/a.pdf", "/files/b.pdf", "/c.pdf",
    ])  # fmt: skip
    report = good(tmp_path, county)
    assert list(report["refused"].values()) == [2]
    assert (report["errors"], report["files"]) == (0, 2)
    assert times(county, "/files/a.pdf") == 0


def test_what_gave_no_answer_is_asked_for_by_the_next_run(tmp_path: Path, county: DemoServer) -> None:
    """As after a kill: the article is known and fresh, and its file was never seen."""

    def hang_up() -> HttpAnswer:
        raise ConnectionResetError

    site(tmp_path, text=NOTICES)
    county_with(county, {"/a.pdf": hang_up})
    report = good(tmp_path, county)
    assert report["errors"] == 1
    county_with(county, {"/a.pdf": pdf()})
    report = good(tmp_path, county)
    assert (times(county, "/a.pdf"), report["files"], report["new"]) == (1, 1, 0)
    assert attachments(tmp_path)["/a.pdf"]["digest"] == digest(PDF)
    good(tmp_path, county)
    assert times(county, "/a.pdf") == 0


def test_a_host_that_gives_no_answer_for_files_is_left_alone(tmp_path: Path, county: DemoServer) -> None:
    """Each would be waited for; the rest is left to the next run."""

    def hang_up(path: str, day: int) -> HttpAnswer | None:
        if path.endswith(".pdf") or "download.jsp" in path:
            raise ConnectionResetError
        return linking(path, f"{path}.pdf") if path in ARTICLES else None

    site(tmp_path, text=NOTICES)
    county.fail = hang_up
    report = good(tmp_path, county)
    [refused] = report["refused"].values()
    assert 3 <= report["errors"] < 6
    assert refused + report["errors"] == len(ARTICLES) + 1


def test_a_file_that_a_listing_names_as_well_is_kept_for_both(tmp_path: Path, county: DemoServer) -> None:
    """And an article that another one links to as an attachment is an article all the same."""
    site(tmp_path, text=NOTICES)
    county_with(county, {}, ARTICLES[-1])
    report = good(tmp_path, county)
    assert report["new"] == len(ARTICLES)
    assert rows(tmp_path, "SELECT kind FROM captures WHERE url LIKE ? ORDER BY kind", f"%{ARTICLES[-1]}") == [
        ("article",),
        ("attachment",),
    ]
