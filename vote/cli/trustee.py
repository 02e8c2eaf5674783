"""`vote trustee`: a trustee's part without a browser."""

from __future__ import annotations

import json
import os
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import IO, BinaryIO

import click

from vote.cli.faults import in_words
from vote.service.contributing import Contribution, contribute, make_key, read_key
from vote.service.errors import Refusal

TIMEOUT = 60  # seconds without an answer
CHUNK = 1 << 20


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
    with in_words():
        desk = _Desk(link)
        made = make_key()
        with os.fdopen(os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(made.private)
        try:
            desk.post(f"/api/assemblies/{desk.assembly}/trustee/key", made.public)
        except Refusal:
            key.unlink()
            raise
    click.echo(f"Your key is in {key}. Keep this file: without it nobody can open the box.")


@command.command()
@click.argument("link")
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Your key file.")
def decrypt(link: str, key: Path) -> None:
    """After closing: check every ballot in every archive, then send your part of the decryption.

    \b
    Example:
      vote trustee decrypt 'https://vote.example/a/spring/trustee#TOKEN' --key my-key.json
    """
    with in_words():
        desk = _Desk(link)
        private = read_key(key.read_bytes())
        for task in desk.tasks():
            if task["done"]:
                click.echo(f"{task['uuid']}: already sent.")
                continue
            if task["event_hash"] is None:
                raise Refusal("not-yet", "Voting is not closed yet. Come back afterwards.")
            click.echo(f"{task['uuid']}: checking the ballots …")
            with tempfile.NamedTemporaryFile() as archive:
                desk.download(f"/api/elections/{task['uuid']}/archive", archive)
                archive.flush()
                made = contribute(Path(archive.name), private, lot_wanted=bool(task["lot"]))
            desk.post(f"/api/elections/{task['uuid']}/partial-decryptions", _json(made))
            click.echo(f"{task['uuid']}: sent.")


def _json(made: Contribution) -> bytes:
    share = "null" if made.lot_share is None else made.lot_share.decode()
    partial = made.partial_decryption.decode()
    return f'{{"partial_decryption":{partial},"lot_share":{share}}}'.encode()


class _Desk:
    """The trustee's side of the service, by the trustee's link."""

    def __init__(self, link: str) -> None:
        parts = urllib.parse.urlsplit(link)
        path = parts.path.strip("/").split("/")
        fits = path[:1] == ["a"] and path[2:] == ["trustee"] and parts.fragment
        if parts.scheme not in ("http", "https") or not fits:
            raise Refusal("bad-link", "This is not a trustee's link: …/a/ASSEMBLY/trustee#TOKEN")
        self.assembly = path[1]
        self._address = f"{parts.scheme}://{parts.netloc}"
        self._token = parts.fragment

    def tasks(self) -> list[dict[str, object]]:
        with self._open(f"/api/assemblies/{self.assembly}/trustee", None) as answer:
            tasks: list[dict[str, object]] = json.load(answer)["elections"]
            return tasks

    def download(self, path: str, file: IO[bytes]) -> None:
        with self._open(path, None) as answer:
            while chunk := answer.read(CHUNK):
                file.write(chunk)

    def post(self, path: str, body: bytes) -> None:
        with self._open(path, body):
            pass

    def _open(self, path: str, body: bytes | None) -> BinaryIO:
        request = urllib.request.Request(  # noqa: S310 -- the scheme was checked above
            self._address + path, body, {"Authorization": f"Bearer {self._token}"}
        )
        try:
            answer: BinaryIO = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310
        except urllib.error.HTTPError as error:
            raise Refusal(
                "refused", "The service answered: {answer}", {"answer": _why(error)}
            ) from error
        except urllib.error.URLError as error:
            raise Refusal(
                "unreachable",
                "The service at {address} cannot be reached. Try again.",
                {"address": self._address},
            ) from error
        return answer


def _why(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"
