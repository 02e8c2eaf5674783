"""The host's officers sign in (flask-login)."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect

from vote.service import officers
from vote.web.context import house

csrf = CSRFProtect()


class SignedInOfficer(UserMixin):  # type: ignore[misc]
    """An officer, as flask-login wants one: `id` is the name."""

    def __init__(self, name: str) -> None:
        self.id = name


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    manager = LoginManager(app)
    manager.login_view = "console.sign_in"
    manager.login_message = None
    manager.session_protection = "strong"
    manager.user_loader(_load)


def _load(name: str) -> SignedInOfficer | None:
    found = officers.exists(house(), name)
    return SignedInOfficer(found.name) if found else None
