"""What a mandate carries, from the grantor's browser to the holder's, sealed (see `mailbox`).

    {"format":1,"assembly":…,"mandate":ID,"elections":[{"uuid":…,"secret_key":…,"ticket":…}]}

For each election of the grantor: the number that signs ballots there (never the code from which
it was derived, which would open all the rest), and the service's ticket, with which a ballot
signed with that number is taken from the holder, who signs in as themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vote.election import jsontext
from vote.election.credential import parse_uuid
from vote.election.errors import ProtocolError
from vote.election.group import parse_scalar

FORMAT: Final = 1
MAX_MANDATE_BYTES: Final = 64 * 1024
_MANDATE: Final = re.compile("[0-9a-f]{32}")
_TICKET: Final = re.compile("[0-9a-f]{64}")
_FIELDS: Final = ("format", "assembly", "mandate", "elections")


@dataclass(frozen=True, slots=True)
class ElectionKey:
    """What votes for the grantor in one election."""

    uuid: str
    secret_key: int
    ticket: str

    @classmethod
    def from_json(cls, value: object) -> ElectionKey:
        found = jsontext.fields(value, ("uuid", "secret_key", "ticket"))
        secret_key = parse_scalar(jsontext.text(found["secret_key"]))
        if secret_key == 0:
            raise ProtocolError("key-is-neutral", "the number 0 signs nothing")
        ticket = _matching(_TICKET, found["ticket"])
        return cls(parse_uuid(jsontext.text(found["uuid"])), secret_key, ticket)

    def to_json(self) -> str:
        return (
            f'{{"uuid":{jsontext.quote(self.uuid)},"secret_key":"{self.secret_key}",'
            f'"ticket":"{self.ticket}"}}'
        )


@dataclass(frozen=True, slots=True)
class Mandate:
    """The content of one mandate. `mandate` is its identifier, 32 hexadecimal digits."""

    assembly: str
    mandate: str
    elections: tuple[ElectionKey, ...]

    @classmethod
    def parse(cls, data: bytes) -> Mandate:
        """Read it in its one accepted form.

        Raises "too-large", "json-…", "mandate-format", "mandate-syntax", "uuid-syntax",
        "number-syntax", "scalar-out-of-range", "key-is-neutral".
        """
        return jsontext.parse(data, MAX_MANDATE_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> Mandate:
        found = jsontext.fields(value, _FIELDS)
        if jsontext.integer(found["format"]) != FORMAT:
            raise ProtocolError("mandate-format", "a mandate of another format")
        elections = map(ElectionKey.from_json, jsontext.array(found["elections"]))
        return cls(
            jsontext.text(found["assembly"]),
            _matching(_MANDATE, found["mandate"]),
            tuple(elections),
        )

    def encode(self) -> bytes:
        listed = ",".join(election.to_json() for election in self.elections)
        return jsontext.encode_text(
            f'{{"format":{FORMAT},"assembly":{jsontext.quote(self.assembly)},'
            f'"mandate":"{self.mandate}","elections":[{listed}]}}'
        )


def _matching(form: re.Pattern[str], value: object) -> str:
    found = jsontext.text(value)
    if not form.fullmatch(found):
        raise ProtocolError("mandate-syntax", "an identifier or a ticket of another form")
    return found


def bearer(token: str, mandate: str, ticket: str) -> str:
    """What the holder bears when casting for the grantor: "TOKEN.MANDATE.TICKET".

    :param token: the holder's own, see `credential.sign_in_token`; the grantor knows the rest
    """
    return f"{token}.{mandate}.{ticket}"
