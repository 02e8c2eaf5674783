"""The pages where members vote and trustees keep their keys: documents that run in the browser."""

from __future__ import annotations

from flask import Blueprint, render_template

from vote.service import keeping, overview
from vote.web.context import house
from vote.web.pages import wording

blueprint = Blueprint("booth", __name__, url_prefix="/a/<assembly>")


@blueprint.get("/vote")
def vote(assembly: str) -> str:
    view = overview.view(house(), assembly)
    mail = keeping.can_mail(house())
    return render_template("booth/vote.html", view=view, wording=wording, can_mail=mail)


@blueprint.get("/trustee")
def trustee(assembly: str) -> str:
    return render_template("trustee/trustee.html", view=overview.view(house(), assembly))
