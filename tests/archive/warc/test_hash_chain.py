"""Tests the chain's links, and what a file says of those before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.warc import hash_chain
from lufeng_crawler.archive.warc.hash_chain import (
    EVENT_FACTS,
    FACTS,
    ChainState,
    chain_facts,
    heads,
    load_chain_state,
    next_file_header,
    save_chain_state,
)
from lufeng_crawler.archive.warc.records import FileHeader, Record, RunMarker
from tests.support.archive_builder import article, moment

RECORD = Record(article(1, fetched_at=moment(1)), "run", "sha256:1")
EVENT = RunMarker("end", "run", {"finished_at": moment(2)})


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(tmp_path / "archive.db")
    yield connection
    connection.close()


def test_what_the_chain_covers_has_a_column_each() -> None:
    assert dict(zip(FACTS, chain_facts(RECORD), strict=True)) == {
        "run": "run",
        "site": "gulou",
        "column": None,
        "kind": "article",
        "vantage": None,
        "url": "http://gulou.example/info/1/1.htm",
        "fetched_at": moment(1),
        "status": "200",
        "payload_digest": "sha256:1",
    }
    assert dict(zip(EVENT_FACTS, chain_facts(EVENT), strict=True)) == {"run": "run", "kind": "end", "at": moment(2)}
    assert chain_facts(replace(RECORD, refers_to=("there", "then")))[-2:] == ("there", "then")


def test_each_link_depends_on_all_before_and_on_the_bytes() -> None:
    def head(*steps: tuple[Record | RunMarker, str]) -> str:
        reached = ChainState()
        reached.begin(FileHeader(), "sha256:genesis")
        for item, digest in steps:
            assert reached.link(item, digest) == reached.head
        return reached.head

    chains = [
        head(),
        head((RECORD, "a")),
        head((RECORD, "b")),
        head((replace(RECORD, run="other"), "a")),
        head((RECORD, "a"), (EVENT, "b")),
        head((EVENT, "b"), (RECORD, "a")),
    ]
    assert len(set(chains)) == len(chains)


def test_the_newest_time_does_not_go_back() -> None:
    reached = ChainState()
    reached.begin(FileHeader((), moment(2)), "sha256:0")
    for item, expected in ((RECORD, moment(2)), (RunMarker("begin", "run", {"started_at": moment(3)}), moment(3))):
        reached.link(item, "sha256:1")
        assert reached.newest_time == expected


def test_what_is_remembered_of_a_file_is_found_again(db: sqlite3.Connection) -> None:
    assert load_chain_state(db, "a") == ChainState()
    reached = ChainState("sha256:0", ("sha256:1", "sha256:2"), moment(1), "sha256:3")
    save_chain_state(db, "a", 7, reached)
    assert load_chain_state(db, "a") == reached


def test_a_new_file_follows_every_end_that_none_follows_yet(db: sqlite3.Connection) -> None:
    assert next_file_header(db) == FileHeader((), "")
    save_chain_state(db, "a", 1, ChainState("", (), moment(5), "head a"))
    save_chain_state(db, "b", 1, ChainState("", ("head a",), moment(6), "head b"))
    save_chain_state(db, "c", 1, ChainState("", ("head a",), moment(4), "head c"))
    save_chain_state(db, "torn at its beginning", 0, ChainState())
    assert heads(db) == ["head c", "head b"]
    assert next_file_header(db) == FileHeader(("head c", "head b"), moment(6))


def test_two_texts_of_the_same_letters_are_two() -> None:
    assert (
        hash_chain.next_link("", "a", ["b", "c"])
        != hash_chain.next_link("", "a", ["bc"])
        != hash_chain.next_link("", "a", ["b", None, "c"])
    )
