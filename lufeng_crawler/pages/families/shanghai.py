"""The 上海 platform: headline, date and text in `#ivs_title`, `#ivs_date` and `#ivs_content`."""

from __future__ import annotations

from lxml import etree

from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="shanghai",
    marks=(
        Mark(names=("ivs_content",), weight=0.7),
        Mark(names=("ivs_title", "ivs_date"), weight=0.5),
    ),
    bodies=(etree.XPath("//*[@id='ivs_content']"),),
)
