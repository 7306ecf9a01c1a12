"""What a browser may load and run on our pages (Content Security Policy Level 3), said with every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Send], Awaitable[None]]

SHARED = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; connect-src 'self'"

STRICT = f"{SHARED}; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'"
"""For our own pages: nothing written into a page runs or dresses it, nothing comes from elsewhere."""

DATASETTE = f"{SHARED}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
"""For Datasette's pages, which have scripts in them; what they show of the archive is text alone."""

CAPTURED = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""For what a site sent, as it was: a page of no origin, in which no script runs and which loads nothing."""

ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def with_security_headers(app: App) -> App:
    """The application; each of its answers says its policy, Datasette's where it has none of its own."""

    async def answering(scope: Any, receive: Any, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with_policy(message.get("headers", []))}
            await send(message)

        await app(scope, receive, sending)

    return answering


def _with_policy(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    said = {name.lower() for name, _ in headers}
    more = {"Content-Security-Policy": DATASETTE, **ALWAYS}
    added = [(name.lower().encode(), value.encode()) for name, value in more.items()]
    return [*headers, *(one for one in added if one[0] not in said)]
