"""A receipt on one page, for people who keep paper, and the letter that brings one.

Neither says how anybody voted, who voted or when: the service does not know the first, and must
not write down the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vote.documents import figures, page, qr
from vote.documents.catalogue import Words, words
from vote.documents.page import Block
from vote.documents.typesetting import Attached, Document, typeset

FILE: Final = "receipt.tlog-proof"
PAPER_FILE: Final = "receipt.pdf"
MEDIA_TYPE: Final = "text/plain"
_GROUP: Final = 4  # letters that are read aloud together
_QR_CENTIMETRES: Final = 4.2


@dataclass(frozen=True, slots=True)
class Receipt:
    """What stands on a receipt. Texts are in `language` already.

    `paper` names the ballot paper where there are several; `place` counts from 1 among the `size`
    entries that the box had; `address` opens the page that looks this ballot up; `key` is the
    ballot box's; `meeting`, in UTC, dates the document, so that no time of a ballot is in it.
    """

    language: str
    assembly: str
    paper: str | None
    tracker: str
    place: int
    size: int
    address: str
    key: str
    meeting: datetime
    rehearsal: bool
    file: bytes


def render(receipt: Receipt) -> bytes:
    """One page, PDF/A-3a and PDF/UA-1, the receipt's file attached. Raises DocumentError."""
    say = words(receipt.language)
    title = f"{say('receipt')} · {receipt.assembly}"
    return typeset(
        Document(
            title=title,
            language=receipt.language,
            date=receipt.meeting,
            author="",
            running=title,
            footing=receipt.address.partition("#")[0],
            warning=say("rehearsal_running") if receipt.rehearsal else "",
            attached=Attached(FILE, MEDIA_TYPE, say("receipt_file"), receipt.file),
            blocks=_blocks(receipt, say),
        )
    )


def _blocks(receipt: Receipt, say: Words) -> Sequence[Block]:
    place = figures.number(say, receipt.place)
    size = figures.number(say, receipt.size)
    about = [receipt.assembly, *([receipt.paper] if receipt.paper else [])]
    steps = [say("receipt_step_open"), say("receipt_step_device"), say("receipt_step_often")]
    return [
        page.heading(1, say("receipt")),
        page.text(" · ".join(about)),
        page.notice(say("receipt_in_the_box", place=place, size=size), "for"),
        page.heading(2, say("receipt_number")),
        page.groups(groups(receipt.tracker)),
        page.heading(2, say("receipt_check")),
        page.picture(
            qr.svg(receipt.address),
            say("qr_alt", address=receipt.address),
            [
                page.text(say("receipt_check_text")),
                page.listed(steps),
                page.codes([(say("receipt_address"), receipt.address.partition("#")[0])]),
            ],
            centimetres=_QR_CENTIMETRES,
        ),
        page.heading(2, say("receipt_silent")),
        page.text(say("receipt_silent_text")),
        page.heading(2, say("receipt_programs")),
        page.text(say("receipt_programs_text", file=FILE)),
        page.codes([(say("log_key"), receipt.key)]),
    ]


def groups(tracker: str) -> list[str]:
    """A tracker in groups that can be read aloud and compared."""
    return [tracker[at : at + _GROUP] for at in range(0, len(tracker), _GROUP)]


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of an e-mail."""

    subject: str
    text: str


def letter(receipt: Receipt) -> Letter:
    """What goes with a receipt that a member has sent to their own address."""
    say = words(receipt.language)
    paragraphs = [
        say("letter_asked", assembly=receipt.assembly),
        say("letter_attached"),
        f"{say('letter_check')}\n{receipt.address}",
        say("letter_silent"),
        say("letter_not_you"),
    ]
    if receipt.rehearsal:
        paragraphs.insert(0, say("rehearsal_running"))
    return Letter(say("letter_subject", assembly=receipt.assembly), "\n\n".join(paragraphs) + "\n")
