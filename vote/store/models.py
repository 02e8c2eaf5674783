"""The tables. Bytes that were hashed are stored as they were hashed, never serialised again.

Nothing here joins a person to a ballot: `Member.token_hash` and `Credential.binding` are two
different hashes of the member's sign-in token, and only the token itself, which the server sees
for the length of a request, leads to both.
"""

from datetime import date
from typing import cast

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Sha256Hex = String(64)


class Base(DeclarativeBase):
    """All tables of the service."""

    @classmethod
    def table(cls) -> Table:
        """The table itself, for statements that need no objects: about half the work."""
        return cast(Table, cls.__table__)


class Officer(Base):
    """Somebody of the host's team, who may use the console.

    `sessions` changes when the officer signs out or gets a new password: earlier sessions end.
    """

    __tablename__ = "officers"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(300))
    sessions: Mapped[str] = mapped_column(String(64))


class Assembly(Base):
    """One general assembly; `definition` is its canonical JSON (RFC 8785)."""

    __tablename__ = "assemblies"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    definition: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    rehearsal: Mapped[bool] = mapped_column(default=False)
    elections_json: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome: Mapped[bytes | None] = mapped_column(LargeBinary)


class Attachment(Base):
    """A file of the assembly: a candidate's portrait, or minutes made at the end."""

    __tablename__ = "attachments"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Trustee(Base):
    """One of the bureau's trustees; `number` counts from 1."""

    __tablename__ = "trustees"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(Sha256Hex, unique=True)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)


class Member(Base):
    """One line of the roll. `token_hash` and `mailbox` are null until the codes are issued.

    `mailbox` is a public key (`vote.election.mailbox`); `wrong_names` counts how often this member
    named somebody who is not on the roll.
    """

    __tablename__ = "members"
    __table_args__ = (Index("members_by_token", "assembly", "token_hash", unique=True),)

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    member: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    email: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(10))
    college: Mapped[str] = mapped_column(String(100))
    weight: Mapped[int]
    token_hash: Mapped[str | None] = mapped_column(Sha256Hex)
    mailbox: Mapped[str | None] = mapped_column(String(64))
    wrong_names: Mapped[int] = mapped_column(default=0)


