"""What a request works with."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from vote.service.errors import Refusal
from vote.service.house import House


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
    """The request's body. Raises Refusal for more than `limit` bytes."""
    request.max_content_length = limit
    return request.get_data(cache=False)
