"""`vote minutes`: a bundle's minutes set again from their data."""

from __future__ import annotations

from pathlib import Path

import click

from vote.cli.faults import in_words
from vote.service import minutes

_SAID = {True: "the same, byte for byte", False: "NOT the same bytes", None: "not in the bundle"}


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the PDFs into this folder.")
def command(bundle: Path, out: Path | None) -> None:
    """Set the minutes in BUNDLE again from minutes.json and compare them with its PDFs.

    Another version of the typesetter may give other bytes that say the same. That minutes.json
    says what the bundle says is for `vote verify`.

    \b
    Example:
      vote minutes spring.zip --out minutes/
    """
    differs = False
    with in_words():
        for each in minutes.set_again(bundle):
            click.echo(f"{each.path}: {_SAID[each.same]}")
            differs = differs or each.same is False
            if out is not None:
                target = out / Path(each.path).name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(each.content)
    if differs:
        raise click.exceptions.Exit(1)
