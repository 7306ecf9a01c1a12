"""Tests that the lines of a listing are found by what repeats, holds links and is dated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.page import parse, text_of
from lufeng_crawler.pages.listing.rows import RowGroup, find_row_groups, innermost_rows
from lufeng_crawler.pages.text.whitespace import clean_line

URL = "http://www.lufengxian.example/tzgg/"
NAV = "<ul class='nav'>" + "".join(f"<li><a href='/{n}'>栏目名称{n}</a></li>" for n in range(9)) + "</ul>"


def rows(count: int, form: str = "<li><a href='{0}.htm'>鹿峰县第{0}号通知</a><i>2024-05-{0:02}</i></li>") -> str:
    return "".join(form.format(number) for number in range(1, count + 1))


def found(html: str) -> list[RowGroup]:
    return find_row_groups(parse(URL, html))


@given(st.integers(2, 12), st.booleans())
def test_dated_lines_go_before_a_longer_navigation(count: int, behind: bool) -> None:
    parts = [NAV, f"<ul>{rows(count)}</ul>"]
    best = found("".join(reversed(parts) if behind else parts))[0]
    assert (len(best.rows), best.dated) == (count, count)


@pytest.mark.parametrize(
    "form",
    [
        "<li><a href='{0}.htm'>鹿峰县第{0}号通知</a><i>2024-05-{0:02}</i></li>",
        "<div class='row'><span>05-{0:02}</span><a href='{0}.htm'>鹿峰县第{0}号通知</a></div>",
        "<p><a href='{0}.htm'>鹿峰县第{0}号通知</a>（2024年5月{0}日）</p>",
        "<li><b>{0:02}</b><i>2024-05</i><a href='{0}.htm'>鹿峰县第{0}号通知</a></li>",
        "<li><span>05/{0:02}</span><em>2024</em><a href='{0}.htm'>鹿峰县第{0}号通知</a></li>",
        "<dl><dt><a href='{0}.htm'>鹿峰县第{0}号通知</a></dt><dd>2024-05-{0:02}</dd></dl>",
    ],
)
def test_lines_of_any_make_are_lines(form: str) -> None:
    best = found(f"{NAV}<div class='list'>{rows(6, form)}</div>")[0]
    assert (len(best.rows), best.dated) == (6, 6)


def test_a_table_is_read_by_its_rows_and_its_head_is_none() -> None:
    form = "<tr><td><a href='{0}.htm'>鹿峰县第{0}号通知</a></td><td>2024-05-{0:02}</td></tr>"
    best = found(f"<table><tr><th>标题</th><th>日期</th></tr>{rows(5, form)}</table>")[0]
    assert [row.tag for row in best.rows] == ["tr"] * 5


def test_lists_that_follow_one_another_are_one_in_page_order() -> None:
    html = "".join(f"<ul><li><a href='{n}.htm'>鹿峰县第{n}号通知</a><i>2024-05-0{n}</i></li></ul>" for n in range(1, 7))
    best = found(f"<div>{html}</div>")[0]
    numbers = [clean_line(text_of(row))[4:5] for row in best.rows]
    assert numbers == list("123456")


def test_of_two_lists_the_one_with_more_dates_is_the_columns() -> None:
    side = f"<div><ol>{rows(3)}</ol></div>"
    main = f"<div class='main'><ul>{rows(8)}</ul></div>"
    assert [group.dated for group in found(side + main)][:1] == [8]
    assert [group.dated for group in found(main + side)][:1] == [8]


def test_a_lone_dated_line_may_be_a_list_and_a_lone_undated_one_may_not() -> None:
    assert [group.dated for group in found(f"<ul>{rows(1)}</ul>")] == [1]
    assert found("<ul><li><a href='1.htm'>鹿峰县第一号通知</a></li></ul>") == []
    assert found("<div><div><a href='1.htm'>鹿峰县第一号通知</a>2024-05-01</div></div>") == []


def test_a_year_in_a_title_is_no_date() -> None:
    best = found(f"<ul>{rows(6, '<li><b>{0}</b><a href={0}.htm>鹿峰县2024年第{0}号通知</a></li>')}</ul>")[0]
    assert (len(best.rows), best.dated) == (6, 0)


def test_what_is_too_short_or_too_long_is_no_line() -> None:
    assert found("<ul>" + "<li><a href='1.htm'>首页</a></li>" * 5 + "</ul>") == []
    assert found("<ul>" + f"<li><a href='1.htm'>{'长' * 1600}</a></li>" * 5 + "</ul>") == []


@pytest.mark.parametrize(
    "html", ["", "<p>没有链接</p>", "<a href='1.htm'>一个链接</a>", "<ul><li>2024-05-01</li></ul>"]
)
def test_a_page_without_repeated_links_has_no_lines(html: str) -> None:
    assert found(html) == []


def test_a_row_that_holds_rows_gives_way_to_them() -> None:
    inner = rows(3, "<tr><td><a href='{0}.htm'>鹿峰县第{0}号通知</a></td><td>2024-05-{0:02}</td></tr>")
    page = parse(URL, f"<table><tr><td><table>{inner}</table></td></tr></table>")
    outer = page.root.xpath("//tr[.//tr]")
    assert [row.tag for row in innermost_rows(outer)] == ["tr"] * 3
    assert list(innermost_rows(page.root.xpath("//tr[not(.//tr)]"))) == page.root.xpath("//tr[not(.//tr)]")


@given(st.text("<ul>/lia hrf='.5-2024通知", max_size=150))
def test_the_best_come_first_whatever_the_page(html: str) -> None:
    order = [(group.dated, group.length) for group in found(html + NAV)]
    assert order == sorted(order, reverse=True)
    assert all(0 <= group.dated <= len(group.rows) for group in found(html))
