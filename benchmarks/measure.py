"""How time is taken, and how it is told.

CPU time is user + system of a process, from the kernel's own accounts: other work on the machine
disturbs it little. Whatever is compared is run in turns, in one and the same run.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """One line of the table. `target`: what the ratio is held to, in words; None: no target."""

    what: str
    ours: str
    against: str = ""
    ratio: float | None = None
    target: str | None = None
    holds: bool | None = None

    def at_most(self, ratio: float, limit: float) -> Row:
        return replace(self, ratio=ratio, target=f"≤ {limit:g}", holds=ratio <= limit)

    def at_least(self, ratio: float, limit: float) -> Row:
        return replace(self, ratio=ratio, target=f"≥ {limit:g}", holds=ratio >= limit)


def table(rows: Sequence[Row]) -> str:
    """A Markdown table."""
    lines = ["| what | ours | against | ratio | target |", "|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
        mark = {None: "", True: " ✓", False: " ✗"}[row.holds]
        lines.append(
            f"| {row.what} | {row.ours} | {row.against} | {ratio} | {row.target or ''}{mark} |"
        )
    return "\n".join(lines)


def own_cpu(function: Callable[[], object]) -> float:
    """Seconds of CPU that a call takes in this process."""
    start = time.process_time()
    function()
    return time.process_time() - start


def command_cpu(command: Sequence[str | Path], folder: Path) -> float:
    """Seconds of CPU that a command takes, whatever it answers."""
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def tree_cpu(pid: int) -> float:
    """Seconds of CPU that a running process and its running children have taken so far."""
    total = 0
    for process in [pid, *_children(pid)]:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def in_turns(*functions: Callable[[], float], times: int) -> list[float]:
    """The median of each function's answers, asked in turns."""
    answers = [[function() for function in functions] for _ in range(times)]
    return [median(column) for column in zip(*answers, strict=True)]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms"
