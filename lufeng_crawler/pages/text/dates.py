"""Parses dates as Chinese pages write them, into ISO 8601 and no more precise than the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import takewhile

from lufeng_crawler.items import CHINA

_DIGITS = str.maketrans("〇○零ＯO一二三四五六七八九０１２３４５６７８９：", "000001234567890123456789:")
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_BESIDE = r"[\sT日,，(（-]{0,4}"
_CLOCK = (
    rf"(?:{_BESIDE}(?:星期|周)[一二三四五六日天][)）]?)?"
    rf"(?:{_BESIDE}(?P<half>上午|下午|晚上|早上|凌晨|(?i:[AP]M))?\s{{0,2}}"
    r"(?P<h>[01]?\d|2[0-3])(?:[:：]|[时点])(?P<i>[0-5]\d)(?:[:：分](?P<s>[0-5]\d)?)?(?!\d)(?:\s?(?P<after>(?i:[AP]M))\b)?)?"
)
_NO_TIME = frozenset({"00:00:00", "23:59:59"})
_AFTERNOON = frozenset({"下午", "晚上", "PM"})
# Lookbehinds follow the first digits: a pattern that begins with a digit is searched for faster.
_OPENING_YEAR = _YEAR + r"(?<!\d{5})"
_FORMS = tuple(
    re.compile(form + end)
    for form, end in (
        (_OPENING_YEAR + r"\s?[-/.．年]\s?(?P<m>\d{1,2})\s?[-/.．月]\s?(?P<d>\d{1,2})(?!\d)\s?日?", _CLOCK),
        (_OPENING_YEAR + r"[-/.年](?P<m>\d{1,2})月?\s+(?P<d>\d{1,2})(?![\d:：/.-])", ""),  # 2023-06 / 29, in two boxes
        (r"(?P<m>\d(?<!\d\d)\d?)[-/.月](?P<d>\d{1,2})日?\s+" + _YEAR + r"(?!\d)", ""),  # 06/29 / 2023
        (r"(?P<d>\d(?<!\d\d)\d?)日?\s+" + _YEAR + r"[-/.年](?P<m>\d{1,2})月?(?![\d/.-])", ""),  # 29 / 2023-06
        (_OPENING_YEAR + r"\s+(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})(?![\d/.-])", ""),  # 2023 / 06-29
    )
)
_NUMBER_GAP = re.compile(r"[\d日月]\s+\d")
"""What all but the first of the forms have: a gap between two numbers."""
_ANY_YEAR = re.compile("(?:19|20)[0-9]{2}|[１２][９０][０-９]{2}")
_DIGIT = re.compile(r"\d")
_WIDE = {0xFF01 + code: 0x21 + code for code in range(94)}
"""The full-width forms of ASCII."""
_DATE_PIECE = re.compile(r"[\d年月日./-]{1,12}")
_GLUED = tuple(
    re.compile(form)
    for form in (
        r"(?P<d>\d{1,2})" + _YEAR + r"[-/.年](?P<m>\d{1,2})月?",  # <b>29</b><i>2023-06</i>
        r"(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?" + _YEAR + "年?",
        _YEAR + r"[-/.年](?P<m>\d\d)月?(?P<d>\d\d)日?",
        _YEAR + r"年?(?P<m>\d\d)[-/.月](?P<d>\d\d)日?",
        _YEAR + r"年? (?P<m>\d{1,2})月? (?P<d>\d{1,2})日?",
    )
)
_SHORT_YEAR = re.compile(r"[\[(（]?(?P<y>\d\d)([-/.])(?P<m>\d\d)\2(?P<d>\d\d)(?!\d)")
_FOREIGN_LETTER = re.compile(r"[^\W\d_年月日时分秒点星期周一二三四五六七八九十〇零上下午晚早凌晨TAPMapm]")
"""A letter that no date has."""
_PLAIN = re.compile(r"[\[(（]?(?:19|20)\d\d([-/.])\d\d\1\d\d[\])）]?", re.ASCII)
_MAX_DATE_LENGTH = 60
"""Characters that a line may have which is a date and nothing more, the gaps between its parts included."""
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)")
_NUMERALS = re.compile(
    "[二一][〇○零ＯO一二三四五六七八九]{3}年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_RELATIVE = re.compile(r"(?:刚刚|[今昨前]天|\d{1,3}\s?(?:秒|分钟|小时|天)前)(?:\s?\d{1,2}:\d\d)?")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})[-/.月](\d{1,2})(?![\d])日?")


def find_date(text: str) -> str | None:
    """Return the first date of `text` in digits, else the first in numerals.

    It is `2023-06-29`, or `2023-06-29T09:30:00+08:00` where it has a time. Knows 2023-06-29, 2023/6/29,
    2023年6月29日 9时30分, 二〇二三年六月二十九日 and a date split over boxes (06-29 beside 2023). A date without its
    year is None: no year is invented.
    """
    year = _ANY_YEAR.search(text)
    if year and not year[0].isascii():
        text = text.translate(_WIDE)
    for form in (_FORMS if _NUMBER_GAP.search(text) else _FORMS[:1]) if year else ():
        for match in form.finditer(text):
            if iso_date := _to_iso(match.groupdict()):
                return iso_date
    return _find_chinese_date(text) if "年" in text else None


def parse_date(text: str, fetched_at: str | None = None) -> str | None:
    """Parse the value of a date label; beyond `find_date`, knows 20230629, 23-06-29 and 昨天.

    昨天 and its like count from `fetched_at` (UTC, ISO 8601), and are None without it.
    """
    if iso_date := find_date(text):
        return iso_date
    if match := _COMPACT.fullmatch(text.strip()):
        return _to_iso(match.groupdict())
    if match := _SHORT_YEAR.match(text.strip()):
        return _to_iso(match.groupdict() | {"y": f"20{match['y']}"})
    return _parse_relative(text, fetched_at) if fetched_at else None


def parse_timestamp(text: str) -> str | None:
    """Parse a date written for machines: an offset from Greenwich counts, a day's first or last second is no time."""
    local: str | None
    try:
        stamp = datetime.fromisoformat(text.strip())
        local = stamp.astimezone(CHINA).isoformat(timespec="seconds") if stamp.tzinfo else parse_date(text)
    except (ValueError, OverflowError):
        local = parse_date(text)
    if not local or not _ANY_YEAR.match(local):
        return None
    return local[:10] if local[11:19] in _NO_TIME else local


