"""Asking a stranger's server: an answer is whole, small enough and in time, or there is none."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from vote.service.client import Client, UnreachableError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
Talk = Callable[[socket.socket], None]


@contextmanager
def server(*talks: Talk) -> Iterator[str]:
    """Talks to one connection after the other as told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for talk in talks:
                connection, _ = listener.accept()
                with connection:
                    try:
                        talk(connection)
                    except OSError:
                        continue

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(timeout=5)


def says(data: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(data)

    return talk


def dribbles(data: bytes) -> Talk:
    """A byte every tenth of a second: no single wait is long."""

    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)

    return talk


def twice(connection: socket.socket) -> None:
    for _ in range(2):
        connection.recv(4096)
        connection.sendall(OK)


def ask(address: str, limit: int = 100, seconds: float = 0.5) -> bytes:
    with Client(address, seconds) as client:
        return client.get("/", limit).body


def test_a_connection_is_used_again_and_renewed_when_the_server_has_closed_it() -> None:
    with server(twice, says(OK)) as address, Client(address, 5) as client:
        for _ in range(3):
            assert client.get("/", 100).body == b"hello"


@pytest.mark.parametrize(
    "head", [OK, b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b"x" * 900]
)
def test_a_server_that_dribbles_has_only_so_long_in_all(head: bytes) -> None:
    with server(dribbles(head)) as address:
        start = time.monotonic()
        with pytest.raises(UnreachableError, match=r"no answer within 0\.5 seconds"):
            ask(address, 1000)
        assert time.monotonic() - start < 2


def test_a_server_that_says_nothing() -> None:
    silent = server(lambda connection: time.sleep(1))
    with silent as address, pytest.raises(UnreachableError, match="no answer"):
        ask(address)


@pytest.mark.parametrize(
    ("defect", "answer"),
    [
        ("longer than allowed", b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + b"x" * 101),
        ("longer, of no stated length", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101),
        ("shorter than it says", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + b"x" * 49),
        ("a chunk that breaks off", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nx"),
        ("a chunk of no size", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\nx"),
        ("no HTTP", b"SSH-2.0-OpenSSH\r\n"),
        ("nothing", b""),
        ("endless headers", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200),
        ("an endless line", b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000),
        ("a strange status", b"HTTP/1.1 XXX OK\r\n\r\n"),
    ],
)
def test_what_is_no_answer(defect: str, answer: bytes) -> None:
    with server(says(answer)) as address, pytest.raises(UnreachableError) as caught:
        ask(address)
    assert address in str(caught.value), defect


def test_chunks_are_an_answer() -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    )
    with server(says(chunked)) as address:
        assert ask(address) == b"hello"


def test_a_redirection_is_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with server(says(moved)) as address, Client(address, 5) as client:
        assert client.get("/", 100).status == 302


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(UnreachableError, match="refused"):
        ask(address)


def test_a_download_is_whole_or_none(tmp_path: Path) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
    file = tmp_path / "file"
    assert download(body, file) == 200
    assert file.read_bytes() == b"x" * 300_000
    for answer, limit in [(body[:-1], 10**6), (body, 9), (body[:60], 10**6)]:
        with pytest.raises(UnreachableError):
            download(answer, file, limit)


def download(answer: bytes, place: Path, limit: int = 10**6) -> int:
    with server(says(answer)) as address, Client(address, 5) as client, place.open("wb") as file:
        return client.download("/", file, limit)


@pytest.mark.parametrize(
    "address",
    ["", "host", "ftp://host", "http://", "http://a@host", "http://host/?q", "http://h:x"],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|port|Port"):
        Client(address, 1)
