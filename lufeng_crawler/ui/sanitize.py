"""Sanitises a stored text for our pages: again, since it may have been stored by an older reader."""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3
from markupsafe import Markup, escape

PictureUrl = Callable[[str], str | None]
"""Maps the URL of a picture to where we serve it; None where the archive does not have it."""

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

_strip_foreign_markup = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel=None,
).clean


def _allowed_value(element: str, name: str, value: str) -> str | None:
    if (element, name) == ("img", "src"):
        return value if re.fullmatch(r"\.\./captures/\d+/picture", value) else None
    if (element, name) == ("a", "href"):
        return value if re.match("https?://", value, re.I) else None
    return value


_enforce_allowed = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    attribute_filter=_allowed_value,
    allowed_classes={"a": {"picture"}},
    url_schemes={"http", "https"},
    link_rel="noreferrer noopener",
).clean

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s[^\s=>"]+="[^"]*")*)\s*/?>')
"""A tag as nh3 writes it: every attribute quoted, `<` and `"` escaped in attributes and in text."""
_ATTRIBUTE = re.compile(r'\s([a-z]+)="([^"]*)"')
_VOID = {"br", "hr", "img"}
_MAX_DEPTH, _MAX_TAGS, _MAX_ESCAPES = 500, 40_000, 50_000
"""No article exceeds these, and the time to clean grows with their square."""


def sanitize_html(html: str, text: str, picture: PictureUrl, elsewhere: str) -> Markup:
    """Return the HTML without anything unsafe; the text where the HTML is empty or too large to clean in time.

    No class, style or id of the site's is left; links lead to absolute http(s) URLs and send no referrer. Pictures are
    ours, or else become a link to the site's, labelled `elsewhere`.
    """
    if _is_bounded(html) and (cleaned := _strip_foreign_markup(html).strip()):
        with_pictures = _TAG.sub(lambda tag: _replaced_picture(tag, picture, elsewhere), cleaned)
        # Again: whatever the replacement made, only what is allowed is left.
        return Markup(_enforce_allowed(with_pictures))
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in text.split("\n") if line)


def _is_bounded(html: str) -> bool:
    if html.count("<") > _MAX_TAGS or html.count("&") + html.count("\xa0") > _MAX_ESCAPES:
        return False
    depth = 0
    for closing, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        depth += 0 if name.lower() in _VOID else -1 if closing else 1
        if depth > _MAX_DEPTH:
            return False
    return True


def _replaced_picture(tag: re.Match[str], picture: PictureUrl, elsewhere: str) -> str:
    if tag[2] != "img":
        return tag[0]
    attributes = {name: Markup(value) for name, value in _ATTRIBUTE.findall(tag[3])}
    source, alternative = attributes.get("src", Markup("")), attributes.get("alt", Markup(""))
    if own_url := picture(source.unescape()):
        return f'<img src="{escape(own_url)}" alt="{alternative}">'
    label = f"{escape(elsewhere)} {alternative} {source}"
    return f'<a class="picture" href="{source}">{label}</a>' if source else ""
