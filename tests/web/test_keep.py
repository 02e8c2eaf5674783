"""Keeping a receipt: on paper and by e-mail, through a real service and a real mail server."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.documents import pdf
from tests.small import Opened, open_assembly
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.conftest import Answer, Running, start, stop
from tests.web.mailbox import Mailbox, open_mailbox
from tests.web.voting import cast, tracker
from vote.election.credential import generate_code, sign_in_token
from vote.service import keeping
from vote.service.errors import Refusal
from vote.service.house import Settings
from vote.service.mail import MailError, MailServer, parse_mail_server, send

__all__ = ["browser", "page"]
SENDER = "Example Co-op <voting@example.org>"
PAPER = "/api/assemblies/trial/receipt.pdf"
MAIL = "/api/assemblies/trial/receipt-mail"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as found:
        yield found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Running]:
    """A service of one process that knows the mail server."""
    folder = tmp_path_factory.mktemp("service")
    opened = open_assembly(folder / "data")
    given = {"VOTE_SMTP_URL": mailbox.url, "VOTE_MAIL_FROM": SENDER}
    os.environ.update(given)
    try:
        service = start(opened.house.settings, folder / "gunicorn.log", workers=1)
    finally:
        for name in given:
            del os.environ[name]
    try:
        yield Running(service, opened)
    finally:
        stop(service)
        opened.house.close()


@pytest.fixture(scope="module")
def receipt(running: Running) -> bytes:
    return cast(running.opened, "persons-1")


def token(running: Running, member: str) -> str:
    return sign_in_token("trial", running.opened.codes[member])


def code(answer: Answer) -> str:
    found: str = json.loads(answer.body)["error"]
    return found


def test_on_paper_in_the_readers_language(running: Running, receipt: bytes) -> None:
    titles = {"fr": "Reçu d’un bulletin", "nl": "Ontvangstbewijs", "en": "Receipt for a ballot"}
    for language, title in titles.items():
        answer = running.service.post(f"{PAPER}?lang={language}", body=receipt)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "no-store"
        assert title in pdf.text(answer.body)
        assert tracker(receipt) in pdf.compact(answer.body)
        assert pdf.reader(answer.body).attachments["receipt.tlog-proof"] == [receipt]
        assert "persons-1" not in pdf.text(answer.body)


@pytest.mark.parametrize(
    ("defect", "change"),
    [
        ("nothing", lambda _: b""),
        ("not a receipt", lambda _: b"hello"),
        ("a byte flipped", lambda data: data.replace(b"index 2", b"index 1")),
        ("line ends of another system", lambda data: data.replace(b"\n", b"\r\n")),
        ("something after it", lambda data: data + b"\n"),
    ],
)
def test_no_paper_and_no_mail_for(
    running: Running, receipt: bytes, mailbox: Mailbox, defect: str, change: object
) -> None:
    body = change(receipt)  # type: ignore[operator]
    before = len(mailbox.delivered)
    for path, bearer in ((PAPER, None), (MAIL, token(running, "persons-2"))):
        answer = running.service.post(path, bearer, body)
        assert (answer.status, code(answer)) == (422, "not-a-receipt"), defect
    assert len(mailbox.delivered) == before


def test_too_large_for_a_receipt(running: Running) -> None:
    assert running.service.post(PAPER, body=b"x" * 70_000).status == 413


def test_by_mail_to_the_members_own_address_alone(
    running: Running, receipt: bytes, mailbox: Mailbox
) -> None:
    before = len(mailbox.delivered)
    answer = running.service.post(
        f"{MAIL}?to=somebody@example.com", token(running, "persons-1"), receipt
    )
    assert (answer.status, answer.body) == (204, b"")
    [delivered] = mailbox.delivered[before:]
    assert (delivered.sender, delivered.recipients) == (
        "voting@example.org",
        ["persons-1@example.org"],
    )
    message = delivered.message
    assert message["From"] == SENDER
    assert message["Subject"] == "Reçu\N{NO-BREAK SPACE}: Assemblée d’essai"
    body = message.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert f"{running.url}/a/trial/check#{tracker(receipt)}" in words
    assert "Vous avez demandé ce reçu" in words
    attached = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert attached["receipt.tlog-proof"] == receipt
    assert pdf.reader(attached["receipt.pdf"]).attachments["receipt.tlog-proof"] == [receipt]
    for said in (words, pdf.text(attached["receipt.pdf"])):
        for secret in ("Uno", "Duo", "comptes", "Contre", "persons-1"):
            assert secret not in said


def test_no_mail_without_a_code_or_with_a_wrong_one(
    running: Running, receipt: bytes, mailbox: Mailbox
) -> None:
    before = len(mailbox.delivered)
    assert code(running.service.post(MAIL, None, receipt)) == "sign-in-needed"
    wrong = sign_in_token("trial", generate_code())
    assert code(running.service.post(MAIL, wrong, receipt)) == "unknown-code"
    assert len(mailbox.delivered) == before


def test_not_again_and_again(running: Running, receipt: bytes, mailbox: Mailbox) -> None:
    bearer = token(running, "persons-3")
    answers = [running.service.post(MAIL, bearer, receipt) for _ in range(keeping.MOST + 1)]
    assert [answer.status for answer in answers] == [204] * keeping.MOST + [429]
    assert code(answers[-1]) == "mail-too-often"
    assert running.service.post(MAIL, token(running, "persons-4"), receipt).status == 204


def test_what_the_mail_server_refuses_is_said_and_may_be_tried_again(
    running: Running, receipt: bytes, mailbox: Mailbox
) -> None:
    bearer = token(running, "persons-5")
    mailbox.refusing = True
    for _ in range(keeping.MOST + 1):
        answer = running.service.post(MAIL, bearer, receipt)
        assert (answer.status, code(answer)) == (502, "mail-failed")
    mailbox.refusing = False
    assert running.service.post(MAIL, bearer, receipt).status == 204


def test_the_log_of_the_service_names_nobody(
    running: Running, receipt: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    running.service.post(MAIL, token(running, "persons-6"), receipt)
    logs = list(tmp_path_factory.getbasetemp().glob("service*/gunicorn.log"))
    assert logs
    assert all("@example.org" not in log.read_text() for log in logs)


def vote(page: Page, running: Running, member: str) -> None:
    """From the link to the booth's last page."""
    page.goto(f"{running.url}/a/trial/vote?lang=en#{running.opened.codes[member]}")
    page.get_by_role("group", name=re.compile("The accounts")).get_by_label("For").check()
    page.get_by_role("group", name=re.compile("The board")).get_by_label("Blank vote").check()
    page.get_by_role("button", name="Check my vote").click()
    page.get_by_role("button", name="Cast my vote").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is in the box")


