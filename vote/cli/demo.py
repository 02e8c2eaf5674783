"""`vote demo`: the sample assemblies, with votes already cast, to look at and play with."""

from __future__ import annotations

import locale
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click

from vote.cli.faults import in_words
from vote.cli.progress import Phases
from vote.cli.serve import gunicorn_arguments
from vote.service.demo import Demo, build
from vote.service.house import Settings


@click.command()
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port on 127.0.0.1.",
)
@click.option(
    "--data",
    default=Path("var/demo"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder of the demo; what an earlier demo left there is removed.",
)
@click.option("--build-only", is_flag=True, help="Do not serve.")
def command(port: int, data: Path, *, build_only: bool) -> None:
    """Build the sample assemblies, cast some hundred encrypted ballots, and serve them.

    \b
    Example:
      vote demo --port 8000
    """
    # Whoever terminates it means its processes too, as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with in_words():
        if not build_only:
            _require_free(port)
        if data.exists():
            if not (data / MARK).exists():
                raise click.UsageError(f"{data} is there already and is not an earlier demo.")
            shutil.rmtree(data)
        data.mkdir(parents=True, mode=0o700)
        (data / MARK).touch()
        settings = Settings.in_folder(data, database_url=os.environ.get("DATABASE_URL"))
        with Phases() as phases:
            demo = build(settings, phases.report, os.cpu_count() or 1, _language())
    _print(demo, f"http://127.0.0.1:{port}")
    if not build_only:
        _serve(data, settings, port)


def _language() -> str:
    """The visitor's, as the terminal has it."""
    return (locale.getlocale()[0] or "en").partition("_")[0]


MARK = ".vote-demo"


def _print(demo: Demo, address: str) -> None:
    opened = f"{address}/a/{demo.open_assembly}"
    decided = f"{address}/a/{demo.decided_assembly}"
    click.echo(f"""
A member's booth    {opened}/vote#{demo.code}
The host's console  {address}/console/   (name {demo.host}, password {demo.password})
The projector       {opened}/screen      (decided: {decided}/screen)
The auditor's page  {decided}/audit

To close the open assembly, use the console; its trustees then decrypt on these pages:""")
    for trustee in demo.trustees:
        click.echo(f"  {trustee.name}:")
        click.echo(f"    {opened}/trustee#{trustee.token}   key file {trustee.key_file}")
    click.echo("\nStop with Ctrl-C.", nl=True)


def _require_free(port: int) -> None:
    """Say so before the long work, if something else is at this address."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            other = f"--port {port + 1}"
            raise click.UsageError(
                f"Port {port} is taken by another program, or not allowed. Choose another: "
                f"vote demo {other}, or make demo ARGS='{other}'."
            ) from error


def _serve(data: Path, settings: Settings, port: int) -> None:
    environment = os.environ | {"VOTE_DATA": str(data), "DATABASE_URL": settings.database_url}
    arguments = [sys.executable, *gunicorn_arguments(f"127.0.0.1:{port}", 2, 8)]
    with subprocess.Popen([*arguments, "--log-level", "warning"], env=environment) as server:  # noqa: S603
        try:
            status = server.wait()
        except KeyboardInterrupt:
            server.terminate()
            return
    if status:
        raise click.ClickException("The service has stopped; what it said stands above.")
