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
_TITLE_SEPARATOR = re.compile(r"\s*[-_|—–>»]+\s*")
_SITE_NAME_END = re.compile(
    r"(?:网|网站|网站群|门户|政府|首页|主页|局|厅|部|委|委员会|中心|协会|学校|大学|学院|医院)!?$"
)
_FIELD_WORD = re.compile(r"(?:发布|发表|时间|日期|来源|来稿|作者|点击|浏览|阅读)")
_TRAILING_DATE = re.compile(r"\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+[\d:：]+)?\s*$")
_BREADCRUMB = re.compile(r"[>»›]|首\s?页|位置")
_CELL_BORDER = re.compile(f"[{GAP}\t]")
_LINK_HEADING = re.compile("友情链接|相关(?:链接|新闻|文章|阅读)|联系我们|热门|推荐|版权")
_TITLE_WORD = re.compile(r"[^\s_|—–>»-]+")
_ELLIPSES = ("...", "…")
_MIN_LINE_LENGTH, _MIN_STEM_LENGTH, _MIN_HEADING_LENGTH = 4, 6, 8
_MAX_TITLE_LENGTH = 300
_MAX_LINES_ABOVE = 60
_MAX_COLUMN_LENGTH = 15
_MAX_SITE_NAME_LENGTH = 20


