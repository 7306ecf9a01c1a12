"""Names the answer to a POST request by one address: the URL with the method and the form appended as a query.

The form is pywb's, so that its index and ours name an answer alike: `http://h/list.htm?__wb_method=POST&page=2`. A POST
address identifies an answer wherever a URL does. It is split again only where a request is made or a WARC is written.
"""

from __future__ import annotations

_MARK = "__wb_method=POST"


def post_address(url: str, form: str) -> str:
    """Return the address of what `url` answers to the form, which is encoded as a query (`page=2&size=10`)."""
    return f"{url}{'&' if '?' in url else '?'}{_MARK}{'&' if form else ''}{form}"


def split_post_address(address: str) -> tuple[str, str | None]:
    """Return the URL to request and the form to send there by POST; None for the form where it is a GET."""
    for mark in ("?", "&"):
        url, found, form = address.partition(mark + _MARK)
        if found and (not form or form.startswith("&")):
            return url, form[1:]
    return address, None
