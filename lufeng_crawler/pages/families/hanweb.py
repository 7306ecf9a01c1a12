"""Hanweb (大汉 jcms, jpaas): `/art/Y/M/D/art_C_D.html`, listings whose rows stand in scripts and come from a proxy."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode, urlsplit

from lxml import etree

from lufeng_crawler.items import Extent, Listing
from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.family import Family, Mark
from lufeng_crawler.pages.html.page import Element, Page, parse
from lufeng_crawler.pages.listing import pager
from lufeng_crawler.pages.listing.entries import distinct_entries, read_entry

_DOCUMENT = re.compile(r"\s*<(?:\?xml|datastore|recordset|totalrecord|record)\b", re.I)
"""How the proxy's XML begins; some servers leave the declaration out."""
_RECORD = "<record>"
_MAX_ROWS = 3000
"""Rows of a response that are read; the proxy returns as many as the request names, some hundreds at most."""
_CDATA = re.compile(r"\s*<!\[CDATA\[")
_NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[[^\]]{0,20}?href=[\"']?([^\"'>\s\]]{1,500})", re.I)
_PAGER_PARAMETER = re.compile(
    r"""["'&?]?\b(columnid|unitid|webid|perpage|totalrecord)\b["']?\s*[:=]\s*["']?(\w{1,60})""", re.I
)
_PROXY = "/module/web/jpage/dataproxy.jsp"
_TOTAL_RECORDS = re.compile(r"<totalrecord>\s*(\d{1,9})", re.I)
_RANGE = re.compile(r"\b(startrecord|endrecord)=(\d{1,9})\b")


def read_records(page: Page) -> list[Element]:
    """Return the rows that a page keeps in a script, or that the proxy returns: `<record><![CDATA[<li>…`."""
    rows = [_row_markup(part) for part in page.source.split(_RECORD, _MAX_ROWS)[1 : _MAX_ROWS + 1]]
    markup = "".join(f"<div class='record'>{line}</div>" for line in rows if line)
    return list(parse(page.url, markup).root.iter("div")) if markup else []


def find_next_page(page: Page) -> str | None:
    """Return the proxy's URL of the rows after those shown: what the page offers, else what its numbers come to."""
    if offered := _NEXT_GROUP.search(page.source):
        return pager.followable_url(unescape(offered[1]), page)
    parameters = {name.lower(): value for name, value in reversed(_PAGER_PARAMETER.findall(page.source))}
    shown, total = page.source.count(_RECORD), parameters.pop("totalrecord", "")
    if not shown or not total.isdecimal() or int(total) <= shown or not {"columnid", "unitid"} <= parameters.keys():
        return None
    rows = {"startrecord": shown + 1, "endrecord": min(2 * shown, int(total))}
    return pager.followable_url(f"{_PROXY}?{urlencode(dict(sorted(parameters.items())) | rows)}", page)


def read_document(text: str, url: str) -> Listing | None:
    """Return the listing in the proxy's XML; None for any other document."""
    if not _DOCUMENT.match(text) or _RECORD not in text:
        return None
    page = Page(url, text, etree.Element("html"))
    entries = distinct_entries(read_entry(row, page) for row in read_records(page))
    return Listing(entries, _next_of_document(page), FAMILY.name, _extent_of_document(page)) if entries else None


def _next_of_document(page: Page) -> str | None:
    if offered := _NEXT_GROUP.search(page.source):
        return pager.followable_url(unescape(offered[1]), page)
    total, rows = _TOTAL_RECORDS.search(page.source), dict(_RANGE.findall(urlsplit(page.url).query))
    if not total or len(rows) != 2 or int(rows["endrecord"]) >= int(total[1]):
        return None
    first, last = int(rows["endrecord"]) + 1, 2 * int(rows["endrecord"]) - int(rows["startrecord"]) + 1
    further = {"startrecord": first, "endrecord": min(last, int(total[1]))}
    return _RANGE.sub(lambda match: f"{match[1]}={further[match[1]]}", page.url) if last >= first else None


def _extent_of_document(page: Page) -> Extent:
    """Return the extent of a document: its rows, the total, and whether it was asked for the last of them."""
    rows, total = min(page.source.count(_RECORD), _MAX_ROWS), _TOTAL_RECORDS.search(page.source)
    shown = dict(_RANGE.findall(urlsplit(page.url).query)).get("endrecord", rows)
    is_last = total is not None and int(shown) >= int(total[1])
    return Extent(rows, total=int(total[1]) if total else None, has_pager=total is not None, is_last=is_last)


def _row_markup(part: str) -> str:
    opening = _CDATA.match(part)
    return part[opening.end() :].partition("]]>")[0] if opening else unescape(part.partition("</record>")[0])


FAMILY = Family(
    name="hanweb",
    marks=(
        Mark(("ZJEG_RSS", "<datastore>", "jpaas"), paths=("/module/web/jpage/", "/jcms/")),
        Mark(("hanweb", "cms_files/filemanager"), 0.6, paths=("/module/jslib/",)),
        Mark(weight=0.5, paths=("/art/20",)),
        Mark(('ergodic="article"', "i_articleid", "urite.min.js"), 0.5),
    ),
    records=read_records,
    next_page=find_next_page,
    read_document=read_document,
    conventions=Conventions(article_urls=(re.compile(r"/art/\d{4}/", re.I),)),
)
