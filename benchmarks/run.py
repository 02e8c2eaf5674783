"""The measurements that the README shows: `make bench`, or `python -m benchmarks.run [NAME…]`.

Each comparison is made within one run, in turns. Names: proofs, log, cast, verify, browser.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import browser, bundles, casting, log, proofs
from benchmarks.assembly import open_assembly
from benchmarks.measure import Row, table
from tests.postgres import Server

ROOT = Path(__file__).resolve().parent.parent


def measure_proofs(place: Path) -> Iterator[Row]:
    tool = program("BELENIOS_TOOL", ".tools/belenios-tool/belenios-tool")
    opened = open_assembly(place / "data", 20)
    folder = place / "belenios"
    folder.mkdir()
    yield proofs.against_belenios(opened, opened.ballots(20), tool, folder)
    opened.house.close()


def measure_log(place: Path) -> Iterator[Row]:
    opened = open_assembly(place / "data", 3)
    yield proofs.log_against_proofs(opened, opened.ballots(3))
    opened.house.close()
    yield from log.rows(place / "log")


def measure_cast(place: Path) -> Iterator[Row]:
    yield casting.cast_against_proofs("SQLite", place / "sqlite", 500)
    folder = place / "postgres"
    folder.mkdir(mode=0o755)
    server = Server(folder)
    try:
        server.start()
        url = server.url("postgres")
        yield casting.cast_against_proofs("PostgreSQL", place / "postgresql", 500, url)
    finally:
        server.stop()


def measure_verify(place: Path) -> Iterator[Row]:
    yield bundles.two_cores_against_one(place, 600)


def measure_browser(place: Path) -> Iterator[Row]:
    opened = open_assembly(place / "data", 1)
    chromium = program("CHROMIUM", ".tools/chromium/chromium")
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(shutil.which("node")))
    yield browser.encryption(opened, chromium)
    yield browser.check_page(opened, chromium)
    opened.house.close()


MEASUREMENTS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "proofs": measure_proofs,
    "log": measure_log,
    "cast": measure_cast,
    "verify": measure_verify,
    "browser": measure_browser,
}


def program(variable: str, default: str) -> Path:
    path = Path(os.environ.get(variable, ROOT / default))
    if not os.access(path, os.X_OK):
        sys.exit(f"{path} is missing: make setup, or {variable}=…")
    return path


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, Python {platform.python_version()}, Linux"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    names = parser.parse_args().names or list(MEASUREMENTS)
    if unknown := set(names) - MEASUREMENTS.keys():
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for name in names:
        start = time.monotonic()
        print(f"measuring: {name} … ", end="", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="vote-bench-") as place:
            Path(place).chmod(0o755)
            rows += MEASUREMENTS[name](Path(place))
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    print(f"{machine()}\n\n{table(rows)}")
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
