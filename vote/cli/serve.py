"""`vote serve`: the web service, as gunicorn runs it."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes; without it, one for each processor, eight at most.",
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1),
    help="Threads in each process.",
)
def command(bind: str, workers: int | None, threads: int) -> None:
    """Serve the assemblies of this installation (DATABASE_URL, VOTE_DATA, VOTE_ORIGIN).

    \b
    Example:
      vote serve --bind 127.0.0.1:8000
    """
    os.execv(sys.executable, [sys.executable, *gunicorn_arguments(bind, workers, threads)])  # noqa: S606


def gunicorn_arguments(bind: str, workers: int | None, threads: int) -> list[str]:
    """How gunicorn is started, here and in production."""
    processes = [] if workers is None else ["--workers", str(workers)]
    serving = ["--config", "python:vote.serving", "--bind", bind, "--threads", str(threads)]
    return ["-m", "gunicorn", *serving, *processes]
