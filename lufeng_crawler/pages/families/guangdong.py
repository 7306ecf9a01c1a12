"""The 广东 集约化 platform (NFCMS, gkmlpt): `/content/post_4100825.html`, texts in `.zoomcon`, JSON listings."""

from __future__ import annotations

import re

from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="guangdong",
    marks=(
        Mark(("NFCMS_",)),
        Mark(weight=0.7, paths=("/content/post_", "/content/mpost_")),
        Mark(names=("zoomcon", "article-create_time"), weight=0.4),
    ),
    conventions=Conventions(article_urls=(re.compile(r"/content/post_\d", re.I),)),
)
