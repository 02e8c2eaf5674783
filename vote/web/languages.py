"""The languages of the interface, and how a reader's language is chosen.

English is the source of the catalogues; `vote/web/translations` holds the others. The choice is,
in this order: `?lang=xx` in the address (remembered in a cookie), the cookie, the browser's
Accept-Language, English. A text that belongs to an assembly exists in the assembly's own
languages; `pick` chooses among those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import flask_babel
from flask import Flask, Response, current_app, g, has_request_context, request

LANGUAGES: Mapping[str, str] = {"en": "English", "fr": "Français", "nl": "Nederlands"}
"""Code to the language's own name, in the order shown."""

SOURCE = "en"
COOKIE = "lang"
_A_YEAR = 365 * 24 * 3600

_FORMATS: Mapping[str, str] = {"en": "en_GB", "fr": "fr", "nl": "nl"}


def init_app(app: Flask) -> None:
    """Set up Flask-Babel, the cookie and the names that every template knows."""
    flask_babel.Babel(app, default_locale=SOURCE, locale_selector=current)
    app.after_request(_remember)
    app.context_processor(_known_to_templates)


def current() -> str:
    """The reader's language: one of `LANGUAGES`."""
    if not has_request_context():
        return SOURCE
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = g.language = _choose()
    return chosen


def gettext(message: str, **values: object) -> str:
    """A sentence of ours in the reader's language, `%(name)s` filled in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The same, by number; `%(num)s` is the number."""
    return str(flask_babel.ngettext(singular, plural, num, **values))


def lazy_gettext(message: str) -> Any:
    """A sentence that is said later, in the language of whoever reads it then."""
    return flask_babel.lazy_gettext(message)


def formats(language: str | None = None) -> str:
    """The CLDR locale whose dates and numbers go with a language (English: day before month)."""
    return _FORMATS[language or current()]


def pick(texts: Mapping[str, str], order: Sequence[str] = ()) -> tuple[str, str]:
    """(language, text): the reader's language if the text exists in it, else the first that does.

    `order` is the assembly's own order of languages, the reference first.
    """
    for language in (current(), *order, *texts):
        if language in texts:
            return language, texts[language]
    raise ValueError("a text in no language at all")


@dataclass(frozen=True, slots=True)
class Switcher:
    """What the language links in the header need."""

    current: str
    offered: tuple[tuple[str, str], ...]

    @staticmethod
    def address(code: str) -> str:
        """This same page in another language."""
        arguments = {k: v for k, v in request.args.items() if k != "lang"}
        return "?" + urlencode({**arguments, "lang": code})


def _choose() -> str:
    for wanted in (request.args.get("lang", ""), request.cookies.get(COOKIE, "")):
        if wanted in LANGUAGES:
            return wanted
    return request.accept_languages.best_match(list(LANGUAGES), SOURCE)


def _remember(response: Response) -> Response:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
        response.set_cookie(
            COOKIE, asked, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure, httponly=True
        )
    return response


def _known_to_templates() -> dict[str, Any]:
    return {
        "languages": Switcher(current(), tuple(LANGUAGES.items())),
        "known_endpoints": current_app.view_functions,
    }
