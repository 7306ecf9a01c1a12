"""A stored text as HTML for our pages: sanitised again, for what is stored may be an older reader's work."""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3
from markupsafe import Markup, escape

Picture = Callable[[str], str | None]
"""From the address of a picture to where we serve it; None where the archive does not have it."""

_TAGS = {
    "p", "br", "div", "span", "a", "img", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "ul", "ol",
    "li", "dl", "dt", "dd", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "u", "s", "sub", "sup", "blockquote",
    "pre", "hr", "figure", "figcaption",
}  # fmt: skip
_SPANS = {"colspan", "rowspan"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href"},
    "img": {"src", "alt"},
    "td": _SPANS,
    "th": _SPANS,
    "ol": {"start"},
}
_DROPPED = {"script", "style", "title", "noscript", "template", "svg", "math", "iframe", "object", "textarea", "select"}

_first = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel=None,
)


def _own(element: str, name: str, value: str) -> str | None:
    if (element, name) == ("img", "src"):
        return value if re.fullmatch(r"\.\./captures/\d+/picture", value) else None
    if (element, name) == ("a", "href"):
        return value if re.match("https?://", value, re.I) else None
    return value


_last = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    attribute_filter=_own,
    allowed_classes={"a": {"picture"}},
    url_schemes={"http", "https"},
    link_rel="noreferrer noopener",
)

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s[^\s=>"]+="[^"]*")*)\s*/?>')
"""A tag as nh3 writes it: every attribute quoted, in each of them, and in text, `<` and `"` escaped."""
_ATTRIBUTE = re.compile(r'\s([a-z]+)="([^"]*)"')
_VOID = {"br", "hr", "img"}
_DEEPEST, _MOST_TAGS, _MOST_ESCAPES = 500, 40_000, 50_000
"""Beyond these no article goes, and cleaning takes time with their square."""


def sanitize_html(html: str, text: str, picture: Picture, elsewhere: str) -> Markup:
    """What may stand in our page; where the HTML is none that can be cleaned in time, or is empty, the text.

    No class, style or id of the site's is in it; links lead to absolute http(s) addresses without a referrer. Pictures
    are ours, or else a link to the site's that says `elsewhere`.
    """
    if _is_bounded(html) and (kept := _first.clean(html).strip()):
        shown = _TAG.sub(lambda tag: _shown(tag, picture, elsewhere), kept)
        return Markup(_last.clean(shown))  # again: what stands in it now is what is allowed, whatever became of it
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in text.split("\n") if line)


def _is_bounded(html: str) -> bool:
    if html.count("<") > _MOST_TAGS or html.count("&") + html.count("\xa0") > _MOST_ESCAPES:
        return False
    depth = 0
    for closing, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        depth += 0 if name.lower() in _VOID else -1 if closing else 1
        if depth > _DEEPEST:
            return False
    return True


def _shown(tag: re.Match[str], picture: Picture, elsewhere: str) -> str:
    if tag[2] != "img":
        return tag[0]
    said = {name: Markup(value) for name, value in _ATTRIBUTE.findall(tag[3])}
    source, alternative = said.get("src", Markup("")), said.get("alt", Markup(""))
    if own := picture(source.unescape()):
        return f'<img src="{escape(own)}" alt="{alternative}">'
    label = f"{escape(elsewhere)} {alternative} {source}"
    return f'<a class="picture" href="{source}">{label}</a>' if source else ""
