"""What the verifying commands say: how far they have come, and the report."""

from __future__ import annotations

import sys
from typing import Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from vote.audit.errors import UnreadableError
from vote.audit.misbehaviour import Judgement
from vote.audit.report import Report, plain, unreadable_json
from vote.cli.bars import Bars

_NAMES: Final = {"archives": "Archives read", "ballots": "Ballots verified"}


def say(report: Report, *, as_json: bool) -> None:
    """Print a report; a terminal that lacks a character gets its number."""
    _print(report.to_json() if as_json else report.to_text(), err=False)


def say_judgement(judgement: Judgement, *, as_json: bool) -> None:
    """Print what a proof of misbehaviour proves."""
    _print(judgement.to_json() if as_json else judgement.to_text(), err=False)


def say_unreadable(error: UnreadableError, *, as_json: bool) -> None:
    """Print why nothing could be verified: a sentence on standard error, or JSON."""
    if as_json:
        _print(unreadable_json(error), err=False)
    else:
        _print(f"{plain(error.message)}\n", err=True)


def _print(text: str, *, err: bool) -> None:
    encoding = (sys.stderr if err else sys.stdout).encoding
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False, err=err)


class Bar(Bars):
    """A bar for each phase on standard error, if that is a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        progress = Progress(
            TextColumn("{task.description:<16}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        super().__init__(progress, _NAMES)
