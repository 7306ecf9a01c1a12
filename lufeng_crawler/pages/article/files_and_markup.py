"""Reads what an article's container holds: its images, its files, and its markup made safe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from urllib.parse import unquote, urlsplit

import nh3
from lxml import etree

from lufeng_crawler.items import Attachment
from lufeng_crawler.pages.html.conventions import is_download_url, known_conventions
from lufeng_crawler.pages.html.page import Element, iter_links, text_of
from lufeng_crawler.pages.text.urls import canonical_url
from lufeng_crawler.pages.text.whitespace import ROW, clean_line

_FRAMES = ("iframe", "embed", "object")
_WITH_URL = ("a", "img", "video", "audio", "source")
"""Elements that keep a URL when markup is made safe."""
_FILE_ENDING = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|caj|rtf|zip|rar|7z|tar|gz|csv|txt|xml|mp4|mp3|odt|ods)(?:$|[?#])",
    re.I,
)
_DOCUMENT_ENDING = re.compile(r"\.(?:pdf|ofd|docx?|xlsx?|pptx?|wps|ceb)(?:$|[?#])", re.I)
_PICTURE_ENDING = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp)(?:$|[?#])", re.I)
_VIEWER_PARAMETER = re.compile(r"[?&#](?:file|url|src|pdf|path|furl)=([^&#]{1,500})", re.I)
_NOT_A_FILE_NAME = re.compile(
    r"[\[【(（]?(?:点击|立即|在线|附件|文件|查看|预览|下载|打开|阅读|浏览|全文|原文|此处|这里)+[\]】)）]?"
)
_DOWNLOAD_URL = re.compile(r"/download(?:File|Attach)?\b.*\bid=", re.I)
_ATTACHMENT_HEADING = re.compile(r"附\s*件")
_PLAIN_URL = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_NUMBERED_NAME = re.compile(r"[\d一二三四五六七八九十]{1,2}\s?[.．、]|[．.]?《")
_IMAGE_SOURCES = ("data-src", "data-original", "data-url", "src")
_TAGS = (
    "p br div span a img table thead tbody tfoot tr td th caption ul ol li dl dt dd h1 h2 h3 h4 h5 h6 b strong "
    "i em u s sub sup blockquote pre hr figure figcaption video audio source"
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "video": {"src", "controls"},
    "audio": {"src", "controls"},
    "source": {"src"},
}
_MAX_ELEMENTS = 3000
"""Links, files and pictures of an article that are read: one with more would only cost time."""
_MAX_ESCAPES, _MAX_DEPTH = 50_000, 500
_is_nested_too_deep = etree.XPath(f"boolean({'/'.join('*' * _MAX_DEPTH)})")


@cache
def _html_cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS.split()), attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener"
    )


def find_images(container: Element, base: str, encoding: str = "utf-8") -> tuple[str, ...]:
    """Return the URLs of the container's pictures, each once, in page order; inline data is none."""
    sources = dict.fromkeys(_image_source(image) for image in islice(container.iter("img"), _MAX_ELEMENTS))
    return tuple(dict.fromkeys(url for name in sources if (url := canonical_url(name, base, encoding))))


def find_attachments(areas: Iterable[Element], base: str, encoding: str = "utf-8") -> tuple[Attachment, ...]:
    """Return the files that the areas link to or show, each once: by URL or, where the link leads nowhere, by its text.

    Of several names that a page gives one file the longest counts, and 点击下载 is none.
    """
    files: dict[str, Attachment] = {}
    for file in (
        file
        for area in areas
        for file in (*_linked_files(area, base, encoding), *_shown_documents(area, base, encoding))
    ):
        known = files.setdefault(file.url or file.text, file)
        if _name_rank(file.text) > _name_rank(known.text):
            files[file.url or file.text] = file
    return tuple(files.values())


def _name_rank(name: str) -> tuple[bool, bool, int]:
    """Rank how well a name says which file it is: words of its own before those of its URL, and more before fewer."""
    return (not _NOT_A_FILE_NAME.fullmatch(name), not name.isascii(), len(name))


