"""Setting a tally going without keeping whoever asks waiting."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from flask import current_app

from vote.service import tally
from vote.service.house import House
from vote.web.errors import report


def start(at: House, assembly: str) -> None:
    """Do all that can be done now, after whoever is at it; safe to call at any time."""
    _aside(tally.advance, at, assembly)


def go_on(at: House, assembly: str) -> None:
    """A tally that was interrupted goes on; where it is going already nothing is done.

    It may be called as often as a page asks.
    """
    _aside(tally.resume, at, assembly)


def _aside(work: Callable[[House, str], None], at: House, assembly: str) -> None:
    logger = current_app.logger

    def run() -> None:
        try:
            work(at, assembly)
        except Exception as error:  # the next page that asks starts it again
            report(logger, error)

    Thread(target=run, name=f"tally-{assembly}").start()
