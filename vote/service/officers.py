"""The host's officers: who may use the console."""

from __future__ import annotations

import secrets
import time
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vote.service.errors import Refusal
from vote.service.house import House
from vote.store import people
from vote.store.models import Officer

MIN_PASSWORD = 12
MOST_WRONG = 5  # wrong passwords for a name, before it has to wait
PAUSE = 60.0  # seconds

_turns = BoundedSemaphore(2)  # a password's hash takes a core and 64 MiB

_hasher = PasswordHasher()
_nobody = _hasher.hash(
    secrets.token_hex(16)
)  # so that an unknown name takes as long as a known one


def add(house: House, name: str, password: str) -> None:
    """Add an officer, or give one a new password, which ends the sessions under the old one."""
    if not name.strip():
        raise Refusal("officer-name", "An officer needs a name.")
    if len(password) < MIN_PASSWORD:
        raise Refusal(
            "weak-password",
            "A password has at least {length} characters. Choose a longer one.",
            {"length": MIN_PASSWORD},
        )
    row = Officer(name=name, password_hash=_hasher.hash(password), sessions=_new_sessions())
    with house.database.writing() as session:
        session.merge(row)


def sign_in(house: House, name: str, password: str, source: str = "") -> Officer:
    """The officer. Raises Refusal for a wrong name or password, without saying which.

    After some wrong passwords for a name, whoever gave them has to wait. `source` is the address
    that they came from, so that a stranger's guesses do not lock the officer out.
    """
    tried = f"{source} {name}"
    _patience.require(tried)
    found = find(house, name)
    with _turns:
        right = _is(found.password_hash if found else _nobody, password)
    if found is None or not right:
        _patience.wrong(tried)
        raise Refusal("wrong-password", "The name or the password is wrong. Try again.", status=401)
    return found


def _is(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def sign_out(house: House, name: str) -> None:
    """End all sessions of an officer, also those of whoever copied a cookie."""
    with house.database.writing() as session:
        found = people.officer(session, name)
        if found is not None:
            found.sessions = _new_sessions()


def find(house: House, name: str) -> Officer | None:
    with house.database.reading() as session:
        return people.officer(session, name)


def _new_sessions() -> str:
    return secrets.token_hex(16)


class _Patience:
    """Counts wrong passwords by who tried what name, in this process."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def require(self, tried: str) -> None:
        with self._lock:
            count, since = self._wrong.get(tried, (0, 0.0))
            if count >= MOST_WRONG and time.monotonic() < since + PAUSE:
                raise Refusal(
                    "too-many-passwords",
                    "Too many wrong passwords for this name. Wait a minute and try again.",
                    status=429,
                )

    def wrong(self, tried: str) -> None:
        now = time.monotonic()
        with self._lock:
            self._wrong = {
                known: (count, since)
                for known, (count, since) in self._wrong.items()
                if now < since + PAUSE
            }
            count, _ = self._wrong.get(tried, (0, now))
            self._wrong[tried] = (count + 1, now)


_patience = _Patience()
