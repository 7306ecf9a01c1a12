"""Reads the calls by which scripts draw a pager: `createPager({total: 23})`, laypage, jqPaginator, `totalPage = 36`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lufeng_crawler.pages.html.page import Page
from lufeng_crawler.pages.listing.pager import followable_url
from lufeng_crawler.pages.listing.stated_counts import Counts, named_count

_SCRIPT = re.compile(r"<script\b[^<>]*>", re.I)
_SCRIPT_END = re.compile(r"</script", re.I)
_COMMENT = re.compile(r"/\*|(?<![:'\"\\/])//")
_CALLEE = re.compile(r"[Pp](?:ag(?:e|er|es|ing|ination|inator)|AGE)(?:[A-Z_]\w{0,30}|\d{0,3})?(?:\.\w{1,20})?\s?\(")
_NAME = re.compile(r"[\w$.]{0,40}\Z")
_LIBRARY = re.compile(
    r"laypage(?:\.render)?|\.pagination|\.?jqPaginator|kkpager\.\w+|\.?twbsPagination|\.[pP]aging|\.?bootstrapPaginator|"
    r"\.?zPager|createPageHTML|\.?jpage|\.?(?:create|show|draw|render|make|init)Pag(?:er|ination|ing|inator|eBar|eNav)\w*|"
    r"new\s(?:Pager|Paging|Pagination|Paginator)",
    re.I,
)
_DRAWS = re.compile(
    r"(?:create|show|draw|render|make|init|build)\w{0,12}pag(?:e|er|ination|ing|inator)|pagination|paginator|laypage|jpage|pager|paging",
    re.I,
)
_KEY = re.compile(
    r"""["']?\b([A-Za-z_]\w{0,30})["']?\s{0,9}:\s{0,9}(?:parseInt\(|Number\()?["']?(\d{1,9})\b(?!\s*[*/+])"""
)
_VARIABLE = re.compile(r"(?<![\w.$])([A-Za-z]\w{2,30})\s{0,9}=\s{0,9}[\"']?(\d{1,9})\b(?!\s*[*/+-])")
_NOT_OF_LISTS = re.compile(r"banner|swiper|slide|carousel|robot|focus|lunbo", re.I)
_NONE_YET = re.compile(r"""\b(?:count|total|pages|totalpages?)["']?\s{0,4}:\s{0,4}["']?0\b""", re.I)
_WHOLE = re.compile(r"\s*[\"']?(\d{1,7})[\"']?\s*")
_PLACE = re.compile(r"""(?<!\w)(?:elem|el|container|cont|pagerid|id)["']?\s*:\s*\$?\(?["'][#.]?([\w-]{1,40})["']""")
_OWNER = re.compile(r"""\(\s*["'][#.]([\w-]{1,40})["']\s*\)\s*\Z""")
_TEMPLATE = re.compile(
    r"""["']([^"'\s<>]{0,200}?)(\{\{?\s*(?:p|pn|page|pageno|pagenum|pageindex|num|number|n|i|0)\s*\}?\}|\$page|__page__|\(:num\)|\[page\]|#page#)"""
    r"""([^"'\s<>]{0,100})["']""",
    re.I,
)
_COMPONENT = re.compile(r"""<(?:[a-z]{1,8}-)?pagination\b(?:[^<>]{0,300}?:total\s?=\s?["'](\d{1,7})["'])?""", re.I)
"""A pager of Vue or its like that no script has drawn yet."""
_SIZES = frozenset(
    (
        "limit",
        "size",
        "pagesize",
        "page_size",
        "perpage",
        "per_page",
        "rows",
        "items_per_page",
        "itemsperpage",
        "pagerows",
        "numperpage",
    )
)
_ZERO_BASED = frozenset(("pageindex", "current_page", "currentpage", "page_index"))
_MAX_PLAIN_LINE = 500
"""Characters of a line of a script that was not made short: a longer one speaks of everything."""
_MAX_ARGUMENTS, _MAX_CALLS, _MAX_SCRIPTS = 1500, 20, 200_000


@dataclass(frozen=True, slots=True)
class PagerCall:
    """A call that draws a pager: its text, what it states, and its address of a page with the place of the number."""

    text: str
    counts: Counts
    template: tuple[str, str] | None = None

    def next_page(self, page: Page) -> str | None:
        """Return the URL of the next page, where the call says how pages are named and that one follows this."""
        if not self.template:
            return None
        before, after = self.template
        current = self.counts.page or self._number_in(page.url) or 1
        if current >= (self.counts.all_pages or 0):
            return None
        return followable_url(f"{before}{current + 1}{after}", page)

    def _number_in(self, url: str) -> int | None:
        before, after = self.template or ("", "")
        match = re.search(rf"{re.escape(before.lstrip('./'))}(\d{{1,6}}){re.escape(after)}\Z", url)
        return int(match[1]) if match else None


def read_scripts(page: Page) -> str:
    """Return the scripts of a page without their comments, cut at a length no pager needs."""
    parts, place, length = [], 0, 0
    while length < _MAX_SCRIPTS and (start := _SCRIPT.search(page.source, place)):
        end = _SCRIPT_END.search(page.source, start.end())
        place = end.end() if end else len(page.source)
        part = page.source[start.end() : end.start() if end else place]
        length += len(part)
        parts.append(part)
    return _without_comments("\n".join(parts)[:_MAX_SCRIPTS])


def _without_comments(script: str) -> str:
    """Return a script without its comments; a loop, since a pattern would search for the end of each unclosed one."""
    kept, place = [], 0
    while start := _COMMENT.search(script, place):
        kept.append(script[place : start.start()])
        ending = "*/" if start[0] == "/*" else "\n"
        end = script.find(ending, start.end())
        place = end + len(ending) if end >= 0 else len(script)
    return " ".join((*kept, script[place:]))


def find_calls(scripts: str, page: Page) -> list[PagerCall]:
    """Return the calls that draw a pager on this page, those with numbers first."""
    tags = [
        PagerCall(match[0].strip(), Counts(total=int(match[1] or 0) or None))
        for match in _COMPONENT.finditer(page.source)
    ]
    calls = [*islice(_iter_calls(scripts, page), _MAX_CALLS), *tags[:1]]
    return sorted(calls, key=lambda call: call.counts == Counts())


def read_variables(scripts: str) -> Counts:
    """Return what variables state: `totalPage = 36`; not on lines about pictures or a robot.

    Where TRS counts pages (`countPage`), it counts them from 0.
    """
    counts, zero = Counts(), "countPage" in scripts
    lines = (line for line in scripts.split("\n") if len(line) > _MAX_PLAIN_LINE or not _NOT_OF_LISTS.search(line))
    for name, value in islice(_VARIABLE.findall("\n".join(lines)), 500):
        if zero and name == "currentPage":
            counts = counts.or_else(Counts(page=int(value) + 1))
        else:
            counts = counts.or_else(named_count(name, value))
    return counts if counts.pages or (counts.total and counts.page) else Counts()


def _iter_calls(scripts: str, page: Page) -> Iterator[PagerCall]:
    for match in islice(_CALLEE.finditer(scripts), 200):
        before = scripts[max(0, match.start() - 60) : match.start()]
        own = _NAME.search(before)
        name = f"{own[0] if own else ''}{match[0].rstrip('( ')}"
        ahead = before[: len(before) - len(own[0] if own else "")].rstrip()
        if ahead.endswith("function") or not (_DRAWS.search(name) or (name == "Page" and ahead.endswith("new"))):
            continue
        arguments = _balanced(scripts, match.end())
        place = _PLACE.search(arguments) or _OWNER.search(ahead)
        if (
            arguments is None
            or (place and f" {place[1]} " not in page.names)
            or re.match(r"\s*\w+\s*(?:,\s*\w+\s*)*\)\s*\{", arguments)
        ):
            continue
        counts = _read_arguments(name, arguments)
        if counts == Counts() and _NONE_YET.search(arguments):
            continue
        if counts != Counts() or (_LIBRARY.fullmatch(name.lstrip("$")) and "{" in arguments):
            template = _TEMPLATE.search(arguments)
            text = f"{name.lstrip('.')}({' '.join(arguments.split())})"
            yield PagerCall(text[:80], counts, (template[1], template[3]) if template else None)


def _balanced(text: str, start: int) -> str:
    """Return a call's arguments up to where its bracket closes, or a length that no call's numbers lie beyond."""
    depth = 1
    for place in range(start, min(len(text), start + _MAX_ARGUMENTS)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return text[start:place]
    return text[start : start + _MAX_ARGUMENTS]


def _read_arguments(name: str, arguments: str) -> Counts:
    pairs = {key.lower(): value for key, value in reversed(_KEY.findall(arguments))}
    if pairs:
        return _read_object(pairs)
    numbers = [int(match[1]) for part in arguments.split(",")[:8] if (match := _WHOLE.fullmatch(part))]
    if name.rpartition(".")[2] == "createPageHTML" and len(numbers) > 1:
        from_one = _WHOLE.fullmatch(arguments.partition(",")[0]) is None
        return Counts(pages=numbers[0] or None, page=numbers[1] + (not from_one))
    return Counts()


def _read_object(pairs: dict[str, str]) -> Counts:
    """Return what the options of a pager state; `total` is lines, except beside another name for these."""
    counts = Counts()
    for key, value in pairs.items():
        number = int(value)
        if key in _SIZES:
            counts = counts.or_else(Counts(per_page=number or None))
        elif key in _ZERO_BASED and not number:
            counts = counts.or_else(Counts(page=1))
        elif key not in {"total", "count"}:
            counts = counts.or_else(named_count(key, value))
    total = int(pairs.get("total", pairs.get("count", "0")))
    if total and counts.total and "total" in pairs:
        counts = counts.or_else(Counts(pages=total))
    elif total:
        counts = counts.or_else(Counts(total=total))
    return counts if counts.total or counts.pages else Counts()
