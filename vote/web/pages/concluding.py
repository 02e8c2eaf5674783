"""After the decision: minutes and attendance to download, and in the end the keys destroyed."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import Blueprint, Response, flash
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Optional

from vote.service import attendance, destruction, minutes, overview, prepare, proceedings
from vote.service.errors import Refusal
from vote.service.folder import write_zip
from vote.web.context import house
from vote.web.errors import words
from vote.web.languages import gettext as _
from vote.web.languages import lazy_gettext as _l
from vote.web.pages import steps

PDF, CSV, JSON, TEXT = (
    "application/pdf",
    "text/csv; charset=utf-8",
    "application/json",
    "text/plain; charset=utf-8",
)

blueprint = Blueprint("after", __name__, url_prefix="/<assembly>")


@blueprint.get("/minutes/<language>.pdf")
def minutes_pdf(assembly: str, language: str) -> Response:
    content = minutes.pdf(house(), assembly, language)
    return steps.attachment(content, f"{assembly}-minutes-{language}.pdf", PDF)


@blueprint.get("/minutes.json")
def minutes_data(assembly: str) -> Response:
    """What the PDFs are set from, as it stands in the bundle."""
    return steps.attachment(minutes.data(house(), assembly), f"{assembly}-minutes.json", JSON)


@blueprint.get("/attendance/<language>.pdf")
def attendance_pdf(assembly: str, language: str) -> Response:
    """Who took part, to be signed by the bureau. The host's alone."""
    content = attendance.as_pdf(house(), assembly, language)
    return steps.attachment(content, f"{assembly}-attendance-{language}.pdf", PDF)


@blueprint.get("/attendance.csv")
def attendance_csv(assembly: str) -> Response:
    content = attendance.as_csv(house(), assembly)
    return steps.attachment(content, f"{assembly}-attendance.csv", CSV)


@blueprint.get("/folder.zip")
def folder(assembly: str) -> Response:
    """The assembly's folder as a zip; adding it to a console gives the same assembly."""
    return steps.attachment(write_zip(prepare.folder_of(house(), assembly)), f"{assembly}.zip")


class Destruction(FlaskForm):  # type: ignore[misc]
    """The assembly's id once more, and the last day to contest where nobody recorded it."""

    again = StringField(_l("The assembly’s id"), [InputRequired()])
    appeals_until = DateField(_l("Last day to contest the decisions"), [Optional()])


@blueprint.route("/keys", methods=["GET", "POST"])
def destroy(assembly: str) -> ResponseReturnValue:
    """Destroy the keys for good, after the time for appeals."""
    form = Destruction()
    refusal = None
    if form.validate_on_submit():
        try:
            _destroy(assembly, form)
        except Refusal as error:
            refusal = words(error)
        else:
            flash(_("The keys are destroyed. Keep the signed note with the minutes."), "ok")
            return steps.back(assembly)
    until = proceedings.recorded(house(), assembly).appeals_until
    view = overview.view(house(), assembly)
    page = steps.show(
        "console/destroy.html",
        view,
        form=form,
        refusal=refusal,
        until=until,
        too_early=until is not None and destruction.is_early(house(), view.definition, until),
        destroyed=destruction.recorded(house(), assembly) is not None,
    )
    return page, 422 if form.errors or refusal else 200


@blueprint.get("/destroyed.txt")
def destroyed(assembly: str) -> Response:
    """The signed note that says that the keys are gone."""
    note = destruction.recorded(house(), assembly)
    if note is None:
        raise Refusal("not-destroyed", "The keys have not been destroyed.", status=404)
    return steps.attachment(note, f"{assembly}-destroyed.txt", TEXT)


def _destroy(assembly: str, form: Destruction) -> None:
    if (form.again.data or "").strip() != assembly:
        raise Refusal("not-the-id", "That is not the assembly’s id: nothing was destroyed.")
    day = cast("date | None", form.appeals_until.data)
    destruction.destroy(house(), assembly, steps.officer(), day)
