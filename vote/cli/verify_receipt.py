"""`vote verify-receipt`: is a receipt genuine, and is its ballot in the box?"""

from __future__ import annotations

from pathlib import Path

import click

from vote.audit.errors import UnreadableError
from vote.audit.keys import known_key
from vote.audit.receipts import verify_receipt
from vote.cli.verifying import say, say_unreadable


@click.command()
@click.argument("receipt", type=click.Path(path_type=Path))
@click.option("--bundle", type=click.Path(path_type=Path), help="The audit bundle to look in.")
@click.option("--key", help="The log's key as you know it, or a file with it.")
@click.option("--ballot", type=click.Path(path_type=Path), help="The ballot that was cast.")
@click.option(
    "--misbehaviour",
    "--proof",
    "proof",
    type=click.Path(path_type=Path),
    help="Where a proof of misbehaviour is written.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    receipt: Path,
    bundle: Path | None,
    key: str | None,
    ballot: Path | None,
    proof: Path | None,
    as_json: bool,
) -> None:
    """Check RECEIPT, the file that a voter keeps, against a bundle, a key, or both.

    Exit code 0: it is genuine, and its ballot is in the bundle, if one is given; 1: something does
    not hold (the report says what); 2: it cannot be read.

    If the log signed things that contradict each other, --misbehaviour writes a small file that
    shows it to whoever has the log's key (`vote verify-misbehaviour`).

    \b
    Example:
      vote verify-receipt my-ballot.tlog-proof --bundle assembly-2026.zip
    """
    if bundle is None and key is None:
        raise click.UsageError("Give --bundle BUNDLE, --key KEY, or both.")
    try:
        found = verify_receipt(
            receipt,
            bundle=bundle,
            key=None if key is None else known_key(key),
            ballot=ballot,
        )
    except UnreadableError as error:
        say_unreadable(error, as_json=as_json)
        ctx.exit(2)
    say(found.report, as_json=as_json)
    if proof is not None and found.misbehaviour is not None:
        _write(proof, found.misbehaviour)
    ctx.exit(found.report.exit_code)


def _write(path: Path, proof: bytes) -> None:
    try:
        path.write_bytes(proof)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    click.echo(f"The proof is in {path}.", err=True)
