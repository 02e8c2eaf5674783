"""The host's officers sign in (flask-login)."""

from __future__ import annotations

import hmac

from flask import Flask
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect

from vote.service import officers
from vote.web.context import house

csrf = CSRFProtect()


class SignedInOfficer(UserMixin):  # type: ignore[misc]
    """An officer, as flask-login wants one: `id` is the name."""

    def __init__(self, name: str, sessions: str) -> None:
        self.id = name
        self._sessions = sessions

    def get_id(self) -> str:
        """What the signed cookie carries: the name, and the sessions that it belongs to."""
        return f"{self._sessions}:{self.id}"


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    manager = LoginManager(app)
    manager.login_view = "console.sign_in"
    manager.login_message = None
    manager.session_protection = "strong"
    manager.user_loader(_load)


def _load(cookie: str) -> SignedInOfficer | None:
    sessions, _, name = cookie.partition(":")
    found = officers.find(house(), name)
    if found is None or not hmac.compare_digest(found.sessions, sessions):
        return None
    return SignedInOfficer(name, sessions)
