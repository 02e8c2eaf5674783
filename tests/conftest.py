"""Fixtures for all tests: the databases, and the programs of others that check ours.

A program that is missing fails the tests that need it; nothing is skipped.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.postgres import Server

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_FOLDER = "VOTE_TEST_POSTGRES"  # from the main process to pytest-xdist's workers


def pytest_configure(config: pytest.Config) -> None:
    # Playwright's own Node.js needs a library that small systems lack.
    node = shutil.which("node", path=f"{ROOT / '.tools/node/bin'}{os.pathsep}{os.environ['PATH']}")
    if node:
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", node)
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="vote-postgres-"))
        folder.chmod(0o755)
        os.environ[POSTGRES_FOLDER] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        Server(Path(os.environ.pop(POSTGRES_FOLDER))).stop()


@pytest.fixture(scope="session")
def postgres_server() -> Server:
    """The run's PostgreSQL server, started by whoever asks first."""
    server = Server(Path(os.environ[POSTGRES_FOLDER]))
    server.start()
    return server


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: Server) -> Callable[[], str]:
    """A function that makes an empty database and gives its address. They go with the run."""

    def new() -> str:
        name = f"test_{uuid4().hex}"
        with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgres_server.url(name)

    return new


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vote.sqlite'}"
    new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return new()


@pytest.fixture(scope="session")
def belenios_tool() -> Path:
    """The command belenios-tool, an independent implementation of the ballot protocol."""
    return _program(
        "BELENIOS_TOOL",
        ROOT / ".tools/belenios-tool/belenios-tool",
        Path("/opt/belenios-tool/belenios-tool"),
    )


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The Chromium that drives the browser tests."""
    return _program("CHROMIUM", ROOT / ".tools/chromium/chromium", shutil.which("chromium"))


@pytest.fixture(scope="session")
def go_command() -> Path:
    """The command go, for programs over golang.org/x/mod that read our log's files."""
    return _program("GO", ROOT / ".tools/go/bin/go", shutil.which("go"))


@pytest.fixture(scope="session")
def go_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment to run `go_command` in: without modules, without a network, with the sources
    of golang.org/x/mod."""
    path = next(
        (
            folder
            for folder in (ROOT / ".tools/go/path", Path("/usr/share/gocode"))
            if (folder / "src/golang.org/x/mod").is_dir()
        ),
        None,
    )
    if path is None:
        pytest.fail("the sources of golang.org/x/mod are missing: make setup")
    cache = ROOT / ".tools/go/cache"  # with the libraries compiled
    if not cache.is_dir():
        cache = tmp_path_factory.getbasetemp().parent / "go-cache"
    return {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(path),
        "GOFLAGS": "",
        "GOCACHE": str(cache),
        "CGO_ENABLED": "0",
    }


def _program(variable: str, *candidates: Path | str | None) -> Path:
    """The first that can be run: what the environment variable names, else the candidates."""
    named = os.environ.get(variable)
    for candidate in [named] if named else candidates:
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    pytest.fail(
        f"not on this machine: {named or candidates[0]} (make setup; {variable}=… names it)"
    )
