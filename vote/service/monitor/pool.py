"""Checking ballots on all cores, for as long as there are many; else in this process."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final

from vote.service.monitor.work import Task, Verdict, check

CHUNK: Final = 8  # ballots in one task
WORTH_PROCESSES: Final = (
    100  # ballots waiting: below, starting processes takes longer than it saves
)


class Pool:
    """`jobs` processes, started when they are worth it and stopped by `rest`."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._executor: ProcessPoolExecutor | None = None

    def check(self, tasks: Sequence[Task], waiting: int) -> list[Sequence[Verdict]]:
        """The verdicts on each task's ballots; `waiting`: how many ballots there are in all."""
        if self._executor is None and (self._jobs == 1 or waiting < WORTH_PROCESSES):
            return [check(task) for task in tasks]
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self._jobs, get_context("spawn"), initializer=_ignore_interrupts
            )
        try:
            return list(self._executor.map(check, tasks))
        except BrokenProcessPool:  # out of memory, say: it goes on here, slower
            self.rest()
            return [check(task) for task in tasks]

    def rest(self) -> None:
        """Stop the processes until there is much to do again."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _ignore_interrupts() -> None:
    """Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
