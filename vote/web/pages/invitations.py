"""The list of codes for whoever sends the invitations."""

from __future__ import annotations

from collections.abc import Iterable

from vote.service.prepare import IssuedCode
from vote.spreadsheet import to_csv

COLUMNS = ("member", "name", "email", "language", "college", "code", "link")


def sheet(issued: Iterable[IssuedCode], booth: str) -> bytes:
    """The list as CSV.

    `booth` is the address of the assembly's booth; the code follows its `#`, so that it never
    reaches a server.
    """
    rows = (
        (
            *(each.member, each.name, each.email, each.language, each.college),
            *(each.code, f"{booth}#{each.code}"),
        )
        for each in issued
    )
    return to_csv((COLUMNS, *rows))
