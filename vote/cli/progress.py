"""Progress bars and tables in a terminal."""

from __future__ import annotations

import json
from fractions import Fraction

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from vote.cli.bars import Bars
from vote.service.comparison import exact_percent
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


class Phases(Bars):
    """One bar for each phase of long work."""

    def __init__(self) -> None:
        progress = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        super().__init__(progress, NAMES)
        self._done: dict[str, int] = {}

    def report(self, phase: str, done: int, total: int) -> None:
        """Move the bar of `phase` to `done` of `total`; fewer than before begin another bar."""
        if phase == "done":
            return
        if done <= self._done.get(phase, done + 1):
            self._begin(phase, total)
        self._done[phase] = done
        super().report(phase, done, total)


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
            result = found.get("result")  # consent and consultations have none
            figure = "" if result is None else exact_percent(Fraction(result))
            table.add_row(question.id, found.get("decision", "for advice"), figure)
    console.print(table)


def timings_table(done: Rehearsal) -> None:
    """How long each phase took."""
    table = Table("Phase", "Seconds", title=f"{done.ballots} ballots")
    for phase, seconds in done.seconds.items():
        table.add_row(phase, f"{seconds:.1f}")
    console.print(table)
