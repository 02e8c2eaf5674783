"""A tally that was interrupted goes on as soon as somebody looks at the console."""

from __future__ import annotations

from threading import Thread

from flask import current_app

from vote.service import tally
from vote.service.house import House
from vote.web.errors import report


def go_on(at: House, assembly: str) -> None:
    """Set the tally going again without keeping whoever looks waiting.

    It may be called as often as a page asks: where the tally is going already nothing is done.
    """
    logger = current_app.logger

    def run() -> None:
        try:
            tally.resume(at, assembly)
        except Exception as error:  # the next page that asks tries again
            report(logger, error)

    Thread(target=run, name=f"tally-{assembly}").start()
