"""Mandates: given, used, ended; who may, who may not, and what the database does not say."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from tests.casting import AGAINST_BLANK, ballot, cast, stored, token_of
from tests.finished import finish
from tests.proxied import (
    ANA,
    BEN,
    CAM,
    PARTNER,
    STAFF,
    cast_for,
    desk,
    embedded,
    give,
    make_ballot,
    open_with_proxies,
    opened,
    receive,
    refused,
)
from tests.small import Opened
from vote.audit.verify import verify
from vote.election.archive import Event
from vote.election.credential import public_key
from vote.election.errors import ProtocolError
from vote.election.mailbox import open_sealed
from vote.election.mandate import Mandate as Message
from vote.election.mandate import bearer
from vote.service import (
    attendance,
    box,
    bundle,
    casting,
    proxies,
    signing_in,
)
from vote.service.proxies import Person
from vote.store.models import Base, Credential, Mandate
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof

__all__ = ["embedded", "opened"]


def test_a_holder_votes_for_the_grantor_with_a_receipt_of_its_own(opened: Opened) -> None:
    mandate = give(opened, ANA, BEN)
    held = receive(opened, BEN, mandate)
    data = make_ballot(opened, held)
    receipt = TlogProof.parse(cast_for(opened, held, data))
    event = receipt.entry()
    assert Event.parse(event).payload == sha256(data).hexdigest()
    receipt.verify(event, VerifierKey.parse(box.verifier_key(opened.house, opened.assembly)))
    own = cast(opened, BEN, ballot(opened, BEN, AGAINST_BLANK))
    assert own.index == receipt.index + 1
    assert stored(opened)[1] == 2
    [paper] = desk(opened, BEN).held[0].papers
    assert paper.voted
    assert represented(opened) == {"main": {ANA: BEN}}


def represented(opened: Opened) -> object:
    with opened.house.database.reading() as session:
        return proxies.represented(session, opened.assembly)


def test_both_ballots_are_counted_and_the_represented_count_for_the_quorum(
    opened: Opened,
) -> None:
    held = receive(opened, BEN, give(opened, ANA, BEN))
    cast_for(opened, held, make_ballot(opened, held))
    cast_for(opened, held, make_ballot(opened, held, AGAINST_BLANK))  # voted again: the last counts
    cast(opened, BEN, ballot(opened, BEN))
    outcome = json.loads(finish(opened))
    assert outcome["ballots"]["main"]["voters"] == {"*": 2}
    college = outcome["questions"]["accounts"]["colleges"]["*"]
    assert (college["for"], college["against"]) == (1, 1)


def test_the_bundle_verifies_and_the_minutes_and_the_sheet_say_who_was_represented(
    embedded: Opened, tmp_path: Path
) -> None:
    held = receive(embedded, BEN, give(embedded, ANA, BEN))
    cast_for(embedded, held, make_ballot(embedded, held))
    cast(embedded, BEN, ballot(embedded, BEN))
    finish(embedded)
    place = tmp_path / "bundle"
    bundle.write(embedded.house, embedded.assembly, bundle.Folder(place))
    assert verify(place).exit_code == 0
    minutes = json.loads((place / "minutes.json").read_bytes())
    assert minutes["recorded"]["represented"] == 1
    assert minutes["proxies"]["per_holder"] == 2
    for file in place.rglob("*"):
        if file.is_file():
            assert ANA.encode() not in file.read_bytes()
    sheet = attendance.as_csv(embedded.house, embedded.assembly).decode("utf-8-sig")
    rows = {row["member"]: row["represented_by"] for row in csv.DictReader(io.StringIO(sheet))}
    assert (rows[ANA], rows[BEN]) == (f"Member {BEN}", "")


def test_a_mandate_across_colleges_votes_in_the_grantors_college(tmp_path: Path) -> None:
    opened = open_with_proxies(tmp_path / "data", shares=True)
    held = receive(opened, STAFF, give(opened, ANA, STAFF))
    cast_for(opened, held, make_ballot(opened, held), STAFF)
    assert json.loads(finish(opened))["ballots"]["main"]["voters"] == {
        "partners": 0,
        "persons": 1,
        "staff": 0,
    }
    opened.house.close()


def test_who_votes_in_person_ends_the_mandate_and_the_last_ballot_counts(opened: Opened) -> None:
    held = receive(opened, BEN, give(opened, ANA, BEN))
    first = make_ballot(opened, held)
    receipt = cast_for(opened, held, first)
    cast(opened, ANA, ballot(opened, ANA, AGAINST_BLANK))
    before = stored(opened)
    later = make_ballot(opened, held)
    assert refused(cast_for, opened, held, later) == "mandate-voted"
    assert stored(opened) == before
    assert represented(opened) == {}
    assert desk(opened, BEN).held[0].sealed == b""
    # The recorded ballot keeps its receipt, and is no second vote.
    assert TlogProof.parse(cast_for(opened, held, first)).index == TlogProof.parse(receipt).index
    assert stored(opened) == before
    college = json.loads(finish(opened))["questions"]["accounts"]["colleges"]["*"]
    assert (college["for"], college["against"]) == (0, 1)


def test_a_ballot_cast_for_somebody_is_not_their_own_vote(opened: Opened) -> None:
    held = receive(opened, BEN, give(opened, ANA, BEN))
    cast_for(opened, held, make_ballot(opened, held))
    [paper] = signing_in.sign_in(opened.house, opened.assembly, token_of(opened, ANA)).papers
    assert not paper.voted
    given = desk(opened, ANA).given
    assert given is not None
    assert (given.holder, given.papers[0].voted) == (Person(BEN, f"Member {BEN}"), True)


def test_what_is_taken_back_opens_nothing_any_more(opened: Opened) -> None:
    mandate = give(opened, ANA, BEN)
    held = receive(opened, BEN, mandate)
    after = proxies.revoke(opened.house, opened.assembly, token_of(opened, ANA))
    assert after.given is not None
    assert after.given.state == "revoked"
    data = make_ballot(opened, held)
    assert refused(cast_for, opened, held, data) == "mandate-revoked"
    assert stored(opened)[1] == 0
    found = desk(opened, BEN).held[0]
    assert (found.state, found.sealed) == ("revoked", b"")


def test_after_taking_it_back_another_can_be_named_and_the_first_keys_do_not_serve(
    opened: Opened,
) -> None:
    first = receive(opened, BEN, give(opened, ANA, BEN))
    proxies.revoke(opened.house, opened.assembly, token_of(opened, ANA))
    second = give(opened, ANA, CAM)
    data = make_ballot(opened, first)
    assert refused(cast_for, opened, first, data) == "mandate-revoked"
    mixed = replace(first, mandate=second)
    assert refused(cast_for, opened, mixed, data) == "unknown-mandate"
    held = receive(opened, CAM, second)
    cast_for(opened, held, make_ballot(opened, held), CAM)
    assert represented(opened) == {"main": {ANA: CAM}}


def test_a_mandate_that_stands_does_not_help_with_keys_of_one_that_ended(opened: Opened) -> None:
    """Ben keeps Ana's keys after she took her mandate back, and bears Cam's, which stands."""
    ended = receive(opened, BEN, give(opened, ANA, BEN))
    proxies.revoke(opened.house, opened.assembly, token_of(opened, ANA))
    standing = receive(opened, BEN, give(opened, CAM, BEN))
    data = make_ballot(opened, ended)
    for mandate in (ended.mandate, standing.mandate):
        for key in (ended.elections[0], standing.elections[0]):
            token = bearer(token_of(opened, BEN), mandate, key.ticket)
            code = refused(casting.cast, opened.house, key.uuid, token, data)
            assert code in ("mandate-revoked", "unknown-mandate")
    own = token_of(opened, BEN)
    uuid = standing.elections[0].uuid
    assert refused(casting.cast, opened.house, uuid, own, data) == "another-credential"
    assert stored(opened)[1] == 0


def test_a_holder_may_decline_but_not_once_it_was_used(opened: Opened) -> None:
    mandate = give(opened, ANA, BEN)
    held = receive(opened, BEN, mandate)
    proxies.decline(opened.house, opened.assembly, token_of(opened, BEN), mandate)
    assert refused(cast_for, opened, held, make_ballot(opened, held)) == "mandate-declined"
    used = receive(opened, BEN, give(opened, ANA, BEN))
    cast_for(opened, used, make_ballot(opened, used))
    token = token_of(opened, BEN)
    answer = refused(proxies.decline, opened.house, opened.assembly, token, used.mandate)
    assert answer == "mandate-used"


def test_nobody_declines_for_another(embedded: Opened) -> None:
    mandate = give(embedded, ANA, BEN)
    for other in (ANA, CAM):
        token = token_of(embedded, other)
        answer = refused(proxies.decline, embedded.house, "trial", token, mandate)
        assert answer == "no-mandate"
    assert desk(embedded, BEN).held[0].state == "given"


def test_only_the_holder_opens_the_mandate_and_it_holds_no_code(embedded: Opened) -> None:
    mandate = give(embedded, ANA, BEN)
    sealed = desk(embedded, BEN).held[0].sealed
    for member in (ANA, CAM):
        with pytest.raises(ProtocolError, match="sealed-message"):
            open_sealed("trial", embedded.codes[member], sealed)
    opened = open_sealed("trial", embedded.codes[BEN], sealed)
    assert Message.parse(opened).mandate == mandate
    assert embedded.codes[ANA].encode() not in opened


def test_giving_a_mandate_changes_no_credential(embedded: Opened) -> None:
    """A column that is filled for grantors alone would say whose credentials they are."""
    before = rows(embedded, "credentials")
    give(embedded, ANA, BEN)
    proxies.revoke(embedded.house, "trial", token_of(embedded, ANA))
    give(embedded, ANA, CAM)
    assert rows(embedded, "credentials") == before


def rows(opened: Opened, table: str) -> list[tuple[object, ...]]:
    with opened.house.database.reading() as session:
        found = session.execute(select(Base.metadata.tables[table]))
        return sorted(tuple(row) for row in found)


def test_no_value_of_the_roll_or_of_a_mandate_is_found_beside_a_credential(
    opened: Opened,
) -> None:
    """What the database alone says of Ana and of her credential has nothing in common."""
    mandate = give(opened, ANA, BEN)
    held = receive(opened, BEN, mandate)
    cast_for(opened, held, make_ballot(opened, held))
    uuid = held.elections[0].uuid
    key = public_key(opened.codes[ANA], uuid).hex()
    with opened.house.database.reading() as session:
        credential = session.get_one(Credential, (uuid, key))
        given = session.get_one(Mandate, ("trial", mandate))
        of_credential, of_mandate = values(credential), values(given)
        secrets = {key, credential.binding, held.elections[0].ticket}
    assert not of_credential & of_mandate
    for table in ("members", "mandates", "attendance"):
        assert not secrets & {str(value) for row in rows(opened, table) for value in row}


def values(row: Base) -> set[str]:
    """What is stored in a row, but for small numbers."""
    found = (getattr(row, column.key) for column in inspect(type(row)).columns)
    return {str(value) for value in found if not isinstance(value, int)}


def test_nobody_is_represented_before_a_ballot_is_cast(embedded: Opened) -> None:
    give(embedded, ANA, BEN)
    give(embedded, CAM, STAFF)
    proxies.revoke(embedded.house, "trial", token_of(embedded, ANA))
    with embedded.house.database.reading() as session:
        assert proxies.represented(session, "trial") == {}


def test_what_each_one_sees_of_the_other(embedded: Opened) -> None:
    mandate = give(embedded, ANA, BEN)
    mine = desk(embedded, ANA)
    assert (mine.most, mine.changeable, mine.held) == (2, True, ())
    assert mine.given is not None
    assert (mine.given.mandate, mine.given.state) == (mandate, "given")
    theirs = desk(embedded, BEN)
    assert theirs.given is None
    assert [held.grantor for held in theirs.held] == [Person(ANA, f"Member {ANA}")]
    assert desk(embedded, PARTNER).most == 0