class Attendance(Base):
    """Whether a member has voted on a ballot paper; without a time.

    `represented_by` is the holder who voted for them; null: they voted themselves.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(["assembly", "member"], ["members.assembly", "members.member"]),
    )

    assembly: Mapped[str] = mapped_column(String(100), primary_key=True)
    ballot: Mapped[str] = mapped_column(String(100), primary_key=True)
    member: Mapped[str] = mapped_column(String(200), primary_key=True)
    voted: Mapped[bool] = mapped_column(default=False)
    represented_by: Mapped[str | None] = mapped_column(String(200))


class Mandate(Base):
    """A mandate that one member (the grantor) gave another (the holder); rows are never deleted.

    `position` counts the assembly's mandates from 1. `state` is given, revoked, declined or voted
    (the grantor has voted in person). `sealed` is for the holder's mailbox, empty once it ended.
    Nothing here or in `credentials` says which credential is the grantor's: see
    docs/decisions/0005-proxies.md.
    """

    __tablename__ = "mandates"
    __table_args__ = (
        ForeignKeyConstraint(["assembly", "grantor"], ["members.assembly", "members.member"]),
        ForeignKeyConstraint(["assembly", "holder"], ["members.assembly", "members.member"]),
        Index("mandates_by_holder", "assembly", "holder"),
        Index(
            "one_mandate_each",
            "assembly",
            "grantor",
            unique=True,
            sqlite_where=text("state = 'given'"),
            postgresql_where=text("state = 'given'"),
        ),
    )

    assembly: Mapped[str] = mapped_column(String(100), primary_key=True)
    mandate: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int]
    grantor: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Election(Base):
    """One encrypted election: a ballot paper, for one college or for the whole assembly.

    `records` counts the files of its archive, `size` their bytes; `height` and `last_event` are
    those of its newest event. `closed_at`: when the host closed it (UTC).
    """

    __tablename__ = "elections"

    uuid: Mapped[str] = mapped_column(String(30), primary_key=True)
    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    position: Mapped[int]
    ballot: Mapped[str] = mapped_column(String(100))
    college: Mapped[str | None] = mapped_column(String(100))
    stage: Mapped[str] = mapped_column(String(20), default="prepared")
    timestamp: Mapped[int] = mapped_column(default=0)
    records: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    height: Mapped[int] = mapped_column(default=-1)
    last_event: Mapped[str | None] = mapped_column(Sha256Hex)
    closed_at: Mapped[str | None] = mapped_column(String(20))


class Credential(Base):
    """A public credential of an election; `last_ballot` is the record of the ballot that counts."""

    __tablename__ = "credentials"

    election: Mapped[str] = mapped_column(ForeignKey("elections.uuid"), primary_key=True)
    public_key: Mapped[str] = mapped_column(Sha256Hex, primary_key=True)
    weight: Mapped[int]
    binding: Mapped[str] = mapped_column(Sha256Hex, unique=True)
    last_ballot: Mapped[int | None]


class Record(Base):
    """One file of an election's archive, in the archive's order.

    An event's row also says its type, its payload's hash and its place in the ballot log.
    """

    __tablename__ = "records"
    __table_args__ = (
        Index("records_by_hash", "election", "sha256", unique=True),
        Index("records_by_payload", "election", "payload", unique=True),
        Index("records_by_event", "election", "event"),
    )

    election: Mapped[str] = mapped_column(ForeignKey("elections.uuid"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(5))
    sha256: Mapped[str] = mapped_column(Sha256Hex)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    event: Mapped[str | None] = mapped_column(String(20))
    payload: Mapped[str | None] = mapped_column(Sha256Hex)
    log_index: Mapped[int | None]


class LogHead(Base):
    """How many entries the ballot log of an assembly has. Appending locks this row."""

    __tablename__ = "log_heads"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(500))
    size: Mapped[int] = mapped_column(default=0)


class LogEntry(Base):
    """One entry of the ballot log."""

    __tablename__ = "log_entries"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LogNode(Base):
    """The hash of a complete subtree of 2**level entries of the ballot log (RFC 6962)."""

    __tablename__ = "log_nodes"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Checkpoint(Base):
    """A signed checkpoint that was published."""

    __tablename__ = "checkpoints"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[bytes] = mapped_column(LargeBinary)


class Cosignature(Base):
    """What a witness added to a published checkpoint: its signature line, verified before.

    `witness` is the witness' verifier key.
    """

    __tablename__ = "cosignatures"
    __table_args__ = (
        ForeignKeyConstraint(["assembly", "size"], ["checkpoints.assembly", "checkpoints.size"]),
    )

    assembly: Mapped[str] = mapped_column(String(100), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    witness: Mapped[str] = mapped_column(String(500), primary_key=True)
    line: Mapped[str] = mapped_column(String(1000))


class LotShare(Base):
    """A trustee's share of the seed of the lot of one election (also an entry of the log)."""

    __tablename__ = "lot_shares"

    election: Mapped[str] = mapped_column(ForeignKey("elections.uuid"), primary_key=True)
    owner: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class TallyProgress(Base):
    """How far the long work after closing has come, for the pages that show it."""

    __tablename__ = "tally_progress"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(20))
    done: Mapped[int]
    total: Mapped[int]


class Proceedings(Base):
    """What the host recorded of an assembly for its minutes; null: nothing was said.

    `summoned_by` separates by commas, `scrutineers` by line ends. `roll_salt` and `roll_seal` are
    the salted commitment to the roll (`vote.assembly.record.roll_seal`).
    """

    __tablename__ = "proceedings"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    place: Mapped[str | None] = mapped_column(String(300))
    summoned_by: Mapped[str] = mapped_column(String(100), default="")
    chair: Mapped[str | None] = mapped_column(String(200))
    secretary: Mapped[str | None] = mapped_column(String(200))
    scrutineers: Mapped[str] = mapped_column(Text, default="")
    in_the_room: Mapped[int | None]
    appeals_until: Mapped[date | None]
    privacy_floor: Mapped[int | None]
    privacy_treatment: Mapped[str | None] = mapped_column(String(10))
    roll_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    roll_seal: Mapped[str | None] = mapped_column(Sha256Hex)


class Incident(Base):
    """Something that happened during an assembly, as an officer wrote it down; `at` is UTC."""

    __tablename__ = "incidents"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)


class Destruction(Base):
    """That the keys of an assembly were destroyed: when (UTC), by whom, and the signed record."""

    __tablename__ = "destructions"

    assembly: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), primary_key=True)
    at: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(200))
    note: Mapped[bytes] = mapped_column(LargeBinary)
