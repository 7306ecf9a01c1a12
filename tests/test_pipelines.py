"""Tests where readings become rows: everything is handed to the archive, only articles go on to Scrapy's feeds."""

from __future__ import annotations

import pickle
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from archiving import address
from scrapy.exceptions import DropItem

from lufeng_crawler.items import Article, Blocked, Evidence, Gone, Listing, Other, Reading, Redirect, Unchanged
from lufeng_crawler.pipelines import Archiving
from lufeng_crawler.run import Run, Seen

READINGS: tuple[Reading, ...] = (
    Listing(()),
    Gone("404"),
    Blocked("521"),
    Redirect(address(2), True),
    Unchanged(),
    Other("a picture"),
)
PROOF = MappingProxyType({"title": Evidence("h1", "题")})


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Reading]]:
    """What the archive was handed, in order."""
    got: list[tuple[Any, Reading]] = []
    archive = SimpleNamespace(record=lambda kept, reading: got.append((kept, reading)))
    monkeypatch.setattr(Run, "of", lambda crawler: SimpleNamespace(archive=archive))
    return got


def process(reading: Reading) -> Reading:
    kept: Any = "kept"
    crawler: Any = SimpleNamespace()
    return Archiving.from_crawler(crawler).process_item(Seen(kept, reading))


@pytest.mark.parametrize("reading", READINGS, ids=lambda one: type(one).__name__)
def test_what_is_no_article_is_recorded_and_goes_no_further(
    reading: Reading, handed: list[tuple[Any, Reading]]
) -> None:
    with pytest.raises(DropItem, match=f"^{type(reading).__name__.lower()}$"):
        process(reading)
    assert handed == [("kept", reading)]


def test_an_article_is_recorded_and_goes_on_as_it_is(handed: list[tuple[Any, Reading]]) -> None:
    article = Article("1", address(1), "题", "文", provenance=PROOF)
    found = process(article)
    assert handed == [("kept", article)]
    assert found == article


def test_what_goes_on_can_be_written_by_anybody(handed: list[tuple[Any, Reading]]) -> None:
    found = process(Article("1", address(1), "题", "文", provenance=PROOF))
    assert isinstance(found, Article)
    assert type(found.provenance) is dict
    assert pickle.loads(pickle.dumps(dict(found.provenance))) == dict(PROOF)
