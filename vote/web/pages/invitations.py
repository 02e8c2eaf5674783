"""The list of codes for whoever sends the invitations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from vote.service.prepare import IssuedCode

COLUMNS = ("member", "name", "email", "language", "college", "code", "link")


def sheet(issued: Iterable[IssuedCode], booth: str) -> bytes:
    """CSV, UTF-8 with a byte-order mark so that spreadsheets read the accents.

    `booth` is the address of the assembly's booth; the code follows its `#`, so that it never
    reaches a server. A cell that a spreadsheet would take for a formula gets an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in issued:
        cells = (each.member, each.name, each.email, each.language, each.college)
        writer.writerow([*map(_harmless, cells), each.code, f"{booth}#{each.code}"])
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
