"""From what went wrong to an answer in the reader's words. Nothing internal is shown."""

from __future__ import annotations

from logging import Logger

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from vote.service.errors import Refusal, UnavailableError


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    for error in (BadHost, SecurityError):
        app.register_error_handler(error, _other_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(UnavailableError, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def words(refusal: Refusal) -> str:
    """The refusal in the reader's language."""
    sentence: str = _(refusal.template)
    return sentence.format(**refusal.params)


def _refused(error: Refusal) -> ResponseReturnValue:
    return _answer(error.status, error.code, words(error))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400 and isinstance(error.response, Response):
        return error.response
    messages = {
        404: _("There is nothing at this address. Check it, or start from the first page."),
        405: _("This address does not take that kind of request."),
        413: _("This is too large to be accepted."),
        429: _("Too many attempts. Wait a minute and try again."),
    }
    message = messages.get(
        status, _("The request could not be understood. Go back, load the page again and retry.")
    )
    return _answer(status, error.name.lower().replace(" ", "-"), message)


def _other_host(_error: HTTPException) -> ResponseReturnValue:
    """No page: it could not link to anything."""
    message = _(
        "There is no voting service under this name. Check the address in your invitation. "
        "(For those who run the service: VOTE_ORIGIN says under which name it answers.)"
    )
    return Response(f"{message}\n", 400, content_type="text/plain; charset=utf-8")


def _unavailable(error: UnavailableError) -> ResponseReturnValue:
    report(current_app.logger, error)
    message = _(
        "The service cannot reach its database. Try again shortly. If you were voting, "
        "send the same ballot again: it is never counted twice."
    )
    return _answer(503, "database-unavailable", message)


def _unexpected(error: Exception) -> ResponseReturnValue:
    report(current_app.logger, error)
    message = _(
        "Something went wrong on our side. Try again shortly. If you were voting, "
        "send the same ballot again: it is never counted twice."
    )
    return _answer(500, "internal-error", message)


def report(logger: Logger, error: Exception) -> None:
    """Log where it happened and the kind of error; not its text, which may hold what was sent."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    logger.error("%s at %s", type(error).__name__, where)


def _answer(status: int, code: str, message: str) -> ResponseReturnValue:
    if request.path.startswith(("/api/", "/log/")):
        return jsonify({"error": code, "message": message}), status
    return render_template("error.html", status=status, code=code, message=message), status
