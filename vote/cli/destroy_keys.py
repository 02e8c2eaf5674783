"""`vote destroy-keys`: once the decisions can no longer be contested."""

from __future__ import annotations

import getpass
from datetime import datetime

import click

from vote.cli.faults import in_words
from vote.service import destruction
from vote.service.house import House, Settings


@click.command()
@click.argument("assembly")
@click.option(
    "--appeals-until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day to contest the decisions, if nobody has recorded it.",
)
@click.option("--by", help="Who does it. [default: the user of this machine]")
@click.option("--confirm", metavar="ASSEMBLY", help="The assembly's id again, instead of a prompt.")
def command(
    assembly: str, appeals_until: datetime | None, by: str | None, confirm: str | None
) -> None:
    """Destroy the service's keys of ASSEMBLY, and what leads from a code to a ballot.

    It cannot be undone: nobody can then decrypt a ballot any more, nor continue the ballot log. The
    bundle, the minutes and the attendance sheet stay. The trustees destroy their keys themselves.
    It is refused until the last day to contest the decisions is over. A signed note says that it
    was done; keep it with the minutes.

    \b
    Example:
      vote destroy-keys spring-2026 --appeals-until 2026-12-31 > spring-2026-destroyed.txt
    """
    again = confirm or click.prompt("The keys will be gone. Type the assembly's id again", err=True)
    if again != assembly:
        raise click.UsageError("That is not the assembly's id: nothing was destroyed.")
    with in_words():
        house = House(Settings.from_environment())
        house.migrate()
        day = appeals_until.date() if appeals_until else None
        note = destruction.destroy(house, assembly, by or getpass.getuser(), day)
        house.close()
    click.echo(note.decode(), nl=False)
