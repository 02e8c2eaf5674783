"""Sending an e-mail through the host's own mail server."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

Encryption = Literal["none", "starttls", "tls"]

_SCHEMES: Final[dict[str, tuple[Encryption, int]]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_SECONDS: Final = 10.0


class MailError(Exception):
    """A message that was not accepted by the mail server; an English sentence."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where outgoing mail is handed over, and the address that it comes from."""

    host: str
    port: int
    encryption: Encryption
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def parse_mail_server(url: str, sender: str) -> MailServer | None:
    """From VOTE_SMTP_URL (`smtp://`, `smtp+starttls://` or `smtps://[USER:PASSWORD@]HOST[:PORT]`)
    and VOTE_MAIL_FROM; None if both are empty.

    :raises ValueError: one is missing, or it cannot be read
    """
    if not url and not sender:
        return None
    if not url or "@" not in parseaddr(sender)[1]:
        raise ValueError("VOTE_SMTP_URL needs VOTE_MAIL_FROM, an address, and the other way round")
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query:
        raise _unreadable()
    try:
        given = parts.port
    except ValueError as error:
        raise _unreadable() from error
    encryption, port = _SCHEMES[parts.scheme]
    return MailServer(
        host=parts.hostname,
        port=given or port,
        encryption=encryption,
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _unreadable() -> ValueError:
    return ValueError(
        "VOTE_SMTP_URL is smtp://HOST, smtp+starttls://HOST or smtps://HOST, with USER:PASSWORD@ "
        "before HOST and :PORT after it where they are needed"
    )


def send(server: MailServer, message: EmailMessage) -> None:
    """Hand a message over. Raises MailError if the mail server does not take it."""
    try:
        with _connect(server) as smtp:
            if server.encryption == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(f"the mail server did not take the message: {_reason(error)}") from error


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.encryption == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=_SECONDS)


def _reason(error: Exception) -> str:
    """What went wrong, without the server's own words, which may repeat addresses."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
