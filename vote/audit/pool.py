"""Spreading the checking of ballots over processes."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final, TypeVar

from vote.audit.errors import UnreadableError

_AHEAD: Final = 3  # tasks in hand for each process: none waits, and memory stays bounded

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def spread(
    function: Callable[[_Task], _Result], tasks: Iterable[_Task], jobs: int
) -> Iterator[_Result]:
    """The results of `function`, in the order of `tasks`, from `jobs` processes (1: from this one).

    Tasks are drawn only as they are needed. Raises UnreadableError if a process dies.
    """
    if jobs == 1:
        yield from map(function, tasks)
        return
    # "spawn" is slower to start than "fork", and safe whatever threads the caller has.
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_ignore_interrupts) as pool:
        waiting: deque[Future[_Result]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(function, task))
                if len(waiting) >= jobs * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise UnreadableError(
                "process-died", "A process that was verifying ballots died. Out of memory?"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    """Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
