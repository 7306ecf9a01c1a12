"""Site files: what good ones become, and the one line that a bad one gets."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler import sites
from lufeng_crawler.errors import SiteFileError, UnknownSite, UsageError
from lufeng_crawler.items import PresenceRule
from lufeng_crawler.pages.families.registry import FAMILIES
from lufeng_crawler.sites import value_checks

Write = Callable[..., Path]
HEAD = 'title = "鼓楼区人民政府"\nstart = "http://www.example.gov.cn/"\n'
COLUMN = '[[columns]]\nname = "要闻动态"\n'
GOOD = HEAD + COLUMN
FULL = """
title  = "鼓楼区人民政府"
start  = "http://WWW.example.gov.cn:80/index.htm"
family = "vsb"
every  = "90m"
hosts  = ["file.example.gov.cn", "10.1.1.1:8080"]
encoding = "gbk"
site_id_code = "3201060001"

[[columns]]
name = "要闻动态"
path = "/xwzx/ywdt.htm"

[[columns]]
name = "专题"
path = "https://zt.example.gov.cn/list.htm"

[[columns]]
name = "街道"
under = "要闻动态"

[article]
body = "div.v_news_content"

[listing]
entries = "ul.list > li"
next_page = "a.next"

[expect]
entries = 10
newest_within_days = 14

[presence]
observations = 3
apart = "2d"

