"""Epoint (新点): blocks named `ewb-…`, columns at `/032002/2.html`, pagers drawn by a script that knows the total."""

from __future__ import annotations

import re

from lufeng_crawler.pages.html.family import Family, Mark
from lufeng_crawler.pages.html.page import Page
from lufeng_crawler.pages.listing import pager

_PAGER_PARAMETER = re.compile(r"\b(pageSize|total)\s*:\s*(\d{1,9})")
_STEP = re.compile(
    r"""location\.href\s*=\s*["']([^"'\s]{1,200}/)["']\s*\+\s*\(data\.pageIndex\s*\+\s*1\)\s*\+\s*["']\.html"""
)
_NUMBER = re.compile(r"/(\d{1,6})\.html$")


def find_next_page(page: Page) -> str | None:
    """Return the URL that the pager's script would go to; a column's first page has a name instead of a number."""
    parameters, step = dict(_PAGER_PARAMETER.findall(page.source)), _STEP.search(page.source)
    current = find_page_number(page)
    if not step or not current or len(parameters) != 2:
        return None
    last = current * int(parameters["pageSize"]) >= int(parameters["total"])
    return None if last else pager.followable_url(f"{step[1]}{current + 1}.html", page)


def find_page_number(page: Page) -> int | None:
    """Return the number of a column's page, which its URL ends with from the second on; None without a pager."""
    step, number = _STEP.search(page.source), _NUMBER.search(page.url)
    if not step:
        return None
    return int(number[1]) if number and page.url.endswith(f"{step[1]}{number[1]}.html") else 1


FAMILY = Family(
    name="epoint",
    marks=(Mark(("EpointWebBuilder",), names=("ewb-",), paths=("/webbuildermis/",)),),
    next_page=find_next_page,
    page_number=find_page_number,
)
