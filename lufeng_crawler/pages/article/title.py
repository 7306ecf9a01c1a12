"""Finds an article's title: the line above the text that `<title>` confirms, else where titles stand, else tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from lufeng_crawler.items import Layout
from lufeng_crawler.pages.article import labels
from lufeng_crawler.pages.html.conventions import known_conventions
from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Element, Page, text_of
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import GAP, clean_line, collapse_spaces

_HEADINGS = ("h1", "h2", "h3")
_BRACKET = re.compile(r"[【\[][^】\]]{1,40}[】\]]")
_CUT = re.compile(r"\s*[-_|—–>»]+\s*")
_SITE = re.compile(r"(?:网|网站|网站群|门户|政府|首页|主页|局|厅|部|委|委员会|中心|协会|学校|大学|学院|医院)!?$")
_FIELD_LINE = re.compile(r"(?:发布|发表|时间|日期|来源|来稿|作者|点击|浏览|阅读)")
_TRAILING_DATE = re.compile(r"\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+[\d:：]+)?\s*$")
_TRAIL = re.compile(r"[>»›]|首\s?页|位置")
_PARTED = re.compile(f"[{GAP}\t]")
_LINKS = re.compile("友情链接|相关(?:链接|新闻|文章|阅读)|联系我们|热门|推荐|版权")
_WORDS = re.compile(r"[^\s_|—–>»-]+")
_CUT_SHORT = ("...", "…")
_SHORTEST, _SHORTEST_STEM, _LONG_ENOUGH = 4, 6, 8
_LONGEST_TITLE = 300
_FARTHEST = 60
_LONGEST_COLUMN = 15
_LONGEST_NAME = 20


def find_titles(
    page: Page, above: Sequence[str], columns: Sequence[str], family: Family, layout: Layout, tags: Mapping[str, str]
) -> Iterator[Finding]:
    """Every rule's word on the title, best first; `above` are the lines over the text, `columns` its breadcrumb.

    What stands where titles stand, and `<title>` cut short, are asked only where nothing better is found.
    """
    stated = tags.get("articletitle") or tags.get("og:title", "")
    columns = [name for name in columns if len(name) < _LONGEST_COLUMN]  # a breadcrumb may end with the title
    cells = list(_cells(above[-_FARTHEST:]))
    whole = "" if collapse_spaces(page.title) == collapse_spaces(tags.get("sitename", "")) else page.title
    confirmed = [*_confirmed(cells, whole, stated, set(map(collapse_spaces, columns)))]
    if not confirmed or _SITE.search(confirmed[0].value):
        confirmed = [*_ending(cells, whole, columns)] or confirmed
    best = [*_described(page, family, layout), *confirmed]
    labelled = [Finding("title", value, "information table") for value in _labelled(above[-_FARTHEST:])]
    best += [uncut for finding in labelled if not _is_cut((uncut := _uncut(finding, cells)).value)]
    rest = () if best else (*labelled, *_opening(page.title, columns), *_placed(cells, columns), *_headings(page))
    yield from (_uncut(finding, cells) for finding in (*best, *rest))
    if stated and ("articletitle" in tags or not best):
        yield Finding("title", stated, "meta articletitle" if "articletitle" in tags else "meta og:title")
    if not best and (short := max(_CUT.split(clean_line(page.title)), key=len)):
        yield Finding("title", short, "<title>")


def _is_cut(title: str) -> bool:
    return title.endswith(_CUT_SHORT)


def _uncut(finding: Finding, cells: Sequence[str]) -> Finding:
    """A title that a template cut short gives way to the line that begins the same and goes on."""
    if not _is_cut(finding.value):
        return finding
    stem = collapse_spaces(finding.value.rstrip(".…。"))
    whole = next((cell for cell in reversed(cells) if collapse_spaces(cell).startswith(stem) and not _is_cut(cell)), "")
    return replace(finding, value=clean_line(whole)) if len(stem) >= _SHORTEST_STEM and whole else finding


def _described(page: Page, family: Family, layout: Layout) -> Iterator[Finding]:
    """Where the site file and the family say that titles are."""
    if css := layout.article.get("title"):
        yield from _element(page.find(css), f"site file: {css}")
    for path in family.titles:
        yield from _element(path(page.root), f"{family.name}: {path.path}")


def _labelled(above: Sequence[str]) -> list[str]:
    return [value for field, value in labels.find_labelled_values("\n".join(above)) if field == "title"][:1]


def _headings(page: Page) -> Iterator[Finding]:
    headings = page.root.iter(*_HEADINGS, *known_conventions().title_tags)
    found = [each for each in headings if _LONG_ENOUGH <= len(clean_line(text_of(each))) <= 200]
    return _element([each for each in found if not _LINKS.match(clean_line(text_of(each)))], "heading")


def find_confirmed_line(above: Sequence[str], title: str, columns: set[str]) -> str | None:
    """The longest line, or run of up to three, above the text that begins `title`, a 【…】 before it left aside.

    Of equals the nearest to the text. A column's name is none. The 【…】 is put back: VSB keeps it only in `<title>`.
    """
    whole = collapse_spaces(title)
    bracket = match[0] if (match := _BRACKET.match(whole)) else ""
    bare = [collapse_spaces(line) for line in above]
    best, longest = "", _SHORTEST - 1
    for index, part in enumerate(bare):
        if not part or not whole.startswith((part, bracket + part)):
            continue
        count = _run(bare[index : index + 3], whole, len(bracket))
        length = sum(map(len, bare[index : index + count]))
        if length >= longest and bare[index] not in columns:
            best, longest = " ".join(above[index : index + count]), length
    lacks = bracket and best and not collapse_spaces(best).startswith(bracket)
    return clean_line(bracket + best if lacks else best) or None


def _cells(above: Sequence[str]) -> Iterator[str]:
    """Every box and gap of the lines apart, and once more without date and fields where these share its line."""
    return (text for line in above for text in _cells_of(line))


@lru_cache(maxsize=8192)
def _cells_of(line: str) -> tuple[str, ...]:
    """The cells of one line; a site's pages share the most of theirs."""
    texts = [text for cell in _PARTED.split(line) if (text := cell.strip())]
    bare = [_TRAILING_DATE.sub("", labels.text_before_label(text)).strip() for text in texts]
    return tuple(part for pair in zip(texts, bare, strict=True) for part in dict.fromkeys(pair) if part)