def test_in_the_booth_on_paper_by_mail_and_looked_up(
    page: Page, running: Running, mailbox: Mailbox
) -> None:
    vote(page, running, "persons-7")
    with page.expect_download() as download:
        page.get_by_role("button", name="Receipt on paper").click()
    assert download.value.suggested_filename == "trial-main.pdf"
    paper = Path(download.value.path()).read_bytes()
    shown = "".join(page.locator(".tracker span").all_inner_texts())
    assert shown in pdf.compact(paper)
    expect(page.get_by_role("link", name="Save the page")).to_be_visible()
    before = len(mailbox.delivered)
    page.get_by_role("button", name="Receipt by e-mail").click()
    expect(page.get_by_text("Sent to your address")).to_be_visible()
    [delivered] = mailbox.delivered[before:]
    assert delivered.recipients == ["persons-7@example.org"]
    check_accessible(page)
    check_fits(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Look it up").click()
    found = opened.value
    expect(found.get_by_role("heading", level=1)).to_have_text("Your ballot is in the box")
    assert "".join(found.locator(".tracker span").all_inner_texts()) == shown


def test_in_the_booth_what_does_not_work_is_said(
    page: Page, running: Running, mailbox: Mailbox
) -> None:
    vote(page, running, "persons-8")
    mailbox.refusing = True
    page.get_by_role("button", name="Receipt by e-mail").click()
    expect(page.get_by_text("The e-mail could not be sent")).to_be_visible()
    mailbox.refusing = False
    page.route("**/receipt.pdf*", lambda route: route.abort())
    page.get_by_role("button", name="Receipt on paper").click()
    expect(page.get_by_text("Your ballot is in the box; try this again later")).to_be_visible()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    found = open_assembly(tmp_path / "data")
    yield found
    found.house.close()


def test_switched_off_it_says_so(opened: Opened) -> None:
    assert not keeping.can_mail(opened.house)
    with pytest.raises(Refusal) as refused:
        keeping.to_mailbox(opened.house, "trial", "x", b"", lambda tracker: tracker)
    assert refused.value.code == "mail-off"
    assert "does not send e-mail" in refused.value.message


def test_the_settings_of_the_mail_server(tmp_path: Path) -> None:
    environ = {
        "VOTE_DATA": str(tmp_path),
        "VOTE_SMTP_URL": "smtp+starttls://us%40er:p%3Aw@mail.example:2525",
        "VOTE_MAIL_FROM": SENDER,
    }
    server = Settings.from_environment(environ).mail
    assert server == MailServer("mail.example", 2525, "starttls", SENDER, "us@er", "p:w")
    assert "p:w" not in repr(server)
    assert Settings.from_environment({"VOTE_DATA": str(tmp_path)}).mail is None
    assert parse_mail_server("smtps://mail.example", SENDER) == MailServer(
        "mail.example", 465, "tls", SENDER
    )


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp://mail.example", ""),
        ("", SENDER),
        ("smtp://mail.example", "nobody"),
        ("mail.example", SENDER),
        ("http://mail.example", SENDER),
        ("smtp://", SENDER),
        ("smtp://mail.example/path", SENDER),
        ("smtp://mail.example:port", SENDER),
    ],
)
def test_settings_that_cannot_be_meant(url: str, sender: str) -> None:
    with pytest.raises(ValueError, match="VOTE_SMTP_URL"):
        parse_mail_server(url, sender)


def test_logging_in(mailbox: Mailbox) -> None:
    server = parse_mail_server(f"smtp://user:word@127.0.0.1:{mailbox.port}", SENDER)
    assert server is not None
    send(server, _note())
    assert mailbox.logins[-1] == "\0user\0word"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_no_word_goes_to_a_server_that_does_not_encrypt(mailbox: Mailbox, scheme: str) -> None:
    before = len(mailbox.delivered), len(mailbox.logins)
    server = parse_mail_server(f"{scheme}://user:word@127.0.0.1:{mailbox.port}", SENDER)
    assert server is not None
    with pytest.raises(MailError):
        send(server, _note())
    assert (len(mailbox.delivered), len(mailbox.logins)) == before


def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = parse_mail_server(f"smtp://127.0.0.1:{port}", SENDER)
    assert server is not None
    with pytest.raises(MailError, match="ConnectionRefusedError"):
        send(server, _note())


def _note() -> EmailMessage:
    note = EmailMessage()
    note["From"], note["To"], note["Subject"] = SENDER, "ada@example.org", "A note"
    note.set_content("Good day")
    return note
