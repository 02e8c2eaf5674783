"""Keeping a receipt: on one page of paper, or in the member's own mailbox.

Nothing is stored, and nothing is written down of who kept which receipt: the service forgets it
with the answer.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from threading import BoundedSemaphore, Lock
from typing import Final

from vote.assembly.model import Definition, Texts
from vote.documents import catalogue
from vote.documents import receipt as documents
from vote.documents.receipt import Receipt
from vote.election.fingerprint import tracker_of
from vote.service import mail, overview, receipts
from vote.service.casting import unknown_code
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.mail import MailServer
from vote.service.tokens import roll_hash
from vote.store import people

MOST: Final = 3  # e-mails to one member in an hour, from each process
MOST_IN_ALL: Final = 300  # e-mails in a minute, from each process
_AT_ONCE: Final = 2  # pages that are set at the same time in each process
_pages = BoundedSemaphore(_AT_ONCE)

CheckAddress = Callable[[str], str]
"""From a tracker to the address of the page that looks it up."""


def paper(house: House, assembly: str, file: bytes, language: str, address: CheckAddress) -> bytes:
    """The receipt on one page, a PDF, in `language`. Raises Refusal for what is no receipt."""
    receipt = _receipt(house, assembly, file, language, address)
    with _a_turn():
        return documents.render(receipt)


def can_mail(house: House) -> bool:
    """Whether this installation can send e-mail at all."""
    return house.settings.mail is not None


def to_mailbox(house: House, assembly: str, token: str, file: bytes, address: CheckAddress) -> None:
    """Send a receipt to the address that the roll has of whoever bears `token`, and to no other.

    Raises Refusal: e-mail is off, an unknown code, no address, too often, no receipt of this box,
    or the mail server does not take it.
    """
    server = house.settings.mail
    if server is None:
        raise _mail_is_off()
    with house.database.reading() as session:
        member = people.member_by_token(session, assembly, roll_hash(assembly, token))
    if member is None:
        raise unknown_code()
    if not member.email:
        raise _no_address()
    receipt = _receipt(house, assembly, file, member.language, address)
    if not (_by_member.take(member.token_hash or "") and _in_all.take("")):
        raise _too_often()
    with _a_turn():
        page = documents.render(receipt)
    message = _message(server, house.settings.origin, member.email, receipt, page)
    try:
        mail.send(server, message)
    except mail.MailError as error:
        _by_member.give_back(member.token_hash or "")
        raise _not_sent() from error


def _receipt(
    house: House, assembly: str, file: bytes, wanted: str, address: CheckAddress
) -> Receipt:
    genuine = receipts.check(house, assembly, file)
    found = receipts.find(house, assembly, genuine.digest)
    view = overview.view(house, assembly)
    definition = view.definition
    language = _language(definition, wanted)
    meeting = definition.assembly.meeting.replace(tzinfo=definition.assembly.zone)
    return Receipt(
        language=language,
        assembly=_say(definition, definition.assembly.title, language),
        paper=_paper(definition, found.ballot, language),
        tracker=tracker_of(genuine.digest),
        place=genuine.place,
        size=genuine.size,
        address=address(tracker_of(genuine.digest)),
        key=view.log_key or "",
        meeting=meeting.astimezone(UTC),
        rehearsal=view.rehearsal,
        file=file,
    )


def _language(definition: Definition, wanted: str) -> str:
    """The wanted language, or else one of the assembly's, that our documents are written in."""
    for language in (wanted, *definition.assembly.languages):
        if language in catalogue.LANGUAGES:
            return language
    return catalogue.OTHERWISE


def _say(definition: Definition, texts: Texts, language: str) -> str:
    return texts.get(language) or texts[definition.assembly.languages[0]]


def _paper(definition: Definition, ballot: str, language: str) -> str | None:
    """The ballot paper's name, where there are several."""
    if len(definition.ballots) == 1:
        return None
    title = definition.ballot(ballot).title
    return _say(definition, title, language) if title else ballot


def _message(
    server: MailServer, origin: str, to: str, receipt: Receipt, page: bytes
) -> EmailMessage:
    letter = documents.letter(receipt)
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = server.sender
    message["To"] = to
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=origin.partition(":")[0])
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = receipt.language
    message.set_content(letter.text)
    # As bytes: what mail programs do to the line ends of a text would break its signature.
    message.add_attachment(
        receipt.file, maintype="application", subtype="octet-stream", filename=documents.FILE
    )
    message.add_attachment(
        page, maintype="application", subtype="pdf", filename=documents.PAPER_FILE
    )
    return message


class _Allowance:
    """So many of something for each name in so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._taken: dict[str, deque[float]] = {}
        self._lock = Lock()

    def take(self, name: str) -> bool:
        """Whether one more is allowed now."""
        now = time.monotonic()
        with self._lock:
            self._forget(now)
            taken = self._taken.setdefault(name, deque())
            if len(taken) >= self._most:
                return False
            taken.append(now)
            return True

    def give_back(self, name: str) -> None:
        """What was taken last was not used."""
        with self._lock:
            if self._taken.get(name):
                self._taken[name].pop()

    def _forget(self, now: float) -> None:
        for name, taken in list(self._taken.items()):
            while taken and taken[0] <= now - self._seconds:
                taken.popleft()
            if not taken:
                del self._taken[name]


_by_member = _Allowance(MOST, 3600)
_in_all = _Allowance(MOST_IN_ALL, 60)


@contextmanager
def _a_turn() -> Iterator[None]:
    """Setting a page is work: a few at a time; the others come again, and hold no thread."""
    if not _pages.acquire(blocking=False):
        raise Refusal(
            "busy",
            "Many people want their receipt on paper just now. Try again in a minute.",
            status=503,
        )
    try:
        yield
    finally:
        _pages.release()


def _mail_is_off() -> Refusal:
    return Refusal(
        "mail-off",
        "This service does not send e-mail. Download the receipt, or keep it on paper.",
        status=404,
    )


def _no_address() -> Refusal:
    return Refusal(
        "no-address",
        "The list of members has no e-mail address for you. Download the receipt, or keep it on "
        "paper.",
        status=409,
    )


def _too_often() -> Refusal:
    return Refusal(
        "mail-too-often",
        "The receipt was sent several times already. Look into your mailbox, and into the folder "
        "for unwanted mail; or download the receipt.",
        status=429,
    )


def _not_sent() -> Refusal:
    return Refusal(
        "mail-failed",
        "The e-mail could not be sent. Download the receipt, or keep it on paper.",
        status=502,
    )
