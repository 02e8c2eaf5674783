"""Fixtures for the log's tests: other people's programs that read our files.

A program that is missing fails the tests that need it; nothing is skipped.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent
TORCHWOOD = FOLDER.parents[1] / ".tools/torchwood"
AICS_TLOG = FOLDER.parents[1] / ".tools/aics-tlog"

GoCheck = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="session")
def go_check(
    go_command: Path,
    go_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[GoCheck]:
    """Ask `go/main.go`, a program over golang.org/x/mod: one request, one answer."""
    program = tmp_path_factory.mktemp("go") / "check"
    built = subprocess.run(
        [go_command, "build", "-o", program, "."],
        cwd=FOLDER / "go",
        env=go_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        pytest.fail(f"go build: {built.stdout}{built.stderr}")
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None

        def ask(request: dict[str, Any]) -> dict[str, Any]:
            running.stdin.write(json.dumps(request).encode() + b"\n")
            running.stdin.flush()
            answer: dict[str, Any] = json.loads(running.stdout.readline())
            return answer

        yield ask
        running.stdin.close()
        running.wait(timeout=10)


@pytest.fixture(scope="session")
def torchwood() -> Path:
    """The folder with spicy-torchwood, litewitness and witnessctl."""
    folder = Path(os.environ.get("TORCHWOOD", TORCHWOOD))
    if not os.access(folder / "litewitness", os.X_OK):
        pytest.fail(f"torchwood is not in {folder} (tools/install-torchwood; TORCHWOOD=… names it)")
    return folder


@pytest.fixture(scope="session")
def proofbundle() -> Path:
    """The command proofbundle, beside this Python."""
    command = Path(sys.executable).parent / "proofbundle"
    if not os.access(command, os.X_OK):
        pytest.fail(f"{command} is missing: it is among the test requirements")
    return command


@pytest.fixture
def aics_tlog(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The library aics-tlog, which stands apart from the tests' own environment."""
    folder = Path(os.environ.get("AICS_TLOG", AICS_TLOG))
    if not (folder / "aics_tlog").is_dir():
        pytest.fail(f"{folder} is missing (tools/install-aics-tlog; AICS_TLOG=… names it)")
    monkeypatch.syspath_prepend(folder)
    return importlib.import_module("aics_tlog")
