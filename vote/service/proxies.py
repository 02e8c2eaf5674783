"""Proxies, registered: a member gives a mandate, its holder finds it, either ends it.

The rules are `vote.assembly.proxies`; docs/decisions/0005-proxies.md says how a mandate travels so
that nobody but its holder can use it. Everything that changes something is done one after another,
under the lock of the log's head: two mandates given at once cannot pass a cap together, and one
that is given while its grantor votes is either refused or ended.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from vote.assembly.definition import Definition
from vote.assembly.model import Proxies
from vote.assembly.proxies import Standing, cap, obstacle
from vote.service.casting import unknown_code
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.mandates import ticket
from vote.service.prepare import definition_of, get
from vote.service.refusals import refuse_grant
from vote.service.tokens import binding_hash, roll_hash
from vote.service.window import PaperState, paper_state, proxies_deadline
from vote.store import mandates as store
from vote.store import people
from vote.store.archive import elections
from vote.store.log import hold
from vote.store.models import Election, Mandate, Member

_MANDATE: Final = re.compile("[0-9a-f]{32}")
MAX_SEALED: Final = 64 * 1024 + 48
MAX_WRONG_NAMES: Final = 20


@dataclass(frozen=True, slots=True)
class Person:
    """A member as another member may see them: only after naming each other."""

    member: str
    name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot paper of the grantor; `voted`: the holder has voted on it for them."""

    ballot: str
    uuid: str
    voted: bool
    state: PaperState


@dataclass(frozen=True, slots=True)
class Given:
    """The newest mandate that the member gave, and what became of it."""

    mandate: str
    holder: Person
    state: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate that the member was given; `sealed` is empty once it has ended."""

    mandate: str
    grantor: Person
    state: str
    sealed: bytes
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a member's page of proxies shows. `most`: how many mandates they may hold."""

    deadline: datetime
    changeable: bool
    most: int
    given: Given | None
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """With what a mandate can be drawn up: nothing is stored before it is given.

    `mailbox` is the holder's key; `tickets` are for each election of the grantor, by UUID.
    """

    mandate: str
    holder: Person
    mailbox: str
    tickets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gift:
    """What the grantor's browser made of an offer: `sealed` opens for the holder alone."""

    mandate: str
    holder: Person
    sealed: bytes


def desk(house: House, assembly: str, token: str) -> Desk:
    """Where the holder of this token stands. Raises Refusal `unknown-code`, `no-proxies`."""
    with house.database.reading() as session:
        setting = _Setting(house, session, assembly)
        return setting.desk(setting.member(token))


def offer(house: House, assembly: str, token: str, holder: str, name: str) -> Offer:
    """Check that a member may give a mandate to another, by number and name.

    The roll is not searched: whoever does not know both learns nothing, and may not try for long.
    Raises Refusal, saying why not.
    """
    with _wrong_names_counted(house, assembly, token), house.database.reading() as session:
        setting = _Setting(house, session, assembly)
        setting.require_changeable()
        grantor = setting.member(token)
        return setting.offer(grantor, setting.named(grantor, holder, name), token)


