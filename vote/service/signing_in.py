"""A member signs in with the token that their code gives."""

from __future__ import annotations

from dataclasses import dataclass

from vote.service.casting import unknown_code
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.service.tokens import roll_hash
from vote.service.window import PaperState, paper_state
from vote.store import people
from vote.store.archive import elections


@dataclass(frozen=True, slots=True)
class MemberPaper:
    """A ballot paper that a member may vote on, and the election that takes their ballot."""

    ballot: str
    uuid: str
    voted: bool
    state: PaperState


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a member's own page shows of them."""

    member: str
    name: str
    language: str
    college: str
    papers: tuple[MemberPaper, ...]


def sign_in(house: House, assembly: str, token: str) -> SignedIn:
    """Who holds this token. Raises Refusal `unknown-code`."""
    with house.database.reading() as session:
        row = get(session, assembly)
        member = people.member_by_token(session, assembly, roll_hash(assembly, token))
        if member is None:
            raise unknown_code()
        definition = definition_of(row)
        voted = people.voted_papers(session, assembly, member.member)
        papers = tuple(
            MemberPaper(
                each.ballot,
                each.uuid,
                each.ballot in voted,
                paper_state(definition, each.ballot, each.stage, house.clock()),
            )
            for each in elections(session, assembly)
            if each.college in (None, member.college)
        )
        return SignedIn(member.member, member.name, member.language, member.college, papers)
