"""Time maps: the moments at which an address was captured, in the forms of Memento."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export.timemap import TimeMap, build_timemap
from lufeng_crawler.errors import NotInArchive
from tests.support.archive_builder import Story, address, answer, article
from tests.support.wacz_files import told

PREFIX = "http://replay.example/lufeng/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("archive"))


def found(folder: Path, *addresses: str) -> TimeMap:
    with closing(connect_for_reading(folder)) as db:
        return build_timemap(db, addresses, PREFIX)


def test_the_link_format(folder: Path) -> None:
    url = address(1)
    assert list(found(folder, url).lines()) == [
        f'<{url}>; rel="original",',
        f'<{PREFIX}timemap/link/{url}>; rel="self"; type="application/link-format";'
        ' from="Sun, 01 Nov 2026 00:00:02 GMT"; until="Wed, 04 Nov 2026 00:00:01 GMT",',
        f'<{PREFIX}{url}>; rel="timegate",',
        f'<{PREFIX}20261101000002/{url}>; rel="first memento"; datetime="Sun, 01 Nov 2026 00:00:02 GMT",',
        f'<{PREFIX}20261102000001/{url}>; rel="memento"; datetime="Mon, 02 Nov 2026 00:00:01 GMT",',
        f'<{PREFIX}20261103000001/{url}>; rel="memento"; datetime="Tue, 03 Nov 2026 00:00:01 GMT",',
        f'<{PREFIX}20261104000001/{url}>; rel="last memento"; datetime="Wed, 04 Nov 2026 00:00:01 GMT"',
    ]


def test_the_json_says_the_same(folder: Path) -> None:
    map = found(folder, address(1))
    said = map.report()
    assert said["original_uri"] == address(1)
    assert said["timegate_uri"] == PREFIX + address(1)
    assert said["timemap_uri"]["link_format"] == PREFIX + "timemap/link/" + address(1)
    listed = said["mementos"]["list"]
    assert [said["mementos"]["first"], said["mementos"]["last"]] == [listed[0], listed[-1]]
    assert [one["datetime"] for one in listed] == list(map.moments)
    links = [re.findall("<(.*?)>", line)[0] for line in map.lines() if "memento" in line]
    assert [one["uri"] for one in listed] == links


def test_what_shows_no_state_of_the_address_is_no_memento(folder: Path) -> None:
    """Capture 7 is a challenge, 9 is a 304; a redirect and a 404 of the site itself are mementos (RFC 7089, 4.5)."""
    assert found(folder, address(2)).moments == ("2026-11-01T00:00:03Z", "2026-11-03T00:00:02Z")
    assert found(folder, address("list.htm")).moments == ("2026-11-01T00:00:01Z",)
    assert found(folder, address(5)).moments == ("2026-11-04T00:00:02Z",)


def test_a_single_memento_is_first_and_last(folder: Path) -> None:
    (line,) = [line for line in found(folder, address(5)).lines() if "memento" in line]
    assert 'rel="first last memento"' in line and not line.endswith(",")


def test_the_first_form_of_an_address_that_is_known_is_taken(folder: Path) -> None:
    assert found(folder, "http://gulou.example:80/info/1/1.htm", address(1)).url == address(1)
    assert found(folder, address(1), address(2)).url == address(1)


def test_addresses_of_other_letters_are_found_in_either_form_and_escaped(tmp_path: Path) -> None:
    Story(tmp_path).run(1, answer("通知.htm", {"title": "一"}), answer("%E8%A1%A8.htm", {"title": "二"}))
    first = found(tmp_path, address("通知.htm"))
    assert f"<{address('%E9%80%9A%E7%9F%A5.htm')}>" in "".join(first.lines())
    assert found(tmp_path, address("表.htm")).url == address("%E8%A1%A8.htm")


def test_two_answers_of_one_second_are_one_memento(tmp_path: Path) -> None:
    at = "2026-11-01T00:00:01Z"
    Story(tmp_path).run(1, article(1, "甲", fetched_at=at), article(1, "乙", fetched_at=at))
    assert found(tmp_path, address(1)).moments == (at,)


@pytest.mark.parametrize("url", ["http://nowhere.example/", "", address(99)])
def test_an_address_that_nobody_captured_is_said(folder: Path, url: str) -> None:
    with pytest.raises(NotInArchive, match=f"^{url}: the archive has no capture that shows"):
        found(folder, url, "")
