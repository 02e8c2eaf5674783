"""`vote migrate`: bring the database up to date."""

from __future__ import annotations

import click

from vote.cli.faults import in_words
from vote.service.house import House, Settings


@click.command()
def command() -> None:
    """Create or update the tables of the database (DATABASE_URL). The service does it by itself.

    \b
    Example:
      DATABASE_URL=postgresql://vote@localhost/vote vote migrate
    """
    with in_words():
        house = House(Settings.from_environment())
        house.migrate()
        house.close()
    click.echo("The database is up to date.")
