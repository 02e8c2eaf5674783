"""Before opening: the assembly comes in, the bureau gives its keys, the members get codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from vote.assembly.definition import Definition, canonical_json, from_json
from vote.assembly.papers import Paper
from vote.assembly.papers import elections as papers_of
from vote.election import credential as codes
from vote.election.errors import ProtocolError
from vote.election.mailbox import mailbox_key
from vote.election.trustee import parse_public_key
from vote.service.errors import Refusal, unknown_assembly
from vote.service.folder import AssemblyFolder
from vote.service.house import House
from vote.service.tokens import binding_hash, roll_hash, trustee_hash
from vote.store import people
from vote.store.archive import elections
from vote.store.models import (
    Assembly,
    Attachment,
    Attendance,
    Credential,
    Election,
    Member,
    Trustee,
)

BATCH = 1000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A member's code, shown once to whoever sends the invitations and kept nowhere."""

    member: str
    name: str
    email: str
    language: str
    college: str
    code: str


@dataclass(frozen=True, slots=True)
class TrusteeLink:
    """A trustee's token, shown once; the service keeps only its hash."""

    number: int
    name: str
    token: str


def get(session: Session, assembly: str) -> Assembly:
    found = session.get(Assembly, assembly)
    if found is None:
        raise unknown_assembly(assembly)
    return found


def definition_of(assembly: Assembly) -> Definition:
    return from_json(assembly.definition)


def draft(session: Session, assembly: str) -> Assembly:
    """An assembly that can still change, locked until the transaction ends: whoever changes or
    opens it waits for the others. Raises Refusal once it has been opened."""
    found = _locked(session, assembly)
    if found is None:
        raise unknown_assembly(assembly)
    _require_draft(found)
    return found


def _locked(session: Session, assembly: str) -> Assembly | None:
    statement = select(Assembly).where(Assembly.id == assembly).with_for_update()
    found = session.execute(statement.execution_options(populate_existing=True))
    return found.scalar_one_or_none()


def _require_draft(assembly: Assembly) -> None:
    if assembly.state != "draft":
        raise Refusal(
            "already-open",
            "Voting has been opened: the definition, the roll and the keys can no longer change.",
            status=409,
        )


def import_assembly(house: House, folder: AssemblyFolder, *, rehearsal: bool = False) -> str:
    """Take in an assembly, or replace it while it is a draft; its id.

    Replacing it makes codes that were issued before void.
    """
    definition = folder.definition
    name = definition.assembly.id
    with house.database.writing() as session:
        existing = _locked(session, name)
        if existing is not None:
            _require_draft(existing)
            _forget(session, name)
            existing.definition = canonical_json(definition)
            existing.rehearsal = rehearsal
        else:
            row = Assembly(
                id=name, definition=canonical_json(definition), state="draft", rehearsal=rehearsal
            )
            session.add(row)
        session.flush()
        _store_roll(session, folder)
        for path, content in folder.photos.items():
            session.add(Attachment(assembly=name, path=path, content=content))
    return name


def _forget(session: Session, assembly: str) -> None:
    _forget_codes(session, assembly)
    people.clear_roll(session, assembly)
    session.execute(delete(Attachment).where(Attachment.assembly == assembly))


def _forget_codes(session: Session, assembly: str) -> None:
    for election in elections(session, assembly):
        session.execute(delete(Credential).where(Credential.election == election.uuid))
        session.delete(election)
    session.flush()


def _store_roll(session: Session, folder: AssemblyFolder) -> None:
    assembly = folder.definition.assembly.id
    rows = [
        {
            "assembly": assembly,
            "position": position,
            "member": member.member,
            "name": member.name,
            "email": member.email,
            "language": member.language,
            "college": member.college,
            "weight": member.weight,
        }
        for position, member in enumerate(folder.roll)
    ]
    if rows:
        session.execute(insert(Member), rows)
    attendance = [
        {"assembly": assembly, "ballot": ballot.id, "member": member.member, "voted": False}
        for ballot in folder.definition.ballots
        for member in folder.roll
    ]
    if attendance:
        session.execute(insert(Attendance), attendance)


def invite_trustees(house: House, assembly: str, names: Sequence[str]) -> list[TrusteeLink]:
    """Name the bureau's trustees; each one's secret link, shown once. Replaces earlier ones."""
    with house.database.writing() as session:
        row = draft(session, assembly)
        wanted = definition_of(row).trustees.count
        if len(names) != wanted:
            raise Refusal(
                "trustee-count",
                "The assembly asks for {count} trustees; name exactly that many.",
                {"count": wanted},
            )
        session.execute(delete(Trustee).where(Trustee.assembly == assembly))
        links = [
            TrusteeLink(number, name, secrets.token_urlsafe(24))
            for number, name in enumerate(names, start=1)
        ]
        for link in links:
            session.add(
                Trustee(
                    assembly=assembly,
                    number=link.number,
                    name=link.name,
                    token_hash=trustee_hash(assembly, link.token),
                )
            )
    return links


