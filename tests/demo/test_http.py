"""Tests what the county's server answers to a request's headers, and that nothing but address and day decides."""

from __future__ import annotations

import gzip
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.demo import DAYS, TROUBLES, answer, county
from lufeng_crawler.demo.media import ROBOTS, SCRIPTS, attachment_url, picture_url

LIVE = [one.url(one.columns[0]) for one in county(1).articles if not one.link and one.condition == "live"]
FORM = next(attachment_url(one.news_id) for one in county(1).articles if one.attachment)
FIXED = [*SCRIPTS, "/robots.txt", "/about.htm", "/tzgg.htm", picture_url("bridge"), FORM, LIVE[0]]
AT = st.sampled_from([*FIXED, "/", "/nowhere.htm", "/info/1/1.htm"])
DAY = st.sampled_from(sorted(set(DAYS) - set(TROUBLES)))


def header(path: str, name: str, day: int = 1) -> str | None:
    return dict(answer(path, day).headers).get(name)


@given(AT, DAY, st.dictionaries(st.sampled_from(["User-Agent", "Cookie", "Referer", "Accept"]), st.text(max_size=9)))
def test_who_asks_changes_nothing(path: str, day: int, headers: dict[str, str]) -> None:
    assert answer(path, day, headers) == answer(path, day)


@given(AT, DAY)
def test_the_length_that_is_stated_is_the_bodys(path: str, day: int) -> None:
    for got in (answer(path, day), answer(path, day, {"Accept-Encoding": "gzip"})):
        assert dict(got.headers)["Content-Length"] == str(len(got.body))


@given(AT, DAY)
def test_what_is_packed_is_what_is_sent_plain(path: str, day: int) -> None:
    plain, packed = answer(path, day), answer(path, day, {"ACCEPT-ENCODING": "deflate, gzip;q=0.5"})
    coded = dict(packed.headers).get("Content-Encoding") == "gzip"
    assert coded == dict(plain.headers)["Content-Type"].startswith("text/")
    assert (gzip.decompress(packed.body) if coded else packed.body) == plain.body


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0", "x-gzipped"])
def test_who_cannot_unpack_gets_it_plain(accepted: str) -> None:
    given = answer("/tzgg.htm", 1, {"Accept-Encoding": accepted})
    assert "Content-Encoding" not in dict(given.headers)
    assert given.body == answer("/tzgg.htm", 1).body


@pytest.mark.parametrize("path", FIXED)
@pytest.mark.parametrize("form", ["{}", 'W/"other", {}', "*", "{0}, {0}"])
def test_who_has_it_already_is_told_so(path: str, form: str) -> None:
    etag = header(path, "ETag")
    assert etag
    given = answer(path, 1, {"If-None-Match": form.format(etag)})
    assert (given.status, given.body) == (304, b"")
    assert dict(given.headers)["ETag"] == etag


@pytest.mark.parametrize("path", FIXED)
def test_who_has_another_state_gets_this_one(path: str) -> None:
    assert answer(path, 1, {"If-None-Match": 'W/"0000"'}).status == 200
    early = {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}
    assert answer(path, 1, early).status == 200
    assert answer(path, 1, {"If-Modified-Since": header(path, "Last-Modified") or ""}).status == 304


@given(AT, DAY)
def test_nothing_was_changed_after_it_was_sent(path: str, day: int) -> None:
    changed, sent = header(path, "Last-Modified", day), header(path, "Date", day)
    assert sent
    assert changed is None or parsedate_to_datetime(changed) < parsedate_to_datetime(sent)


@given(AT, DAY)
def test_a_tag_moves_exactly_when_the_body_does(path: str, day: int) -> None:
    one, other = answer(path, day), answer(path, 1)
    if "ETag" in dict(one.headers) and "ETag" in dict(other.headers):
        assert (dict(one.headers)["ETag"] == dict(other.headers)["ETag"]) == (one.body == other.body)


@given(st.text(max_size=30), DAY)
def test_an_address_that_nobody_gave_is_a_404(path: str, day: int) -> None:
    given = answer(f"/x{path}", day)
    assert given.status == 404
    assert "ETag" not in dict(given.headers)


@pytest.mark.parametrize("path", LIVE[:5])
def test_an_article_answers_under_its_own_columns_alone(path: str) -> None:
    _, _, column, name = path.split("/")
    assert answer(path, 1).status == 200
    assert answer(f"/info/9{column}/{name}", 1).status == 404
    assert answer(f"{path}?x=1", 1).status == 404


def test_robots_and_scripts_are_what_they_are_written_as() -> None:
    assert answer("/robots.txt", 1).body.decode() == ROBOTS
    assert all(answer(path, 1).body.decode() == text for path, text in SCRIPTS.items())
    assert header("/robots.txt", "Content-Type") == "text/plain; charset=UTF-8"
