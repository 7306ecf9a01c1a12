"""Names the answer to a POST request by one address: the URL with the method and the form appended as a query.

The form is pywb's, so that its index and ours name an answer alike: `http://h/list.htm?__wb_method=POST&page=2`. A POST
address identifies an answer wherever a URL does. It is split again only where a request is made or a WARC is written.
"""

from __future__ import annotations

import re

_MARK = "__wb_method=POST"
_MARKED = re.compile(rf"[?&]{_MARK}(?:&(?P<form>.*))?\Z", re.S)


def post_address(url: str, form: str) -> str:
    """Return the address of what `url` answers to the form, which is encoded as a query (`page=2&size=10`)."""
    return f"{url}{'&' if '?' in url else '?'}{_MARK}{'&' if form else ''}{form}"


def split_post_address(address: str) -> tuple[str, str | None]:
    """Return the URL to request and the form to send there by POST; None for the form where it is a GET."""
    found = _MARKED.search(address)
    return (address[: found.start()], found["form"] or "") if found else (address, None)
