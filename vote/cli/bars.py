"""Progress bars in a terminal, one for each phase of long work."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.progress import Progress, TaskID


class Bars:
    """The bars of `progress`, shown while the block lasts; `names` says what phases are called."""

    def __init__(self, progress: Progress, names: Mapping[str, str]) -> None:
        self._progress = progress
        self._names = names
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
        """Move the bar of `phase` to `done` of `total`."""
        if phase not in self._tasks:
            self._begin(phase, total)
        self._progress.update(self._tasks[phase], completed=done, total=total)

    def _begin(self, phase: str, total: int) -> None:
        """A new bar for `phase`."""
        self._tasks[phase] = self._progress.add_task(self._names.get(phase, phase), total=total)
