"""A WACZ holds what was chosen, byte for byte, in the form that replays ask for."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastwarc.warc import ArchiveIterator

from lufeng_crawler.archive.export.capture_selection import CaptureFilter
from lufeng_crawler.archive.export.cdxj import surt_key
from lufeng_crawler.archive.export.wacz_signing import SigningKey
from lufeng_crawler.archive.warc import files
from lufeng_crawler.errors import DamagedCapture, UsageError
from tests.support.archive_builder import Story, address, answer, article, rows, warcio, warcs
from tests.support.wacz_files import Opened, packed, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def whole(folder: Path) -> Opened:
    return packed(folder, folder / "all.wacz")


def types(warc: bytes) -> list[str]:
    """What the records of a WARC are."""
    return [one.headers["WARC-Type"] for one in ArchiveIterator(BytesIO(warc), parse_http=False)]


def test_the_parts_are_those_of_the_standard(whole: Opened, folder: Path) -> None:
    assert sorted(whole.parts) == sorted(
        [
            *(f"archive/{path.name}" for path in warcs(folder)),
            "datapackage-digest.json",
            "datapackage.json",
            "indexes/index.cdx.gz",
            "indexes/index.idx",
            "pages/pages.jsonl",
        ]
    )
    assert len(warcs(folder)) == 4


def test_the_records_are_those_of_the_captures_byte_for_byte(whole: Opened, folder: Path) -> None:
    """Nothing but the records about runs is left out, and nothing is between the others."""
    for path in warcs(folder):
        members = {path.read_bytes()[place.offset :][: place.length]: data for place, data in files.read_members(path)}
        kept = [member for member, data in members.items() if b"WARC-Type: metadata" not in data]
        assert whole.parts[f"archive/{path.name}"] == b"".join(kept)
        first, *others = types(whole.parts[f"archive/{path.name}"])
        assert first == "warcinfo" and others[1::2] == ["request"] * (len(others) // 2)


def test_warcio_finds_the_warcs_sound(whole: Opened, tmp_path: Path) -> None:
    for name, data in whole.parts.items():
        if name.startswith("archive/"):
            (tmp_path / Path(name).name).write_bytes(data)
    paths = sorted(tmp_path.iterdir())
    assert warcio("check", paths).returncode == 0
    listed = warcio("index", paths, "-f", "warc-type")
    assert (listed.returncode, len(listed.stdout.splitlines())) == (0, 4 + 15 * 2)


def test_every_line_of_the_index_finds_its_record(whole: Opened) -> None:
    for surt, time, rest in whole.lines:
        member = whole.record(rest)
        assert rest["recordDigest"] == "sha256:" + sha256(member).hexdigest()
        (found,) = ArchiveIterator(BytesIO(member))
        assert surt == surt_key(rest["url"]) == surt_key(found.headers["WARC-Target-URI"])
        assert time == "".join(filter(str.isdigit, found.headers["WARC-Date"]))
        assert rest["status"] == str(found.http_headers.status_code)
        assert rest["digest"] == found.headers["WARC-Payload-Digest"]
        assert (rest["mime"] == "warc/revisit") == (found.headers["WARC-Type"] == "revisit")


def test_challenges_and_304_are_in_the_warcs_and_not_in_the_index(whole: Opened) -> None:
    assert len(whole.lines) == 13
    assert {rest["status"] for _, _, rest in whole.lines} == {"200", "301", "404"}
    text = b"".join(gzip.decompress(data) for name, data in whole.parts.items() if name.startswith("archive/"))
    assert b"HTTP/1.1 521 " in text and b"HTTP/1.1 304 " in text


def test_an_answer_that_was_cut_is_indexed_and_is_no_page(whole: Opened) -> None:
    cut = [rest for _, time, rest in whole.lines if (rest["url"], time) == (address(1), "20261104000001")]
    assert b"WARC-Truncated: length" in gzip.decompress(whole.record(cut[0]))
    assert "2026-11-04T00:00:01Z" not in [page.get("ts") for page in whole.pages]


def test_an_address_of_other_letters_is_found_by_the_key_of_its_escaped_form(whole: Opened) -> None:
    found = [surt for surt, _, rest in whole.lines if rest["url"] == address("文/通知.htm")]
    assert found == ["example,gulou)/%e6%96%87/%e9%80%9a%e7%9f%a5.htm"]


def test_each_version_is_a_page_that_the_index_knows(whole: Opened) -> None:
    """What ReplayWeb.page asks of a page: an id of its own, url, ts; of the first line: the format."""
    head, *pages = whole.pages
    assert head == {"format": "json-pages-1.0", "id": "pages", "title": "2 sites", "hasText": True}
    assert [(page["title"], page["text"]) for page in pages] == [
        ("旧题", "旧文"),
        ("二", "文"),
        ("三", "文"),
        ("新题", "新文"),
        ("中", ""),
    ]
    indexed = {(rest["url"], time) for _, time, rest in whole.lines}
    for page in pages:
        assert list(page) == ["id", "url", "ts", "title", "text"]
        assert (page["url"], "".join(filter(str.isdigit, page["ts"]))) in indexed
    assert len({page["id"] for page in pages}) == len(pages)


def test_the_manifest_says_what_is_in_it(whole: Opened, folder: Path) -> None:
    said = whole.manifest
    assert (said["title"], said["created"], said["software"]) == (
        "2 sites",
        "2026-11-04T00:00:03Z",
        "lufeng-crawler test",
    )
    assert said["description"].startswith("15 captures, 2026-11-01T00:00:01Z to 2026-11-04T00:00:03Z. ")
    assert "mainPageUrl" not in said and "signedData" not in whole.digest


def test_one_article_is_its_main_page_and_its_title(folder: Path, tmp_path: Path) -> None:
    package = packed(folder, tmp_path / "a.wacz", CaptureFilter(articles=(1,)))
    said = package.manifest
    assert (said["title"], said["mainPageUrl"], said["mainPageDate"]) == ("新题", address(1), "2026-11-03T00:00:01Z")
    assert set(package.urls) == {address(1), address("a.docx")}
    assert [page["title"] for page in package.pages[1:]] == ["旧题", "新题"]


def test_one_site_begins_at_its_home_page(tmp_path: Path) -> None:
    Story(tmp_path).run(1, answer("", kind="home"), answer("robots.txt", kind="robots"))
    said = packed(tmp_path, tmp_path / "a.wacz").manifest
    assert (said["title"], said["mainPageUrl"]) == ("gulou", address(""))


def test_a_revisit_brings_its_original_however_old(folder: Path, tmp_path: Path) -> None:
    package = packed(folder, tmp_path / "a.wacz", CaptureFilter(since="2026-11-02", until="2026-11-02"))
    assert package.urls == [address("list.htm"), address(1), address("a.docx"), address(1), address("a.docx")]
    assert [page["ts"] for page in package.pages[1:]] == ["2026-11-01T00:00:02Z"]


def test_a_page_is_listed_where_the_capture_that_first_showed_it_is_left_out(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1))
    story.run(2, article(1, headers=(("Content-Type", "text/html"), ("X-Node", "2")), author=""))
    (page,) = packed(tmp_path, tmp_path / "a.wacz", CaptureFilter(since="2026-11-02")).pages[1:]
    assert (page["ts"], page["title"]) == ("2026-11-02T00:00:01Z", "题")


def test_the_original_of_a_page_is_indexed_though_it_was_taken_for_a_challenge(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1))
    story.run(2, article(1))
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db, db:
        db.execute("UPDATE captures SET outcome = 'blocked' WHERE id = 1")
    assert len(packed(tmp_path, tmp_path / "a.wacz").lines) == 2


def test_the_same_address_twice_in_a_second_is_indexed_twice(tmp_path: Path) -> None:
    at = "2026-11-01T00:00:01Z"
    Story(tmp_path).run(1, article(1, "甲", fetched_at=at), article(1, "乙", fetched_at=at))
    package = packed(tmp_path, tmp_path / "a.wacz")
    assert len({rest["offset"] for _, _, rest in package.lines}) == 2
    assert len({page["id"] for page in package.pages[1:]}) == len(package.pages[1:]) > 0


def test_the_same_archive_gives_the_same_bytes(folder: Path, whole: Opened, tmp_path: Path) -> None:
    packed(folder, tmp_path / "again.wacz")
    assert (tmp_path / "again.wacz").read_bytes() == (folder / "all.wacz").read_bytes()


def test_files_of_folders_become_files_of_names_of_their_own(tmp_path: Path) -> None:
    Story(tmp_path).run(1, article(1))
    (path,) = warcs(tmp_path)
    (path.parent / "0123456789abcdef").mkdir()
    path.rename(path.parent / "0123456789abcdef" / path.name)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db, db:
        db.execute("UPDATE captures SET file = '0123456789abcdef/' || file")
    package = packed(tmp_path, tmp_path / "a.wacz")
    ((_, _, rest),) = package.lines
    assert rest["filename"] == f"0123456789abcdef-{path.name}"
    assert package.record(rest)


def test_a_request_that_went_with_a_torn_tail_is_missed_by_nobody(tmp_path: Path) -> None:
    Story(tmp_path).run(1, article(1), outcome=None)
    (path,) = warcs(tmp_path)
    request = [place for place, _ in files.read_members(path)][-1]
    files.truncate_file(path, request.offset + 5)
    Story(tmp_path, told=["run-000"]).run(2, article(2))
    assert rows(tmp_path, "SELECT count(*) AS n FROM captures") == [{"n": 2}]
    package = packed(tmp_path, tmp_path / "a.wacz")
    assert types(package.parts[f"archive/{path.name}"]) == ["warcinfo", "response"]


def test_a_damaged_record_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    Story(tmp_path).run(1, article(1))
    (path,) = warcs(tmp_path)
    place = [place for place, _ in files.read_members(path)][-3]  # before request and end of the run
    data = bytearray(path.read_bytes())
    data[place.offset + place.length // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedCapture, match=f"{path.name} at {place.offset}: no whole record"):
        packed(tmp_path, tmp_path / "a.wacz")
    path.unlink()
    with pytest.raises(DamagedCapture, match=f"{path.name}: cannot be read"):
        packed(tmp_path, tmp_path / "a.wacz")
    assert not list(tmp_path.glob("*.wacz"))


def test_the_ending_is_the_standards(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.zip: the file name must end in \.wacz"):
        packed(folder, tmp_path / "a.zip")


def test_a_signed_one_says_so_and_is_else_the_same(folder: Path, whole: Opened, tmp_path: Path) -> None:
    signed = packed(folder, tmp_path / "a.wacz", key=SigningKey(ec.generate_private_key(ec.SECP384R1())))
    said = signed.digest["signedData"]
    assert (said["hash"], said["created"]) == (signed.digest["hash"], signed.manifest["created"])
    assert signed.parts | {"datapackage-digest.json": b""} == whole.parts | {"datapackage-digest.json": b""}
