"""The key of a log as an auditor knows it: from a newspaper, a poster, a friend."""

from __future__ import annotations

from pathlib import Path

from vote.audit.errors import UnreadableError
from vote.tlog.errors import LogError
from vote.tlog.note import VerifierKey

_LONGEST = 4096


def known_key(text: str) -> VerifierKey:
    """The key that `text` spells, or the file of that name holds. Raises UnreadableError."""
    try:
        return VerifierKey.parse(_spelled(text).strip())
    except LogError as error:
        raise UnreadableError(
            "key-unreadable", f"This is not the key of a log: {error.message}."
        ) from error


def _spelled(text: str) -> str:
    if text.count("+") >= 2:  # a key; its file would have a strange name
        return text
    try:
        with Path(text).open("rb") as file:
            return file.read(_LONGEST).decode("utf-8")
    except (OSError, ValueError) as error:
        raise UnreadableError(
            "key-unreadable", f"“{text}” is neither the key of a log nor a file with one."
        ) from error
