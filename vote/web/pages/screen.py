"""The projector, for a room of seven hundred: turnout as it grows, no choice before closing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, url_for

from vote.service import overview, tally, turnout
from vote.service.overview import View
from vote.web.context import house
from vote.web.languages import gettext as _
from vote.web.pages import charts, people, public, stages, wording
from vote.web.pages.figures import number, percent
from vote.web.pages.qr import Qr

blueprint = Blueprint("screen", __name__, url_prefix="/a/<assembly>/screen")


@blueprint.get("")
def screen(assembly: str) -> str:
    view = overview.view(house(), assembly)
    at = stages.stage(view)
    return render_template(
        "screen/screen.html",
        view=view,
        stage=at,
        stages=stages,
        definition=view.definition,
        order=view.definition.assembly.languages,
        papers=_papers(view),
        received=turnout.received(house(), assembly) if at == "tally" else {},
        results=public.decided(view),
        tally=_tally(view),
        booth=Qr.of(url_for("booth.vote", assembly=assembly, _external=True)),
        board=Qr.of(url_for("public.board", assembly=assembly, _external=True)),
        wording=wording,
    )


@blueprint.get("/numbers")
def numbers(assembly: str) -> Response:
    """What changes while the room looks on: as words, and as lengths for the drawings."""
    view = overview.view(house(), assembly)
    at = _tally(view)
    return jsonify(
        stage=stages.stage(view),
        papers=[_shown(paper) for paper in _papers(view)],
        step=at.step,
        counted=_("%(done)s of %(total)s", done=number(at.counted), total=number(at.ballots)),
        part=charts.ratio(at.counted, at.ballots),
        trustees=[each.finished for each in at.trustees],
    )


def _papers(view: View) -> list[people.Participation]:
    return [
        people.participation(view.definition, each) for each in turnout.turnout(house(), view.id)
    ]


def _tally(view: View) -> stages.Tally:
    return stages.tally(view, tally.progress(house(), view.id))


def _shown(paper: people.Participation) -> dict[str, Any]:
    return {
        "ballot": paper.ballot,
        "voters": number(paper.everybody.voters),
        "percent": paper.everybody.percent,
        "part": charts.at(paper.everybody.part),
        "colleges": [
            {
                "voters": number(each.voters),
                "percent": each.percent,
                "part": charts.at(each.part),
            }
            for each in paper.colleges
        ],
        "quorum": paper.quorum
        and {
            "percent": percent(paper.quorum.value, 1),
            "part": charts.at(paper.quorum.value),
            "reached": paper.quorum.reached,
        },
    }
