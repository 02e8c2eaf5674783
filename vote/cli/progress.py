"""Progress bars and tables in a terminal."""

from __future__ import annotations

import json
from fractions import Fraction
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from vote.service.folder import AssemblyFolder
from vote.service.rehearse import Rehearsal

NAMES = {
    "codes": "Codes for the members",
    "vote": "Encrypted ballots cast",
    "summing": "Ballots summed",
    "result": "Results found",
    "bundle": "Files of the bundle",
}
console = Console()


class Phases:
    """One bar for each phase of long work."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}
        self._done: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def report(self, phase: str, done: int, total: int) -> None:
        """Move the bar of `phase` to `done` of `total`; fewer than before begin another bar."""
        if phase == "done":
            return
        if done <= self._done.get(phase, done + 1):
            self._tasks[phase] = self._progress.add_task(NAMES.get(phase, phase), total=total)
        self._done[phase] = done
        self._progress.update(self._tasks[phase], completed=done, total=total)


def results_table(assembly: AssemblyFolder, outcome: bytes) -> None:
    """What was decided, question by question."""
    definition = assembly.definition
    language = definition.assembly.languages[0]
    decided = json.loads(outcome)["questions"]
    table = Table("Question", "Decision", "Result", title=definition.assembly.title[language])
    for question in definition.questions:
        found = decided[question.id]
        if found["type"] == "election":
            table.add_row(question.id, "elected: " + ", ".join(found["elected"]), "")
        else:
            table.add_row(question.id, found["decision"], _percent(found["result"]))
    console.print(table)


def timings_table(done: Rehearsal) -> None:
    """How long each phase took."""
    table = Table("Phase", "Seconds", title=f"{done.ballots} ballots")
    for phase, seconds in done.seconds.items():
        table.add_row(phase, f"{seconds:.1f}")
    console.print(table)


def _percent(fraction: str | None) -> str:
    """An exact fraction with its percentage, rounded half up to two decimals."""
    if fraction is None:
        return ""
    value = Fraction(fraction)
    hundredths = (value * 20000 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}% ({fraction})"
