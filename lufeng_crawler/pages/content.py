"""What an article's container holds: its lines, its images, its files, and its markup made safe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import nh3
from lxml import etree

from lufeng_crawler.items import Attachment
from lufeng_crawler.pages.addresses import canonical
from lufeng_crawler.pages.page import Element, text_of
from lufeng_crawler.pages.text import ROW, clean

_LINKS = etree.XPath("descendant-or-self::a[@href]")
_IMAGES = etree.XPath("descendant-or-self::img")
_LINKED = etree.XPath("descendant-or-self::*[@href or @src]")
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|caj|rtf|zip|rar|7z|tar|gz|csv|txt|xml|mp4|mp3|odt|ods)(?:$|[?#])",
    re.I,
)
_DOWNLOAD = re.compile(
    r"/system/_content/download\.jsp|urltype=news\.DownloadAttachUrl|/download(?:File|Attach)?\b.*\bid=", re.I
)
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
_cleaner = nh3.Cleaner(
    tags=set(_TAGS.split()), attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener"
)


def images(container: Element, base: str) -> tuple[str, ...]:
    """The addresses of the container's pictures, each once, in page order; inline data is none."""
    found = (canonical(_source(image), base) for image in _IMAGES(container))
    return tuple(dict.fromkeys(address for address in found if address))


def attachments(areas: Iterable[Element], base: str) -> tuple[Attachment, ...]:
    """The files that the areas link to, each once: known by address or, where the link leads nowhere, by its text."""
    return tuple(dict.fromkeys(file for area in areas for file in _files(area, base)))


def safe_html(container: Element, base: str) -> str:
    """The container's markup with nothing that runs, styles or tracks; addresses absolute."""
    for element in _LINKED(container):
        for name in ("href", "src"):
            if value := element.get(name):
                element.set(name, canonical(_source(element) if element.tag == "img" else value, base))
    markup = etree.tostring(container, encoding="unicode", method="html", with_tail=False)
    return _cleaner.clean(markup.replace(ROW, "")).strip()


def _source(image: Element) -> str:
    return next((value for name in _LAZY if (value := image.get(name)) and not value.startswith("data:")), "")


def _files(area: Element, base: str) -> Iterator[Attachment]:
    """Links to files, and links in a list that the page itself heads 附件."""
    listed = False
    for link in _LINKS(area):
        href, text = link.get("href"), clean(text_of(link))
        line = "".join(islice(_box(link).itertext(), 3)).lstrip()
        listed = line.startswith("附件") or (listed and _NUMBERED.match(text or line) is not None)
        leads = not _ADDRESS.match(text) and bool(_FILE.search(href) or _FILE.search(text))
        if not (leads or listed or _DOWNLOAD.search(href)):
            continue
        address = canonical(href, base)
        if label := text or clean(link.get("title", "")) or address.rpartition("/")[2]:
            yield Attachment(address, label)


def _box(link: Element) -> Element:
    return next((box for box in link.iterancestors("p", "li", "td", "div", "dd")), link)
