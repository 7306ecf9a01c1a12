"""The site 中国政府网: documents under two tables (索引号, 发文字号), `/content_5353307.htm`, JSON listings."""

from __future__ import annotations

import re

from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="govcn",
    marks=(
        Mark(names=("UCAP-CONTENT",), weight=0.6),
        Mark(("www.gov.cn/zhengce", "中国政府网"), 0.4, ("bd1", "pages_content")),
        Mark(("policyLibraryOverview", "zhengceku"), 0.4, ("border-table", "policies_title")),
    ),
    conventions=Conventions(article_urls=(re.compile(r"/content_\d", re.I),)),
)
