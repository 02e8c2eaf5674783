"""A real service for the tests: gunicorn with several workers and threads, on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.small import Opened, open_assembly
from vote.cli.serve import gunicorn_arguments
from vote.service.house import Settings

START_SECONDS = 60
SLOW_MACHINE = 20_000  # milliseconds until a page must show what is expected of it

expect.set_options(timeout=SLOW_MACHINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address and its process."""

    url: str
    process: subprocess.Popen[bytes]

    def get(self, path: str, token: str | None = None) -> Answer:
        return self.request("GET", path, token)

    def post(self, path: str, token: str | None = None, body: bytes = b"") -> Answer:
        return self.request("POST", path, token, body)

    def request(
        self, method: str, path: str, token: str | None = None, body: bytes | None = None
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())


def start(settings: Settings, log: Path, *, workers: int = 2, threads: int = 4) -> Service:
    """Start gunicorn as in production and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "VOTE_DATA": str(settings.data),
        "DATABASE_URL": settings.database_url,
        "VOTE_BATCH_SECONDS": "0.02",
    }
    arguments = [sys.executable, *gunicorn_arguments(f"127.0.0.1:{port}", workers, threads)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    service = Service(f"http://127.0.0.1:{port}", process)
    await_answer(service, log)
    return service


def await_answer(service: Service, log: Path) -> None:
    """Wait until a service that was just started answers. `log`: where it says why it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if service.process.poll() is not None:
            raise RuntimeError(f"the service did not start: {log.read_text()}")
        try:
            if service.get("/").status == 200:
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    service.process.kill()
    raise RuntimeError(f"the service does not answer: {log.read_text()}")


def stop(service: Service) -> None:
    service.process.terminate()
    service.process.wait(timeout=30)


@dataclass(frozen=True, slots=True)
class Running:
    """A running service with an assembly open for voting, and everybody's secrets."""

    service: Service
    opened: Opened

    @property
    def url(self) -> str:
        return self.service.url


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The small assembly "trial", open, on the embedded database; shared by a module's tests."""
    yield from _run(tmp_path_factory.mktemp("service"), None)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running_on_both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The same, once on SQLite and once on PostgreSQL."""
    url = None
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        url = new()
    yield from _run(tmp_path_factory.mktemp("service"), url)


def _run(folder: Path, database_url: str | None) -> Iterator[Running]:
    opened = open_assembly(folder / "data", database_url)
    service = start(opened.house.settings, folder / "gunicorn.log")
    try:
        yield Running(service, opened)
    finally:
        stop(service)
        opened.house.close()
