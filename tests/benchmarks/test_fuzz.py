"""Tests that the hunt for pages that cannot be read finds them, shrinks them, and says them as Python."""

from __future__ import annotations

import ast
import re
import time
from random import Random
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.errors import NotAnArticle
from lufeng_crawler.items import Capture, Layout, Other, Reading

PAGE = b"<html><body><p>one</p><p>two</p><b>three</b></body></html>"


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    import fuzz

    return fuzz


def reading(monkeypatch: pytest.MonkeyPatch, fuzz: ModuleType, **words: float | Exception) -> None:
    """Has `pages.read` take so many seconds for each MB, or raise, where the body has a word."""

    def read(capture: Capture, layout: Layout) -> Reading:
        for word, does in words.items():
            if word.encode() in capture.body:
                if isinstance(does, Exception):
                    raise does
                clock[0] += does * len(capture.body) / 1_000_000
        return Other("read")

    clock = [0.0]
    monkeypatch.setattr(fuzz.pages, "read", read)
    monkeypatch.setattr(fuzz, "process_time", lambda: clock[0])
    monkeypatch.setattr(fuzz, "slowest", lambda page: "there")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_and_a_page_is_the_same_bytes(fuzz: ModuleType, data: bytes) -> None:
    page = fuzz.Page.unpacked(data)
    assert page.start <= len(page.body) >= page.length
    assert fuzz.Page.unpacked(page.packed()) == page
    assert len(page.made(100)) <= 100


@given(st.integers(0, 10**9))
def test_mutants_are_pages(fuzz: ModuleType, seed: int) -> None:
    random, pool = Random(seed), [PAGE, b"<td>x", b""]
    data = fuzz.Page(PAGE).packed()
    for _ in range(5):
        data = fuzz.mutated(data, random, pool)
        page = fuzz.Page.unpacked(data)
        assert page.packed() == data
        assert page.start + page.length <= len(page.body)


def test_a_piece_is_repeated_where_it_stands(fuzz: ModuleType) -> None:
    page = fuzz.Page(b"<a><td></a>", 0, 3, 4)
    assert page.made(31) == b"<a>" + b"<td>" * 5 + b"</a>"
    said, _, where = page.told().partition("  # ")
    assert eval(compile(ast.parse(said, mode="eval"), "said", "eval")) == page.made(fuzz.LARGE)
    assert where == "at 'http://a.example/b/c.html' as 'text/html', layout 0"


def test_what_is_raised_outside_the_tree_is_trouble(fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    reading(monkeypatch, fuzz, two=KeyError("x"), three=NotAnArticle("http://a.example/", "nothing there"))
    assert fuzz.look(fuzz.Page(b"three")) is None
    trouble = fuzz.look(fuzz.Page(PAGE))
    assert trouble.what == "raises KeyError('x')"
    assert trouble.where.startswith("test_fuzz.py:")
    assert fuzz.smallest(trouble).page.body == b"two"


def test_over_two_seconds_for_5_mb_is_trouble_and_less_is_none(
    fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(monkeypatch, fuzz, one=0.3, two=0.45)
    assert fuzz.look(fuzz.Page(PAGE, 0, 12, 6)) is not None  # both words: 0.75 s for each MB
    assert fuzz.look(fuzz.Page(b"one", 0, 0, 3)) is None
    trouble = fuzz.look(fuzz.Page(b"<p>two</p>", 0, 0, 10))
    assert trouble.what == "2.2 s for 4999990 bytes"
    assert fuzz.smallest(trouble).page == fuzz.Page(b"two", 0, 0, 3)


def test_what_is_slow_while_it_is_short_is_not_read_at_length(
    fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(monkeypatch, fuzz, two=100.0)
    assert fuzz.look(fuzz.Page(b"two.", 0, 0, 4)).what == "25.0 s for 249996 bytes"


def test_each_trouble_is_told_once(
    fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading(monkeypatch, fuzz, two=KeyError("x"))
    hunt = fuzz.Hunt(time.monotonic())
    for _ in range(3):
        hunt.try_one(fuzz.Page(PAGE))
    assert (hunt.tried, len(hunt.troubles)) == (3, 1)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  b'two'  # at 'http://a.example/b/c.html' as 'text/html', layout 0"
    ]


def test_the_function_that_takes_the_time_is_named(fuzz: ModuleType) -> None:
    assert re.fullmatch(r"\w+\.py:\d+ \w+", fuzz.slowest(fuzz.Page(b"<p>", 0, 0, 3)))


def test_it_reads_real_pages_with_the_real_reader(fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "smallest", lambda trouble: trouble)
    pool = fuzz.seeds()
    assert any("甲".encode() in body for body in pool)
    hunt = fuzz.Hunt(time.monotonic() + 0.5)
    hunt.by_chance([body[:3000] for body in pool], Random(3))
    assert hunt.tried
