"""`vote rehearse`: a whole assembly on a clock of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from vote.cli.faults import in_words
from vote.cli.progress import Phases, results_table, timings_table
from vote.service.bundle import Folder
from vote.service.folder import read_folder
from vote.service.house import Settings
from vote.service.rehearse import draw_casts, read_casts, rehearse

DEFAULT_TURNOUT = 0.2


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Where the bundle goes."
)
@click.option("--votes", type=click.Path(path_type=Path), help="Cast what this votes.csv says.")
@click.option(
    "--turnout", type=click.FloatRange(0, 1), help="Draw this part of the members. [default: 0.2]"
)
@click.option("--seed", type=int, default=1, show_default=True, help="Fixes the drawn choices.")
@click.option("--workers", type=click.IntRange(1), help="Processes that vote. [default: all cores]")
@click.option("--database", help="Another database than a temporary one (an empty one).")
def command(
    *,
    folder: Path,
    out: Path,
    votes: Path | None,
    turnout: float | None,
    seed: int,
    workers: int | None,
    database: str | None,
) -> None:
    """Rehearse the assembly in DIR: real keys, real encrypted ballots, a real audit bundle.

    \b
    Example:
      vote rehearse samples/spring --turnout 0.2 --seed 7 --out /tmp/bundle
      vote verify /tmp/bundle
    """
    if votes is not None and turnout is not None:
        raise click.UsageError("Give either --votes FILE or --turnout PART, not both.")
    with in_words(), tempfile.TemporaryDirectory(prefix="vote-rehearsal-") as temporary:
        assembly = read_folder(folder)
        for warning in assembly.warnings:
            click.echo(f"{warning.where}: {warning.message}", err=True)
        if votes is not None:
            casts = read_casts(assembly, votes.read_bytes())
        else:
            casts = draw_casts(assembly, DEFAULT_TURNOUT if turnout is None else turnout, seed)
        settings = Settings.in_folder(Path(temporary), database_url=database)
        with Phases() as phases:
            done = rehearse(
                settings,
                assembly,
                casts,
                Folder(out),
                report=phases.report,
                workers=workers or os.cpu_count() or 1,
            )
        results_table(assembly, (out / "outcome.json").read_bytes())
        timings_table(done)
    click.echo(f"The audit bundle is in {out}. Check it with: vote verify {out}")
