"""Scores the reading of real pages, where the corpus of saved ones lies beside the project."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from typing import Any
from urllib.parse import urljoin

import pytest

from lufeng_crawler import pages
from lufeng_crawler.items import Article, Capture, Listing, Reading
from tests.support.paths import SHARED

CORPUS = SHARED / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real pages is not here: ../shared/corpus")


def rows(name: str) -> dict[str, dict[str, Any]]:
    found = (json.loads(line) for line in (CORPUS / name).read_text("utf-8").splitlines())
    return {row["file"]: row for row in found}


def squeezed(text: str | None) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text or ""))


def read(file: str, url: str) -> Reading:
    address = urljoin("http://www.somewhere.example/a/b/", url)
    body = (CORPUS / "pages" / file).read_bytes()
    return pages.read(Capture(address, "2026-01-01T00:00:00Z", 200, (("Content-Type", "text/html"),), body))


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return {file: read(file, row["url"]) for file, row in rows("corpus.urls.jsonl").items()}


def articles(readings: dict[str, Reading], family: str = "") -> list[tuple[dict[str, Any], Article | None]]:
    gold = [row for file, row in rows("gold.jsonl").items() if file.startswith(family)]
    found = ((row, readings[row["file"]]) for row in gold)
    return [(row, reading if isinstance(reading, Article) else None) for row, reading in found]


def share(pairs: list[tuple[dict[str, Any], Article | None]], field: str) -> float:
    """How many pages read as labelled; a field that the page does not state must stay empty."""
    right = [bool(found) and squeezed(row[field]) == squeezed(getattr(found, field)) for row, found in pairs]
    return sum(right) / len(right)


def dates(pairs: list[tuple[dict[str, Any], Article | None]]) -> float:
    stated = [(str(row["date"]), found) for row, found in pairs if row["date"]]
    right = [found is not None and (found.published or "")[:10] == date[:10] for date, found in stated]
    return sum(right) / len(right)


def moments(pairs: list[tuple[dict[str, Any], Article | None]]) -> float:
    """Dates to the precision that the page states; what is more precise than the label is right as well."""
    stated = [(str(row["date"]).removesuffix("T00:00:00"), found) for row, found in pairs if row["date"]]
    read = [(date, (found.published or "")[:19] if found else "") for date, found in stated]
    right = [found.startswith(date) or (date.startswith(found) and len(found) >= 16) for date, found in read]
    return sum(right) / len(right)


def shingles(text: str) -> Counter[str]:
    text = squeezed(text)
    return Counter([text]) if 0 < len(text) < 4 else Counter(text[i : i + 4] for i in range(len(text) - 3))


def likeness(gold: str, found: str) -> float:
    want, got = shingles(gold), shingles(found)
    return 2 * sum((want & got).values()) / (sum(want.values()) + sum(got.values())) if want or got else 1.0


def bodies(pairs: list[tuple[dict[str, Any], Article | None]]) -> float:
    return sum(likeness(row["body"], found.body) if found else 0.0 for row, found in pairs) / len(pairs)


def test_vsb_articles_are_read_right(readings: dict[str, Reading]) -> None:
    pairs = articles(readings, "vsb/")
    assert {field: share(pairs, field) for field in ("title", "author", "source", "doc_number", "publisher")} == {
        "title": 1.0,
        "author": 1.0,
        "source": 1.0,
        "doc_number": 1.0,
        "publisher": 1.0,
    }
    assert dates(pairs) == 1.0
    assert bodies(pairs) >= 0.98
    for row, found in pairs:
        names = sorted(squeezed(file["text"]) for file in row["attachments"] or [])
        assert found and sorted(squeezed(file.text) for file in found.attachments) == names


@pytest.mark.parametrize(
    "file", [file for file in rows("gold_listing.jsonl") if file.startswith("vsb/")] if CORPUS.exists() else []
)
def test_vsb_listings_are_read_right(readings: dict[str, Reading], file: str) -> None:
    gold, found = rows("gold_listing.jsonl")[file], readings[file]
    assert isinstance(found, Listing)
    want = [(squeezed(item["title"]), (item["date"] or "")[:10]) for item in gold["items"]]
    assert [(squeezed(entry.title), (entry.published or "")[:10]) for entry in found.entries] == want
    if gold["next_page_url"]:
        assert (found.next_page or "").endswith(gold["next_page_url"])
    else:
        assert found.next_page is None


def test_articles_of_all_families_are_read_right(readings: dict[str, Reading]) -> None:
    pairs = articles(readings)
    assert share(pairs, "title") >= 0.98
    assert share(pairs, "author") >= 0.98
    assert share(pairs, "source") >= 0.95
    assert share(pairs, "doc_number") >= 0.98
    assert share(pairs, "index_number") >= 0.98
    assert share(pairs, "publisher") >= 0.98
    assert dates(pairs) >= 0.98
    assert moments(pairs) >= 0.98
    assert bodies(pairs) >= 0.99


def test_attachments_of_all_families_are_found(readings: dict[str, Reading]) -> None:
    for row, found in articles(readings):
        if row["attachments"]:
            names = sorted(squeezed(file["text"]) for file in row["attachments"])
            assert found and sorted(squeezed(file.text) for file in found.attachments) == names


@pytest.mark.parametrize("file", list(rows("gold_listing.jsonl")) if CORPUS.exists() else [])
def test_listings_of_all_families_are_read_right(readings: dict[str, Reading], file: str) -> None:
    gold, found = rows("gold_listing.jsonl")[file], readings[file]
    assert isinstance(found, Listing)
    want = Counter((squeezed(item["title"]), (item["date"] or "")[:10]) for item in gold["items"])
    assert Counter((squeezed(entry.title), (entry.published or "")[:10]) for entry in found.entries) == want
    if gold["next_page_url"]:
        assert (found.next_page or "").endswith(gold["next_page_url"])


@pytest.mark.parametrize(
    ("folder", "family"),
    [
        *(("vsb", "vsb"), ("ucap", "ucap"), ("govcn-zhengce", "govcn"), ("sc-jiyuehua", "sichuan")),
        *(("gd-jiyuehua", "guangdong"), ("sh-cms", "shanghai"), ("siteserver", "siteserver")),
        *(("epoint", "epoint"), ("lonsun", "lonsun"), ("mofcom", "hanweb")),
    ],
)
def test_families_are_recognised(readings: dict[str, Reading], folder: str, family: str) -> None:
    read = [reading for file, reading in readings.items() if file.startswith(f"{folder}/")]
    assert {each.family for each in read if isinstance(each, Article | Listing)} == {family}


def test_a_challenge_inside_a_full_page_proves_nothing(readings: dict[str, Reading]) -> None:
    assert type(readings["blocked/cde-ruishu-embedded.html"]).__name__ != "Blocked"
