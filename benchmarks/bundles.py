"""`vote verify` on two cores against one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.assembly import casts, folder
from benchmarks.measure import Row
from vote.service.bundle import Folder
from vote.service.house import Settings
from vote.service.rehearse import rehearse


def two_cores_against_one(place: Path, members: int) -> Row:
    """The wall clock. A process that may use one core only sees one: see sched_setaffinity(2)."""
    bundle = place / "bundle"
    settings = Settings.in_folder(place / "data")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise RuntimeError("this measurement needs two cores")
    rehearse(
        settings,
        folder(members),
        casts(members),
        Folder(bundle),
        report=lambda *_: None,
        workers=len(cores),
    )
    # The best of three: a wall clock also counts what else the machine is doing.
    times = [(_verify(bundle, cores[:1]), _verify(bundle, cores[:2])) for _ in range(3)]
    one, two = map(min, zip(*times, strict=True))
    return Row(
        f"vote verify, {members} ballots, two cores, wall clock",
        f"{two:.3g} s",
        f"one core: {one:.3g} s",
    ).at_least(one / two, 1.8)


def _verify(bundle: Path, cores: list[int]) -> float:
    command = [sys.executable, "-m", "vote", "verify", "--jobs", str(len(cores)), str(bundle)]
    start = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    return time.perf_counter() - start
