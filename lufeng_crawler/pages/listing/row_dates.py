"""The date of a listing's line: in a box of its own, split over boxes, or with its year in the entry's address only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lufeng_crawler.pages.html.page import Element
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import clean_line

_YEAR = r"(?P<y>(?:19|20)\d\d)"
_PART = re.compile(r"[\d\s年月日./-]*\d[\d\s年月日./-]*")
_BOXES = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}年? (?P<m>\d{{1,2}})月? (?P<d>\d{{1,2}})日?",  # 2024 / 05 / 11
        rf"(?P<d>\d{{1,2}})日? (?P<m>\d{{1,2}})(?:月 ?|[-/.]){_YEAR}年?",  # 11 / 05月 / 2024, and 11 / 05-2024
        rf"(?P<m>\d{{1,2}})月 (?P<d>\d{{1,2}})日? {_YEAR}年?",  # 05月 / 11 / 2024
    )
)
_MONTH_DAY = re.compile(r"(?<!\d)(?P<m>\d{1,2})(?:[-/.]|月 ?)(?P<d>\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(?P<d>\d{1,2})日? (?P<m>\d{1,2})月")
_WHOLE = tuple(
    re.compile(rf"(?<!\d){_YEAR}{form}")
    for form in (
        r"(?P<m>\d\d)(?P<d>\d\d)",  # t20240511_9.html
        r"[-/]?(?P<m>\d\d?)/(?P<d>\d\d?)(?=/)",  # 2024/5/11/9.html, 202405/11/9.html
        r"([-_])(?P<m>\d\d?)\2(?P<d>\d\d?)(?!\d)",  # 2024-05-11.html
        r"/(?P<m>\d\d)(?P<d>\d\d)(?=/)",  # 2024/0511/9.html
    )
)
_MONTH = re.compile(rf"(?<!\d){_YEAR}[-/_]?(?P<m>\d\d?)(?=/)")
_SHORT = 40
"""Characters of a cell whose dates go before those of a summary."""


def find_row_date(row: Element, around: Sequence[str], address: str) -> str | None:
    """The date of a box of its own; else of a short one or split over several; else any, a summary's dates last.

    `around` is the row's text without its title. Where the year stands nowhere it is that of `address`
    (`/t20240511_9.html`, `/2024/05/`), if this has the same month, and the same day or none; no year is invented.
    """
    alone = [text for text in around if dates.is_date(text)]
    short = [text for text in around if len(text) <= _SHORT]
    for texts in (alone, [" ".join(alone)], short):
        if found := next((found for text in texts if (found := dates.find_date(text))), None):
            return found
    boxes = " ".join(select_numbers(row.itertext()))
    if found := parse_boxes(boxes) or next((found for text in around if (found := dates.find_date(text))), None):
        return found
    return _with_year_of(address, (*alone, boxes, *short))


def select_numbers(texts: Iterable[str]) -> Iterator[str]:
    """Those texts that hold numbers only, as the boxes of a split date do: 10/23 in one and 2020 in another."""
    short = (text for text in texts if len(text) <= _SHORT and not text.isspace())
    return (box for text in short if _PART.fullmatch(box := clean_line(text)))


def parse_boxes(boxes: str) -> str | None:
    """The date that the numbers of several boxes come to, joined by spaces: `11 2024-05`, `2024 05 11`."""
    if found := dates.find_date(boxes):
        return found
    match = next((match for form in _BOXES if (match := form.fullmatch(boxes))), None)
    return dates.find_date(f"{match['y']}-{match['m']}-{match['d']}") if match else None


def _with_year_of(address: str, texts: Iterable[str]) -> str | None:
    """A month and day with the year of an address that states the same ones."""
    whole = [(int(found["m"]), int(found["d"]), found["y"]) for form in _WHOLE for found in form.finditer(address)]
    stated = {(month, day): year for month, day, year in whole if 1 <= month <= 12 and 1 <= day <= 31}
    months = {} if stated else {int(found["m"]): found["y"] for found in _MONTH.finditer(address)}
    for text in texts if stated or months else ():
        for found in (*_MONTH_DAY.finditer(text), *_DAY_MONTH.finditer(text)):
            month, day = int(found["m"]), int(found["d"])
            if year := stated.get((month, day)) or months.get(month):
                return dates.find_date(f"{year}-{month}-{day}")
    return None
