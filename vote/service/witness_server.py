"""The witness on the network: a small HTTP server with strict limits, and no database."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Timer
from typing import Any, Final

from vote.service.witness import LARGEST_REQUEST, TEXT, Reply, Witness

CONNECTIONS: Final = 64  # at a time; more are turned away
IDLE: Final = 30.0  # seconds that a connection may say nothing
LONGEST: Final = 300.0  # seconds that a connection may last
_HEX: Final = 64  # digits of a SHA-256


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness at `address`, (host, port), until `shutdown`."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.witness = witness
        self._places = BoundedSemaphore(CONNECTIONS)
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, unless too many are at it."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread to be had
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """To its end, which comes at the latest after LONGEST seconds."""
        end = Timer(LONGEST, _cut, [request])
        end.daemon = True
        end.start()
        self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            end.cancel()
            self._open.discard(request)
            self._places.release()

    def server_close(self) -> None:
        """Stop listening, and end the connections that are kept open."""
        super().server_close()
        for request in list(self._open):
            _cut(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks off is nobody's fault; anything else is said in one line."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            print(f"a request failed: {type(error).__name__}", file=sys.stderr)  # noqa: T201


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"  # keep-alive
    timeout = IDLE
    disable_nagle_algorithm = True  # head and body are two packets: the second must not wait
    server_version = "vote-witness"
    sys_version = ""

    def do_POST(self) -> None:
        """`add-checkpoint`, and nothing else."""
        body = self._body()
        if body is None:
            return
        if self.path != "/add-checkpoint":
            self._reply(_nothing_here())
            return
        self._reply(self._answer(lambda: self.server.witness.add_checkpoint(body)))

    def do_GET(self) -> None:
        """The description at `/`, and the last cosigned checkpoint of each log."""
        if self.path == "/":
            self._reply(Reply(200, TEXT, self.server.witness.description().encode()))
            return
        origin_hash, slash, rest = self.path.removeprefix("/").partition("/")
        found = None
        if slash and rest == "checkpoint" and len(origin_hash) == _HEX:
            found = self.server.witness.checkpoint(origin_hash)
        self._reply(_nothing_here() if found is None else Reply(200, TEXT, found))

    def _body(self) -> bytes | None:
        """The request's body; None if there is none to be had, which has then been answered."""
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "a request says how long its body is")
        elif len(length) > 9 or int(length) > LARGEST_REQUEST:
            self._refuse(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"a request has at most {LARGEST_REQUEST} bytes",
            )
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                return body
            self.close_connection = True
        return None

    def _answer(self, decide: Callable[[], Reply]) -> Reply:
        """A disk that is full, say, is no reason to close the connection without a word."""
        try:
            return decide()
        except OSError as error:
            print(f"the state cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201
            return Reply(500, TEXT, b"this witness cannot write its state\n")

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        self.close_connection = True  # the body has not been read
        self._reply(Reply(status, TEXT, f"{words}\n".encode()))

    def _reply(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class' name
        """Nothing for each request: a witness runs for weeks."""


def _cut(request: socket.socket) -> None:
    """Wake up whoever reads from this connection: it is over."""
    with suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)


def _nothing_here() -> Reply:
    return Reply(404, TEXT, b"there is nothing at this address\n")
