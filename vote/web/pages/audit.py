"""The auditor's page: what to download, and how to check it with programs of one's own choice."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, send_file, url_for
from flask_login import current_user

from vote.service import box, overview, privacy
from vote.service.errors import Refusal
from vote.web.context import house
from vote.web.pages import files, stages, wording

blueprint = Blueprint("audit", __name__, url_prefix="/a/<assembly>")


@blueprint.get("/audit")
def audit(assembly: str) -> str:
    view = overview.view(house(), assembly)
    listed: tuple[files.BundleFile, ...] = ()
    open_to_all = privacy.is_public(house(), assembly)
    if view.outcome is not None and open_to_all:
        listed = files.listing(house(), assembly)
    return render_template(
        "audit/audit.html",
        view=view,
        stage=stages.stage(view),
        stages=stages,
        definition=view.definition,
        order=view.definition.assembly.languages,
        open_to_all=open_to_all,
        checkpoint=box.checkpoint(house(), assembly).decode() if view.log_key else None,
        files=[file for file in listed if not file.path.startswith("log/tile/")],
        tiles=[file for file in listed if file.path.startswith("log/tile/")],
        size=sum(file.size for file in listed),
        address=url_for("public.board", assembly=assembly, _external=True),
        origin=request.host_url.rstrip("/"),
        wording=wording,
    )


@blueprint.get("/bundle.zip")
def bundle(assembly: str) -> Response:
    """The whole bundle. Refused, in words, before the decision.

    It holds every sum: where the host chose to show less of a small college, it is given out by
    the host alone, to those who are entitled to it.
    """
    if not current_user.is_authenticated and not privacy.is_public(house(), assembly):
        raise Refusal(
            "bundle-not-public",
            "The bundle holds the figures of every college, and the host has chosen not to show "
            "all of them. Whoever is entitled to check the decision gets it from the host.",
            status=403,
        )
    return send_file(
        files.zipped(house(), assembly),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{assembly}.zip",
    )
