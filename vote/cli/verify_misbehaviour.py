"""`vote verify-misbehaviour`: does a file prove that a ballot log misbehaved?"""

from __future__ import annotations

from pathlib import Path

import click

from vote.audit.errors import UnreadableError
from vote.audit.keys import known_key
from vote.audit.misbehaviour import judge
from vote.cli.verifying import say_judgement, say_unreadable


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, help="The log's key as you know it, or a file with it.")
@click.option("--json", "as_json", is_flag=True, help="The judgement as JSON.")
@click.pass_context
def command(ctx: click.Context, *, file: Path, key: str, as_json: bool) -> None:
    """Check FILE, a proof that a ballot log contradicted itself, and say what it proves.

    `vote verify-receipt`, `vote monitor` and `vote witness` write such files. Nothing else is
    needed: what the log itself signed is in the file, and your knowledge of its key makes it proof.

    Exit code 0: it is proved; 1: it is not; 2: the file cannot be read.

    \b
    Example:
      vote verify-misbehaviour proof.json --key box.vkey
    """
    try:
        judgement = judge(file, known_key(key))
    except UnreadableError as error:
        say_unreadable(error, as_json=as_json)
        ctx.exit(2)
    say_judgement(judgement, as_json=as_json)
    ctx.exit(judgement.exit_code)
