"""SiteServer CMS: columns at `channels/N.html` and `channels/N_2.html`, texts at `contents/C/N.html`."""

from __future__ import annotations

import re

from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="siteserver",
    marks=(
        Mark(weight=0.6, paths=("/sitefiles/", "/SiteFiles/")),
        Mark(("channels/", "contents/", "SiteServer"), 0.4),
    ),
    conventions=Conventions(article_urls=(re.compile(r"/contents/\d+/\d+", re.I),)),
)
