"""The console's forms (Flask-WTF: every one carries a token against forged requests)."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired

from vote.web.languages import lazy_gettext as _l


class SignIn(FlaskForm):  # type: ignore[misc]
    """An officer's name and password."""

    name = StringField(_l("Name"), [InputRequired()])
    password = PasswordField(_l("Password"), [InputRequired()])


class Upload(FlaskForm):  # type: ignore[misc]
    """An assembly as a zip, or as its separate files."""

    archive = FileField(_l("The folder as a zip file"))
    toml = FileField("assembly.toml")
    roll = FileField("roll.csv")
    photos = MultipleFileField(_l("Photographs"))
    rehearsal = BooleanField(_l("This is a rehearsal"))


class Confirmation(FlaskForm):  # type: ignore[misc]
    """A step that cannot be undone: the officer says that this is understood."""

    understood = BooleanField(_l("I understand that this cannot be undone"), [InputRequired()])
