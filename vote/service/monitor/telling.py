"""Telling somebody who is not looking: by mail, or by a POST to a webhook. No secrets go out."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.parse
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from vote.service.client import Client, UnreachableError
from vote.service.errors import Unreadable

SECONDS: Final = 20.0
_HERE: Final = ("localhost", "127.0.0.1")
_ANSWER: Final = 64 * 1024


class UntoldError(Exception):
    """Nobody could be told; an English sentence."""


@dataclass(frozen=True, slots=True)
class Message:
    """What has happened: a stable code, and a sentence or a few."""

    assembly: str
    address: str
    time: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """Somebody's mailbox, by way of the mail server at `server` ("HOST:PORT").

    Name and password, if the server wants them, are VOTE_SMTP_USER and VOTE_SMTP_PASSWORD in the
    environment; they are sent over TLS only.
    """

    to: str
    sender: str
    server: str

    def tell(self, message: Message) -> None:
        """Send a mail. Raises UntoldError."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, self.to
        mail["Subject"] = f"{message.assembly}: {message.code}"
        mail.set_content(f"{message.text}\n\n{message.time}\n{message.address}\n")
        host, _, port = self.server.partition(":")
        try:
            with smtplib.SMTP(host, int(port or 25), timeout=SECONDS) as smtp:
                self._sign_in(smtp, host)
                smtp.send_message(mail)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise UntoldError(f"the mail to {self.to}: {error}") from error

    def _sign_in(self, smtp: smtplib.SMTP, host: str) -> None:
        """Over TLS where that is offered; to this very machine it is not needed."""
        user = os.environ.get("VOTE_SMTP_USER", "")
        smtp.ehlo_or_helo_if_needed()
        if host in _HERE and not user:
            return
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
        elif user:
            raise UntoldError(f"{self.server} offers no TLS, so the password is not sent")
        if user:
            smtp.login(user, os.environ.get("VOTE_SMTP_PASSWORD", ""))


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes a POST of JSON: assembly, address, time, code, text."""

    url: str

    def __post_init__(self) -> None:
        try:
            Client(_server(self.url), SECONDS).close()
        except ValueError as error:
            raise Unreadable("bad-webhook", "The webhook is not a web address.") from error

    def tell(self, message: Message) -> None:
        """Post it. Raises UntoldError."""
        body = {
            "assembly": message.assembly,
            "address": message.address,
            "time": message.time,
            "code": message.code,
            "text": message.text,
        }
        server = _server(self.url)
        try:
            with Client(server, SECONDS) as client:
                content = json.dumps(body).encode()
                path = self.url[len(server) :] or "/"
                answer = client.post(path, content, _ANSWER, "application/json")
        except UnreachableError as error:
            raise UntoldError("the webhook does not answer") from error
        if answer.status >= 300:
            raise UntoldError(f"the webhook answers {answer.status}")


def _server(url: str) -> str:
    """The part of an address that says where; what follows may be secret and is never shown."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


Listener = Mail | Webhook
