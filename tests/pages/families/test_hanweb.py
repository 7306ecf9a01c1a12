"""Tests the listings of Hanweb: lines in scripts, and what its proxy answers."""

from __future__ import annotations

from lufeng_crawler.items import Capture, Listing, Other, Reading
from lufeng_crawler.pages import read

PROXY = "http://www.lanwan.example/module/web/jpage/dataproxy.jsp?columnid=40&unitid=59&webid=1"
PAGE = "http://www.lanwan.example/col/col40/index.html"
PARAMETERS = "data:{'columnid':'40','unitid':'59'}"
CALL = f'jpage({{perPage:2,totalRecord:%d,proxyUrl:"/module/web/jpage/dataproxy.jsp",{PARAMETERS}}})'


def records(*numbers: int) -> str:
    line = "<li><a href='/art/2024/5/1{0}/art_40_{0}.html'>第{0}号公告</a><b>2024-05-1{0}</b></li>"
    return "".join(f"<record><![CDATA[{line.format(number)}]]></record>" for number in numbers)


def got(body: str, url: str, mime: str) -> Reading:
    return read(Capture(url, "2024-06-01T00:00:00Z", 200, (("Content-Type", mime),), body.encode()))


def listing(body: str, url: str = PAGE, mime: str = "text/html") -> Listing:
    found = got(body, url, mime)
    assert isinstance(found, Listing), found
    return found


def shown(script: str, group: str = "") -> Listing:
    xml = f"<datastore>{group}<recordset>{records(1, 2)}</recordset></datastore>"
    return listing(f"<title>公告</title><script type='text/xml'>{xml}</script><script>{script}</script>")


def test_the_total_of_the_proxy_is_told() -> None:
    assert (shown(CALL % 5).extent.total, shown(CALL % 5).extent.is_last) == (5, False)
    assert (shown(CALL % 2).extent.total, shown(CALL % 2).extent.is_last) == (2, True)
    xml = f"<datastore><totalrecord>4</totalrecord><recordset>{records(3, 4)}</recordset></datastore>"
    found = listing(xml, f"{PROXY}&startrecord=3&endrecord=4", "text/xml").extent
    assert (found.rows, found.total, found.is_last) == (2, 4, True)


def test_lines_that_a_page_keeps_in_a_script() -> None:
    found = shown(CALL % 5)
    assert [(entry.title, entry.published) for entry in found.entries] == [
        ("第1号公告", "2024-05-11"),
        ("第2号公告", "2024-05-12"),
    ]
    assert found.entries[0].url == "http://www.lanwan.example/art/2024/5/11/art_40_1.html"
    assert found.family == "hanweb"


def test_the_next_page_is_asked_of_the_proxy() -> None:
    query = "columnid=40&perpage=2&unitid=59&startrecord=3"
    proxy = "http://www.lanwan.example/module/web/jpage/dataproxy.jsp"
    assert shown(CALL % 5).next_page == f"{proxy}?{query}&endrecord=4"
    assert shown(CALL % 3).next_page == f"{proxy}?{query}&endrecord=3"
    assert shown(CALL % 2).next_page is None
    assert shown("").next_page is None


def test_an_offered_group_goes_first() -> None:
    link = '<a href="/module/web/jpage/dataproxy.jsp?page=2&amp;columnid=40"></a>'
    found = shown(CALL % 5, f"<nextgroup><![CDATA[{link}]]></nextgroup>")
    assert found.next_page == "http://www.lanwan.example/module/web/jpage/dataproxy.jsp?page=2&columnid=40"


def test_an_answer_of_the_proxy_and_what_comes_after_it() -> None:
    lines = f"<totalrecord>5</totalrecord><recordset>{records(3, 4)}</recordset>"
    xml = f"<?xml version='1.0'?><datastore>{lines}</datastore>"
    found = listing(xml, f"{PROXY}&startrecord=3&endrecord=4", "text/xml")
    assert [entry.title for entry in found.entries] == ["第3号公告", "第4号公告"]
    assert found.next_page == f"{PROXY}&startrecord=5&endrecord=5"
    assert listing(xml, f"{PROXY}&startrecord=4&endrecord=5", "text/xml").next_page is None
    assert listing(xml, PROXY, "text/xml").next_page is None


def test_an_answer_without_lines_ends_the_column() -> None:
    xml = "<datastore><totalrecord>5</totalrecord><recordset></recordset></datastore>"
    assert isinstance(got(xml, f"{PROXY}&startrecord=5&endrecord=5", "text/xml"), Other)


def test_an_answer_whose_lines_cannot_be_read_is_no_empty_listing() -> None:
    xml = "<datastore><totalrecord>5</totalrecord><record><![CDATA[<li></li>]]></record></datastore>"
    assert isinstance(got(xml, f"{PROXY}&startrecord=1&endrecord=2", "text/xml"), Other)


def test_a_total_that_is_no_number_offers_nothing() -> None:
    assert shown((CALL % 5).replace("totalRecord:5", "totalRecord:²")).next_page is None
