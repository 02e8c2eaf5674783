"""The witnesses that a service asks to cosign its logs, as its settings name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vote.service.client import Client
from vote.service.errors import Unreadable
from vote.tlog.cosignature import CosignerKey
from vote.tlog.errors import LogError

MOST = 15  # a note has at most sixteen signatures, one of them the log's


@dataclass(frozen=True, slots=True)
class Witness:
    """Where a witness is asked (the C2SP submission prefix), and the key that it cosigns with."""

    address: str
    key: CosignerKey

    @property
    def vkey(self) -> str:
        """The key in one line."""
        return self.key.encode()


def parse_witnesses(text: str) -> tuple[Witness, ...]:
    """Read "URL VKEY[,URL VKEY…]". Raises Unreadable."""
    found = tuple(_parse(each) for each in text.split(",") if each.strip())
    if len({witness.key.public_key for witness in found}) != len(found):
        raise _bad("two of the witnesses have the same key")
    if len({(witness.key.name, witness.key.key_id) for witness in found}) != len(found):
        raise _bad("two of the witnesses cannot be told apart")
    if len(found) > MOST:
        raise _bad(f"there are more than {MOST} witnesses")
    return found


def _parse(text: str) -> Witness:
    address, _, vkey = text.strip().partition(" ")
    try:
        Client(address, 1).close()
        return Witness(address.rstrip("/"), CosignerKey.parse(vkey.strip()))
    except ValueError as error:
        raise _bad(str(error)) from error
    except LogError as error:
        raise _bad(f"“{vkey.strip()}” is not the key of a witness: {error.message}") from error


def require_quorum(witnesses: Sequence[Witness], quorum: int) -> None:
    """Raises Unreadable for a quorum that so few witnesses cannot reach."""
    if not 0 <= quorum <= len(witnesses):
        raise Unreadable(
            "witness-quorum",
            "VOTE_WITNESS_QUORUM is {quorum}, but VOTE_WITNESSES names {known} witnesses.",
            {"quorum": quorum, "known": len(witnesses)},
        )


def _bad(reason: str) -> Unreadable:
    return Unreadable(
        "bad-witnesses",
        "VOTE_WITNESSES is not “URL VKEY, URL VKEY …”: {reason}.",
        {"reason": reason},
    )
