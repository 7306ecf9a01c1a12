"""Tests when a server is found out whose 304 cannot be believed: a change behind the same validators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from lufeng_crawler.items import Capture
from tests.support.archive_builder import Story, answer, article, everything, rebuilt, rows

TAG, DATE = ("ETag", '"1"'), ("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT")


def seen(body: str, *headers: tuple[str, str], number: int = 1, **more: str) -> Capture:
    return article(number, body=body, headers=(("Content-Type", "text/html"), *headers), **more)


UNCHANGED = answer(1, status=304, headers=(TAG,))


def false_304(folder: Path) -> int | None:
    (row,) = rows(folder, "SELECT false_304 FROM sites WHERE name = 'gulou'")
    found: int | None = row["false_304"]
    return found


@pytest.mark.parametrize(
    ("answers", "proof"),
    [
        ([seen("旧", TAG), UNCHANGED, seen("新", TAG)], 3),
        ([seen("旧", DATE), UNCHANGED, seen("新", DATE)], 3),
        ([seen("旧", TAG), UNCHANGED, UNCHANGED, seen("新", TAG), UNCHANGED, seen("又新", TAG)], 4),
        ([seen("旧", TAG), seen("新", TAG)], None),  # it never said that nothing had changed
        ([seen("旧", TAG), UNCHANGED, seen("旧", TAG)], None),
        ([seen("旧", TAG), UNCHANGED, seen("新", ("ETag", '"2"'))], None),
        ([seen("旧", TAG), UNCHANGED, seen("新", TAG, DATE)], None),
        ([seen("旧"), UNCHANGED, seen("新")], None),
        ([seen("旧", TAG), seen("旧", TAG), UNCHANGED, seen("新", TAG)], 4),
        ([seen("旧", TAG), UNCHANGED, seen("新", TAG, number=2)], None),
        ([seen("旧", TAG), seen("中", TAG), UNCHANGED, seen("中", TAG), seen("新", TAG)], None),
    ],
)
def test_what_proves_it(tmp_path: Path, answers: Sequence[Capture], proof: int | None) -> None:
    story = Story(tmp_path)
    for day, one in enumerate(answers, 1):
        story.run(day, one, rules=1, proves=True)
    assert false_304(tmp_path) == proof
    assert everything(tmp_path) == rebuilt(tmp_path)


def test_what_differs_outside_the_text_proves_nothing(tmp_path: Path) -> None:
    """The page's frame may change behind the same validators; nobody asked for that."""
    story = Story(tmp_path)
    said = {"title": "题", "body": "文", "published": "2026-11-01"}
    for day, page in enumerate([seen("文", TAG), UNCHANGED, answer(1, said | {"frame": "新"}, headers=(TAG,))], 1):
        story.run(day, page, rules=1, proves=True)
    assert false_304(tmp_path) is None


def test_another_site_is_another_server(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, seen("旧", TAG), rules=1)
    story.run(2, answer(1, status=304, site="other", headers=(TAG,)), kind="ingest")
    story.run(3, seen("新", TAG), rules=1)
    assert false_304(tmp_path) is None
