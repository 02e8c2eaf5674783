"""At the ballot box: who may cast for whom.

The holder of a mandate bears "TOKEN.MANDATE.TICKET" instead of a sign-in token (see
`vote.election.mandate`): the first part is the holder's own sign-in token, the second a row of the
database, and the third proves that the service bound this mandate to the very credential that
signed the ballot, at a time when the grantor was signed in. So nothing is stored from which one
could tell whose credential it is. The token is asked for because the grantor knows the ticket too:
without it, the grantor could vote in the holder's name.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.tokens import mandate_ticket, roll_hash
from vote.store import mandates as store
from vote.store.database import Transaction
from vote.store.models import Mandate, Member

_BEARER: Final = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{32})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Voter:
    """Whose ballot is cast; `mandate` is the one under which somebody else casts it."""

    assembly: str
    member: str
    mandate: Mandate | None = None

    @property
    def holder(self) -> str | None:
        return None if self.mandate is None else self.mandate.holder


def is_mandates(token: str) -> bool:
    """Whether this is the form of what a holder bears; a sign-in token never has it."""
    return "." in token


def voter(
    house: House, session: Session, assembly: str, token: str, *, uuid: str, credential: str
) -> Voter:
    """For whom the bearer may cast a ballot signed with `credential`.

    Whether the mandate still stands is for `settle` to say: a ballot that was recorded before is
    answered for all the same. Raises Refusal `unknown-mandate`, whichever part is wrong.
    """
    parts = _BEARER.fullmatch(token)
    row = store.find(session, assembly, parts[2]) if parts else None
    if parts is None or row is None or not _is_holders(session, row, parts[1]):
        raise _unknown_mandate()
    key = house.vault.mandate_key(assembly)
    expected = ticket(key, row, uuid, credential)
    if not hmac.compare_digest(expected, parts[3]):
        raise _unknown_mandate()
    return Voter(assembly, row.grantor, row)


def _is_holders(session: Session, mandate: Mandate, token: str) -> bool:
    """Whether this is the sign-in token of the member to whom the mandate was given."""
    holder = session.get_one(Member, (mandate.assembly, mandate.holder))
    borne = roll_hash(mandate.assembly, token)
    return holder.token_hash is not None and hmac.compare_digest(holder.token_hash, borne)


def ticket(key: bytes, mandate: Mandate, uuid: str, credential: str) -> str:
    """What lets the holder of this mandate cast ballots signed with `credential`."""
    names = (mandate.mandate, mandate.grantor, mandate.holder)
    return mandate_ticket(key, *names, uuid=uuid, credential=credential)


def settle(session: Transaction, who: Voter) -> None:
    """A ballot is about to count. Who votes in person ends the mandate that they gave.

    Raises Refusal where the mandate under which it is cast has ended.
    """
    if who.mandate is None:
        store.end_of_voter(session, who.assembly, who.member)
    elif who.mandate.state != store.GIVEN:
        raise _ended(who.mandate)


def _unknown_mandate() -> Refusal:
    return Refusal(
        "unknown-mandate",
        "This mandate is not known for this ballot. It was not recorded. Load the page again and "
        "open the mandate once more.",
        status=401,
    )


def _ended(mandate: Mandate) -> Refusal:
    if mandate.state == store.VOTED:
        return Refusal(
            "mandate-voted",
            "The member who gave you this mandate has voted in person, which ended it. Your "
            "ballot for them was not recorded; theirs counts.",
            status=403,
        )
    if mandate.state == store.REVOKED:
        return Refusal(
            "mandate-revoked",
            "The member who gave you this mandate has taken it back. Your ballot for them was "
            "not recorded.",
            status=403,
        )
    return Refusal(
        "mandate-declined",
        "You have declined this mandate. Your ballot for this member was not recorded.",
        status=403,
    )