def find_titles(
    page: Page, above: Sequence[str], columns: Sequence[str], family: Family, layout: Layout, tags: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what every rule finds for the title, best first.

    `above` are the lines over the text, `columns` its breadcrumb. Places where titles stand, and `<title>` cut short,
    count only where nothing better is found.
    """
    stated = tags.get("articletitle") or tags.get("og:title", "")
    columns = [name for name in columns if len(name) < _MAX_COLUMN_LENGTH]  # a breadcrumb may end with the title
    cells = list(_iter_cells(above[-_MAX_LINES_ABOVE:]))
    labelled = [Finding("title", value, "information table") for value in _labelled_titles(above[-_MAX_LINES_ABOVE:])]
    best = [*_titles_by_selector(page, family, layout), *_titles_of_head(page, cells, columns, stated, tags)]
    best += [complete for finding in labelled if not _is_cut((complete := _complete_title(finding, cells)).value)]
    weaker = () if best else (*labelled, *_titles_by_place(page, cells, columns))
    yield from (_complete_title(finding, cells) for finding in (*best, *weaker))
    if stated and ("articletitle" in tags or not best):
        yield Finding("title", stated, "meta articletitle" if "articletitle" in tags else "meta og:title")
    if not best and (short := max(_TITLE_SEPARATOR.split(clean_line(page.title)), key=len)):
        yield Finding("title", short, "<title>")


def _titles_of_head(
    page: Page, cells: Sequence[str], columns: Sequence[str], stated: str, tags: Mapping[str, str]
) -> Sequence[Finding]:
    """Return the lines that the page's `<title>` or tag confirms; a `<title>` that is the site's name confirms none."""
    page_title = "" if collapse_spaces(page.title) == collapse_spaces(tags.get("sitename", "")) else page.title
    confirmed = [*_confirmed_titles(cells, page_title, stated, set(map(collapse_spaces, columns)))]
    if confirmed and not _SITE_NAME_END.search(confirmed[0].value):
        return confirmed
    return [*_title_at_end(cells, page_title, columns)] or confirmed


def _titles_by_place(page: Page, cells: Sequence[str], columns: Sequence[str]) -> Iterator[Finding]:
    """Yield what stands where titles stand, for want of anything better."""
    yield from _title_at_start(page.title, columns)
    yield from _title_over_fields(cells, columns)
    yield from _titles_in_headings(page)


def _is_cut(title: str) -> bool:
    return title.endswith(_ELLIPSES)


def _complete_title(finding: Finding, cells: Sequence[str]) -> Finding:
    """Replace a title that a template cut short by the line that begins the same and goes on."""
    if not _is_cut(finding.value):
        return finding
    stem = collapse_spaces(finding.value.rstrip(".…。"))
    complete = next(
        (cell for cell in reversed(cells) if collapse_spaces(cell).startswith(stem) and not _is_cut(cell)), ""
    )
    return replace(finding, value=clean_line(complete)) if len(stem) >= _MIN_STEM_LENGTH and complete else finding


def _titles_by_selector(page: Page, family: Family, layout: Layout) -> Iterator[Finding]:
    """Yield what stands where the site file and the family say that titles are."""
    if css := layout.article.get("title"):
        yield from _first_text(page.find(css), f"site file: {css}")
    for path in family.titles:
        yield from _first_text(path(page.root), f"{family.name}: {path.path}")


def _labelled_titles(above: Sequence[str]) -> list[str]:
    return [value for field, value in labels.find_labelled_values("\n".join(above)) if field == "title"][:1]


def _titles_in_headings(page: Page) -> Iterator[Finding]:
    headings = page.root.iter(*_HEADINGS, *known_conventions().title_tags)
    long_enough = [each for each in headings if _MIN_HEADING_LENGTH <= len(clean_line(text_of(each))) <= 200]
    return _first_text([each for each in long_enough if not _LINK_HEADING.match(clean_line(text_of(each)))], "heading")


def find_confirmed_line(above: Sequence[str], title: str, columns: set[str]) -> str | None:
    """Return the longest line, or run of up to three, above the text that begins `title`, apart from a 【…】 before it.

    Of equally long ones the nearest to the text. A column's name is none. The 【…】 is put back: VSB keeps it only in
    `<title>`.
    """
    bare_title = collapse_spaces(title)
    bracket = match[0] if (match := _BRACKET.match(bare_title)) else ""
    bare = [collapse_spaces(line) for line in above]
    best, longest = "", _MIN_LINE_LENGTH - 1
    for index, part in enumerate(bare):
        if not part or not bare_title.startswith((part, bracket + part)):
            continue
        count = _count_run(bare[index : index + 3], bare_title, len(bracket))
        length = sum(map(len, bare[index : index + count]))
        if length >= longest and bare[index] not in columns:
            best, longest = " ".join(above[index : index + count]), length
    lacks = bracket and best and not collapse_spaces(best).startswith(bracket)
    return clean_line(bracket + best if lacks else best) or None


def _iter_cells(above: Sequence[str]) -> Iterator[str]:
    """Yield the cells of lines, each once more without date and fields where these share its line."""
    return (text for line in above for text in _cells_of(line))


@lru_cache(maxsize=8192)
def _cells_of(line: str) -> tuple[str, ...]:
    """Return the cells of one line; a site's pages share the most of theirs."""
    texts = [text for cell in _CELL_BORDER.split(line) if (text := cell.strip())]
    bare = [_TRAILING_DATE.sub("", labels.text_before_label(text)).strip() for text in texts]
    return tuple(part for pair in zip(texts, bare, strict=True) for part in dict.fromkeys(pair) if part)


def _count_run(parts: Sequence[str], title: str, bracket: int) -> int:
    """Count the lines that `title` begins with, one after the other, at its start or behind its bracket."""
    for start in {0, bracket}:
        count, place = 0, start
        while count < len(parts) and parts[count] and title.startswith(parts[count], place):
            place += len(parts[count])
            count += 1
        if count:
            return count
    return 0


def _confirmed_titles(cells: Sequence[str], title: str, stated: str, columns: set[str]) -> Iterator[Finding]:
    for confirming, rule in ((title, "<title>"), (stated, "meta articletitle")):
        if (
            confirming
            and (line := find_confirmed_line(cells, confirming, columns))
            and not _is_site_name(line, confirming)
        ):
            yield Finding("title", line, f"the line above the text that {rule} confirms")
            return


def _title_at_end(cells: Sequence[str], title: str, columns: Sequence[str]) -> Iterator[Finding]:
    """Yield the line that ends a `<title>` which begins with a site's or column's name: 县人民政府 新闻动态 标题."""
    words = list(_TITLE_WORD.finditer(title[:_MAX_TITLE_LENGTH]))
    if not words or not (_SITE_NAME_END.search(words[0][0]) or words[0][0] in columns):
        return
    lines = {
        collapse_spaces(cell): cell
        for cell in cells
        if len(cell) >= _MIN_HEADING_LENGTH and not _SITE_NAME_END.search(cell)
    }
    for word in words[1:]:
        if line := lines.get(collapse_spaces(title[word.start() :])):
            yield Finding("title", clean_line(line), "the line above the text that ends <title>")
            return


def _is_site_name(line: str, title: str) -> bool:
    """Return whether the line only names the site: then it is the name over the navigation that `<title>` confirms."""
    return (
        collapse_spaces(line) == collapse_spaces(title)
        and len(line) < _MAX_SITE_NAME_LENGTH
        and _SITE_NAME_END.search(line) is not None
    )


def _title_at_start(title: str, columns: Sequence[str]) -> Iterator[Finding]:
    """Yield what `<title>` opens with, where that is neither the site's name nor a column's."""
    opening = _TITLE_SEPARATOR.split(clean_line(title))[0]
    if len(opening) >= 8 and not _SITE_NAME_END.search(opening) and opening.strip("[]【】") not in columns:
        yield Finding("title", opening, "the beginning of <title>")


def _title_over_fields(cells: Sequence[str], columns: Sequence[str]) -> Iterator[Finding]:
    """Yield the line over the nearest line of fields (日期 · 来源), for a `<title>` that names only the site."""
    fields = [index for index, cell in enumerate(cells[-12:], max(0, len(cells) - 12)) if _is_field_line(cell)]
    for cell in reversed(cells[: fields[0]] if fields else []):
        if len(cell) >= 8 and cell not in columns and not _is_field_line(cell) and not _BREADCRUMB.search(cell):
            yield Finding("title", clean_line(cell), "the line over the fields")
            return


def _is_field_line(cell: str) -> bool:
    return len(cell) < 120 and bool((_FIELD_WORD.search(cell) and ("：" in cell or ":" in cell)) or dates.is_date(cell))


def _first_text(elements: Sequence[Element | str], rule: str) -> Iterator[Finding]:
    if elements and (value := clean_line(text_of(elements[0]))):
        yield Finding("title", value, rule)
