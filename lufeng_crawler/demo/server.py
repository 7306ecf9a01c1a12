"""Serves the county on loopback, records all requests, and lets a test break it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from lufeng_crawler.demo.http import HttpAnswer, answer

Fail = Callable[[str, int], HttpAnswer | None]


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """One request and its response.

    `headers` are the request's; `body` is exactly what was sent, encoding and all.
    """

    method: str
    path: str
    day: int
    headers: tuple[tuple[str, str], ...]
    status: int
    body: bytes


@dataclass(slots=True)
class DemoServer:
    """A county being served at `url`. Set `day` to move it on.

    `fail`, where set, is called first: the answer it returns is sent instead of the county's own, None leaves it alone,
    and a ConnectionError that it raises closes the connection.
    """

    url: str
    day: int
    fail: Fail | None = None
    _requests: list[ServedRequest] = field(default_factory=list, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def requests(self) -> tuple[ServedRequest, ...]:
        """Return every request answered so far, in order."""
        with self._lock:
            return tuple(self._requests)

    def clear_requests(self) -> None:
        """Forget the requests answered so far."""
        with self._lock:
            self._requests.clear()

    def _answer(self, method: str, path: str, headers: dict[str, str]) -> HttpAnswer:
        day = self.day
        response = (self.fail(path, day) if self.fail else None) or answer(path, day, headers)
        body = response.body if method == "GET" else b""
        with self._lock:
            self._requests.append(ServedRequest(method, path, day, tuple(headers.items()), response.status, body))
        return HttpAnswer(response.status, response.headers, body)


class _CountyServer(ThreadingHTTPServer):
    """A server that closes every connection, kept alive or not, before it stops, so that none is left open."""

    daemon_threads = False
    served: DemoServer

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _CountyHandler)
        self._connections: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in self._connections.copy():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _CountyHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _CountyServer

    def do_GET(self) -> None:
        response = self.server.served._answer(self.command, self.path, dict(self.headers.items()))
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != 304 and "content-length" not in {name.lower() for name, _ in response.headers}:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: `DemoServer.requests` keeps the requests."""


@contextmanager
def serve(day: int = 1, port: int = 0) -> Iterator[DemoServer]:
    """Serve the county on 127.0.0.1 in a thread for as long as the context is open; port 0 is any free one."""
    server = _CountyServer(port)
    server.served = DemoServer(f"http://127.0.0.1:{server.server_port}/", day)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="lufeng-demo")
    thread.start()
    try:
        yield server.served
    finally:
        server.shutdown()
        thread.join()
        server.hang_up()
        server.server_close()
