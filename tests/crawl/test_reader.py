"""Tests that a capture is read as its site's file says, and by the page alone where there is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lufeng_crawler import pages
from lufeng_crawler.errors import SiteFileError
from lufeng_crawler.items import Article, Capture, Entry, Gone, Listing
from lufeng_crawler.reader import SOFTWARE, open_archive, reader, unify_keys

TEXT = "鹿峰县召开防汛工作会议，部署今年的防汛工作，要求各乡镇落实责任。" * 4
PAGE = f"""<title>鹿峰县召开防汛工作会议-鹿峰县人民政府</title><h1>鹿峰县召开防汛工作会议</h1>
<p>日期：2026-11-01　来源：鹿峰县融媒体中心</p><div id="odd"><p>旁的文字</p></div><div id="zoom"><p>{TEXT}</p></div>"""
FILE = """title = "鹿峰县人民政府"
start = "http://www.lufengxian.example/"
[[columns]]
name = "鹿峰动态"
path = "/lfdt.htm"
[article]
body = "{}"
"""


def capture(site: str) -> Capture:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(
        "http://www.lufengxian.example/1.html", "2026-11-22T10:04:05Z", 200, headers, PAGE.encode(), site=site
    )


def body(folder: Path | None, site: str) -> str:
    found = reader(folder).read(capture(site))
    assert isinstance(found, Article), found
    return found.body


def test_the_site_file_says_where_the_text_stands(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text(FILE.format("#odd"), "utf-8")
    assert body(tmp_path, "odd") == "旁的文字"


@pytest.mark.parametrize("site", ["www.lufengxian.example", "", "another"])
def test_a_site_without_a_file_is_read_by_the_page_alone(tmp_path: Path, site: str) -> None:
    (tmp_path / "odd.toml").write_text(FILE.format("#odd"), "utf-8")
    assert body(tmp_path, site) == body(None, site) == TEXT


def test_a_broken_site_file_is_said_and_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text("title = ", "utf-8")
    with pytest.raises(SiteFileError, match=r"odd\.toml"):
        body(tmp_path, "odd")


def test_a_file_is_read_once_and_not_for_every_page(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text(FILE.format("#odd"), "utf-8")
    read = reader(tmp_path).read
    first = read(capture("odd"))
    (tmp_path / "odd.toml").unlink()
    assert read(capture("odd")) == first


def test_a_version_says_which_reader_and_which_software_made_it(tmp_path: Path) -> None:
    assert reader(None).name == str(pages.READER)
    assert dict(part.split("/") for part in SOFTWARE.split())["reader"] == str(pages.READER)
    assert [part.partition("/")[0] for part in SOFTWARE.split()] == ["lufeng-crawler", "reader", "Scrapy", "Python"]
    archive = open_archive(tmp_path / "archive", None)
    assert archive.reader.name == str(pages.READER)
    archive.close()


def test_what_a_site_file_says_of_reading_is_part_of_the_readers_name(tmp_path: Path) -> None:
    assert reader(None).layout("no site file knows it") == ""
    names = set()
    for selector in ("#odd", "#zoom", "#odd"):
        (tmp_path / "odd.toml").write_text(FILE.format(selector), "utf-8")
        names.add(reader(tmp_path).layout("odd"))
    assert len(names) == 2
    assert all(re.fullmatch(r" \+[0-9a-f]{8}", name) for name in names)


BOTH = frozenset({"www.gulou.example", "gulou.example", "file.gulou.example", "gulou.example:8080"})


@pytest.mark.parametrize(
    ("key", "hosts", "unified"),
    [
        ("1149", BOTH, "1149"),
        ("", BOTH, ""),
        ("一行没有链接的标题", BOTH, "一行没有链接的标题"),
        ("https://gulou.example/a.htm", BOTH, "http://gulou.example/a.htm"),
        (
            "https://www.gulou.example/a.htm?u=http://www.gulou.example/",
            BOTH,
            "http://gulou.example/a.htm?u=http://www.gulou.example/",
        ),
        ("http://www.gulou.example", BOTH, "http://gulou.example"),
        ("http://www.gulou.example/a.htm", frozenset({"www.gulou.example"}), "http://www.gulou.example/a.htm"),
        ("http://www.gulou.example/a.htm", frozenset({"gulou.example"}), "http://www.gulou.example/a.htm"),
        ("http://www.file.gulou.example/a.htm", BOTH, "http://www.file.gulou.example/a.htm"),
        ("http://www.gulou.example:8080/a.htm", BOTH, "http://www.gulou.example:8080/a.htm"),
        ("https://elsewhere.example/a.htm", BOTH, "http://elsewhere.example/a.htm"),
        ("ftp://www.gulou.example/a", BOTH, "ftp://www.gulou.example/a"),
    ],
)
def test_one_article_has_one_key_however_its_address_is_written(key: str, hosts: frozenset[str], unified: str) -> None:
    page, line = Article(key, "http://x/", "题", "文"), Entry("题", "http://x/", key)
    assert unify_keys(page, hosts) == Article(unified, "http://x/", "题", "文")
    assert unify_keys(Listing((line, line), "http://x/2"), hosts) == Listing(
        (Entry("题", "http://x/", unified),) * 2, "http://x/2"
    )


def test_what_names_no_article_is_as_it_is() -> None:
    assert unify_keys(Gone("404"), BOTH) == Gone("404")
