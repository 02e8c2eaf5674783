"""Second convocation: from an assembly without quorum to its successor, in one step."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, StringField
from wtforms.validators import InputRequired, Optional

from vote.service import overview, successor
from vote.service.errors import DefinitionError, Refusal
from vote.service.law import Definition, Quorum
from vote.service.overview import View
from vote.web.context import house
from vote.web.errors import words
from vote.web.languages import gettext as _
from vote.web.languages import lazy_gettext as _l
from vote.web.pages import faults, steps

NOTICE = timedelta(days=10)  # what the law asks for on a later convocation (L7)
WEEK = timedelta(days=7)
TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

blueprint = Blueprint("again", __name__, url_prefix="/<assembly>")


class Dates(FlaskForm):  # type: ignore[misc]
    """When the assembly meets again, and the quorum where its rules do not say it."""

    convened = DateField(_l("Day on which the new invitations leave"), [Optional()])
    opens = DateTimeLocalField(_l("Voting opens"), [InputRequired()], format=TIMES)
    meeting = DateTimeLocalField(_l("Meeting"), [InputRequired()], format=TIMES)
    closes = DateTimeLocalField(_l("Voting closes"), [InputRequired()], format=TIMES)
    quorum = StringField(_l("Quorum on the second convocation"))


@blueprint.route("/again", methods=["GET", "POST"])
def convene(assembly: str) -> ResponseReturnValue:
    """Make the successor: the same undecided questions, a new box, by the next rules."""
    view = overview.view(house(), assembly)
    form = Dates(data=_proposed(view, house().clock()))
    shown: list[faults.ShownFault] = []
    refusal = None
    if form.validate_on_submit():
        try:
            name = _create(view, form)
        except DefinitionError as error:
            shown = faults.show(error.faults)
        except Refusal as error:
            refusal = words(error)
        else:
            flash(
                _("The second convocation is prepared. Its box is new, and so are its codes."), "ok"
            )
            for warning in faults.show(successor.notice(house(), name)):
                flash(warning.message, "warn")
            return redirect(url_for("console.assembly", assembly=name))
    page = steps.show(
        "console/again.html",
        view,
        form=form,
        faults=shown,
        refusal=refusal,
        possible=successor.is_possible(house(), assembly),
        quorum_open=_quorum_open(view.definition),
        notice=NOTICE.days,
    )
    return page, 422 if form.errors or shown or refusal else 200


def _create(view: View, form: Dates) -> str:
    return successor.create(
        house(),
        view.id,
        cast(datetime, form.opens.data),
        cast(datetime, form.meeting.data),
        cast(datetime, form.closes.data),
        convened=cast("date | None", form.convened.data),
        quorum=(form.quorum.data or "").strip() or None,
    )


def _proposed(view: View, now: datetime) -> dict[str, object]:
    """The same day of the week and time, as soon as the notice allows; to be changed at will."""
    assembly = view.definition.assembly
    here = now.astimezone(assembly.zone).replace(tzinfo=None)
    missing = here + NOTICE + timedelta(days=1) - assembly.meeting
    shift = max(1, -(-missing // WEEK)) * WEEK
    tomorrow = here.date() + timedelta(days=1)
    opens = assembly.opens + shift
    if opens < here:
        opens = datetime.combine(tomorrow, assembly.opens.time())
    return {
        "convened": here.date(),
        "opens": opens,
        "meeting": assembly.meeting + shift,
        "closes": assembly.closes + shift,
    }


def _quorum_open(definition: Definition) -> bool:
    """Whether there is a quorum of which nobody decided what it is on a second convocation."""
    general = [definition.quorum] if definition.quorum else []
    own = [paper.quorum for paper in definition.ballots if isinstance(paper.quorum, Quorum)]
    return any(quorum.second is None for quorum in (*general, *own))
