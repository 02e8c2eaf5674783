"""A witness: it cosigns the logs that it knows, and never two histories of one (C2SP tlog-witness).

Its state is a folder: the key, and for each log the last checkpoint that it cosigned, written to
the disk before the cosignature leaves the house. A witness that lost this folder, or got an old
copy of it back, could cosign a fork: make a new witness with a new key instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

from vote.service import durable
from vote.service.errors import Unreadable
from vote.tlog import misbehaviour
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.cosignature import CosignerKey, CosignerSigningKey, cosignatures
from vote.tlog.errors import LogError
from vote.tlog.note import Note, VerifierKey, verified_signatures
from vote.tlog.witness import AddCheckpoint, RefusalError, decide

KEY_FILE: Final = "witness.key"
VKEY_FILE: Final = "witness.vkey"
TEXT: Final = "text/plain; charset=utf-8"
LARGEST_REQUEST: Final = 64 * 1024  # bytes; a checkpoint of ours has some hundred


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    content_type: str
    body: bytes


@contextmanager
def opened(folder: Path, logs: Sequence[VerifierKey], name: str | None = None) -> Iterator[Witness]:
    """The witness of a folder, which nobody else may use until the block ends.

    The folder, and a key called `name`, are made if there are none. Raises Unreadable.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with durable.held(folder) as free:
        if not free:
            raise Unreadable(
                "witness-running",
                "Another witness is at work in “{folder}”. Two could contradict each other.",
                {"folder": str(folder)},
            )
        yield Witness(folder, _key(folder, name), logs)


def _key(folder: Path, name: str | None) -> CosignerSigningKey:
    path = folder / KEY_FILE
    if not path.exists():
        key = _new_key(name)
        durable.write(path, f"{key.name}\n{key.seed().hex()}\n".encode())
    elif path.stat().st_mode & 0o077:
        raise Unreadable(
            "key-exposed",
            "Others can read “{file}”. Whoever has it can sign as this witness. Make it readable "
            "by its owner alone (chmod 600), or make a new witness.",
            {"file": str(path)},
        )
    try:
        known, seed = path.read_text("utf-8").splitlines()
        key = CosignerSigningKey.from_seed(known, bytes.fromhex(seed))
    except (ValueError, LogError) as error:
        raise _damaged(path) from error
    if name not in (None, key.name):
        raise Unreadable(
            "other-name",
            "The witness in “{folder}” is called {known}. A name cannot be changed.",
            {"folder": str(folder), "known": key.name},
        )
    durable.write(folder / VKEY_FILE, key.verifier.line(), mode=0o644)
    return key


def _new_key(name: str | None) -> CosignerSigningKey:
    """A key with the given name, or with one that nobody else has."""
    key = CosignerSigningKey.generate("witness")
    chosen = name or f"witness-{sha256(key.verifier.public_key).hexdigest()[:12]}"
    try:
        return CosignerSigningKey.from_seed(chosen, key.seed())
    except LogError as error:
        raise Unreadable(
            "bad-name", "This cannot be a witness' name: {reason}.", {"reason": error.message}
        ) from error


def _damaged(path: Path) -> Unreadable:
    return Unreadable(
        "witness-damaged",
        "“{file}” is damaged. Without it this witness could cosign a second history of the log. "
        "Make a new witness, in another folder, and publish its key.",
        {"file": str(path)},
    )


class Witness:
    """Decides about checkpoints, remembers them, cosigns them. For any number of threads."""

    def __init__(
        self,
        folder: Path,
        key: CosignerSigningKey,
        logs: Sequence[VerifierKey],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._key = key
        self._clock = clock
        self._logs: dict[str, list[VerifierKey]] = {}
        for log in logs:
            self._logs.setdefault(log.name, []).append(log)
        self._locks = {origin: Lock() for origin in self._logs}
        self._latest = {origin: self._load(origin) for origin in self._logs}

    @property
    def key(self) -> CosignerKey:
        """Its public key."""
        return self._key.verifier

    def add_checkpoint(self, body: bytes) -> Reply:
        """The protocol's one request: a cosignature, or why not."""
        try:
            line = self._cosign(body)
        except RefusalError as refusal:
            self._keep_evidence(body, refusal)
            return Reply(refusal.status, refusal.content_type, refusal.body)
        return Reply(200, TEXT, line)

    def _cosign(self, body: bytes) -> bytes:
        origin = _origin(body)
        lock = self._locks.get(origin)
        if lock is None:
            decide(body, self._logs, lambda _: None)
            raise RuntimeError("an unknown log is refused")
        with lock:
            checkpoint = decide(body, self._logs, self._held)
            line = self._key.cosign(checkpoint, int(self._clock()))
            note = Note.parse(AddCheckpoint.parse(body).checkpoint)
            signed = verified_signatures(note, self._logs[origin])
            kept = Note(note.text, (*signed[:1], line)).encode()
            durable.write(self._path(origin), kept)
            self._latest[origin] = kept
        return line.encode().encode()

    def _held(self, origin: str) -> Checkpoint | None:
        kept = self._latest[origin]
        return None if kept is None else Checkpoint.of_note(kept)

    def checkpoint(self, origin_hash: str) -> bytes | None:
        """The last checkpoint of a log that it cosigned, by the SHA-256 of the log's origin."""
        for origin, kept in list(self._latest.items()):
            if sha256(origin.encode()).hexdigest() == origin_hash:
                return kept
        return None

    def description(self) -> str:
        """Who this is and what it has seen, for people."""
        lines = [
            "This is a witness of ballot logs (C2SP tlog-witness). It cosigns a log's checkpoint",
            "only if it continues everything that it cosigned before.",
            "",
            f"name  {self.key.name}",
            f"key   {self.key.encode()}",
            "",
        ]
        for origin, keys in self._logs.items():
            held = self._held(origin)
            seen = "nothing yet" if held is None else f"{held.size} entries"
            lines += [f"log   {key.encode()}" for key in keys]
            lines += [f"      seen: {seen} (/{sha256(origin.encode()).hexdigest()}/checkpoint)"]
        return "\n".join([*lines, ""])

    def _path(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"

    def _load(self, origin: str) -> bytes | None:
        """What it cosigned last; a damaged file is never taken for none."""
        path = self._path(origin)
        if not path.exists():
            return None
        kept = path.read_bytes()
        try:
            checkpoint = Checkpoint.of_note(kept)
            if checkpoint.origin != origin or not cosignatures(kept, [self.key]):
                raise _damaged(path)
        except LogError as error:
            raise _damaged(path) from error
        return kept

    def _keep_evidence(self, body: bytes, refusal: RefusalError) -> None:
        """If the log signed two trees of one size, keep the proof: a file in the state's folder."""
        if refusal.status not in (409, 422):
            return
        origin = _origin(body)
        kept = self._latest.get(origin)
        if kept is None:
            return
        note = AddCheckpoint.parse(body).checkpoint
        for key in self._logs[origin]:
            with suppress(LogError):
                if open_checkpoint(note, key).size == open_checkpoint(kept, key).size:
                    proof = misbehaviour.from_checkpoints(kept, note, key)
                    name = f"{sha256(origin.encode()).hexdigest()}.misbehaviour.json"
                    durable.write(self._folder / name, misbehaviour.encode(proof, key))


def _origin(body: bytes) -> str:
    """The first line of the checkpoint in a request, as far as it has one."""
    checkpoint = body.partition(b"\n\n")[2]
    return checkpoint.partition(b"\n")[0].decode("utf-8", "replace")