def parse_split_date(lines: Sequence[str]) -> str | None:
    """Parse a date from the first line alone or with the one or two after it: 29 / 2023-06, each in its box."""
    pieces = list(takewhile(_DATE_PIECE.fullmatch, lines[:3]))
    for count in range(1, len(pieces) + 1):
        joined = " ".join(pieces[:count])
        for match in filter(None, (form.fullmatch(joined) for form in _GLUED)):
            if iso_date := _to_iso(match.groupdict()):
                return iso_date
        if count > 1 and (iso_date := find_date(joined)):
            return iso_date
    return None


def remove_dates(text: str) -> str:
    """Return `text` without its dates, those without a year included."""
    text = _NUMERALS.sub("", text) if "年" in text else text
    return _MONTH_DAY.sub("", _FORMS[0].sub("", text)) if _DIGIT.search(text) else text


def is_date(text: str) -> bool:
    """Return whether a line is a date and nothing more, with or without its year."""
    if _PLAIN.fullmatch(text):
        return True
    if len(text) > _MAX_DATE_LENGTH or not _DIGIT.search(text) or _FOREIGN_LETTER.search(text):
        return False
    rest = remove_dates(text)
    return rest != text and not re.search(r"[^\W\d_]", rest)


def _to_iso(parts: dict[str, str | None]) -> str | None:
    try:
        day = date(int(parts["y"] or 0), int(parts["m"] or 0), int(parts["d"] or 0))
    except ValueError:
        return None
    if not parts.get("h"):
        return day.isoformat()
    hour, half = int(parts["h"] or 0), parts.get("half") or parts.get("after")
    hour = hour % 12 + 12 * (half.upper() in _AFTERNOON) if half and hour <= 12 else hour
    clock = time(hour, int(parts["i"] or 0), int(parts.get("s") or 0))
    return f"{day.isoformat()}T{clock.isoformat()}+08:00"


def _find_chinese_date(text: str) -> str | None:
    match = _NUMERALS.search(text)
    if not match:
        return None
    year = match[0][:4].translate(_DIGITS)
    return _to_iso({"y": year, "m": str(_parse_numeral(match[1])), "d": str(_parse_numeral(match[2]))})


def _parse_numeral(numeral: str) -> int:
    """Parse a numeral below a hundred: 二十九 is 29, 十 is 10."""
    tens, ten, ones = numeral.rpartition("十")
    units = int(ones.translate(_DIGITS)) if ones else 0
    return units + (int(tens.translate(_DIGITS)) if tens else 1) * 10 if ten else units


def _parse_relative(text: str, fetched_at: str) -> str | None:
    match = _RELATIVE.search(text)
    if not match:
        return None
    import dateparser  # slow to import, and hardly a page needs it

    try:
        now = datetime.fromisoformat(fetched_at).astimezone(CHINA).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    settings = {"RELATIVE_BASE": now, "RETURN_AS_TIMEZONE_AWARE": False}
    parsed = dateparser.parse(match[0], languages=["zh"], settings=settings)
    return parsed.date().isoformat() if parsed else None
