"""A mail server on loopback that keeps what it is given, or refuses it."""

from __future__ import annotations

import base64
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import cast


@dataclass(slots=True)
class Delivered:
    """A message with its envelope."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.content, policy=policy.default))


@dataclass(slots=True)
class Mailbox:
    """What arrived. `refusing` answers every recipient with 550."""

    port: int = 0
    delivered: list[Delivered] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    refusing: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with suppress(ConnectionResetError):  # who was refused may leave without a word
            self._converse()

    def _converse(self) -> None:
        mailbox: Mailbox = self.server.mailbox  # type: ignore[attr-defined]
        self._say("220 sink.example ESMTP")
        envelope = Delivered("", [], b"")
        while line := self.rfile.readline().decode("latin-1").strip():
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                self._say("250-sink.example\r\n250-8BITMIME\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                mailbox.logins.append(base64.b64decode(line.split(" ")[2]).decode())
                self._say("235 welcome")
            elif verb == "MAIL":
                envelope = Delivered(line.split("<")[1].split(">")[0], [], b"")
                self._say("250 yes")
            elif verb == "RCPT":
                envelope.recipients.append(line.split("<")[1].split(">")[0])
                self._say("550 nobody here" if mailbox.refusing else "250 yes")
            elif verb == "DATA":
                self._say("354 go on")
                envelope.content = self._content()
                mailbox.delivered.append(envelope)
                self._say("250 kept")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 well")

    def _content(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """A mail server that listens on loopback while it is needed."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        mailbox = Mailbox(server.server_address[1])
        server.mailbox = mailbox  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
