"""The roll of members: who may vote, in which college, with which weight."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vote.assembly.model import Definition
from vote.assembly.sheet import Row, Sheet

NAME: Final = "roll.csv"
COLUMNS: Final = ("member", "name", "email", "language", "college", "weight")
_WEIGHT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Member:
    """One member; ``email`` and, in an assembly without colleges, ``college`` may be empty."""

    member: str
    name: str
    email: str
    language: str
    college: str
    weight: int = 1


def parse_roll(data: bytes, definition: Definition) -> tuple[Member, ...]:
    """Read ``roll.csv``.

    UTF-8, a byte-order mark tolerated; the columns in any order; ``weight`` may be left out, the
    column or the cell (1); empty lines and spaces around a cell are ignored. Without
    ``[[colleges]]`` the names of colleges are free.

    :raises DefinitionError: with every fault, each with its line
    """
    sheet = Sheet(NAME, data, COLUMNS, optional="weight")
    first_lines: dict[str, int] = {}
    members = [_member(sheet, row, definition, first_lines) for row in sheet.rows]
    if not members and not sheet.faulty:
        sheet.fault("no-member", 1, "there is nobody on the roll.")
    if sheet.faulty:
        raise sheet.refusal()
    return tuple(members)


def _member(sheet: Sheet, row: Row, definition: Definition, first_lines: dict[str, int]) -> Member:
    for column in ("member", "name", "language"):
        if not row[column]:
            sheet.fault("empty", row.line, f'"{column}" is empty.', column=column)
    for column in COLUMNS:
        if len(row[column]) > _LONGEST:
            sheet.fault("too-long", row.line, f'"{column}" is too long.', column=column)
    _unique(sheet, row, first_lines)
    _language(sheet, row, definition.assembly.languages)
    _college(sheet, row, definition)
    if row["email"] and not _EMAIL.fullmatch(row["email"]):
        sheet.fault("email", row.line, f'"{row["email"][:80]}" is not an e-mail address.')
    if row["weight"] and not _WEIGHT.fullmatch(row["weight"]):
        sheet.fault(
            "weight",
            row.line,
            f'the weight "{row["weight"][:40]}" is not a whole number from 1 to 999999999.',
        )
    weight = int(row["weight"]) if _WEIGHT.fullmatch(row["weight"]) else 1
    return Member(row["member"], row["name"], row["email"], row["language"], row["college"], weight)


def _unique(sheet: Sheet, row: Row, first_lines: dict[str, int]) -> None:
    first = first_lines.setdefault(row["member"], row.line)
    if row["member"] and first != row.line:
        sheet.fault(
            "twice",
            row.line,
            f'the member "{row["member"][:80]}" is on line {first} already.',
            member=row["member"][:80],
            first=first,
        )


def _language(sheet: Sheet, row: Row, languages: Sequence[str]) -> None:
    if row["language"] and row["language"] not in languages:
        sheet.fault(
            "language",
            row.line,
            f'"{row["language"][:40]}" is not a language of this assembly: {", ".join(languages)}.',
            language=row["language"][:40],
        )


def _college(sheet: Sheet, row: Row, definition: Definition) -> None:
    colleges = [college.id for college in definition.colleges]
    if colleges and row["college"] not in colleges:
        sheet.fault(
            "college",
            row.line,
            f'there is no college "{row["college"][:80]}" ({", ".join(colleges)}).',
            college=row["college"][:80],
        )


def encode_roll(roll: Iterable[Member]) -> bytes:
    """Write ``roll.csv``: UTF-8, every column, lines ending in a newline."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in roll:
        writer.writerow((one.member, one.name, one.email, one.language, one.college, one.weight))
    return text.getvalue().encode("utf-8")


def box(definition: Definition, member: Member) -> str:
    """Where a member's ballots are counted: the college, or "*" without shares."""
    return member.college if definition.has_shares else "*"


def enrolled(definition: Definition, roll: Iterable[Member]) -> Mapping[str, int]:
    """The members of each college, or of the whole assembly as "*"."""
    counted = Counter(box(definition, member) for member in roll)
    return {college: counted[college] for college in definition.shares}
