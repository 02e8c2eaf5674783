"""Asking a stranger's server over HTTP: with limits on time and size, and without following it."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from types import TracebackType
from typing import BinaryIO, Final, Self

AGENT: Final = "vote"
_PIECE: Final = 1 << 20
_BROKEN: Final = (OSError, http.client.HTTPException, ValueError, AttributeError)


class UnreachableError(Exception):
    """Nobody answered in time, or not in HTTP. The message is an English sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, whatever the status."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    body: bytes | None
    headers: Mapping[str, str]
    limit: int


class Client:
    """One connection to the server at `address` ("https://host/prefix"), kept open.

    An exchange takes at most `seconds` in all, however slowly the server talks, and carries the
    `bearer` token, if any. Not for several threads at once. Raises ValueError for an address that
    is not plain http or https.
    """

    def __init__(self, address: str, seconds: float, *, bearer: str | None = None) -> None:
        parts = urllib.parse.urlsplit(address)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or "@" in parts.netloc
            or parts.query
            or parts.fragment
        ):
            raise ValueError(f"{address} is not the address of a server")
        self.address = address.rstrip("/")
        self._prefix = parts.path.rstrip("/")
        self._seconds = seconds
        self._headers = {"User-Agent": AGENT}
        if bearer is not None:
            self._headers["Authorization"] = f"Bearer {bearer}"
        self._connection: http.client.HTTPConnection
        if parts.scheme == "https":
            self._connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=seconds, context=ssl.create_default_context()
            )
        else:
            self._connection = http.client.HTTPConnection(
                parts.hostname, parts.port, timeout=seconds
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def get(self, path: str, limit: int) -> Answer:
        """GET `path`, for a body of at most `limit` bytes. Raises UnreachableError."""
        return self._ask(_Request("GET", path, None, {}, limit))

    def post(
        self, path: str, body: bytes, limit: int, content_type: str = "text/plain; charset=utf-8"
    ) -> Answer:
        """POST `body` to `path`. Raises UnreachableError."""
        return self._ask(_Request("POST", path, body, {"Content-Type": content_type}, limit))

    def download(self, path: str, file: BinaryIO, limit: int) -> int:
        """GET `path` and write a body of at most `limit` bytes to `file`; the status.

        Raises UnreachableError.
        """
        with _Deadline(self._seconds) as deadline:
            with self._in_words(deadline):
                response = self._begin(deadline, _Request("GET", path, None, {}, limit))
            left = limit
            with closing(response):
                while piece := self._piece(deadline, response, left):
                    left -= file.write(piece)
            return response.status

    def _piece(self, deadline: _Deadline, response: http.client.HTTPResponse, left: int) -> bytes:
        """The next part of a body that may go on for `left` bytes; empty at its end."""
        with self._in_words(deadline):
            piece = response.read(_PIECE)
            if len(piece) > left:
                raise http.client.HTTPException("the answer is too long")
            if not piece and (response.length or deadline.passed):
                raise http.client.HTTPException("the answer breaks off")
            return piece

    @contextmanager
    def _in_words(self, deadline: _Deadline) -> Iterator[None]:
        try:
            yield
        except _BROKEN as error:
            self.close()
            reason = TimeoutError() if deadline.passed else error
            raise self._unreachable(reason) from error

    def close(self) -> None:
        """Close the connection; the next exchange opens another."""
        self._connection.close()

    def _ask(self, request: _Request) -> Answer:
        with _Deadline(self._seconds) as deadline:
            was_open = self._connection.sock is not None
            for last in (not was_open, True):
                try:
                    return self._exchange(deadline, request)
                except _BROKEN as error:
                    self.close()
                    if deadline.passed:
                        raise self._unreachable(TimeoutError()) from error
                    # A server may have closed the connection that was kept open: once more.
                    if last or not isinstance(error, ConnectionError | http.client.BadStatusLine):
                        raise self._unreachable(error) from error
        raise RuntimeError("the second attempt answers or raises")

    def _begin(self, deadline: _Deadline, request: _Request) -> http.client.HTTPResponse:
        """Send a request; the response up to its body."""
        connection = self._connection
        if connection.sock is None:
            connection.connect()
        deadline.cuts(connection.sock)
        headers = {**self._headers, **request.headers}
        connection.request(request.method, self._prefix + request.path, request.body, headers)
        return connection.getresponse()

    def _exchange(self, deadline: _Deadline, request: _Request) -> Answer:
        response = self._begin(deadline, request)
        try:
            content = response.read(request.limit + 1)
            if len(content) > request.limit:
                raise http.client.HTTPException(f"the answer has more than {request.limit} bytes")
            if response.length or deadline.passed or not response.isclosed():
                raise http.client.HTTPException("the answer breaks off")
        finally:
            response.close()
        return Answer(response.status, response.headers.get("Content-Type", ""), content)

    def _unreachable(self, error: Exception) -> UnreachableError:
        match error:
            case TimeoutError():
                reason = f"no answer within {self._seconds:g} seconds"
            case OSError(strerror=str(said)) if said:
                reason = said
            case http.client.HTTPException() if str(error):
                reason = str(error)
            case _:
                reason = f"the connection broke off ({type(error).__name__})"
        return UnreachableError(f"{self.address}: {reason}")


class _Deadline:
    """Cuts a connection once the time is up, whatever it is waiting for."""

    def __init__(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.passed = False

    def cuts(self, sock: socket.socket) -> None:
        """From now on, this connection."""
        self._socket = sock
        if self.passed:
            self._cut()

    def _cut(self) -> None:
        self.passed = True
        if self._socket is not None:
            with suppress(OSError, ValueError, AttributeError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
