"""What a trustee's own page shows: what is to be done, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vote.audit.decision import draws_lots
from vote.service.house import House
from vote.service.prepare import definition_of, get, trustee
from vote.service.tally import OWN, owners
from vote.store.archive import elections, find_event_hash


@dataclass(frozen=True, slots=True)
class ToDecrypt:
    """An election that a trustee decrypts; `event_hash` is None until its sums are there.

    `owner` is the trustee's place among the election's trustees, the service's own being 1.
    """

    uuid: str
    owner: int
    event_hash: str | None
    lot: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """A trustee's tasks. `state`: key-needed, waiting (for the sums), decrypt, or done."""

    name: str
    number: int
    public_key: str | None
    state: Literal["key-needed", "waiting", "decrypt", "done"]
    elections: tuple[ToDecrypt, ...]


def desk(house: House, assembly: str, token: str) -> Desk:
    """The tasks of the bearer of a trustee's token. Raises Refusal `unknown-trustee`."""
    with house.database.reading() as session:
        row = trustee(session, assembly, token)
        owner = row.number + OWN
        definition = definition_of(get(session, assembly))
        rows = elections(session, assembly)
        tasks = tuple(
            ToDecrypt(
                uuid=each.uuid,
                owner=owner,
                event_hash=find_event_hash(session, each.uuid, "EncryptedTally"),
                lot=draws_lots(definition, each.ballot),
                done=owner in owners(session, each.uuid),
            )
            for each in rows
        )
        summing = any(each.stage == "closed" for each in rows)
    state = _state(row.public_key, tasks, summing=summing)
    return Desk(row.name, row.number, _text(row.public_key), state, tasks)


def _text(key: bytes | None) -> str | None:
    return None if key is None else key.decode()


def _state(
    key: bytes | None, tasks: tuple[ToDecrypt, ...], *, summing: bool
) -> Literal["key-needed", "waiting", "decrypt", "done"]:
    if key is None:
        return "key-needed"
    if tasks and all(task.done for task in tasks):
        return "done"
    # Not while sums are still being made: all trustees are to see the log up to the same last one.
    ready = any(task.event_hash is not None and not task.done for task in tasks) and not summing
    return "decrypt" if ready else "waiting"