@contextmanager
def _wrong_names_counted(house: House, assembly: str, token: str) -> Iterator[None]:
    """Whoever names members that are not on the roll is counted, whatever else is rolled back."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code == "no-such-member":
            with house.database.writing() as session:
                of_token = Member.token_hash == roll_hash(assembly, token)
                counted = update(Member).where(Member.assembly == assembly, of_token)
                session.execute(counted.values(wrong_names=Member.wrong_names + 1))
        raise


def give(house: House, assembly: str, token: str, gift: Gift) -> Desk:
    """Give the mandate that was offered, sealed for its holder."""
    if not _MANDATE.fullmatch(gift.mandate) or not 0 < len(gift.sealed) <= MAX_SEALED:
        raise _bad_mandate()
    with _wrong_names_counted(house, assembly, token), house.database.writing() as session:
        setting = _locked(house, session, assembly)
        setting.require_changeable()
        grantor = setting.member(token)
        holder = setting.named(grantor, gift.holder.member, gift.holder.name)
        setting.check(grantor, holder)
        if store.find(session, assembly, gift.mandate) is not None:
            raise _bad_mandate()
        row = Mandate(
            assembly=assembly,
            mandate=gift.mandate,
            grantor=grantor.member,
            holder=holder.member,
            state=store.GIVEN,
            sealed=gift.sealed,
        )
        store.add(session, row)
        return setting.desk(grantor)


def _bad_mandate() -> Refusal:
    return Refusal("bad-mandate", "This mandate cannot be stored. Load the page again and retry.")


def revoke(house: House, assembly: str, token: str) -> Desk:
    """Take one's mandate back, before the deadline. A ballot cast with it stays in the box."""
    with house.database.writing() as session:
        setting = _locked(house, session, assembly)
        setting.require_changeable()
        grantor = setting.member(token)
        row = store.last_given_by(session, assembly, grantor.member)
        if row is None or row.state != store.GIVEN:
            raise Refusal("no-mandate", "You have given no mandate, or it has ended.", status=409)
        store.end(row, store.REVOKED)
        session.flush()
        return setting.desk(grantor)


def decline(house: House, assembly: str, token: str, mandate: str) -> Desk:
    """Refuse a mandate that one was given, as long as one has not voted with it."""
    with house.database.writing() as session:
        setting = _locked(house, session, assembly)
        setting.require_open()
        holder = setting.member(token)
        row = store.find(session, assembly, mandate)
        if row is None or row.holder != holder.member or row.state != store.GIVEN:
            raise Refusal(
                "no-mandate", "You do not hold this mandate, or it has ended.", status=409
            )
        if store.papers_voted_for(session, assembly, row.grantor, row.holder):
            raise Refusal(
                "mandate-used",
                "You have already voted with this mandate, so it cannot be declined any more.",
                status=409,
            )
        store.end(row, store.DECLINED)
        session.flush()
        return setting.desk(holder)


def represented(session: Session, assembly: str) -> Mapping[str, Mapping[str, str]]:
    """For the attendance sheet: ballot paper -> member who was represented -> the holder.

    Members are named by their number. Whoever is marked as having voted and is not in here has
    voted in person.
    """
    return store.represented(session, assembly)


def _locked(house: House, session: Session, assembly: str) -> _Setting:
    """The assembly as it stays until the transaction ends: its state is read under the lock.

    Otherwise what is given while voting closes would be stored after closing has emptied the rest.
    """
    row = get(session, assembly)
    hold(session, assembly)
    session.refresh(row)
    return _Setting(house, session, assembly)


