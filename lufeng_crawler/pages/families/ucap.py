"""UCAP (开普): `<ucaptitle>` and `<ucapcontent>` round headline and text, a second copy of both for telephones."""

from __future__ import annotations

from lxml import etree

from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="ucap",
    marks=(
        Mark(names=("ucaptitle", "ucapcontent")),
        Mark(names=("UCAP-CONTENT", "cmsArticleContent"), weight=0.5),
        Mark(("firstpublishedtime", "articleattribute"), 0.5),
    ),
    bodies=(
        etree.XPath("//ucapcontent[not(.//ucapcontent)]"),
        etree.XPath("//*[@id='cmsArticleContent' or @id='UCAP-CONTENT']"),
    ),
    conventions=Conventions(title_tags=("ucaptitle",), body_tags=("ucapcontent",), block_tags=("ucap",)),
)
