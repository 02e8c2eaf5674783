"""`vote verify`: check a bundle, or a single archive, offline."""

from __future__ import annotations

import os
from pathlib import Path

import click

from vote.audit.errors import UnreadableError
from vote.audit.keys import known_key
from vote.audit.verify import verify
from vote.cli.verifying import Bar, say, say_unreadable


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", help="The log's key as you know it, or a file with it: it must be this one.")
@click.option("--jobs", type=click.IntRange(1), help="Processes to use. [default: all cores]")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.pass_context
def command(
    ctx: click.Context, bundle: Path, key: str | None, jobs: int | None, as_json: bool
) -> None:
    """Check everything in BUNDLE: a folder, the same zipped, or a single .bel archive.

    Nothing is fetched from anywhere. Exit code 0: all checks hold; 1: something does not (the
    report says which check, in which file); 2: it cannot be read.

    \b
    Example:
      vote verify assembly-2026.zip
    """
    try:
        with Bar() as bar:
            report = verify(
                bundle,
                jobs=jobs or os.cpu_count() or 1,
                key=None if key is None else known_key(key),
                progress=bar.report,
            )
    except UnreadableError as error:
        say_unreadable(error, as_json=as_json)
        ctx.exit(2)
    say(report, as_json=as_json)
    ctx.exit(report.exit_code)
