"""The small assembly with proxies, and what members' browsers do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.casting import FOR_ONE, Answers, token_of
from tests.small import Opened, assembly_toml, roll_csv
from vote.election.ballot import encrypt
from vote.election.credential import secret_key
from vote.election.mailbox import MailboxKey, open_sealed, seal
from vote.election.mandate import ElectionKey, Mandate, bearer
from vote.service import casting, overview, prepare, proxies, rehearse
from vote.service.errors import Refusal
from vote.service.folder import from_files
from vote.service.house import House, Settings
from vote.service.proxies import Desk, Gift, Offer
from vote.service.rehearse import Clock

ANA, BEN, CAM, DAN = "persons-1", "persons-2", "persons-3", "persons-4"
STAFF, PARTNER = "staff-1", "partners-1"
RULES = "per_holder = 2\nper_college = { partners = 0 }\nsame_college = false\n"
DEADLINE = timedelta(hours=20)  # from now; voting is open already


def open_with_proxies(
    data: Path, database_url: str | None = None, *, rules: str = RULES, shares: bool = False
) -> Opened:
    """As `open_assembly`, members being able to have another vote for them."""
    now = datetime.now(UTC)
    deadline = (now + DEADLINE).strftime("%Y-%m-%dT%H:%M:%S")
    toml = assembly_toml(shares=shares) + f"\n[proxies]\ndeadline = {deadline}\n{rules}"
    files = {"assembly.toml": toml.encode(), "roll.csv": roll_csv().encode()}
    clock = Clock(now)
    house = House(Settings.in_folder(data, database_url=database_url), clock)
    house.migrate()
    prepare.import_assembly(house, from_files(files))
    codes, bureau = rehearse.set_up(house, "trial", lambda *_: None)
    return Opened(house, clock, "trial", codes, bureau)


@pytest.fixture
def opened(tmp_path: Path, database_url: str) -> Iterator[Opened]:
    """Once on SQLite and once on PostgreSQL."""
    found = open_with_proxies(tmp_path / "data", database_url)
    yield found
    found.house.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Opened]:
    """On SQLite alone."""
    found = open_with_proxies(tmp_path / "data")
    yield found
    found.house.close()


def refused(act: Callable[..., object], *arguments: object) -> str:
    """The code of the refusal of `act(*arguments)`."""
    with pytest.raises(Refusal) as caught:
        act(*arguments)
    assert "{" not in caught.value.message
    return caught.value.code


def desk(opened: Opened, member: str) -> Desk:
    return proxies.desk(opened.house, opened.assembly, token_of(opened, member))


def ask(opened: Opened, grantor: str, holder: str) -> Offer:
    """The grantor names the holder, by number and name."""
    token = token_of(opened, grantor)
    return proxies.offer(opened.house, opened.assembly, token, holder, f"Member {holder}")


def draw_up(opened: Opened, grantor: str, offer: Offer) -> Gift:
    """What the grantor's browser makes of the offer."""
    code = opened.codes[grantor]
    keys = (
        ElectionKey(uuid, secret_key(code, uuid), ticket) for uuid, ticket in offer.tickets.items()
    )
    message = Mandate(opened.assembly, offer.mandate, tuple(keys)).encode()
    return Gift(offer.mandate, offer.holder, seal(MailboxKey.parse(offer.mailbox), message))


def give(opened: Opened, grantor: str, holder: str) -> str:
    """The whole way of a mandate to the service; its identifier."""
    gift = draw_up(opened, grantor, ask(opened, grantor, holder))
    proxies.give(opened.house, opened.assembly, token_of(opened, grantor), gift)
    return gift.mandate


def receive(opened: Opened, holder: str, mandate: str) -> Mandate:
    """What the holder's browser finds in the sealed message."""
    [found] = [each for each in desk(opened, holder).held if each.mandate == mandate]
    sealed = open_sealed(opened.assembly, opened.codes[holder], found.sealed)
    return Mandate.parse(sealed)


def make_ballot(opened: Opened, held: Mandate, answers: Answers = FOR_ONE) -> bytes:
    """A ballot signed with the mandate's key for its only election."""
    [key] = held.elections
    return encrypt(overview.election_bytes(opened.house, key.uuid), key.secret_key, answers)


def cast_for(opened: Opened, held: Mandate, data: bytes, holder: str = BEN) -> bytes:
    """The holder casts a ballot for the grantor; the receipt."""
    [key] = held.elections
    token = bearer(token_of(opened, holder), held.mandate, key.ticket)
    return casting.cast(opened.house, key.uuid, token, data)
