"""How far a verification has come, for people who wait for it."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

_NAMES: Final = {"archives": "Archives read", "ballots": "Ballots verified"}


class Bar:
    """A bar for each phase on standard error, if that is a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description:<16}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

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
        """Move the bar of `phase`."""
        if phase not in self._tasks:
            self._tasks[phase] = self._progress.add_task(_NAMES.get(phase, phase), total=total)
        self._progress.update(self._tasks[phase], completed=done, total=total)
