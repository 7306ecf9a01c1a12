"""Reads the forms of a page as a browser would send them: fields, method, address, and whether a reader fills one in.

Forms are read from the markup: the tree has no boxes of choice, and what is styled away is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from lufeng_crawler.pages.html.page import Page
from lufeng_crawler.pages.text.urls import canonical_url, url_host
from lufeng_crawler.post_address import post_address, split_post_address

_FORM = re.compile(r"<form\b([^<>]{0,2000})>", re.I)
_FORM_END = re.compile(r"</form\s*>", re.I)
_FIELD = re.compile(r"<(input|button|select|textarea)\b((?:\"[^\"]*\"|'[^']*'|[^\"'<>])*+)>", re.I)
_ATTRIBUTE = re.compile(r"""([\w:.-]{1,60})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?""")
_BUTTON_TYPES = frozenset(("submit", "button", "image", "reset"))
_MAX_FORMS, _MAX_FIELDS = 10, 200
_MAX_SENT_LENGTH = 32_000
"""Characters of a form that is sent: its address names the answer in the archive."""


@dataclass(frozen=True, slots=True)
class FormField:
    """An input of a form; `type` is in small letters, `label` the words on a button."""

    name: str
    id: str
    type: str
    value: str
    label: str = ""
    onclick: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: where and how it is sent, what it is called, and its fields in their order.

    `is_filled_in` says that a reader fills in or chooses something: such a form is never sent.
    """

    action: str
    method: str
    names: frozenset[str]
    charset: str
    fields: tuple[FormField, ...]
    is_filled_in: bool

    @property
    def hidden(self) -> dict[str, str]:
        """Return the values of its hidden fields by name."""
        return {field.name: field.value for field in self.fields if field.type == "hidden" and field.name}

    @property
    def buttons(self) -> tuple[FormField, ...]:
        """Return its buttons."""
        return tuple(field for field in self.fields if field.type in _BUTTON_TYPES)


def read_forms(page: Page) -> list[Form]:
    """Return the forms of a page, in page order."""
    source, place = page.source, 0
    forms: list[Form] = []
    while len(forms) < _MAX_FORMS and (start := _FORM.search(source, place)):
        end = _FORM_END.search(source, start.end())
        if not end:
            break
        forms.append(_read_form(read_attributes(start[1]), _without_comments(source[start.end() : end.start()])))
        place = end.end()
    return forms


def read_attributes(markup: str) -> dict[str, str]:
    """Return the attributes of a tag by name in small letters."""
    return {
        name.lower(): unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(markup)
    }


def sent_address(form: Form, changes: Mapping[str, str], page: Page) -> str | None:
    """Return the address of what the form's host answers when its hidden fields are sent with these changes.

    None for a form that a reader fills in, one that goes to another host, and one too long to name an answer by.
    """
    url = page.resolve(form.action) if form.action else split_post_address(page.url)[0]
    if form.is_filled_in or not url or url_host(url) != url_host(page.url):
        return None
    sent = urlencode({**form.hidden, **changes}, encoding=_form_encoding(form, page), errors="xmlcharrefreplace")
    if len(sent) > _MAX_SENT_LENGTH:
        return None
    if form.method == "post":
        return post_address(url, sent)
    address = canonical_url(f"{url.partition('?')[0]}?{sent}")
    return address if address != page.url else None


def _form_encoding(form: Form, page: Page) -> str:
    """Return the encoding that a form is sent in: its own, else that of its page."""
    for name in (form.charset.partition(" ")[0].partition(",")[0], page.encoding):
        try:
            "页".encode(name or "?")
        except (LookupError, UnicodeError):
            continue
        return "gb18030" if name.lower().startswith("gb") else name
    return "utf-8"


def _without_comments(markup: str) -> str:
    first, *rest = markup.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


def _read_form(attributes: Mapping[str, str], markup: str) -> Form:
    found = [match for match, _ in zip(_FIELD.finditer(markup), range(_MAX_FIELDS), strict=False)]
    fields = tuple(_read_field(match, markup) for match in found)
    return Form(
        action=attributes.get("action", "").strip(),
        method=attributes.get("method", "get").strip().lower(),
        names=frozenset(filter(None, (attributes.get("name"), attributes.get("id")))),
        charset=attributes.get("accept-charset", ""),
        fields=fields,
        is_filled_in=len(found) == _MAX_FIELDS or any(not _is_ready(field) for field in fields),
    )


def _read_field(match: re.Match[str], markup: str) -> FormField:
    tag, attributes = match[1].lower(), read_attributes(match[2])
    kind = attributes.get("type", "").strip().lower()
    label = attributes.get("value", "") or attributes.get("alt", "") or attributes.get("title", "")
    if tag == "button":
        kind = kind or "submit"
        label = re.sub(r"<[^<>]*>", "", markup[match.end() : match.end() + 200].partition("</button")[0])
    elif tag != "input":
        kind = tag
    return FormField(
        attributes.get("name", ""),
        attributes.get("id", ""),
        kind or "text",
        attributes.get("value", ""),
        unescape(label).strip(),
        attributes.get("onclick", ""),
    )


def _is_ready(field: FormField) -> bool:
    """Return whether a field needs no reader: hidden ones and buttons."""
    return field.type == "hidden" or field.type in _BUTTON_TYPES
