"""Tests that a line's date is put together from its boxes, and that no year is invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.page import parse
from lufeng_crawler.pages.listing.row_dates import find_row_date, parse_boxes, select_numbers

HOST = "http://www.lufengxian.example"
DAYS = st.dates(date(1990, 1, 1), date(2098, 1, 1))


def stated(html: str, address: str = "") -> str | None:
    row = parse(f"{HOST}/", f"<ul><li>{html}</li></ul>").root.find(".//li")
    return find_row_date(row, [text for text in row.itertext() if text.strip()], f"{HOST}{address}")


@pytest.mark.parametrize(
    ("boxes", "day"),
    [
        ("11 2024-05", "2024-05-11"),
        ("05-11 2024", "2024-05-11"),
        ("2024 05-11", "2024-05-11"),
        ("2024 05 11", "2024-05-11"),
        ("2024年 5月 11日", "2024-05-11"),
        ("11 05月 2024", "2024-05-11"),
        ("11日 5月 2024年", "2024-05-11"),
        ("11 05/2024", "2024-05-11"),
        ("5月 11日 2024", "2024-05-11"),
        ("11 05 2024", None),
        ("2024 13 11", None),
        ("05 11", None),
        ("2024", None),
        ("", None),
    ],
)
def test_what_boxes_come_to(boxes: str, day: str | None) -> None:
    assert parse_boxes(boxes) == day


def test_only_numbers_are_parts_of_a_date() -> None:
    assert list(select_numbers(["11", " 5月 ", "第5号", "", "-", "2024年", "2024" * 20])) == ["11", "5月", "2024年"]


@pytest.mark.parametrize(
    ("shown", "address", "day"),
    [
        ("05-11", "/xw/202405/t20240511_9.html", "2024-05-11"),
        ("[05-11]", "/xw/202404/t20240511_9.html", "2024-05-11"),
        ("5月11日", "/art/2024/5/11/art_12_345.html", "2024-05-11"),
        ("发布时间：05/11", "/xw/202405/9.html", "2024-05-11"),
        ("05-11", "/2024/05/9.html", "2024-05-11"),
        ("05-11", "/2024-05/11/9.html", "2024-05-11"),
        ("05-11", "/202405/11/9.html", "2024-05-11"),
        ("05-11", "/2024/0511/9.html", "2024-05-11"),
        ("05-11", "/xw/2024-05-11.html", "2024-05-11"),
        ("05-11", "/202405/1234.html", "2024-05-11"),
        ("05-11", "/2024/1105.html", None),
        ("05-11", "/show?id=20240511093012", "2024-05-11"),
        ("<b>11</b><i>05月</i>", "/xw/t20240511_9.html", "2024-05-11"),
        ("05-11", "/xw/202405/t20240512_9.html", None),
        ("05-11", "/xw/202406/9.html", None),
        ("05-11", "/xw/2024/9.html", None),
        ("05-11", "/xw/9120240511.html", None),
        ("05-11", "/xw/9.html", None),
        ("", "/xw/202405/t20240511_9.html", None),
        ("02-30", "/xw/202402/9.html", None),
        ("2023-05-11", "/xw/202405/t20240511_9.html", "2023-05-11"),
    ],
)
def test_the_year_of_an_address_counts_where_month_and_day_agree(shown: str, address: str, day: str | None) -> None:
    assert stated(f"<span>{shown}</span>", address) == day


@given(DAYS, DAYS)
def test_a_day_that_the_address_disagrees_with_has_no_year(shown: date, other: date) -> None:
    found = stated(f"<i>{shown:%m-%d}</i>", f"/xw/{other:%Y%m}/t{other:%Y%m%d}_9.html")
    agree = (shown.month, shown.day) == (other.month, other.day)
    assert found == (other.isoformat() if agree else None)


def test_a_box_of_its_own_goes_before_a_summary() -> None:
    summary = "自2023年1月1日起施行的办法现予公布，请各单位认真学习并遵照执行，如有疑问请及时联系县人民政府办公室。"
    assert stated(f"<p>{summary}</p><b>11</b><i>2024-05</i>") == "2024-05-11"
    assert stated(f"<p>{summary}</p><i>05-11</i>", "/t20240511_9.html") == "2023-01-01"
