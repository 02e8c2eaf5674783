"""The command over the real service, on both databases, from the opening to the decision."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.casting import ballot, cast
from tests.small import Opened, open_assembly
from tests.web.conftest import Service, start, stop
from vote.audit.source import digest, open_source
from vote.audit.verify import verify
from vote.service import box, bundle, closing, rehearse, tally


@pytest.fixture
def opened(tmp_path: Path, database_url: str) -> Iterator[Opened]:
    found = open_assembly(tmp_path / "data", database_url, shares=True)
    yield found
    found.house.close()


@pytest.fixture
def service(opened: Opened, tmp_path: Path) -> Iterator[Service]:
    running = start(opened.house.settings, tmp_path / "gunicorn.log")
    yield running
    stop(running)


def test_it_ends_with_the_verdict_of_the_verifier_on_the_bundle(
    opened: Opened, service: Service, tmp_path: Path
) -> None:
    folder = tmp_path / "monitor"
    key = box.verifier_key(opened.house, opened.assembly)

    def look(*more: str) -> subprocess.CompletedProcess[str]:
        address = f"{service.url}/a/{opened.assembly}/"
        command = [sys.executable, "-m", "vote", "monitor", address, "--state", str(folder)]
        arguments = [*command, "--key", key, *more]
        return subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)

    members = list(opened.codes)
    for some in (members[:4], members[2:7]):  # two of them vote again
        for member in some:
            cast(opened, member, ballot(opened, member))
        seen = look("--once")
        assert seen.returncode == 0, seen.stderr
        assert "all in order" in seen.stderr
    assert "9 ballots checked" in seen.stderr
    opened.clock.now += timedelta(days=3)
    closing.close(opened.house, opened.assembly)
    tally.advance(opened.house, opened.assembly)
    assert look("--once").returncode == 0
    rehearse.decrypt(opened.house, opened.assembly, opened.bureau)
    tally.advance(opened.house, opened.assembly)
    seen = look("--interval", "1")
    assert seen.returncode == 0, seen.stderr
    assert "exactly what was watched" in seen.stderr
    bundle.write(opened.house, opened.assembly, bundle.Folder(tmp_path / "bundle"))
    report = verify(tmp_path / "bundle", key=None)
    assert report.exit_code == 0
    theirs, ours = open_source(tmp_path / "bundle"), open_source(folder / "watched")
    assert ours.names == theirs.names
    assert {name: digest(ours, name) for name in ours.names} == {
        name: digest(theirs, name) for name in theirs.names
    }
