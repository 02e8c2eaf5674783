"""`vote trustee`: a trustee's part without a browser."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import click

from vote.election.errors import ProtocolError
from vote.election.trustee import (
    encode_private_key,
    generate_private_key,
    parse_private_key,
    public_key_json,
)

TIMEOUT = 60


@click.group()
def command() -> None:
    """Make a trustee's key, and decrypt with it after closing.

    LINK is the personal link that the host gave the trustee.
    """


@command.command()
@click.argument("link")
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Where the key goes.")
def key(link: str, key: Path) -> None:
    """Make a private key, keep it in a file, and give the public key to the service.

    \b
    Example:
      vote trustee key 'https://vote.example/a/spring/trustee#TOKEN' --key my-key.json
    """
    desk = Desk(link)
    private = generate_private_key()
    handle = os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(encode_private_key(private))
    desk.send(f"/api/assemblies/{desk.assembly}/trustee/key", public_key_json(private))
    click.echo(f"Your key is in {key}. Keep the file: without it, nobody can open the box.")
