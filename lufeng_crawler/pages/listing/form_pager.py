"""Finds the next page where a form is sent for it: a button 下一页, a script that sets a field, ASP.NET's postback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from lufeng_crawler.pages.html.page import Page
from lufeng_crawler.pages.listing.forms import Form, FormField, read_forms, sent_address
from lufeng_crawler.pages.listing.pager import NEXT_WORDS, SIGNS, followable_url
from lufeng_crawler.pages.text.whitespace import collapse_spaces

Call: TypeAlias = tuple[str, tuple[str, ...]]
"""A function that a handler calls, and its arguments."""

_PAGE_FIELD = re.compile(
    r"(?:cur(?:rent)?|now|to|goto|this|show)?_?(?:page|pg|p)_?(?:no|num|number|index|id|n|idx|now)?|(?:cur(?:rent)?)_?page"
    r"|.*[._$:](?:page|pageno|pagenum|pageindex|currentpage|curpage)",
    re.I,
)
_CALL = re.compile(r"(?:javascript:)?\s*(?:return\s+)?(?:\w{1,20}\.){0,3}([\w$]{1,60})\(([^()]{0,300})\)", re.I)
_ARGUMENT = re.compile(r"\s*(?:'([^']*)'|\"([^\"]*)\"|(\d{1,9}))\s*(?:,|$)")
_POSTBACK = "__doPostBack"
_POSTBACK_OPTIONS = re.compile(r"WebForm_PostBackOptions\(\s*[\"']([^\"']{1,200})[\"']\s*,\s*[\"']([^\"']{0,100})[\"']")
_COUNTS_UP = re.compile(r"\+\+|\+=?\s*1\b")
_DEFINITION = re.compile(r"\s*\(\s*(\w{1,40})[^()]{0,80}\)\s*\{([^{}]{0,600})\}")
_MAX_TRIED = 20
_JUMP = re.compile(
    r"""(?:window\.|self\.|document\.|top\.)?location(?:\.href)?\s*=\s*(['"])([^'"]{1,200})\1\s*\+\s*(\w{1,40})"""
    r"""\s*(?:\+\s*(['"])([^'"]{0,100})\4\s*)?;?"""
)
_SET_FIELD = re.compile(
    r"""(?:\b([\w$]{1,60})\.value\s*=|getElementById\(\s*['"]([\w$.:-]{1,60})['"]\s*\)\.value\s*="""
    r"""|\$\(\s*['"]#([\w-]{1,60})['"]\s*\)\.(?:val|attr\(\s*['"]value['"]\s*,)\(?|"""
    r"""\$\(\s*['"](?:input)?\[name=\\?['"]?([\w.-]{1,60})\\?['"]?\]['"]\s*\)\.val\()\s*(\w{1,40})\s*[);]"""
)
_SUBMIT = re.compile(r"\.submit\(\s*\)")
_BRANCH = re.compile(r"\b(?:if|for|while|switch|\$\.(?:ajax|post|get))\b|\?")


def next_from_forms(page: Page, controls: Iterable[tuple[str, str]], current: int | None) -> str | None:
    """Return the address of the next page that a form or a function of the page says; None where it is not clear.

    `controls` are names and handlers of the links and buttons that turn pages, names in small letters; `current` is
    the number of this page where it is known. Only what needs no reader is sent: hidden fields, the number of a page.
    """
    forms = read_forms(page)
    buttons = (url for form in forms if (url := _next_by_button(form, page, current)))
    calls = [(name, call) for name, handler in controls if (call := read_call(handler))]
    called = (_lead_to(call, forms, page, current) for call in islice(_next_calls(calls, current), _MAX_TRIED))
    return next(buttons, None) or next(filter(None, called), None)


def _lead_to(call: Call, forms: Sequence[Form], page: Page, current: int | None) -> str | None:
    function, arguments = call
    if function == _POSTBACK:
        return _postback(forms, arguments, page)
    return _called(function, arguments[0] if arguments else "", forms, page, current)


def read_call(handler: str) -> Call | None:
    """Return the function that a handler calls and its arguments; None where it does something else."""
    if options := _POSTBACK_OPTIONS.search(handler):
        return _POSTBACK, (options[1], options[2])
    call = _CALL.match(handler.strip()[:500])
    if not call or (call[2].strip() and not _ARGUMENT.match(call[2])):
        return None
    arguments = tuple("".join(groups) for groups in _ARGUMENT.findall(call[2]))
    return call[1], arguments


def called_number(handler: str) -> int | None:
    """Return the number of a page that a handler is called with: 2 of `goPage(2)`, `turn('2', 10)`, postbacks too."""
    call = read_call(handler)
    numbers = [argument for argument in call[1] if argument.isdecimal()] if call else []
    return int(numbers[0][:9]) if numbers else None


def _next_calls(calls: Sequence[tuple[str, Call]], current: int | None) -> Iterator[Call]:
    """Yield the calls of the controls named 下一页, then those of the number behind this page's."""
    yield from (call for name, call in calls if name.strip(SIGNS) in NEXT_WORDS)
    if current:
        yield from (call for name, call in calls if name.strip(SIGNS) == str(current + 1))


def _next_by_button(form: Form, page: Page, current: int | None) -> str | None:
    """Return where the button 下一页 of a form leads, if the form says which page that is.

    A button with a name of its own is sent with it: its value is the number, or the server counts on from the number
    in the hidden field. Else the hidden field has the number of the next page, or a handler counts it up.
    """
    senders = [each for each in form.buttons if each.type in {"submit", "image"}]
    button = next((each for each in senders if _is_next(each)), None)
    if button is None:
        return None
    field = _page_field(form)
    stated = int(field.value) if field and field.value.isdecimal() else 0
    if button.name and button.value.isdecimal():
        number = int(button.value[:9])
        return sent_address(form, {button.name: button.value}, page) if number == (current or number - 1) + 1 else None
    if button.name and button.type == "submit":
        return sent_address(form, {button.name: button.value}, page) if stated and stated == (current or 1) else None
    if field is None or not stated or button.name or len(senders) > 1:
        return None
    if stated == current and _COUNTS_UP.search(button.onclick):
        return sent_address(form, {field.name: str(stated + 1)}, page)
    return sent_address(form, {}, page) if stated == (current or stated - 1) + 1 and stated > 1 else None


def _is_next(button: FormField) -> bool:
    return collapse_spaces(button.label or button.value).lower().strip(SIGNS) in NEXT_WORDS


def _page_field(form: Form) -> FormField | None:
    """Return the one hidden field that holds the number of a page."""
    fields = [each for each in form.fields if each.type == "hidden" and _PAGE_FIELD.fullmatch(each.name)]
    return fields[0] if len(fields) == 1 else None


def _postback(forms: Iterable[Form], arguments: tuple[str, ...], page: Page) -> str | None:
    """Return the address of what ASP.NET answers to `__doPostBack(target, argument)`."""
    form = next((form for form in forms if "__VIEWSTATE" in form.hidden or "__EVENTTARGET" in form.hidden), None)
    if not form or not arguments:
        return None
    target, argument = (*arguments, "")[:2]
    return sent_address(form, {"__EVENTTARGET": target, "__EVENTARGUMENT": argument}, page)


def _called(function: str, argument: str, forms: Iterable[Form], page: Page, current: int | None) -> str | None:
    """Return where a function of the page leads that makes an address of its number, or sends it in a hidden field."""
    definition = _find_function(function, page.source)
    if not definition or not argument.isdecimal() or (current is not None and int(argument) == current):
        return None
    parameter, body = definition
    if _BRANCH.search(body):
        return None
    if (jump := _JUMP.search(body)) and jump[3] == parameter:
        return followable_url(f"{jump[2]}{argument}{jump[5] or ''}", page)
    if not _SUBMIT.search(body):
        return None
    settings = [("".join(groups[:4]), groups[4]) for groups in _SET_FIELD.findall(body)]
    names = [name for name, value in settings if value == parameter]
    if len(settings) != 1 or len(names) != 1:
        return None
    holding = [(form, field) for form in forms for field in form.fields if names[0] in (field.name, field.id)]
    if len(holding) != 1 or holding[0][1].type != "hidden":
        return None
    form, field = holding[0]
    return sent_address(form, {field.name or field.id: argument}, page)


def _find_function(name: str, source: str) -> tuple[str, str] | None:
    """Return the first parameter and the body of a function that the page defines."""
    start = source.find(f"function {name}")
    match = _DEFINITION.match(source, start + len("function ") + len(name)) if start >= 0 else None
    return (match[1], match[2]) if match else None
