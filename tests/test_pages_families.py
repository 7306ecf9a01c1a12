"""Tests how families are recognised, and what TRS and Epoint keep in scripts."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Article, Capture, Listing
from lufeng_crawler.pages import read, recognise
from lufeng_crawler.pages.families import FAMILIES

URL = "http://www.lanwan.example/cssfzx/032002/{}.html"
TEXT = "为做好暑期防溺水工作，现将有关事项通知如下，请各学校高度重视，层层压实责任。"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("<div class=TRS_Editor><p oldsrc='W020.jpg'>", "trs"),
        ("<div class=TRS_Editor>", "generic"),
        ("<a href='./202405/t20240511_1.html'><script>createPageHTML(20, 0, 'index', 'html')</script>", "trs"),
        ("<!--ZJEG_RSS.content.begin-->", "hanweb"),
        ("<script src='/module/web/jpage/x.js'>", "hanweb"),
        ("<UCAPCONTENT>", "ucap"),
        ("<td id='UCAP-CONTENT' class='pages_content'>", "govcn"),
        ("<script>createPageHTML('page_div',5,1,'list','shtml',89)</script>", "sichuan"),
        ("<script>window.NFCMS_SITE_ID=2</script>", "guangdong"),
        ("<div id='ivs_title'></div><div id='ivs_content'>", "shanghai"),
        ("<script src='/sitefiles/a.js'></script><a href='../contents/1/2.html'>", "siteserver"),
        ("<tr class='ewb-trade-tr'>", "epoint"),
        ("<!--StartLabelHtml_linkList_1-->", "lonsun"),
        ("<div class='content'>", "generic"),
        ("", "generic"),
    ],
)
def test_a_family_is_known_by_its_marks(source: str, name: str) -> None:
    assert recognise(source).name == name


def test_a_text_pasted_from_another_system_changes_no_family() -> None:
    pasted = "<div class=TRS_Editor><img oldsrc='W020.jpg'></div>"
    assert recognise(f"<!--Announced by Visual SiteBuilder 9-->{pasted}").name == "vsb"


def test_every_mark_is_a_tuple_of_pieces_and_can_prove() -> None:
    for family in FAMILIES:
        assert all(isinstance(mark.texts, tuple) for mark in family.marks)
        assert sum(mark.weight for mark in family.marks) >= 1, family.name


def trs(script: str, fields: str = "") -> Article:
    page = (
        f"<title>防溺水工作的通知</title><h1>防溺水工作的通知</h1><div>{fields}</div><script>{script}</script>"
        f"<div class='TRS_Editor'><p oldsrc='W020'>{TEXT}</p></div>"
    )
    found = read(Capture(URL.format("t1"), "2024-06-01T00:00:00Z", 200, (), page.encode()))
    assert isinstance(found, Article)
    return found


def test_fields_that_scripts_are_told() -> None:
    found = trs("var pubdata='2017年06月23日'; var DOCSOURCE = \"蓝湾日报\";")
    assert (found.published, found.source) == ("2017-06-23", "蓝湾日报")
    assert found.provenance["source"].rule == "trs: script DOCSOURCE"


def test_what_readers_see_goes_before_what_scripts_are_told() -> None:
    found = trs("var pubdata='2017-06-23'; var DOCSOURCE='';", "日期：2017-06-24 来源：蓝湾晚报")
    assert (found.published, found.source) == ("2017-06-24", "蓝湾晚报")
    assert trs("var source='/images/a.js'; var csource='';").source is None


ROWS = "".join(
    f"<tr class='ewb-trade-tr'><td><a href='{n}a.html'>第{n}号公示公告</a></td><td>2024-05-1{n}</td></tr>"
    for n in range(4)
)
PAGER = 'pagination({pageSize: 4,total: 9}); window.location.href="/cssfzx/032002/"+(data.pageIndex+1)+".html";'


@pytest.mark.parametrize(("page", "following"), [("moreinfo", "2"), ("2", "3"), ("3", None)])
def test_a_pager_that_is_told_the_total(page: str, following: str | None) -> None:
    body = f"<title>公示</title><table>{ROWS}</table><script>{PAGER}</script>"
    found = read(Capture(URL.format(page), "2024-06-01T00:00:00Z", 200, (), body.encode()))
    assert isinstance(found, Listing)
    assert found.next_page == (URL.format(following) if following else None)
