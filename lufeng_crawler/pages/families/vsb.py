"""Visual SiteBuilder (博达 VSB): columns whose pages count down to `1.htm`, `/info/COLUMN/ID.htm`, no standard tags."""

from __future__ import annotations

import re

from lxml import etree

from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.family import Family, Mark

_NEWS_BOX = "//div[contains(concat(' ',@class,' '),' v_news_content ')][not(.//div[contains(@class,'v_news_content')])]"
_IS_ROW = "self::li or self::tr or self::div or self::dl or self::a"

FAMILY = Family(
    name="vsb",
    marks=(
        Mark(("Announced by Visual SiteBuilder", "_newscontent_fromname")),
        Mark(("_showDynClick",)),
        Mark(("_sitegray/_sitegray",), 0.6, paths=("/system/resource/js/",)),
        Mark(names=("v_news_content", "vsb_content"), weight=0.6),
        Mark(names=("line_u", "fanye", "p_pages"), weight=0.6),
        Mark(("urltype=news.", "urltype=tree."), 0.6),
    ),
    bodies=(
        etree.XPath("//@id[starts-with(.,'vsb_content')]/parent::*" + _NEWS_BOX),
        etree.XPath("//form[@name='_newscontent_fromname']" + _NEWS_BOX),
        etree.XPath("//*[starts-with(@id,'vsb_content')][not(.//*[starts-with(@id,'vsb_content')])]"),
        etree.XPath(_NEWS_BOX),
    ),
    body_names=("v_news_content", "vsb_content"),
    area=etree.XPath("//form[@name='_newscontent_fromname']"),
    # the component that shows a PDF writes how to come by a viewer
    noise=etree.XPath(".//ul[contains(.,'如果您无法在线浏览此 PDF 文件')]"),
    row_mark="line_u",
    # the rarest first: most elements have no id
    rows=etree.XPath(f"/descendant::*[@id][starts-with(@id,'line_u')][{_IS_ROW}]"),
    conventions=Conventions(
        article_ids=(
            re.compile(r"/info/\d+/(?:\d+/)?(\d+)\.s?html?$", re.I),  # static
            re.compile(r"\.jsp\?(?=.*\burltype=news\.NewsContentUrl\b).*\bwbnewsid=(\d+)", re.I),  # dynamic
        ),
        src_attributes=("orisrc",),
        download_urls=(re.compile(r"/system/_content/download\.jsp|urltype=news\.DownloadAttachUrl", re.I),),
    ),
)
