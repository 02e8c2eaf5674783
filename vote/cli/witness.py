"""`vote witness`: cosign ballot logs, for an auditor to run."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import click

from vote.audit.errors import UnreadableError
from vote.audit.keys import known_key
from vote.cli.faults import in_words
from vote.service.witness import Witness, opened
from vote.service.witness_server import WitnessServer


@click.command()
@click.option(
    "--state",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of its key and memory. Never copy it, never restore it from a backup.",
)
@click.option(
    "--log", "logs", multiple=True, metavar="VKEY", help="Key of a log, or a file with it."
)
@click.option("--listen", default="127.0.0.1:8090", show_default=True, help="Address and port.")
@click.option("--name", help="What it is called, chosen once: a host name of yours with a path.")
@click.option("--show-key", is_flag=True, help="Print its key and stop.")
def command(
    *, state: Path, logs: Sequence[str], listen: str, name: str | None, show_key: bool
) -> None:
    """Be a witness: cosign the checkpoints of ballot logs (C2SP tlog-witness).

    A witness cosigns a checkpoint only if it continues everything that it cosigned before, so a
    service that works with witnesses cannot show different boxes to different people. Its key and
    memory are made in the --state folder when it first starts.

    \b
    Example:
      vote witness --state my-witness --listen 0.0.0.0:8090 --log box.vkey

    The service that is to be witnessed gets the address and the key:

    \b
      VOTE_WITNESSES="http://witness.example:8090 KEY"
    """
    host, port = _address(listen)
    try:
        known = [known_key(log) for log in logs]
    except UnreadableError as error:
        click.echo(error.message, err=True)
        raise click.exceptions.Exit(2) from error
    with in_words(), opened(state, known, name) as witness:
        if show_key:
            click.echo(witness.key.encode())
            return
        if not known:
            raise click.UsageError("Name the logs to be witnessed: --log VKEY.")
        _serve(witness, host, port)


def _address(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise click.UsageError("--listen is HOST:PORT.")
    return host.strip("[]"), int(port)


def _serve(witness: Witness, host: str, port: int) -> None:
    with WitnessServer((host, port), witness) as server:
        at = f"http://{host}:{server.server_address[1]}"
        click.echo(witness.description())
        click.echo(f'The service needs: VOTE_WITNESSES="{at} {witness.key.encode()}"')

        def stop(*_: object) -> None:
            Thread(target=server.shutdown).start()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        server.serve_forever(poll_interval=0.2)
