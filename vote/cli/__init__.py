"""The command `vote`. Each subcommand is a module, loaded when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

COMMANDS = {
    "demo": "vote.cli.demo",
    "destroy-keys": "vote.cli.destroy_keys",
    "migrate": "vote.cli.migrate",
    "minutes": "vote.cli.minutes",
    "monitor": "vote.cli.monitor",
    "officer": "vote.cli.officer",
    "outcome": "vote.cli.outcome",
    "rehearse": "vote.cli.rehearse",
    "serve": "vote.cli.serve",
    "trustee": "vote.cli.trustee",
    "verify": "vote.cli.verify",
    "verify-misbehaviour": "vote.cli.verify_misbehaviour",
    "verify-receipt": "vote.cli.verify_receipt",
    "witness": "vote.cli.witness",
}


class Commands(click.Group):
    """Loads a command's module only when it is named: `vote verify` needs no web, no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command


@click.command(cls=Commands)
def group() -> None:
    """Online voting for general assemblies."""


def main() -> None:
    """Run the command; exit codes are 0 done, 1 it does not hold, 2 it cannot be read."""
    try:
        status = group.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
