"""上海 platform: headline, date and text in `#ivs_title`, `#ivs_date` and `#ivs_content`."""

from __future__ import annotations

from lxml import etree

from lufeng_crawler.pages.family import Family, Mark

FAMILY = Family(
    name="shanghai",
    marks=(
        Mark(("ivs_content",), 0.7),
        Mark(("ivs_title", "ivs_date"), 0.5),
    ),
    bodies=(etree.XPath("//*[@id='ivs_content']"),),
)
