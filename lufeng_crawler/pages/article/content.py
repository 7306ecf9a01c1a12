"""What an article's container holds: its lines, its images, its files, and its markup made safe."""

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

_SHOWN = ("iframe", "embed", "object")
_LINKED = ("a", "img", "video", "audio", "source")
"""What keeps an address when markup is made safe."""
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|caj|rtf|zip|rar|7z|tar|gz|csv|txt|xml|mp4|mp3|odt|ods)(?:$|[?#])",
    re.I,
)
_DOCUMENT = re.compile(r"\.(?:pdf|ofd|docx?|xlsx?|pptx?|wps|ceb)(?:$|[?#])", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp)(?:$|[?#])", re.I)
_VIEWED = re.compile(r"[?&#](?:file|url|src|pdf|path|furl)=([^&#]{1,500})", re.I)
_CALLS = re.compile(
    r"[\[【(（]?(?:点击|立即|在线|附件|文件|查看|预览|下载|打开|阅读|浏览|全文|原文|此处|这里)+[\]】)）]?"
)
_DOWNLOAD = re.compile(r"/download(?:File|Attach)?\b.*\bid=", re.I)
_HEADED = re.compile(r"附\s*件")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_NUMBERED = re.compile(r"[\d一二三四五六七八九十]{1,2}\s?[.．、]|[．.]?《")
_LAZY = ("orisrc", "data-src", "data-original", "data-url", "src")
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
_MOST = 3000
"""Links, files and pictures that an article may have; whoever serves more would only keep the reader busy."""
_MOST_ESCAPES, _DEEPEST = 50_000, 500
_nested = etree.XPath(f"boolean({'/'.join('*' * _DEEPEST)})")


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS.split()), attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener"
    )


def find_images(container: Element, base: str) -> tuple[str, ...]:
    """The addresses of the container's pictures, each once, in page order; inline data is none."""
    named = dict.fromkeys(_source(image) for image in islice(container.iter("img"), _MOST))
    return tuple(dict.fromkeys(address for name in named if (address := canonical_url(name, base))))


def find_attachments(areas: Iterable[Element], base: str) -> tuple[Attachment, ...]:
    """The files that the areas link to or show, each once: by address or, where the link leads nowhere, by its text.

    Of what a page calls one file, the longer name counts, and 点击下载 is none.
    """
    files: dict[str, Attachment] = {}
    for file in (file for area in areas for file in (*_files(area, base), *_shown(area, base))):
        known = files.setdefault(file.url or file.text, file)
        if _rank(file.text) > _rank(known.text):
            files[file.url or file.text] = file
    return tuple(files.values())


def _rank(name: str) -> tuple[bool, bool, int]:
    """How well a name says which file it is: words of its own before those of its address, and more before fewer."""
    return (not _CALLS.fullmatch(name), not name.isascii(), len(name))


def has_file_links(element: Element) -> bool:
    """Whether a link to a file stands in it."""
    return any(_FILE.search(href) or _is_download(href) for href in map(_href, iter_links(element)))


def sanitize_body(container: Element, base: str) -> str:
    """The container's markup with nothing that runs, styles or tracks; addresses absolute.

    Empty where cleaning it would take time with its square: nested beyond any text, or full of escaped signs.
    """
    for element in islice(container.iter(*_LINKED), _MOST):
        for name in ("href", "src"):
            if value := element.get(name):
                element.set(name, canonical_url(_source(element) if element.tag == "img" else value, base))
    markup = etree.tostring(container, encoding="unicode", method="html", with_tail=False)
    markup = markup.replace(ROW, "")
    escapes = markup.count("&") + markup.count("\xa0") if len(markup) > _MOST_ESCAPES else 0
    if escapes > _MOST_ESCAPES or (markup.count("<") > _DEEPEST and _nested(container)):
        return ""
    return _cleaner().clean(markup).strip()


def _source(image: Element) -> str:
    return next((value for name in _LAZY if (value := image.get(name)) and not value.startswith("data:")), "")


def _files(area: Element, base: str) -> Iterator[Attachment]:
    """Links to files, and links in a list that the page itself heads 附件."""
    listed, headed = False, "附" in text_of(area)
    for link in islice(iter_links(area), _MOST):
        href, text = _href(link), clean_line(text_of(link))
        line = _opening(_box(link)) if headed else ""
        listed = _HEADED.match(line) is not None or (listed and _NUMBERED.match(text or line) is not None)
        called = link.get("title") or link.get("download") or ""
        leads = not _ADDRESS.match(text) and any(map(_FILE.search, (href, text, called)))
        if not (leads or listed or _is_download(href)) or (not text and _PICTURE.search(href)):
            continue
        address = canonical_url(href, base)
        if label := text or clean_line(called) or _named(address):
            yield Attachment(address, label)


def _shown(area: Element, base: str) -> Iterator[Attachment]:
    """Documents that stand in the page themselves, by their address or that which a viewer is given."""
    for frame in islice(area.iter(*_SHOWN), _MOST):
        source = frame.get("src") or frame.get("data") or ""
        viewed = unquote(match[1]) if (match := _VIEWED.search(source)) else source
        if _DOCUMENT.search(viewed) and (address := canonical_url(viewed, base)):
            yield Attachment(address, clean_line(frame.get("title", "")) or _named(address))


def _named(address: str) -> str:
    """The file's name in an address."""
    return unquote(urlsplit(address).path.rpartition("/")[2])


def _opening(box: Element) -> str:
    """What a box begins with, as far as its first elements hold it: no more is looked at, for each link asks anew."""
    first = islice(box.iter(), 12)
    return "".join((each.text or "") + (each.tail or "" if each.find("*") is None else "") for each in first).lstrip()


def _href(link: Element) -> str:
    """Return where a link leads, also where a mirror or a script took its address and a CMS kept it elsewhere."""
    href: str = link.get("href")
    if not href.lstrip().lower().startswith("javascript:"):
        return href
    return next((kept for name in known_conventions().href_attributes if (kept := link.get(name)) is not None), href)


def _is_download(href: str) -> bool:
    return _DOWNLOAD.search(href) is not None or is_download_url(href)


def _box(link: Element) -> Element:
    return next((box for box in link.iterancestors("p", "li", "td", "div", "dd")), link)
