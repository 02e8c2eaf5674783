"""`vote officer`: who may use the console."""

from __future__ import annotations

import click

from vote.cli.faults import in_words
from vote.service import officers
from vote.service.house import House, Settings


@click.command()
@click.argument("name")
@click.password_option(help="Asked for when left out.")
def command(name: str, password: str) -> None:
    """Add an officer of the host's team, or give one a new password.

    \b
    Example:
      vote officer anna
    """
    with in_words():
        house = House(Settings.from_environment())
        house.migrate()
        officers.add(house, name, password)
        house.close()
    click.echo(f"{name} can sign in at /console/.")
