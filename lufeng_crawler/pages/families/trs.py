"""TRS WCM (拓尔思): `./202605/t20260511_1405152.html`, editors' boxes of several ages, fields kept in scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.html.family import Family, Mark
from lufeng_crawler.pages.html.page import Page
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import clean_line

_CHINESE = re.compile("[\u4e00-\u9fff]")
_FIELD_VARIABLE = re.compile(
    r"""var\s+(?i:(pubdat[ae]|docpubtime|docreltime|docsource|c?source))\s*=\s*(?:'([^'\n<]{2,60})'|"([^"\n<]{2,60})")"""
)


def read_fields(page: Page) -> Iterator[Finding]:
    """Yield what scripts write into the label line: `var pubdata='2017年06月23日'`, `var DOCSOURCE='…'`."""
    for name, single, double in _FIELD_VARIABLE.findall(page.source):
        value = clean_line(single or double)
        if name.lower().endswith("source"):
            if _CHINESE.search(value):
                yield Finding("source", value, f"trs: script {name}")
        elif date := dates.parse_date(value):
            yield Finding("published", date, f"trs: script {name}")


FAMILY = Family(
    name="trs",
    marks=(
        Mark(weight=0.4, paths=("/t20",)),
        Mark(("TRS_", "trs_web"), 0.7, ("TRS_", "trs_editor_view", "trs_web")),
        Mark(("createPageHTML(", "countPage"), 0.6),
        Mark(("OLDSRC=", "oldsrc=", "DOCSOURCE", "_trs_ta_js"), 0.7),
    ),
    fields=read_fields,
    # `oldsrc` keeps the file's name where a mirror or a script took its address
    conventions=Conventions(
        article_urls=(re.compile(r"/t(?:19|20)\d{6}[_/]\w+", re.I),),
        href_attributes=("oldsrc",),
    ),
)