class _Setting:
    """One assembly, as one request sees it."""

    def __init__(self, house: House, session: Session, assembly: str) -> None:
        self._house = house
        self._session = session
        self._row = get(session, assembly)
        self._assembly = assembly
        self._definition: Definition = definition_of(self._row)
        rules, deadline = self._definition.proxies, proxies_deadline(self._definition)
        if rules is None or deadline is None:
            raise Refusal(
                "no-proxies", "Members of this assembly cannot be represented.", status=404
            )
        self._rules: Proxies = rules
        self._deadline: datetime = deadline
        self._now = house.clock()
        self._members = people.count_members(session, assembly)

    def member(self, token: str) -> Member:
        found = people.member_by_token(
            self._session, self._assembly, roll_hash(self._assembly, token)
        )
        if found is None:
            raise unknown_code()
        return found

    def require_open(self) -> None:
        if self._row.state != "open":
            raise Refusal(
                "proxies-not-open",
                "Mandates can be given once the organisers have opened the assembly, and no more "
                "after it has closed.",
                status=403,
            )

    def require_changeable(self) -> None:
        self.require_open()
        if self._now >= self._deadline:
            raise Refusal(
                "proxies-closed",
                "Mandates could be given and taken back until {deadline}. You can still vote "
                "yourself: that ends a mandate that you gave.",
                {"deadline": self._deadline.isoformat()},
                status=403,
            )

    def named(self, grantor: Member, number: str, name: str) -> Member:
        """The member with this number and this name."""
        if grantor.wrong_names >= MAX_WRONG_NAMES:
            raise Refusal(
                "too-many-names",
                "Too many wrong names were given with this code, so it cannot name anybody any "
                "more. You can still vote yourself.",
                status=403,
            )
        found = self._session.get(Member, (self._assembly, number.strip()))
        if found is None or found.mailbox is None or _words(found.name) != _words(name):
            raise Refusal(
                "no-such-member",
                "There is no member with this number and this name. Ask the person whom you "
                "want to name for their member number, and for their name as it is on the roll.",
                status=404,
            )
        return found

    def check(self, grantor: Member, holder: Member) -> None:
        """Raises Refusal where the rules do not allow it."""
        standings = (self._standing(grantor), self._standing(holder))
        found = obstacle(self._rules, *standings, self._members)
        if found is not None:
            raise refuse_grant(found, cap(self._rules, holder.college, self._members))

    def _standing(self, one: Member) -> Standing:
        given = store.last_given_by(self._session, self._assembly, one.member)
        return Standing(
            one.member,
            one.college,
            voted=bool(people.voted_papers(self._session, self._assembly, one.member)),
            gives=given is not None and given.state == store.GIVEN,
            holds=store.count_represented(self._session, self._assembly, one.member),
        )

    def offer(self, grantor: Member, holder: Member, token: str) -> Offer:
        self.check(grantor, holder)
        draft = Mandate(mandate=secrets.token_hex(16), grantor=grantor.member, holder=holder.member)
        key = self._house.vault.mandate_key(self._assembly)
        tickets = {}
        for election in self._elections(grantor):
            binding = binding_hash(election.uuid, token)
            credential = people.credential_by_binding(self._session, election.uuid, binding)
            if credential is None:
                raise unknown_code()
            tickets[election.uuid] = ticket(key, draft, election.uuid, credential)
        return Offer(draft.mandate, _person(holder), holder.mailbox or "", tickets)

    def desk(self, member: Member) -> Desk:
        given = store.last_given_by(self._session, self._assembly, member.member)
        held = store.held_by(self._session, self._assembly, member.member)
        return Desk(
            deadline=self._deadline,
            changeable=self._row.state == "open" and self._now < self._deadline,
            most=cap(self._rules, member.college, self._members),
            given=None if given is None else self._given(given, member),
            held=tuple(map(self._held, held)),
        )

    def _given(self, row: Mandate, grantor: Member) -> Given:
        holder = self._session.get_one(Member, (self._assembly, row.holder))
        return Given(row.mandate, _person(holder), row.state, self._papers(row, grantor))

    def _held(self, row: Mandate) -> Held:
        grantor = self._session.get_one(Member, (self._assembly, row.grantor))
        papers = self._papers(row, grantor)
        return Held(row.mandate, _person(grantor), row.state, row.sealed, papers)

    def _papers(self, row: Mandate, grantor: Member) -> tuple[Paper, ...]:
        voted = store.papers_voted_for(self._session, self._assembly, row.grantor, row.holder)
        return tuple(
            Paper(
                each.ballot,
                each.uuid,
                each.ballot in voted,
                paper_state(self._definition, each.ballot, each.stage, self._now),
            )
            for each in self._elections(grantor)
        )

    def _elections(self, member: Member) -> list[Election]:
        every = elections(self._session, self._assembly)
        return [each for each in every if each.college in (None, member.college)]


def _person(member: Member) -> Person:
    return Person(member.member, member.name)


def _words(name: str) -> list[str]:
    """A name's words, in any order, without accents, capitals and signs."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return sorted(kept.split())
