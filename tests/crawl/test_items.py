"""Tests the shared words: that they cannot be changed, and that a header is found in any case."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler import items
from lufeng_crawler.items import Article, Attachment, Capture, Entry, Evidence, Layout, Listing, Reading

NAMES = st.from_regex(r"[A-Za-z][A-Za-z-]{0,12}", fullmatch=True)
HEADERS = st.lists(st.tuples(NAMES, st.text(max_size=9)), max_size=6).map(tuple)
WORDS = [one for one in vars(items).values() if isinstance(one, type) and is_dataclass(one)]


def with_headers(headers: tuple[tuple[str, str], ...]) -> Capture:
    return Capture("http://gulou.example/", "2026-11-22T10:04:05Z", 200, headers)


@given(HEADERS)
def test_a_header_is_found_in_any_case_and_the_first_counts(headers: tuple[tuple[str, str], ...]) -> None:
    capture = with_headers(headers)
    for name, _ in headers:
        first = next(value for key, value in headers if key.lower() == name.lower())
        assert capture.header(name.upper()) == capture.header(name.lower()) == first


def test_a_header_that_is_not_there_is_none_and_an_empty_one_is_empty() -> None:
    capture = with_headers((("ETag", ""), ("Content-Type", "text/html")))
    assert (capture.header("etag"), capture.header("Location")) == ("", None)


@pytest.mark.parametrize("word", WORDS, ids=lambda one: one.__name__)
def test_no_word_can_be_changed_once_said(word: type) -> None:
    made: object = object.__new__(word)
    names = [field.name for field in fields(word)]
    for name in [*names, "another"]:
        with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
            setattr(made, name, "x")


def test_what_a_page_does_not_state_is_none_and_lists_are_empty() -> None:
    article = Article("1", "http://gulou.example/info/1/1.htm", "题", "文")
    stated = {field.name: getattr(article, field.name) for field in fields(article)}
    unsaid = ("published", "author", "source", "editor", "publisher", "doc_number", "index_number")
    assert {stated[name] for name in unsaid} == {None}
    assert stated["columns"] == stated["attachments"] == stated["images"] == stated["keywords"] == ()
    assert not article.provenance
    assert not article.tags


@pytest.mark.parametrize("mapping", [Layout().article, Layout().listing, Article("", "", "", "").tags])
def test_what_is_left_out_is_a_mapping_that_nobody_can_fill(mapping: object) -> None:
    with pytest.raises(TypeError):
        mapping["title"] = "h1"  # type: ignore[index]


def test_words_that_say_the_same_are_equal() -> None:
    one, other = (Listing((Entry("题", "http://gulou.example/1", "1"),), family="vsb") for _ in range(2))
    assert one == other
    assert Attachment("http://gulou.example/a.doc", "附件") != Attachment("http://gulou.example/a.doc", "附件二")
    assert Evidence("h1", "题") == Evidence("h1", "题", None, None)


def test_a_capture_can_be_handed_to_another_process() -> None:
    capture = with_headers((("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")))
    assert pickle.loads(pickle.dumps(capture)) == capture


def test_every_reading_is_one_of_the_words() -> None:
    assert set(get_args(Reading)) <= set(WORDS)
