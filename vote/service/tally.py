"""From the closed box to the results: sums, partial decryptions, results, one step at a time.

`advance` does whatever the service can do alone and is safe to call again at any time: a crash
half way only means that it is called again. What it waits for is the trustees.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from vote.audit.decision import draws_lots
from vote.election import ballot as ballots
from vote.election import lot, tally
from vote.election.errors import ProtocolError
from vote.election.setup import Setup
from vote.election.sums import Sums, ciphertexts_of
from vote.service import box, publish
from vote.service.contributing import Contribution, decrypt
from vote.service.errors import Refusal, unknown_election
from vote.service.house import House
from vote.service.prepare import definition_of, get, trustee
from vote.store import people
from vote.store.archive import (
    append_event,
    archive_of,
    elections,
    find_event_hash,
    find_object,
    last_ballots,
    payloads,
    setup_parts,
)
from vote.store.log import append_entries
from vote.store.models import Credential, Election, LotShare, TallyProgress
from vote.tlog import entry

OWN = 1  # the service's own key is the first trustee of every election
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Awaited:
    """What one trustee still has to do after closing."""

    number: int
    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the tally is: what the service is doing, and which trustees are awaited."""

    phase: str
    done: int
    total: int
    trustees: tuple[Awaited, ...]


def advance(house: House, assembly: str, report: Report | None = None) -> None:
    """Do all that can be done now, after whoever is doing it already has finished."""
    with house.vault.locked(f"tally-{assembly}"):
        _advance(house, assembly, report or _keep_progress(house, assembly))


def resume(house: House, assembly: str) -> None:
    """As `advance`, but returns at once where it is being done: for pages that ask often."""
    with house.vault.try_locked(f"tally-{assembly}") as free:
        if free:
            _advance(house, assembly, _keep_progress(house, assembly))


def _advance(house: House, assembly: str, report: Report) -> None:
    closed = _uuids(house, assembly, "closed")
    total = sum(_voted(house, uuid) for uuid in closed)
    done = 0
    for uuid in closed:
        for _ in _sum(house, assembly, uuid):
            done += 1
            report("summing", done, total)
    for uuid in _uuids(house, assembly, "summed"):
        _decrypt_own_share(house, assembly, uuid)
    summed = _uuids(house, assembly, "summed")
    for number, uuid in enumerate(summed, start=1):
        if _find_result(house, assembly, uuid):
            report("result", number, len(summed))
    with house.database.reading() as session:
        rows = elections(session, assembly)
        complete = bool(rows) and all(row.stage == "decided" for row in rows)
    if complete:
        publish.decide(house, assembly)
        report("done", 1, 1)


def _uuids(house: House, assembly: str, stage: str) -> list[str]:
    with house.database.reading() as session:
        return [row.uuid for row in elections(session, assembly) if row.stage == stage]


def _keep_progress(house: House, assembly: str) -> Report:
    last = 0.0

    def report(phase: str, done: int, total: int) -> None:
        nonlocal last
        if done not in (0, total) and time.monotonic() < last + 0.5:
            return
        last = time.monotonic()
        with house.database.writing() as session:
            session.merge(TallyProgress(assembly=assembly, phase=phase, done=done, total=total))

    return report


def _voted(house: House, uuid: str) -> int:
    """How many ballots of an election count."""
    with house.database.reading() as session:
        counted = select(func.count(Credential.last_ballot)).where(Credential.election == uuid)
        return session.execute(counted).scalar_one()


def _sum(house: House, assembly: str, uuid: str) -> Iterator[None]:
    """Multiply the ciphertexts of the ballots that count, each to the power of its weight.

    Yields once for each ballot.
    """
    with house.database.reading() as session:
        setup = Setup.from_parts(*setup_parts(session, uuid))
        sums = Sums.empty(sum(question.width for question in setup.election.questions))
        for data in last_ballots(session, uuid):
            ballot = ballots.parse(data)
            sums.add(ciphertexts_of(ballot), setup.weight_of(ballot.credential))
            yield
    encrypted = tally.encrypted_tally(setup.election, sums)
    sized = tally.SizedTally.of(sums, encrypted).encode()
    with house.database.writing() as session:
        log = box.lock(house, session, assembly)
        archive = archive_of(session, uuid)
        append_event(session, log, archive, "EncryptedTally", [encrypted, sized], stage="summed")
    box.publish(house, assembly)


def encrypted_tally(session: Session, uuid: str) -> tuple[bytes, tally.SizedTally, str]:
    """The encrypted tally, its size, and the hash of the event that recorded it."""
    [sized_data] = payloads(session, uuid, "EncryptedTally")
    sized = tally.SizedTally.parse(sized_data)
    found = find_object(session, uuid, sized.encrypted_tally)
    if found is None:
        raise RuntimeError(f"election {uuid} has no encrypted tally")
    return found.content, sized, find_event_hash(session, uuid, "EncryptedTally") or ""


