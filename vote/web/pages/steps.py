"""What the console's pages share: back to the checklist, a file to keep, who is at work."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from vote.service import turnout
from vote.service.overview import View
from vote.web.context import house
from vote.web.pages import people, stages, wording


def back(assembly: str) -> ResponseReturnValue:
    return redirect(url_for("console.assembly", assembly=assembly))


def attachment(content: bytes, name: str, media: str = "application/zip") -> Response:
    response = Response(content, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def officer() -> str:
    """The name of whoever is signed in."""
    return str(current_user.id)


def show(template: str, view: View, **values: Any) -> str:
    """A page of one assembly, beside its checklist."""
    return render_template(
        template,
        view=view,
        stage=stages.stage(view),
        stages=stages,
        definition=view.definition,
        order=view.definition.assembly.languages,
        ballot=request.args.get("ballot"),
        now=house().clock(),
        wording=wording,
        **values,
    )


def papers(view: View) -> list[people.Participation]:
    """Every ballot paper's turnout."""
    return [
        people.participation(view.definition, each) for each in turnout.turnout(house(), view.id)
    ]
