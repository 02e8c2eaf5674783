"""Looking up one's own ballot, and keeping its receipt on paper or by e-mail."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from vote.service import keeping, overview, privacy, receipts
from vote.web import languages
from vote.web.context import bearer, body, house
from vote.web.officers import csrf

blueprint = Blueprint("check", __name__)
csrf.exempt(blueprint)  # no cookie signs anybody in here

MAX_RECEIPT = 64 * 1024


@blueprint.get("/a/<assembly>/check")
def check(assembly: str) -> str:
    """Is my ballot there? Everything happens in the browser: static/check/page.mjs."""
    return render_template("check/check.html", view=overview.view(house(), assembly))


@blueprint.get("/a/<assembly>/verify")
def verify(assembly: str) -> str:
    """The whole bundle checked in the browser: static/check/bundle/page.mjs."""
    return render_template(
        "check/verify.html",
        view=overview.view(house(), assembly),
        open_to_all=privacy.is_public(house(), assembly),
    )


@blueprint.get("/api/assemblies/<assembly>/ballots/<digest>")
def ballot(assembly: str, digest: str) -> Response:
    """Where a ballot is in the box, by its SHA-256 in hexadecimal."""
    return jsonify(asdict(receipts.find(house(), assembly, digest)))


@blueprint.post("/api/assemblies/<assembly>/receipt.pdf")
def on_paper(assembly: str) -> Response:
    """A receipt, the request's body, on one page in the reader's language."""
    address = _address(assembly)
    page = keeping.paper(house(), assembly, body(MAX_RECEIPT), languages.current(), address)
    return Response(page, content_type="application/pdf")


@blueprint.post("/api/assemblies/<assembly>/receipt-mail")
def by_mail(assembly: str) -> ResponseReturnValue:
    """A receipt, the request's body, to the address on the roll of whoever bears the token."""
    keeping.to_mailbox(house(), assembly, bearer(), body(MAX_RECEIPT), _address(assembly))
    return "", 204


def _address(assembly: str) -> keeping.CheckAddress:
    page = url_for("check.check", assembly=assembly, _external=True)
    return lambda tracker: f"{page}#{tracker}"
