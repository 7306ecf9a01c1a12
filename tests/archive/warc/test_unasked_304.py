"""A 304 to a request without a condition says nothing, in a crawl and after a rebuild or an ingest of its WARC."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler.reader import reader
from tests.support.archive_builder import Story, article, everything, rebuilt, rows, warcs
from tests.support.ingests import HOST, PATHS, ingest
from tests.support.ingests import page as made_page

FIRST = replace(article(1), url=HOST + PATHS[0], body=made_page(PATHS[0], 1)["body"])
NOT_MODIFIED = replace(FIRST, status=304, body=b"", headers=(("Server", "x"),))


@pytest.mark.parametrize(
    ("conditional", "said"),
    [
        (True, ("unchanged", None)),
        (None, ("unchanged", None)),
        (False, ("other", "304 to a request without a condition")),
    ],
)
def test_a_304_counts_as_the_request_was(
    tmp_path: Path, conditional: bool | None, said: tuple[str, str | None]
) -> None:
    story = Story(tmp_path / "one", reader(None))
    story.run(1, FIRST)
    story.run(2, replace(NOT_MODIFIED, conditional=conditional))
    last = "SELECT outcome, reason FROM captures ORDER BY id DESC LIMIT 1"
    assert tuple(rows(tmp_path / "one", last)[0].values()) == said
    seen = rows(tmp_path / "one", "SELECT substr(last_seen, 9, 2) AS day FROM versions")
    assert seen == [{"day": "02" if said[0] == "unchanged" else "01"}]
    before = everything(tmp_path / "one")
    assert rebuilt(tmp_path / "one", reader(None)) == before
    ingest(tmp_path / "two", *warcs(tmp_path / "one"))
    assert tuple(rows(tmp_path / "two", last)[0].values()) == said