def _run(parts: Sequence[str], whole: str, bracket: int) -> int:
    """How many of the lines `whole` begins with, one after the other, at its start or behind its bracket."""
    for start in {0, bracket}:
        count, place = 0, start
        while count < len(parts) and parts[count] and whole.startswith(parts[count], place):
            place += len(parts[count])
            count += 1
        if count:
            return count
    return 0


def _confirmed(cells: Sequence[str], title: str, stated: str, columns: set[str]) -> Iterator[Finding]:
    for whole, rule in ((title, "<title>"), (stated, "meta articletitle")):
        if whole and (line := find_confirmed_line(cells, whole, columns)) and not _names_the_site(line, whole):
            yield Finding("title", line, f"the line above the text that {rule} confirms")
            return


def _ending(cells: Sequence[str], title: str, columns: Sequence[str]) -> Iterator[Finding]:
    """The line that ends a `<title>` which begins with the site's or a column's name: 县人民政府 新闻动态 标题."""
    words = list(_WORDS.finditer(title[:_LONGEST_TITLE]))
    if not words or not (_SITE.search(words[0][0]) or words[0][0] in columns):
        return
    lines = {collapse_spaces(cell): cell for cell in cells if len(cell) >= _LONG_ENOUGH and not _SITE.search(cell)}
    for word in words[1:]:
        if line := lines.get(collapse_spaces(title[word.start() :])):
            yield Finding("title", clean_line(line), "the line above the text that ends <title>")
            return


def _names_the_site(line: str, title: str) -> bool:
    """A `<title>` that is only the site's name is confirmed by the name over the navigation."""
    return (
        collapse_spaces(line) == collapse_spaces(title) and len(line) < _LONGEST_NAME and _SITE.search(line) is not None
    )


def _opening(title: str, columns: Sequence[str]) -> Iterator[Finding]:
    """What `<title>` opens with, where that is neither the site's name nor a column's."""
    opening = _CUT.split(clean_line(title))[0]
    if len(opening) >= 8 and not _SITE.search(opening) and opening.strip("[]【】") not in columns:
        yield Finding("title", opening, "the beginning of <title>")


def _placed(cells: Sequence[str], columns: Sequence[str]) -> Iterator[Finding]:
    """The line over the nearest line of fields (日期 · 来源): where titles stand if `<title>` names only the site."""
    fields = [index for index, cell in enumerate(cells[-12:], max(0, len(cells) - 12)) if _is_field_line(cell)]
    for cell in reversed(cells[: fields[0]] if fields else []):
        if len(cell) >= 8 and cell not in columns and not _is_field_line(cell) and not _TRAIL.search(cell):
            yield Finding("title", clean_line(cell), "the line over the fields")
            return


def _is_field_line(cell: str) -> bool:
    return len(cell) < 120 and bool((_FIELD_LINE.search(cell) and ("：" in cell or ":" in cell)) or dates.is_date(cell))


def _element(found: Sequence[Element | str], rule: str) -> Iterator[Finding]:
    if found and (value := clean_line(text_of(found[0]))):
        yield Finding("title", value, rule)
