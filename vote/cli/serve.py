"""`vote serve`: the web service, for a look at it; production runs gunicorn itself."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
def command(bind: str, workers: int, threads: int) -> None:
    """Serve the assemblies of this installation (DATABASE_URL, VOTE_DATA, VOTE_ORIGIN).

    \b
    Example:
      vote serve --bind 127.0.0.1:8000
    """
    os.execv(sys.executable, [sys.executable, *gunicorn_arguments(bind, workers, threads)])  # noqa: S606


def gunicorn_arguments(bind: str, workers: int, threads: int) -> list[str]:
    """How gunicorn is started, here and in production."""
    return [
        "-m",
        "gunicorn",
        "--bind",
        bind,
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--worker-tmp-dir",
        "/dev/shm",  # noqa: S108 -- gunicorn's heartbeat files, so that a slow disk kills nobody
        "--no-control-socket",
        "vote.web:create_app()",
    ]