def has_file_links(element: Element) -> bool:
    """Return whether a link to a file stands in an element."""
    return any(_FILE_ENDING.search(href) or _is_download(href) for href in map(_link_target, iter_links(element)))


def sanitize_body(container: Element, base: str, encoding: str = "utf-8") -> str:
    """Return the container's markup with nothing that runs, styles or tracks; URLs are made absolute.

    Empty where cleaning it would take time with its square: nested beyond any text, or full of escaped signs.
    """
    for element in islice(container.iter(*_WITH_URL), _MAX_ELEMENTS):
        for name in ("href", "src"):
            if value := element.get(name):
                source = _image_source(element) if element.tag == "img" else value
                element.set(name, canonical_url(source, base, encoding))
    markup = etree.tostring(container, encoding="unicode", method="html", with_tail=False)
    markup = markup.replace(ROW, "")
    escapes = markup.count("&") + markup.count("\xa0") if len(markup) > _MAX_ESCAPES else 0
    if escapes > _MAX_ESCAPES or (markup.count("<") > _MAX_DEPTH and _is_nested_too_deep(container)):
        return ""
    return _html_cleaner().clean(markup).strip()


def _image_source(image: Element) -> str:
    names = (*known_conventions().src_attributes, *_IMAGE_SOURCES)
    return next((value for name in names if (value := image.get(name)) and not value.startswith("data:")), "")


def _linked_files(area: Element, base: str, encoding: str = "utf-8") -> Iterator[Attachment]:
    """Yield the links to files, and the links in a list that the page itself heads 附件."""
    is_listed, may_list = False, "附" in text_of(area)
    for link in islice(iter_links(area), _MAX_ELEMENTS):
        href, text = _link_target(link), clean_line(text_of(link))
        line = _opening_text(_enclosing_box(link)) if may_list else ""
        is_listed = _ATTACHMENT_HEADING.match(line) is not None or (
            is_listed and _NUMBERED_NAME.match(text or line) is not None
        )
        title = link.get("title") or link.get("download") or ""
        names_file = not _PLAIN_URL.match(text) and any(map(_FILE_ENDING.search, (href, text, title)))
        if not (names_file or is_listed or _is_download(href)) or (not text and _PICTURE_ENDING.search(href)):
            continue
        url = canonical_url(href, base, encoding)
        if label := text or clean_line(title) or _file_name(url):
            yield Attachment(url, label)


def _shown_documents(area: Element, base: str, encoding: str = "utf-8") -> Iterator[Attachment]:
    """Yield the documents that the page itself shows, by their URL or the one that a viewer is given."""
    for frame in islice(area.iter(*_FRAMES), _MAX_ELEMENTS):
        source = frame.get("src") or frame.get("data") or ""
        viewed = unquote(match[1]) if (match := _VIEWER_PARAMETER.search(source)) else source
        if _DOCUMENT_ENDING.search(viewed) and (url := canonical_url(viewed, base, encoding)):
            yield Attachment(url, clean_line(frame.get("title", "")) or _file_name(url))


def _file_name(url: str) -> str:
    """Return the file's name in a URL."""
    return unquote(urlsplit(url).path.rpartition("/")[2])


def _opening_text(box: Element) -> str:
    """Return what a box begins with, as far as its first elements hold it.

    No more is read, since this is repeated for every link in the box.
    """
    first = islice(box.iter(), 12)
    return "".join((each.text or "") + (each.tail or "" if each.find("*") is None else "") for each in first).lstrip()


def _link_target(link: Element) -> str:
    """Return where a link leads, also if a mirror or script took its `href` and the CMS kept it elsewhere."""
    href: str = link.get("href")
    if not href.lstrip().lower().startswith("javascript:"):
        return href
    return next((kept for name in known_conventions().href_attributes if (kept := link.get(name)) is not None), href)


def _is_download(href: str) -> bool:
    return _DOWNLOAD_URL.search(href) is not None or is_download_url(href)


def _enclosing_box(link: Element) -> Element:
    return next((box for box in link.iterancestors("p", "li", "td", "div", "dd")), link)
