"""Whom a monitor tells of an alarm, and how; and that it tells no secrets."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.audit.forging import Stages
from tests.audit.workshop import ASSEMBLY
from tests.service.monitor.monitoring import monitor
from tests.service.monitor.sham import LOG, serving
from tests.service.witness_doubles import Answer, double
from vote.service.errors import Unreadable
from vote.service.monitor.telling import Mail, Message, UntoldError, Webhook


def keep(bodies: list[bytes]) -> Callable[[bytes], Answer]:
    """A webhook that takes everything."""

    def answer(body: bytes) -> Answer:
        bodies.append(body)
        return 204, b""

    return answer


def test_a_webhook_is_told_of_alarms_once_and_of_the_end(stages: Stages, folder: Path) -> None:
    bodies: list[bytes] = []
    workshop = stages.voted
    workshop.entries.append(b'{"type":"gift"}')
    with (
        serving(workshop) as sham,
        double(keep(bodies)) as hook,
    ):
        url = f"{hook.witness.address}/secret-part?of=it"
        for _ in range(2):
            seen = monitor(sham, folder, listeners=(Webhook(url),))
        address = sham.address
    [told] = map(json.loads, bodies)
    assert set(told) == {"assembly", "address", "time", "code", "text"}
    assert (told["assembly"], told["address"]) == (ASSEMBLY, address)
    assert told["code"] == seen.codes[0] == "unknown-entry"
    assert told["text"] == seen.alarms[0].message
    assert seen.alarms[0].told
    with (
        serving(stages.decided) as sham,
        double(keep(bodies)) as hook,
    ):
        monitor(sham, folder.with_name("good"), listeners=(Webhook(hook.witness.address),))
    ended = json.loads(bodies[-1])
    assert ended["code"] == "ended"
    assert "Everything holds." in ended["text"]


def test_whoever_could_not_be_told_is_told_later(stages: Stages, folder: Path) -> None:
    bodies: list[bytes] = []
    workshop = stages.voted
    workshop.entries.append(b'{"type":"gift"}')
    with serving(workshop) as sham, double() as hook:
        hook.answer = lambda _: (500, b"")
        seen = monitor(sham, folder, listeners=(Webhook(hook.witness.address),))
        assert not seen.alarms[0].told
        assert sum("could be told" in line for line in seen.said) == 1
        assert hook.witness.address not in "".join(seen.said)
        hook.answer = keep(bodies)
        seen = monitor(sham, folder, listeners=(Webhook(hook.witness.address),))
    assert seen.alarms[0].told
    assert len(bodies) == 1


def test_a_contradiction_is_told_before_the_watch_ends(stages: Stages, folder: Path) -> None:
    bodies: list[bytes] = []
    with (
        serving(stages.opened) as sham,
        double(keep(bodies)) as hook,
    ):
        monitor(sham, folder)
        sham.answers[f"{LOG}checkpoint"] = b"nothing"
        seen = monitor(sham, folder, listeners=(Webhook(hook.witness.address),))
    assert seen.code == 1
    assert json.loads(bodies[0])["code"] == seen.codes[0]


@pytest.mark.parametrize(
    "url", ["", "hook.example", "ftp://hook.example", "https://me:pw@x.example"]
)
def test_a_webhook_is_a_web_address(url: str) -> None:
    with pytest.raises(Unreadable, match="not a web address"):
        Webhook(url)


# --- mail ---------------------------------------------------------------------------------

MESSAGE = Message(
    ASSEMBLY, "https://vote.example/a/x/", "2026-06-11T10:00:00Z", "fork", "It is forked."
)


@contextmanager
def mail_server(said: list[str], reply: str = "250 ok") -> Iterator[str]:
    """Takes one mail; offers no TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_take_mail, args=[listener, said, reply])
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join(timeout=10)


def _take_mail(listener: socket.socket, said: list[str], reply: str) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rw", newline="\r\n") as stream:

        def answer(line: str) -> None:
            stream.write(f"{line}\r\n")
            stream.flush()

        answer("220 test")
        in_mail = False
        for line in stream:
            said.append(line.rstrip())
            if in_mail and line != ".\r\n":
                continue
            if in_mail or line.upper().startswith(("EHLO", "MAIL", "RCPT", "RSET")):
                answer(reply if in_mail else "250 ok")
                in_mail = False
            elif line.upper().startswith("DATA"):
                answer("354 go on")
                in_mail = True
            elif line.upper().startswith("QUIT"):
                answer("221 bye")
                return


def test_a_mail_says_what_has_happened() -> None:
    said: list[str] = []
    with mail_server(said) as server:
        Mail("auditor@example.org", "monitor@example.org", server).tell(MESSAGE)
    assert f"Subject: {ASSEMBLY}: fork" in said
    assert "To: auditor@example.org" in said
    assert MESSAGE.address in said


def test_a_mail_that_is_refused_is_said() -> None:
    with mail_server([], "554 no") as server, pytest.raises(UntoldError, match="auditor@example"):
        Mail("auditor@example.org", "monitor@example.org", server).tell(MESSAGE)


def test_a_password_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOTE_SMTP_USER", "me")
    monkeypatch.setenv("VOTE_SMTP_PASSWORD", "secret")
    said: list[str] = []
    with mail_server(said) as server, pytest.raises(UntoldError, match="no TLS"):
        Mail("auditor@example.org", "monitor@example.org", server).tell(MESSAGE)
    assert not any("AUTH" in line or "secret" in line for line in said)
