"""Finds the date of a listing's row: in a box of its own, split over boxes, or with its year in the entry's URL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lufeng_crawler.pages.html.page import Element
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import clean_line

_YEAR = r"(?P<y>(?:19|20)\d\d)"
_NUMBERS_ONLY = re.compile(r"[\d\s年月日./-]*\d[\d\s年月日./-]*")
_BOX_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}年? (?P<m>\d{{1,2}})月? (?P<d>\d{{1,2}})日?",  # 2024 / 05 / 11
        rf"(?P<d>\d{{1,2}})日? (?P<m>\d{{1,2}})(?:月 ?|[-/.]){_YEAR}年?",  # 11 / 05月 / 2024, and 11 / 05-2024
        rf"(?P<m>\d{{1,2}})月 (?P<d>\d{{1,2}})日? {_YEAR}年?",  # 05月 / 11 / 2024
    )
)
_MONTH_DAY = re.compile(r"(?<!\d)(?P<m>\d{1,2})(?:[-/.]|月 ?)(?P<d>\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(?P<d>\d{1,2})日? (?P<m>\d{1,2})月")
_URL_DATES = tuple(
    re.compile(rf"(?<!\d){_YEAR}{form}")
    for form in (
        r"(?P<m>\d\d)(?P<d>\d\d)",  # t20240511_9.html
        r"[-/]?(?P<m>\d\d?)/(?P<d>\d\d?)(?=/)",  # 2024/5/11/9.html, 202405/11/9.html
        r"([-_])(?P<m>\d\d?)\2(?P<d>\d\d?)(?!\d)",  # 2024-05-11.html
        r"/(?P<m>\d\d)(?P<d>\d\d)(?=/)",  # 2024/0511/9.html
    )
)
_URL_MONTH = re.compile(rf"(?<!\d){_YEAR}[-/_]?(?P<m>\d\d?)(?=/)")
_MAX_SHORT_CELL = 40
"""Characters of a cell whose dates go before those of a summary."""


def find_row_date(row: Element, around: Sequence[str], url: str) -> str | None:
    """Return the date of a box of its own; else of a short one or split over several; else any, a summary's dates last.

    `around` is the row's text without its title. Where the year stands nowhere it is that of the entry's `url`
    (`/t20240511_9.html`, `/2024/05/`), if this has the same month, and the same day or none; no year is invented.
    """
    alone = [text for text in around if dates.is_date(text)]
    short = [text for text in around if len(text) <= _MAX_SHORT_CELL]
    for texts in (alone, [" ".join(alone)], short):
        if date := next((date for text in texts if (date := dates.find_date(text))), None):
            return date
    boxes = " ".join(select_numbers(row.itertext()))
    if date := parse_boxes(boxes) or next((date for text in around if (date := dates.find_date(text))), None):
        return date
    return _complete_from_url(url, (*alone, boxes, *short))


def select_numbers(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts that hold numbers only, as the boxes of a split date do: 10/23 in one and 2020 in another."""
    short = (text for text in texts if len(text) <= _MAX_SHORT_CELL and not text.isspace())
    return (box for text in short if _NUMBERS_ONLY.fullmatch(box := clean_line(text)))


def parse_boxes(boxes: str) -> str | None:
    """Parse the date that the numbers of several boxes make, joined by spaces: `11 2024-05`, `2024 05 11`."""
    if date := dates.find_date(boxes):
        return date
    match = next((match for form in _BOX_FORMS if (match := form.fullmatch(boxes))), None)
    return dates.find_date(f"{match['y']}-{match['m']}-{match['d']}") if match else None


def _complete_from_url(url: str, texts: Iterable[str]) -> str | None:
    """Return a month and day with the year of a URL that states the same ones."""
    whole = [(int(match["m"]), int(match["d"]), match["y"]) for form in _URL_DATES for match in form.finditer(url)]
    stated = {(month, day): year for month, day, year in whole if 1 <= month <= 12 and 1 <= day <= 31}
    months = {} if stated else {int(match["m"]): match["y"] for match in _URL_MONTH.finditer(url)}
    for text in texts if stated or months else ():
        for match in (*_MONTH_DAY.finditer(text), *_DAY_MONTH.finditer(text)):
            month, day = int(match["m"]), int(match["d"])
            if year := stated.get((month, day)) or months.get(month):
                return dates.find_date(f"{year}-{month}-{day}")
    return None
