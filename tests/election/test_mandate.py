"""Mailboxes and mandates: the vectors shared with JavaScript, and what they are good for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.election.mandate_vectors import FILE, encoded
from tests.election.samples import CODES, UUID, make_sample
from vote.election import ballot, credential
from vote.election.errors import ProtocolError
from vote.election.mailbox import MailboxKey, mailbox_key, open_sealed, seal
from vote.election.mandate import Mandate, bearer

Case = dict[str, Any]
VECTORS: Case = json.loads(FILE.read_text("ascii"))
ASSEMBLY, HOLDER = VECTORS["assembly"], VECTORS["holder"]


def cases(name: str) -> pytest.MarkDecorator:
    found = VECTORS[name]
    return pytest.mark.parametrize("case", found, ids=[case["defect"] for case in found])


def refuses(case: Case, verify: Callable[[], object]) -> None:
    with pytest.raises(ProtocolError) as raised:
        verify()
    assert raised.value.code == case["error"]


def test_the_committed_file_is_what_the_script_makes() -> None:
    assert FILE.read_text("ascii") == encoded()


def test_mailboxes_derive_from_codes_and_are_no_credentials() -> None:
    keys = set()
    for case in VECTORS["mailboxes"]:
        key = mailbox_key(case["assembly"], case["code"])
        assert (key.hex(), key.number(case["assembly"])) == (case["key"], case["number"])
        assert MailboxKey.parse(case["key"]) == key
        keys.add(key)
    assert len(keys) == len(VECTORS["mailboxes"])


@cases("refused_keys")
def test_strange_keys_are_refused(case: Case) -> None:
    refuses(case, lambda: MailboxKey.parse(case["key"]))


def test_a_sealed_message_is_opened_by_the_holder() -> None:
    sealed = bytes.fromhex(VECTORS["sealed"]["sealed"])
    opened = open_sealed(ASSEMBLY, HOLDER, sealed)
    assert opened.decode() == VECTORS["sealed"]["message"]
    mandate = Mandate.parse(opened)
    assert (mandate.assembly, mandate.mandate) == (ASSEMBLY, VECTORS["offer"]["mandate"])
    assert {each.uuid: each.ticket for each in mandate.elections} == VECTORS["offer"]["tickets"]
    token = credential.sign_in_token(ASSEMBLY, HOLDER)
    bearers = [bearer(token, mandate.mandate, each.ticket) for each in mandate.elections]
    assert bearers == VECTORS["bearers"]


@cases("refused_sealed")
def test_what_does_not_open(case: Case) -> None:
    refuses(case, lambda: open_sealed(ASSEMBLY, case["code"], bytes.fromhex(case["sealed"])))


@cases("refused_mandates")
def test_what_is_no_mandate(case: Case) -> None:
    refuses(case, lambda: Mandate.parse(case["mandate"].encode()))


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(1, 255))
def test_what_is_sealed_opens_and_any_change_is_refused(
    message: bytes, position: int, change: int
) -> None:
    sealed = bytearray(seal(mailbox_key(ASSEMBLY, HOLDER), message))
    assert open_sealed(ASSEMBLY, HOLDER, bytes(sealed)) == message
    place = position % len(sealed)
    sealed[place] ^= change
    with pytest.raises(ProtocolError):
        open_sealed(ASSEMBLY, HOLDER, bytes(sealed))


def test_a_ballot_signed_with_a_mandates_key_is_the_grantors() -> None:
    sample = make_sample()
    secret = credential.secret_key(CODES[0], UUID)
    data = ballot.encrypt(sample.setup, secret, ((1, 0, 0), (0, 1, 0)))
    made = ballot.parse(data)
    ballot.verify(sample.setup.election, sample.setup.fingerprint, made)
    assert made.credential == credential.public_key(CODES[0], UUID)
