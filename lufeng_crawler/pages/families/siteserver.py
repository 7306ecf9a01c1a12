"""SiteServer CMS: columns at `channels/N.html` and `channels/N_2.html`, texts at `contents/C/N.html`."""

from __future__ import annotations

from lufeng_crawler.pages.html.family import Family, Mark

FAMILY = Family(
    name="siteserver",
    marks=(
        Mark(weight=0.6, paths=("/sitefiles/", "/SiteFiles/")),
        Mark(("channels/", "contents/", "SiteServer"), 0.4),
    ),
)