def naming(house: House, assembly: str) -> str:
    """A mark of the trustees as they were last named, another each time; "" before the first."""
    with house.database.reading() as session:
        hashes = "".join(each.token_hash for each in people.trustees(session, assembly))
    return sha256(hashes.encode()).hexdigest()[:16] if hashes else ""


def trustee(session: Session, assembly: str, token: str) -> Trustee:
    """Who holds this trustee token."""
    get(session, assembly)
    found = people.trustee_by_token(session, assembly, trustee_hash(assembly, token))
    if found is None:
        raise Refusal(
            "unknown-trustee",
            "This trustee link is not known here. Ask the host for a new one.",
            status=401,
        )
    return found


def register_trustee_key(house: House, assembly: str, token: str, key: bytes) -> None:
    """Take a trustee's public key (trustee_public_key JSON), with its proof of possession."""
    with house.database.writing() as session:
        draft(session, assembly)
        row = trustee(session, assembly, token)
        try:
            parse_public_key(key)
        except ProtocolError as error:
            raise Refusal(
                "bad-trustee-key", "This key cannot be used: {reason}", {"reason": error.message}
            ) from error
        for other in people.trustees(session, assembly):
            if other.number != row.number and other.public_key == key:
                raise Refusal("same-trustee-key", "Another trustee has given this very key.")
        row.public_key = key


def issue_codes(house: House, assembly: str, progress: Progress | None = None) -> list[IssuedCode]:
    """Make a code for every member and the elections that the codes vote in.

    The codes are returned, to be sent to the members, and kept nowhere: doing it again makes all
    earlier codes void.
    """
    with house.database.writing() as session:
        row = draft(session, assembly)
        _forget_codes(session, assembly)
        papers = [(paper, codes.generate_uuid()) for paper in papers_of(definition_of(row))]
        for position, (paper, uuid) in enumerate(papers):
            session.add(
                Election(
                    uuid=uuid,
                    assembly=assembly,
                    position=position,
                    ballot=paper.ballot,
                    college=paper.college,
                )
            )
        session.flush()
        return _issue(session, assembly, papers, progress or _silent)


def _silent(_done: int, _total: int) -> None:
    pass


def _issue(
    session: Session, assembly: str, papers: list[tuple[Paper, str]], progress: Progress
) -> list[IssuedCode]:
    members = people.roll(session, assembly)
    issued: list[IssuedCode] = []
    credentials: list[dict[str, object]] = []
    for start in range(0, len(members), BATCH):
        made = [(member, codes.generate_code()) for member in members[start : start + BATCH]]
        _keep_hashes(session, assembly, made)
        credentials += _credentials(assembly, made, papers)
        issued += [_issued(member, code) for member, code in made]
        progress(len(issued), len(members))
    _insert_credentials(session, credentials)
    return issued


def _insert_credentials(session: Session, credentials: list[dict[str, object]]) -> None:
    """Sorted, so that the order of the rows on disk says nothing about the order of the roll."""
    credentials.sort(key=lambda row: str(row["public_key"]))
    for start in range(0, len(credentials), BATCH):
        session.execute(insert(Credential), credentials[start : start + BATCH])


def _issued(member: Member, code: str) -> IssuedCode:
    return IssuedCode(
        member.member, member.name, member.email, member.language, member.college, code
    )


def _keep_hashes(session: Session, assembly: str, made: list[tuple[Member, str]]) -> None:
    rows = [
        {
            "assembly": assembly,
            "member": member.member,
            "token_hash": roll_hash(assembly, codes.sign_in_token(assembly, code)),
            "mailbox": mailbox_key(assembly, code).hex(),
        }
        for member, code in made
    ]
    session.execute(update(Member), rows)


def _credentials(
    assembly: str, made: list[tuple[Member, str]], papers: list[tuple[Paper, str]]
) -> Iterator[dict[str, object]]:
    for member, code in made:
        token = codes.sign_in_token(assembly, code)
        for paper, uuid in papers:
            if paper.college in (None, member.college):
                yield {
                    "election": uuid,
                    "public_key": codes.public_key(code, uuid).hex(),
                    "weight": member.weight,
                    "binding": binding_hash(uuid, token),
                    "last_ballot": None,
                }


def folder_of(house: House, assembly: str) -> AssemblyFolder:
    """The assembly as the folder it was made of: importing it gives the same."""
    with house.database.reading() as session:
        definition = definition_of(get(session, assembly))
        photos = select(Attachment).where(
            Attachment.assembly == assembly, Attachment.path.startswith("photos/")
        )
        return AssemblyFolder(
            definition,
            tuple(people.as_listed(each) for each in people.roll(session, assembly)),
            {each.path: each.content for each in session.execute(photos).scalars()},
        )


def definition_sha256(assembly: Assembly) -> str:
    return sha256(assembly.definition).hexdigest()
