"""Gunicorn's worker with threads, which says in our words when an address is too long."""

import contextlib
import socket
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from marketplace.foundation.shipped import find_folder

# What is still on its way is read, else the answer is lost together with the connection.
_SECONDS_TO_READ_ON, _READ_AT_ONCE, _READ_AT_MOST = 0.05, 65_536, 1_000_000


class Worker(ThreadWorker):  # type: ignore[misc]
    """No address that is too long for the application ever reaches it."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:  # noqa: ANN401 (gunicorn has no types)
        """Answer what cannot be read."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        page = (find_folder("templates") / "errors" / "address_too_long.html").read_bytes()
        head = (
            "HTTP/1.1 422 Unprocessable Content\r\n"
            "Connection: close\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(page)}\r\n"
            "\r\n"
        )
        with contextlib.suppress(OSError):
            _read_on(client)
            client.sendall(head.encode("ascii") + page)


def _read_on(client: socket.socket) -> None:
    client.settimeout(_SECONDS_TO_READ_ON)
    left = _READ_AT_MOST
    with contextlib.suppress(TimeoutError):
        while left > 0 and (received := client.recv(_READ_AT_ONCE)):
            left -= len(received)
