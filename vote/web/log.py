"""The ballot log on the network: C2SP tlog-tiles."""

from __future__ import annotations

from flask import Blueprint, Response

from vote.service import box
from vote.web.context import house
from vote.web.security import for_ever, public

blueprint = Blueprint("log", __name__, url_prefix="/log/<assembly>")


@blueprint.get("/checkpoint")
def checkpoint(assembly: str) -> Response:
    note = box.checkpoint(house(), assembly)
    return public(Response(note, content_type="text/plain; charset=utf-8"), seconds=1)


@blueprint.get("/key")
def key(assembly: str) -> Response:
    vkey = box.verifier_key(house(), assembly)
    return public(Response(f"{vkey}\n", content_type="text/plain; charset=utf-8"), seconds=60)


@blueprint.get("/witnesses")
def witnesses(assembly: str) -> Response:
    """Who is asked to cosign, a verifier key on each line; empty: nobody."""
    box.verifier_key(house(), assembly)
    content = box.witnesses(house())
    return public(Response(content, content_type="text/plain; charset=utf-8"), seconds=60)


@blueprint.get("/tile/<path:place>")
def tile(assembly: str, place: str) -> Response:
    content = box.tile(house(), assembly, f"tile/{place}")
    return for_ever(Response(content, content_type="application/octet-stream"))