def _decrypt_own_share(house: House, assembly: str, uuid: str) -> None:
    with house.database.reading() as session:
        if OWN in owners(session, uuid):
            return
        setup = Setup.from_parts(*setup_parts(session, uuid))
        encrypted, _, event_hash = encrypted_tally(session, uuid)
        wants_lot = draws_lots(
            definition_of(get(session, assembly)), session.get_one(Election, uuid).ballot
        )
    key = house.vault.election_key(uuid)
    part = decrypt(setup, encrypted, event_hash, key, lot_wanted=wants_lot)
    _record(house, assembly, uuid, OWN, part)


def owners(session: Session, uuid: str) -> set[int]:
    """Who has decrypted already (1 is the service itself)."""
    owned = payloads(session, uuid, "PartialDecryption")
    return {tally.Owned.parse(data).owner for data in owned}


def _record(house: House, assembly: str, uuid: str, owner: int, part: Contribution) -> None:
    """Append a verified contribution, once for each owner."""
    partial, share = part.partial_decryption, part.lot_share
    owned = tally.Owned(owner, sha256(partial).hexdigest()).encode()
    with house.database.writing() as session:
        log = box.lock(house, session, assembly)
        if owner in owners(session, uuid):
            return
        archive = archive_of(session, uuid)
        append_event(session, log, archive, "PartialDecryption", [partial, owned])
        if share is not None:
            append_entries(
                session, log, [entry.Lot(election=uuid, owner=owner, share=share).encode()]
            )
            session.execute(
                insert(LotShare), [{"election": uuid, "owner": owner, "content": share}]
            )
    box.publish(house, assembly)


def accept(house: House, uuid: str, token: str, partial: bytes, share: bytes | None) -> str:
    """Take a trustee's partial decryption (and share of the lot) after checking its proofs.

    Sending the same again changes nothing. Returns the assembly, whose tally may `advance` now.
    """
    with house.database.reading() as session:
        row = people.election_by_uuid(session, uuid)
        if row is None:
            raise unknown_election(uuid)
        assembly = row.assembly
        owner = trustee(session, assembly, token).number + OWN
        if row.stage not in ("summed", "decided"):
            raise Refusal(
                "not-yet", "There is nothing to decrypt yet: voting is not closed.", status=409
            )
        setup = Setup.from_parts(*setup_parts(session, uuid))
        encrypted, _, event_hash = encrypted_tally(session, uuid)
        wants_lot = draws_lots(definition_of(get(session, assembly)), row.ballot)
    try:
        tally.verify_partial_decryption(setup, encrypted, owner, partial)
        if wants_lot:
            key = setup.trustees.key_of(owner)
            lot.verify_lot_share(key, setup.fingerprint, event_hash, share or b"")
    except ProtocolError as error:
        raise Refusal(
            "bad-decryption",
            "This decryption was not made with the key given before opening: {reason}",
            {"reason": error.message},
            status=422,
        ) from error
    _record(house, assembly, uuid, owner, Contribution(partial, share if wants_lot else None))
    return assembly


def _find_result(house: House, assembly: str, uuid: str) -> bool:
    """Put the shares together; False while some are missing."""
    with house.database.reading() as session:
        setup = Setup.from_parts(*setup_parts(session, uuid))
        encrypted, sized, _ = encrypted_tally(session, uuid)
        partials = {}
        for data in payloads(session, uuid, "PartialDecryption"):
            owned = tally.Owned.parse(data)
            found = find_object(session, uuid, owned.payload)
            if found is not None:
                partials[owned.owner] = found.content
    if len(partials) < len(setup.trustees.keys):
        return False
    result, _ = tally.result(setup, encrypted, partials, sized.total_weight)
    with house.database.writing() as session:
        log = box.lock(house, session, assembly)
        archive = archive_of(session, uuid)
        append_event(session, log, archive, "Result", [result], stage="decided")
    box.publish(house, assembly)
    return True


def progress(house: House, assembly: str) -> Progress:
    """What the room may be told while it waits."""
    with house.database.reading() as session:
        get(session, assembly)
        row = session.get(TallyProgress, assembly)
        uuids = [election.uuid for election in elections(session, assembly)]
        given = [owners(session, uuid) for uuid in uuids]
        awaited = tuple(
            Awaited(
                trustee.number,
                trustee.name,
                sum(trustee.number + OWN in each for each in given),
                len(uuids),
            )
            for trustee in people.trustees(session, assembly)
        )
    phase, done, total = (row.phase, row.done, row.total) if row else ("waiting", 0, 0)
    return Progress(phase, done, total, awaited)
