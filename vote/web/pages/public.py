"""The public pages: the list of assemblies, and the board of each."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from vote.service import overview, privacy, turnout
from vote.service.folder import photo_type
from vote.service.overview import View
from vote.web.context import house
from vote.web.pages import people, results, stages, wording, words
from vote.web.security import public

blueprint = Blueprint("public", __name__)
words.add_to(blueprint)
A_MINUTE = 60


@blueprint.get("/")
def index() -> str:
    return render_template(
        "public/index.html",
        assemblies=[
            (view, stages.stage(view))
            for view in overview.assemblies(house())
            if view.state != "draft"
        ],
        stages=stages,
    )


@blueprint.get("/a/<assembly>/")
def board(assembly: str) -> str:
    view = overview.view(house(), assembly)
    papers = [
        people.participation(view.definition, each) for each in turnout.turnout(house(), assembly)
    ]
    return render_template(
        "public/board.html",
        view=view,
        stage=stages.stage(view),
        stages=stages,
        definition=view.definition,
        order=view.definition.assembly.languages,
        papers=papers,
        weights=people.weights(view.definition, overview.power(house(), view.id)),
        results=decided(view),
        drawn_order=people.drawn_order,
        wording=wording,
    )


@blueprint.get("/a/<assembly>/stage")
def stage(assembly: str) -> Response:
    """Where the assembly stands, for a board that looks again by itself."""
    return jsonify(stage=stages.stage(overview.view(house(), assembly)))


@blueprint.get("/a/<assembly>/photos/<name>")
def photo(assembly: str, name: str) -> Response:
    content = overview.photo(house(), assembly, name)
    return public(Response(content, content_type=photo_type(content)), seconds=A_MINUTE)


def decided(view: View) -> results.Results | None:
    """What was decided, once it was, as far as pages may show it."""
    if view.outcome is None:
        return None
    shown = privacy.shown_questions(house(), view.id)
    return results.read(view.definition, view.outcome, shown)
