"""What a request works with."""

from __future__ import annotations

from typing import cast

from flask import current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from vote.service.errors import Refusal
from vote.service.house import House

DRAINED = 16 * 1024 * 1024
CHUNK = 64 * 1024


def house() -> House:
    """The installation that this application serves."""
    return cast(House, current_app.extensions["house"])


def bearer() -> str:
    """The token of `Authorization: Bearer TOKEN`. Raises Refusal where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(
            "sign-in-needed",
            "This needs your personal link. Open it again from your invitation.",
            status=401,
        )
    return token.strip()


def body(limit: int) -> bytes:
    """The request's body. Raises 413 for more than `limit` bytes.

    What is too large is still read for a while: a connection that is closed on a sender who is
    still sending breaks off before the sender has read why.
    """
    request.max_content_length = limit
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        left = DRAINED
        while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, CHUNK))):
            left -= len(chunk)
        raise
