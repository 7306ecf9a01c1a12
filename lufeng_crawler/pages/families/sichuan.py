"""The 四川 集约化 platform: texts at `2021/1/4/<32 hex digits>.html`, pagers by `createPageHTML('page_div', …)`."""

from __future__ import annotations

from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="sichuan",
    marks=(
        Mark(("createPageHTML('page_div'", 'createPageHTML("page_div"')),
        Mark(("scs_article_pub.js",), paths=("/xhtml/js/page.js",)),
        Mark(weight=0.6, paths=("/xhtml/js/", "/xhtml/css/")),
    ),
)