[scrapy]
DOWNLOAD_DELAY = 3
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a site file into a folder of its own, and return the folder."""

    def written(text: str | bytes, name: str = "gulou") -> Path:
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / f"{name}.toml").write_bytes(data)
        return tmp_path

    return written


def test_every_bundled_site_loads_and_is_named_after_its_file() -> None:
    found = sites.load_all_sites()
    assert {"demo", "lufeng"} <= set(found)
    assert len(found) > 30
    assert all(site.name == name for name, site in found.items())


def test_bundled_sites_of_the_internet_are_governments_and_each_has_a_host_and_a_title_of_its_own() -> None:
    real = [site for site in sites.load_all_sites().values() if not site.is_local]
    hosts = [host for site in real for host in site.all_hosts]
    assert len(set(hosts)) == len(hosts)
    assert all(host.endswith(".gov.cn") for host in hosts)
    assert len({site.title for site in real}) == len(real)


def test_bundled_sites_of_the_internet_are_asked_seldom_and_expected_to_bring_something() -> None:
    for site in sites.load_all_sites().values():
        assert site.is_local or site.every >= timedelta(hours=2)
        assert site.expect.entries
        assert site.family in {None, *(family.name for family in FAMILIES)}


def test_the_first_site_is_what_this_crawler_is_named_after() -> None:
    lufeng = sites.load_site("lufeng")
    assert lufeng.title == "禄丰市人民政府"
    assert lufeng.all_hosts == {"www.ynlf.gov.cn"}
    assert [column.name for column in lufeng.columns] == ["禄丰动态"]
    assert lufeng.columns[0].url(lufeng) is None


def test_the_demo_site_lives_on_loopback_and_its_days_pass_in_seconds() -> None:
    demo = sites.load_site("demo")
    assert urlsplit(demo.start).hostname == "127.0.0.1"
    assert demo.presence == PresenceRule(apart=0)


def test_every_key_of_a_full_file_is_read(write: Write) -> None:
    site = sites.load_site("gulou", write(FULL))
    assert (site.name, site.title, site.family) == ("gulou", "鼓楼区人民政府", "vsb")
    assert site.every == timedelta(minutes=90)
    assert (site.layout.encoding, site.layout.site_id_code) == ("gbk", "3201060001")
    assert dict(site.layout.article) == {"body": "div.v_news_content"}
    assert dict(site.layout.listing) == {"entries": "ul.list > li", "next_page": "a.next"}
    assert site.expect == sites.Expect(entries=10, newest_within_days=14)
    assert site.presence == PresenceRule(observations=3, apart=2 * 86400)
    assert dict(site.scrapy) == {"DOWNLOAD_DELAY": 3}


def test_hosts_are_those_of_the_start_the_columns_and_the_list(write: Write) -> None:
    site = sites.load_site("gulou", write(FULL))
    assert site.host == "www.example.gov.cn"
    assert site.all_hosts == {"www.example.gov.cn", "zt.example.gov.cn", "file.example.gov.cn", "10.1.1.1:8080"}


def test_a_column_has_an_address_or_is_found_by_its_name(write: Write) -> None:
    site = sites.load_site("gulou", write(FULL))
    assert [column.url(site) for column in site.columns] == [
        "http://WWW.example.gov.cn:80/xwzx/ywdt.htm",
        "https://zt.example.gov.cn/list.htm",
        None,
    ]
    assert site.columns[2].under == "要闻动态"


def test_what_a_short_file_leaves_out_has_a_default(write: Write) -> None:
    site = sites.load_site("gulou", write(GOOD))
    assert site.every == timedelta(hours=6)
    assert site.presence == PresenceRule(observations=2, apart=86400)
    assert (site.family, site.hosts, site.expect, dict(site.scrapy)) == (None, (), sites.Expect(), {})


def test_the_folder_wins_over_the_package(write: Write) -> None:
    folder = write(GOOD, "lufeng")
    assert sites.load_site("lufeng", folder).title == "鼓楼区人民政府"
    assert sites.load_all_sites(folder)["lufeng"].title == "鼓楼区人民政府"
    assert "demo" in sites.load_all_sites(folder)


@pytest.mark.parametrize("text", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()])
def test_what_a_windows_editor_saves_is_read(write: Write, text: bytes) -> None:
    assert sites.load_site("gulou", write(text)).title == "鼓楼区人民政府"


BAD = {
    "unknown key": (f'titel = "x"\n{GOOD}', "titel", "did you mean title?"),
    "unknown key in a column": (f'{GOOD}pth = "/a.htm"\n', "columns[1].pth", "did you mean path?"),
    "unknown key like none": (f'zzz = "x"\n{GOOD}', "zzz", "known here: title, start"),
    "unknown key of two lines": (f'"a\\nb" = "x"\n{GOOD}', r"'a\nb'", "is not a known key"),
    "unknown field": (f'{GOOD}[article]\nbodi = "div"\n', "article.bodi", "did you mean body?"),
    "unknown expectation": (f"{GOOD}[expect]\nentry = 3\n", "expect.entry", "did you mean entries?"),
    "no title": (GOOD.replace("title", "#"), "title", "is missing"),
    "no start": (GOOD.replace("start", "#"), "start", "is missing"),
    "no columns": (HEAD, "columns", "is missing"),
    "empty columns": (f"columns = []\n{HEAD}", "columns", "needs at least one"),
    "column without a name": (f'{GOOD}[[columns]]\npath = "/a.htm"\n', "columns[2].name", "is missing"),
    "two columns of one name": (GOOD + COLUMN, "columns", "two of them are named 要闻动态"),
    "column under itself": (f'{GOOD}under = "要闻动态"\n', "columns[1].under", "cannot lie under itself"),
    "both path and under": (f'{GOOD}path = "/a.htm"\nunder = "新闻"\n', "columns[1].under", "keep one of them"),
    "path of another scheme": (f'{GOOD}path = "javascript:void(0)"\n', "columns[1].path", "http://"),
    "columns not a list": (f'{HEAD}[columns]\nname = "x"\n', "columns", "must be a list"),
    "column not a table": (f'columns = ["要闻"]\n{HEAD}', "columns[1]", "must be a table"),
    "title not text": (GOOD.replace('"鼓楼区人民政府"', "7"), "title", "must be text, not 7"),
    "blank title": (GOOD.replace("鼓楼区人民政府", "  "), "title", "must be text"),
    "start of another scheme": (GOOD.replace("http:", "ftp:"), "start", "neither http:// nor https://"),
    "start without a host": (GOOD.replace("www.example.gov.cn", ""), "start", "names no host"),
    "start with a bad port": (GOOD.replace("gov.cn/", "gov.cn:99999/"), "start", "must be a URL"),
    "start with half a bracket": (GOOD.replace("www", "[www"), "start", "must be a URL"),
    "host with a path": (f'hosts = ["a.gov.cn/x"]\n{GOOD}', "hosts[1]", "must be a host"),
    "host with a scheme": (f'hosts = ["a.gov.cn", "http://b.gov.cn"]\n{GOOD}', "hosts[2]", "must be a host"),
    "hosts not a list": (f'hosts = "a.gov.cn"\n{GOOD}', "hosts", "must be a list"),
    "duration without a unit": (f'every = "6"\n{GOOD}', "every", '"6h"'),
    "duration as a number": (f"every = 6\n{GOOD}", "every", '"6h"'),
    "duration of nothing": (f'every = "0h"\n{GOOD}', "every", "longer than zero"),
    "duration beyond reason": (f'every = "99999999999d"\n{GOOD}', "every", "must be a duration"),
    "bad presence": (f'{GOOD}[presence]\napart = "soon"\n', "presence.apart", "must be a duration"),
    "no observations": (f"{GOOD}[presence]\nobservations = 0\n", "presence.observations", "above 0"),
    "yes is no number": (f"{GOOD}[expect]\nentries = true\n", "expect.entries", "whole number"),
    "half a line": (f"{GOOD}[expect]\nentries = 1.5\n", "expect.entries", "whole number"),
    "no such encoding": (f'encoding = "gb99"\n{GOOD}', "encoding", "unknown encoding: gb99"),
    "no encoding of text": (f'encoding = "base64"\n{GOOD}', "encoding", "not a text encoding"),
    "expect not a table": (f"expect = 10\n{GOOD}", "expect", "must be a table"),
    "selector not text": (f"{GOOD}[article]\nbody = []\n", "article.body", "must be text"),
    "small setting": (f"{GOOD}[scrapy]\ndownload_delay = 3\n", "scrapy.download_delay", "capitals"),
    "settings not a table": (f"scrapy = 3\n{GOOD}", "scrapy", "must be a table"),
    "broken TOML": (f"{HEAD}columns = [\n", "TOML", "cannot be read"),
    "broken TOML with its line": (f"{HEAD}要闻 = 1\n", "TOML", "line 3"),
    "not UTF-8": (GOOD.encode("gb18030"), "TOML", "utf-8"),
}


@pytest.mark.parametrize(("text", "key", "problem"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_gets_one_line_that_names_file_and_key(
    write: Write, text: str | bytes, key: str, problem: str
) -> None:
    folder = write(text)
    with pytest.raises(SiteFileError) as refused:
        sites.load_site("gulou", folder)
    line = str(refused.value)
    assert line.startswith(f"{folder / 'gulou.toml'}: {key}: ")
    assert problem in line
    assert len(line.splitlines()) == 1
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("name", ["Gulou", "鼓楼", "-gulou", "gu lou"])
def test_a_site_is_named_in_small_latin_letters(write: Write, name: str) -> None:
    folder = write(GOOD, name)
    with pytest.raises(SiteFileError, match="the file's name"):
        sites.load_site(name, folder)


@pytest.mark.parametrize("name", [".gulou", "._gulou", ".#gulou"])
def test_hidden_files_are_nobodys_sites(write: Write, name: str) -> None:
    folder = write("\0", name)
    assert sites.load_all_sites(folder).keys() == sites.load_all_sites().keys()
    with pytest.raises(UnknownSite):
        sites.load_site(name, folder)


def test_those_that_can_be_loaded_are_and_the_others_are_told(write: Write) -> None:
    write("title =", "broken")
    folder = write(GOOD)
    found = sites.load_site_files(folder)
    assert found.sites.keys() == {*sites.load_all_sites(), "gulou"}
    assert [str(problem).partition(":")[0] for problem in found.problems.values()] == [str(folder / "broken.toml")]
    chosen = sites.select_sites(["gulou", "broken", "nobody", "gulou"], folder)
    assert (list(chosen.sites), list(chosen.problems)) == (["gulou"], ["broken", "nobody"])


def test_a_folder_that_cannot_be_read_is_no_folder_without_sites(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(GOOD)

    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(UsageError, match="the folder of site files cannot be read: Permission denied"):
        sites.load_site_files(folder)


def test_an_unknown_site_is_refused_with_the_names_like_it() -> None:
    with pytest.raises(UnknownSite, match="no site is named lufang; did you mean lufeng"):
        sites.load_site("lufang")
    with pytest.raises(UnknownSite, match=r"known are: .*demo, .*lufeng, "):
        sites.load_site("../../etc/passwd")


def test_a_broken_neighbour_stops_all_but_not_one(write: Write) -> None:
    write(GOOD)
    folder = write("title = ", "broken")
    assert sites.load_site("gulou", folder).name == "gulou"
    with pytest.raises(SiteFileError, match=r"broken\.toml"):
        sites.load_all_sites(folder)


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        sites.load_all_sites(tmp_path / "none")


def test_a_site_is_made_for_a_host_nobody_knows() -> None:
    site = sites.site_from_host("www.example.gov.cn:8080", "http://www.example.gov.cn:8080/a")
    assert (site.name, site.title, site.columns) == ("www.example.gov.cn:8080",) * 2 + ((),)
    assert site.all_hosts == {"www.example.gov.cn:8080"}


@pytest.mark.parametrize("host", ["", "WWW.example.cn", "a/../b", "a b", "a'b", "a\nb", "http://a"])
def test_a_name_that_is_no_host_makes_no_site(host: str) -> None:
    with pytest.raises(ValueError):
        sites.site_from_host(host, "http://www.example.cn/")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("HTTP://Www.Example.gov.cn/a?b#c", "www.example.gov.cn"),
        ("http://www.example.gov.cn:80", "www.example.gov.cn"),
        ("https://www.example.gov.cn:443/", "www.example.gov.cn"),
        ("https://www.example.gov.cn:80/", "www.example.gov.cn:80"),
        ("http://user:word@www.example.gov.cn/", "www.example.gov.cn"),
        ("http://禄丰.政务/", "xn--iiq296h.xn--zfr164b"),
        ("http://[::1]:8047/", "[::1]:8047"),
    ],
)
def test_one_server_has_one_host(url: str, host: str) -> None:
    assert sites.host_of(url) == host


HOSTS = st.from_regex(
    r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z][a-z0-9]{1,5}){1,3}(:[1-9][0-9]{2,3})?", fullmatch=True
)


@given(HOSTS, st.sampled_from(["http", "https"]))
def test_a_host_is_its_own_host(host: str, scheme: str) -> None:
    once = sites.host_of(f"{scheme}://{host}/")
    assert sites.host_of(f"{scheme}://{once}/") == once == sites.host_of(f"{scheme}://{host.upper()}/x")


@given(st.text(string.printable + "禄丰。／：", max_size=30))
def test_what_stands_for_a_host_is_a_host_or_refused(text: str) -> None:
    try:
        host = sites.host_of(f"http://{text}")
    except ValueError:
        return
    assert set(host) <= set(string.ascii_lowercase + string.digits + ".-_:[]")


@given(st.integers(0, 999_999), st.sampled_from("smhd"))
def test_a_duration_is_its_number_times_its_unit(number: int, unit: str) -> None:
    assert value_checks.parse_seconds(f"{number}{unit}") == number * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=5))
def test_whatever_a_key_holds_is_taken_or_refused_in_one_line(value: object) -> None:
    for check in (
        value_checks.check_text,
        value_checks.check_count,
        value_checks.parse_seconds,
        value_checks.parse_period,
        value_checks.check_url,
        value_checks.check_host,
        value_checks.check_path,
        value_checks.check_encoding,
    ):
        try:
            check(value)
        except value_checks.InvalidValue as wrong:
            assert len(str(wrong).splitlines()) == 1
