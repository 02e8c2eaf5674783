"""The attendance sheet (M2): who voted, on which papers, for whom; never with a choice.

It is personal data, for the host alone: it stands in no bundle and on no public page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vote.assembly.model import Texts
from vote.documents import figures, page
from vote.documents.catalogue import words
from vote.documents.page import Block
from vote.documents.typesetting import Document, typeset
from vote.spreadsheet import to_csv

COLUMNS: Final = ("member", "name", "college", "weight", "represented_by")


@dataclass(frozen=True, slots=True)
class Present:
    """One member of the roll. `voted`: the ballot papers on which they voted, or somebody for
    them: `represented_by`, the holder of their proxy."""

    member: str
    name: str
    college: str
    weight: int
    voted: frozenset[str]
    represented_by: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole roll and who of it took part.

    `papers`: the ballot papers' titles by id; `made` in UTC; `salt`: the number, in hex, that
    opens the seal of the roll.
    """

    title: Texts
    papers: Mapping[str, Texts | None]
    colleges: Mapping[str, Texts]
    members: Sequence[Present]
    made: datetime
    rehearsal: bool
    salt: str | None = None

    @property
    def took_part(self) -> list[Present]:
        return [each for each in self.members if each.voted]


def as_csv(sheet: Sheet) -> bytes:
    """The whole roll, with a column for each ballot paper: "1" for whoever voted on it."""
    head = (*COLUMNS, *(f"voted:{paper}" for paper in sheet.papers))
    rows = (
        (
            *(each.member, each.name, each.college, each.weight, each.represented_by or ""),
            *("1" if paper in each.voted else "0" for paper in sheet.papers),
        )
        for each in sheet.members
    )
    return to_csv((head, *rows))


def render(sheet: Sheet, language: str) -> bytes:
    """Those who took part, as a PDF to be signed: PDF/A-3a and PDF/UA-1.

    :raises DocumentError: the typesetter failed
    """
    say = words(language)
    title = f"{say('attendance_sheet')} · {sheet.title[language]}"
    return typeset(
        Document(
            title=title,
            language=language,
            date=sheet.made,
            author="",
            running=title,
            footing="",
            warning=say("rehearsal_running") if sheet.rehearsal else "",
            blocks=list(_blocks(sheet, language)),
            landscape=len(sheet.papers) > 3,
        )
    )


def _blocks(sheet: Sheet, language: str) -> Iterator[Block]:
    say = words(language)
    yield page.title(say("attendance_sheet"), sheet.title[language])
    if sheet.rehearsal:
        yield page.notice(say("attendance_rehearsal"))
    yield page.text(say("attendance_intro"))
    present = sheet.took_part
    if present:
        enrolled = figures.number(say, len(sheet.members))
        number = figures.number(say, len(present))
        yield page.text(say.count("took_part", len(present), number=number, enrolled=enrolled))
        yield _table(sheet, present, language)
    else:
        yield page.text(say("nobody_took_part"))
    if sheet.salt is not None:
        yield page.text(say("roll_seal_note"), small=True)
        yield page.codes([(say("roll_salt"), sheet.salt)])
    roles = [(say("label_chair"), None), (say("label_secretary"), None)]
    yield page.together(
        page.heading(2, say("signatures")),
        page.to_write(say("done_at"), say("done_on")),
        page.signatures(
            [*roles, (say("scrutineer"), None), (say("scrutineer"), None)],
            say("name"),
            say("signature"),
        ),
    )


def _table(sheet: Sheet, present: Iterable[Present], language: str) -> Block:
    say = words(language)
    several = len(sheet.papers) > 1
    weighted = any(each.weight != 1 for each in sheet.members)
    represented = any(each.represented_by for each in sheet.members)
    rows = [
        [
            figures.number(say, number),
            page.noted(each.name, each.member),
            sheet.colleges[each.college][language]
            if each.college in sheet.colleges
            else each.college,
            *([figures.number(say, each.weight)] if weighted else []),
            *(say("yes" if paper in each.voted else "no") for paper in sheet.papers if several),
            *([each.represented_by or ""] if represented else []),
        ]
        for number, each in enumerate(present, start=1)
    ]
    columns = [
        page.column(say("number"), figures=True),
        page.column(say("member"), width=4),
        page.column(say("college"), width=3),
        *([page.column(say("weight"), figures=True)] if weighted else []),
        *(
            page.column(title[language] if title else paper, width=1.5)
            for paper, title in sheet.papers.items()
            if several
        ),
        *([page.column(say("represented_by"), width=3)] if represented else []),
    ]
    return page.table(columns, rows)
