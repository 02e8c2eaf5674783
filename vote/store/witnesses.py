"""The cosignatures of witnesses on published checkpoints, in the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from vote.store.log import Published
from vote.store.models import Checkpoint, Cosignature


def add_cosignature(session: Session, assembly: str, size: int, witness: str, line: str) -> None:
    """Keep a witness' first cosignature of a checkpoint."""
    if session.get(Cosignature, (assembly, size, witness)) is None:
        row = {"assembly": assembly, "size": size, "witness": witness, "line": line}
        session.execute(insert(Cosignature.table()), [row])


def cosignatures(session: Session, assembly: str, size: int) -> dict[str, str]:
    """Signature lines by the witness' key, for the checkpoint of this size."""
    statement = select(Cosignature.witness, Cosignature.line).where(
        Cosignature.assembly == assembly, Cosignature.size == size
    )
    return {witness: line for witness, line in session.execute(statement)}  # noqa: C416 -- rows


def last_cosigned(session: Session, assembly: str, witnesses: Sequence[str]) -> int:
    """The size of the newest checkpoint that one of the witnesses cosigned; 0: none."""
    statement = (
        select(Cosignature.size)
        .where(Cosignature.assembly == assembly, Cosignature.witness.in_(witnesses))
        .order_by(Cosignature.size.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none() or 0


def newest_with(
    session: Session, assembly: str, witnesses: Sequence[str], quorum: int, above: int
) -> Published | None:
    """The newest checkpoint of more than `above` entries that `quorum` of the witnesses cosigned.

    `quorum` is at least 1.
    """
    enough = (
        select(Cosignature.size)
        .where(
            Cosignature.assembly == assembly,
            Cosignature.size > above,
            Cosignature.witness.in_(witnesses),
        )
        .group_by(Cosignature.size)
        .having(func.count() >= quorum)
        .order_by(Cosignature.size.desc())
        .limit(1)
    )
    size = session.execute(enough).scalar_one_or_none()
    return None if size is None else checkpoint_of(session, assembly, size)


def first_checkpoint(session: Session, assembly: str) -> Published | None:
    """The oldest published checkpoint."""
    statement = (
        select(Checkpoint.size, Checkpoint.note)
        .where(Checkpoint.assembly == assembly)
        .order_by(Checkpoint.size)
        .limit(1)
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else Published(*found)


def checkpoint_of(session: Session, assembly: str, size: int) -> Published | None:
    """The published checkpoint of exactly this size."""
    statement = select(Checkpoint.size, Checkpoint.note).where(
        Checkpoint.assembly == assembly, Checkpoint.size == size
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else Published(*found)
