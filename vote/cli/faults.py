"""How a command says what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from vote.service.errors import DefinitionError, Refusal, Unreadable


@contextmanager
def in_words() -> Iterator[None]:
    """Turn refusals into sentences and exit code 1, unreadable files into exit code 2."""
    try:
        yield
    except DefinitionError as error:
        click.echo("The assembly cannot be used as it is:", err=True)
        for fault in error.faults:
            click.echo(f"  {fault.where}: {fault.message}", err=True)
        raise click.exceptions.Exit(1) from error
    except Refusal as error:
        click.echo(error.message, err=True)
        raise click.exceptions.Exit(2 if isinstance(error, Unreadable) else 1) from error
    except OSError as error:
        click.echo(f"{error.filename or 'A file'}: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(2) from error
