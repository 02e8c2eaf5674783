"""A proof that a log misbehaved, given to somebody who has nothing but the log's key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vote.audit.errors import UnreadableError
from vote.audit.report import plain
from vote.tlog import misbehaviour
from vote.tlog.errors import LogError
from vote.tlog.misbehaviour import MAX_FILE_SIZE
from vote.tlog.note import VerifierKey

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a file proves something against the log of `key`: what, or why it does not."""

    key: VerifierKey
    proved: bool
    code: str
    message: str

    @property
    def exit_code(self) -> int:
        """0 it is proved, 1 it is not."""
        return 0 if self.proved else 1

    def to_json(self) -> str:
        """{"format", "subject": "misbehaviour", "verdict": "proved" | "not-proved", "code",
        "message", "key"}, ASCII, indented."""
        verdict = "proved" if self.proved else "not-proved"
        return (
            json.dumps(
                {
                    "format": FORMAT,
                    "subject": "misbehaviour",
                    "verdict": verdict,
                    "code": self.code,
                    "message": self.message,
                    "key": self.key.encode(),
                },
                indent=2,
            )
            + "\n"
        )

    def to_text(self) -> str:
        """The same for people."""
        if self.proved:
            words = f"PROVED [{self.code}]: {self.message}"
        else:
            words = f"This file proves nothing against this log: {self.message} [{self.code}]."
        return f"{plain(words)}\n"


def judge(path: Path, key: VerifierKey) -> Judgement:
    """Verify a proof of misbehaviour. Raises UnreadableError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_SIZE + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError("unreadable", f"{path} cannot be read.") from error
    if not data.lstrip().startswith(b"{"):
        raise UnreadableError("not-a-proof", f"{path} is not a proof of misbehaviour.")
    try:
        finding = misbehaviour.verify(data, key)
    except LogError as error:
        return Judgement(key, False, error.code, error.message)
    return Judgement(key, True, finding.code, finding.message)
