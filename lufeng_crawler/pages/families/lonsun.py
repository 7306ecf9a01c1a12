"""Lonsun (龙讯): labels written round every block (`StartLabelHtml_`), texts in `.j-fontContent`."""

from __future__ import annotations

from lxml import etree

from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="lonsun",
    marks=(Mark(("StartLabelHtml_", "lonsun"), names=("j-fontContent",)),),
    bodies=(etree.XPath("//*[contains(concat(' ',@class,' '),' j-fontContent ')]"),),
)
