"""The security headers of every response: what a browser may load and run (Content Security Policy Level 3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Send], Awaitable[None]]

SHARED = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; connect-src 'self'"

STRICT = f"{SHARED}; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'"
"""For our own pages: no inline script or style, nothing from elsewhere."""

DATASETTE = f"{SHARED}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
"""For Datasette's pages, which have inline scripts; they show the archive as text alone."""

CAPTURED = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""For captures as served: a page without an origin, in which no script runs and which loads nothing."""

ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class SecurityHeaders:
    """Wraps an ASGI application: each response gets security headers, Datasette's pages also their policy."""

    app: App

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Call the application; add the headers to its response."""
        await self.app(scope, receive, partial(_send_with_policy, send))


async def _send_with_policy(send: Send, message: Message) -> None:
    if message["type"] == "http.response.start":
        message = {**message, "headers": _with_policy(message.get("headers", []))}
    await send(message)


def _with_policy(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _ in headers}
    policy = {"Content-Security-Policy": DATASETTE, **ALWAYS}
    encoded = [(name.lower().encode(), value.encode()) for name, value in policy.items()]
    return [*headers, *((name, value) for name, value in encoded if name not in names)]
