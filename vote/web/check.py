"""Looking up one's own ballot, and keeping its receipt on paper or by e-mail."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, render_template

from vote.service import overview, receipts
from vote.web.context import house
from vote.web.officers import csrf

blueprint = Blueprint("check", __name__)
csrf.exempt(blueprint)  # no cookie signs anybody in here


@blueprint.get("/a/<assembly>/check")
def check(assembly: str) -> str:
    """Is my ballot there? Everything happens in the browser: static/check/page.mjs."""
    return render_template("check/check.html", view=overview.view(house(), assembly))


@blueprint.get("/a/<assembly>/verify")
def verify(assembly: str) -> str:
    """The whole bundle checked in the browser: static/check/bundle/page.mjs."""
    return render_template("check/verify.html", view=overview.view(house(), assembly))


@blueprint.get("/api/assemblies/<assembly>/ballots/<digest>")
def ballot(assembly: str, digest: str) -> Response:
    """Where a ballot is in the box, by its SHA-256 in hexadecimal."""
    return jsonify(asdict(receipts.find(house(), assembly, digest)))
