"""`vote trustee`: a trustee's part without a browser."""

from __future__ import annotations

import json
import os
import tempfile
import urllib.parse
from pathlib import Path
from typing import Any, Final

import click

from vote.cli.faults import in_words
from vote.service import trustee_memory
from vote.service.client import Answer, Client, UnreachableError
from vote.service.contributing import Announced, Contribution, contribute, make_key, read_key
from vote.service.errors import Refusal
from vote.service.trustee_board import Board, read_board

SECONDS: Final = 60.0  # for one answer
DOWNLOAD_SECONDS: Final = 3600.0  # for an archive
_MAX_ANSWER: Final = 2**20
_MAX_ARCHIVE: Final = 2**40


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
@click.option("--few", is_flag=True, help="Also where so few voted that the sum shows how.")
def decrypt(link: str, key: Path, *, few: bool) -> None:
    """After closing: check every ballot and the whole log, then send your part of the decryption.

    What was decrypted is remembered beside the key, in KEY.decrypted: no second sum of an election
    is ever decrypted. Compare the log's size and seal with the other trustees.

    \b
    Example:
      vote trustee decrypt 'https://vote.example/a/spring/trustee#TOKEN' --key my-key.json
    """
    with in_words():
        desk = _Desk(link)
        private = read_key(key.read_bytes())
        place = trustee_memory.beside(key)
        todo = _todo(desk)
        if not todo:
            return
        board = read_board(desk.assembly, desk.read)
        trustee_memory.keep(place, trustee_memory.recall(place).seen(board))
        _tell(board)
        for announced in todo:
            click.echo(f"{announced.uuid}: checking the ballots …")
            # Before anything can leave this computer: only one sum of each election.
            memory = trustee_memory.recall(place).with_tally(announced.uuid, announced.event_hash)
            with tempfile.NamedTemporaryFile() as archive:
                desk.download(announced.uuid, Path(archive.name))
                made = contribute(Path(archive.name), private, announced, board, few=few)
            trustee_memory.keep(place, memory)
            desk.post(f"/api/elections/{announced.uuid}/partial-decryptions", _json(made))
            click.echo(f"{announced.uuid}: sent.")


def _todo(desk: _Desk) -> list[Announced]:
    todo = []
    for task in desk.tasks():
        if task["done"]:
            click.echo(f"{task['uuid']}: already sent.")
        elif task["event_hash"] is None:
            raise Refusal("not-yet", "Voting is not closed yet. Come back afterwards.")
        else:
            todo.append(
                Announced(
                    uuid=str(task["uuid"]),
                    owner=int(task["owner"]),
                    event_hash=str(task["event_hash"]),
                    lot=bool(task["lot"]),
                )
            )
    return todo


def _tell(board: Board) -> None:
    """The same size and seal as the trustee's page, written alike."""
    root = board.sums.root.rstrip("=")
    seal = " ".join(root[at : at + 4] for at in range(0, len(root), 4))
    click.echo(
        f"Up to the last sum, the log has {board.sums.size} entries; its seal is {seal}\n"
        "Compare both with the other trustees: all who open the same sums must see the same."
    )


def _json(made: Contribution) -> bytes:
    share = "null" if made.lot_share is None else made.lot_share.decode()
    partial = made.partial_decryption.decode()
    return f'{{"partial_decryption":{partial},"lot_share":{share}}}'.encode()


class _Desk:
    """The trustee's side of the service, by the trustee's link."""

    def __init__(self, link: str) -> None:
        try:
            parts = urllib.parse.urlsplit(link)
            address = f"{parts.scheme}://{parts.netloc}"
            self._client = Client(address, SECONDS, bearer=parts.fragment)
            self._archives = Client(address, DOWNLOAD_SECONDS)
        except ValueError as error:
            raise _bad_link() from error
        path = parts.path.strip("/").split("/")
        if path[:1] != ["a"] or path[2:] != ["trustee"] or not parts.fragment:
            raise _bad_link()
        self.assembly = path[1]

    def tasks(self) -> list[dict[str, Any]]:
        path = f"/api/assemblies/{self.assembly}/trustee"
        tasks: list[dict[str, Any]] = json.loads(self._get(path, _MAX_ANSWER).body)["elections"]
        return tasks

    def read(self, path: str, limit: int) -> bytes | None:
        """What is at `path`, at most so many bytes; None if there is nothing."""
        try:
            return self._get(path, limit).body
        except _MissingError:
            return None

    def download(self, uuid: str, place: Path) -> None:
        path = f"/api/elections/{uuid}/archive"
        try:
            with place.open("wb") as file:
                status = self._archives.download(path, file, _MAX_ARCHIVE)
        except UnreachableError as error:
            raise self._unreachable() from error
        if status != 200:
            raise Refusal("refused", "The service answered: {answer}", {"answer": status})

    def post(self, path: str, body: bytes) -> None:
        try:
            answer = self._client.post(path, body, _MAX_ANSWER, "application/json")
        except UnreachableError as error:
            raise self._unreachable() from error
        _require_good(answer)

    def _get(self, path: str, limit: int) -> Answer:
        try:
            answer = self._client.get(urllib.parse.quote(path), limit)
        except UnreachableError as error:
            raise self._unreachable() from error
        _require_good(answer)
        return answer

    def _unreachable(self) -> Refusal:
        return Refusal(
            "unreachable",
            "The service at {address} cannot be reached. Try again.",
            {"address": self._client.address},
        )


def _bad_link() -> Refusal:
    return Refusal("bad-link", "This is not a trustee's link: …/a/ASSEMBLY/trustee#TOKEN")


class _MissingError(Refusal):
    """The service has no such thing."""


def _require_good(answer: Answer) -> None:
    if answer.status in (200, 201, 204):
        return
    kind = _MissingError if answer.status == 404 else Refusal
    raise kind("refused", "The service answered: {answer}", {"answer": _why(answer)})


def _why(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["message"])
    except (ValueError, KeyError, TypeError):
        return str(answer.status)
