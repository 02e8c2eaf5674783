"""What the host records for the minutes: bureau, place, incidents, what is shown of small colleges.

All of it can be changed until the decision, incidents apart: they stay as they were written.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import cast

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from vote.service import incidents, overview, proceedings
from vote.service.errors import Refusal
from vote.service.law import Means, Treatment
from vote.service.proceedings import Proceedings
from vote.web.context import house
from vote.web.errors import words
from vote.web.languages import gettext as _
from vote.web.languages import lazy_gettext as _l
from vote.web.pages import small_colleges, steps

MEANS: dict[Means, object] = {
    "email": _l("by e-mail"),
    "letter": _l("by letter"),
    "website": _l("on the website"),
    "press": _l("in the press"),
}

blueprint = Blueprint("record", __name__, url_prefix="/<assembly>")


class Notes(FlaskForm):  # type: ignore[misc]
    """What the minutes say besides the votes; whatever is left empty is not said."""

    place = StringField(_l("Where the assembly meets"))
    summoned_by = SelectMultipleField(_l("How the members were convened"), choices=list(MEANS))
    chair = StringField(_l("Chair"))
    secretary = StringField(_l("Secretary"))
    scrutineers = TextAreaField(_l("Scrutineers"))
    in_the_room = IntegerField(_l("Members in the room"), [Optional(), NumberRange(min=0)])
    appeals_until = DateField(_l("Last day to contest the decisions"), [Optional()])

    def read(self, before: Proceedings) -> Proceedings:
        """What was written, in the place of what was recorded before."""
        chosen: list[str] = self.summoned_by.data or []
        return replace(
            before,
            place=_line(self.place.data),
            summoned_by=tuple(each for each in MEANS if each in chosen),
            chair=_line(self.chair.data),
            secretary=_line(self.secretary.data),
            scrutineers=tuple(
                line for each in (self.scrutineers.data or "").splitlines() if (line := _line(each))
            ),
            in_the_room=cast("int | None", self.in_the_room.data),
            appeals_until=cast("date | None", self.appeals_until.data),
        )


class Incident(FlaskForm):  # type: ignore[misc]
    """Something that happened."""

    text = TextAreaField(_l("What happened"), [InputRequired()])
    understood = BooleanField(_l("I have read it again: it cannot be changed"), [InputRequired()])


class SmallColleges(FlaskForm):  # type: ignore[misc]
    """What is shown where a college is small or unanimous."""

    treatment = RadioField(choices=list(small_colleges.TREATMENTS), validators=[InputRequired()])
    floor = IntegerField(
        _l("A college is small with fewer voters than"),
        [
            InputRequired(),
            NumberRange(min=proceedings.SMALLEST_FLOOR, max=proceedings.LARGEST_FLOOR),
        ],
    )


@blueprint.route("/record", methods=["GET", "POST"])
def notes(assembly: str) -> ResponseReturnValue:
    """Place, bureau, convocation, people in the room, and the incidents so far."""
    before = proceedings.recorded(house(), assembly)
    form = Notes(data=_as_written(before))
    refusal = None
    if form.validate_on_submit():
        try:
            proceedings.keep(house(), assembly, form.read(before))
        except Refusal as error:
            refusal = words(error)
        else:
            flash(_("Kept for the minutes."), "ok")
            return redirect(url_for("console.record.notes", assembly=assembly))
    page = _notes_page(assembly, form, Incident(formdata=None), refusal)
    return page, 422 if form.errors or refusal else 200


@blueprint.post("/incidents")
def incident(assembly: str) -> ResponseReturnValue:
    """Write an incident down, with the time of now."""
    form = Incident()
    refusal = None
    if form.validate_on_submit():
        try:
            incidents.record(house(), assembly, steps.officer(), form.text.data or "")
        except Refusal as error:
            refusal = words(error)
        else:
            flash(_("Written down for the minutes."), "ok")
            page = url_for("console.record.notes", assembly=assembly, _anchor="incidents")
            return redirect(page)
    before = proceedings.recorded(house(), assembly)
    other = Notes(formdata=None, data=_as_written(before))
    return _notes_page(assembly, other, form, refusal), 422


def nothing_noted(assembly: str) -> bool:
    """Whether the host has recorded nothing for the minutes so far, small colleges apart."""
    nothing = Proceedings()
    noted = replace(proceedings.recorded(house(), assembly), privacy=nothing.privacy)
    return noted == nothing and not incidents.listed(house(), assembly)


def _notes_page(assembly: str, form: Notes, writing: Incident, refusal: str | None) -> str:
    view = overview.view(house(), assembly)
    zone = view.definition.assembly.zone
    return steps.show(
        "console/record.html",
        view,
        form=form,
        writing=writing,
        refusal=refusal,
        recorded=proceedings.recorded(house(), assembly),
        means=MEANS,
        incidents=[
            (datetime.fromisoformat(each.at).astimezone(zone), each)
            for each in incidents.listed(house(), assembly)
        ],
    )


@blueprint.route("/privacy", methods=["GET", "POST"])
def privacy(assembly: str) -> ResponseReturnValue:
    """Choose what is shown where a college's figures would show how somebody voted."""
    view = overview.view(house(), assembly)
    before = proceedings.recorded(house(), assembly).privacy
    form = SmallColleges(
        data={"floor": before.floor, "treatment": before.treatment if before.chosen else None}
    )
    refusal = None
    if form.validate_on_submit():
        try:
            chosen = cast(Treatment, form.treatment.data)
            proceedings.choose_privacy(house(), assembly, form.floor.data or 0, chosen)
        except Refusal as error:
            refusal = words(error)
        else:
            flash(_("Your choice is kept. The minutes will say it."), "ok")
            return steps.back(assembly)
    advice = small_colleges.advice(house(), view)
    page = steps.show(
        "console/privacy.html",
        view,
        form=form,
        refusal=refusal,
        advice=advice,
        findings=small_colleges.findings(view.definition, advice) if advice else [],
        chosen=before,
        treatments=small_colleges.TREATMENTS,
        limits=(proceedings.SMALLEST_FLOOR, proceedings.LARGEST_FLOOR),
    )
    return page, 422 if form.errors or refusal else 200


def _as_written(recorded: Proceedings) -> dict[str, object]:
    return {
        "place": recorded.place,
        "summoned_by": list(recorded.summoned_by),
        "chair": recorded.chair,
        "secretary": recorded.secretary,
        "scrutineers": "\n".join(recorded.scrutineers),
        "in_the_room": recorded.in_the_room,
        "appeals_until": recorded.appeals_until,
    }


def _line(text: str | None) -> str | None:
    """On one line, single spaces; None where nothing is written."""
    return " ".join((text or "").split()) or None
