"""The host's officers: who may use the console."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vote.service.errors import Refusal
from vote.service.house import House
from vote.store import people
from vote.store.models import Officer

MIN_PASSWORD = 12

_hasher = PasswordHasher()
_nobody = _hasher.hash(
    secrets.token_hex(16)
)  # so that an unknown name takes as long as a known one


def add(house: House, name: str, password: str) -> None:
    """Add an officer, or give one a new password."""
    if not name.strip():
        raise Refusal("officer-name", "An officer needs a name.")
    if len(password) < MIN_PASSWORD:
        raise Refusal(
            "weak-password",
            "A password has at least {length} characters. Choose a longer one.",
            {"length": MIN_PASSWORD},
        )
    with house.database.writing() as session:
        session.merge(Officer(name=name, password_hash=_hasher.hash(password)))


def sign_in(house: House, name: str, password: str) -> str:
    """The officer's name. Raises Refusal for a wrong name or password, without saying which."""
    found = exists(house, name)
    try:
        _hasher.verify(found.password_hash if found else _nobody, password)
    except (VerificationError, InvalidHashError) as error:
        raise _wrong() from error
    if found is None:
        raise _wrong()
    return found.name


def exists(house: House, name: str) -> Officer | None:
    with house.database.reading() as session:
        return people.officer(session, name)


def _wrong() -> Refusal:
    return Refusal("wrong-password", "The name or the password is wrong. Try again.", status=401)
