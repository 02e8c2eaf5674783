"""Opening: the definition is sealed, the keys are joined, the log begins."""

from __future__ import annotations

from hashlib import sha256

import rfc8785
from sqlalchemy.orm import Session

from vote.assembly.definition import Definition
from vote.assembly.papers import Paper
from vote.assembly.papers import elections as papers_of
from vote.audit.counts import election_name
from vote.election.election import Election as ElectionData
from vote.election.election import Question
from vote.election.group import Point
from vote.election.setup import SetupData, encode_credentials
from vote.election.trustee import (
    Trustees,
    generate_private_key,
    parse_public_key,
    public_key_json,
)
from vote.election.trustee_key import TrusteePublicKey
from vote.service import box
from vote.service.bundle import archive_path
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.prepare import definition_of, definition_sha256, draft
from vote.store import people
from vote.store.archive import begin, elections
from vote.store.log import append_entries
from vote.store.models import Assembly, Election
from vote.tlog import entry


def open_voting(house: House, assembly: str) -> None:
    """Seal the definition and open the box. From here on nothing that was set can change.

    Members can vote once this is done and the ballot paper's own opening time has come.
    """
    with house.database.writing() as session:
        row = draft(session, assembly)
        definition = definition_of(row)
        keys = _trustees_keys(session, definition)
        rows = elections(session, assembly)
        if not rows:
            raise Refusal("codes-missing", "Issue the members' codes before opening.", status=409)
        row.elections_json = elections_json(rows)
        log = box.start(house, session, assembly)
        append_entries(session, log, [_definition_entry(row)])
        for election, paper in zip(rows, papers_of(definition), strict=True):
            key = _own_key(house, election.uuid)
            holders = Trustees.singles([key, *keys])
            opened = _election(row, election.uuid, paper, holders)
            voters = people.credentials(session, election.uuid)
            data = _setup(opened, holders, voters)
            begin(session, log, election.uuid, int(house.clock().timestamp()), data)
        row.state = "open"
    box.publish(house, assembly)


def _trustees_keys(session: Session, definition: Definition) -> list[TrusteePublicKey]:
    rows = people.trustees(session, definition.assembly.id)
    keys = [parse_public_key(row.public_key) for row in rows if row.public_key is not None]
    wanted = definition.trustees.count
    if len(keys) != wanted:
        raise Refusal(
            "trustee-keys-missing",
            "{present} of {wanted} trustees have given their key. All of them are needed.",
            {"present": len(keys), "wanted": wanted},
            status=409,
        )
    return keys


def elections_json(rows: list[Election]) -> bytes:
    """`elections.json` of the bundle, canonical JSON."""
    return rfc8785.dumps(
        [
            {
                "ballot": row.ballot,
                "college": row.college,
                "uuid": row.uuid,
                "file": archive_path(row.uuid),
            }
            for row in rows
        ]
    )


def _definition_entry(row: Assembly) -> bytes:
    return entry.Definition(
        assembly=row.id,
        definition_sha256=definition_sha256(row),
        elections_sha256=sha256(row.elections_json or b"").hexdigest(),
    ).encode()


def _own_key(house: House, uuid: str) -> TrusteePublicKey:
    """The service's own key, new for each election: it is the first trustee."""
    private_key = generate_private_key()
    house.vault.keep_election_key(uuid, private_key)
    return parse_public_key(public_key_json(private_key))


def _election(row: Assembly, uuid: str, paper: Paper, holders: Trustees) -> ElectionData:
    return ElectionData(
        description=f"sha256:{definition_sha256(row)}",
        name=election_name(row.id, paper),
        public_key=holders.election_public_key(),
        questions=tuple(
            Question(each.answers, each.blank, each.min, each.max, each.id)
            for each in paper.questions
        ),
        uuid=uuid,
    )


def _setup(election: ElectionData, holders: Trustees, voters: list[tuple[str, int]]) -> list[bytes]:
    """The payloads of a Setup event: election, trustees, public credentials, setup_data."""
    credentials = encode_credentials((Point.claim(key), weight) for key, weight in voters)
    parts = (election.encode(), holders.encode(), credentials)
    return [*parts, SetupData.of(*parts).encode()]
