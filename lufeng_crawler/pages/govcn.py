"""中国政府网: documents under two tables (索引号, 发文字号), `/content_5353307.htm`, JSON listings."""

from __future__ import annotations

from lufeng_crawler.pages.family import Family, Mark

FAMILY = Family(
    name="govcn",
    marks=(
        Mark(("UCAP-CONTENT",), 0.6),
        Mark(("www.gov.cn/zhengce", "bd1", "pages_content", "中国政府网"), 0.4),
        Mark(("policyLibraryOverview", "zhengceku", "border-table", "policies_title"), 0.4),
    ),
)
