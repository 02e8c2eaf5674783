"""The network interface of booths, trustees and auditors (`formats.md`, "On the network")."""

from __future__ import annotations

import json
from dataclasses import asdict

from flask import Blueprint, Response, jsonify, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user

from vote.service import bundle, casting, overview, prepare, signing_in, tally, trusting
from vote.service.errors import not_json
from vote.web import tallying
from vote.web.context import bearer, body, house
from vote.web.officers import csrf
from vote.web.security import for_ever, public

MAX_BALLOT = 1024 * 1024
MAX_DECRYPTION = 8 * 1024 * 1024

blueprint = Blueprint("api", __name__, url_prefix="/api")
csrf.exempt(blueprint)  # no cookie signs anybody in here: every request bears its own token


def _json(content: bytes) -> Response:
    return Response(content, content_type="application/json")


@blueprint.get("/assemblies/<assembly>")
def definition(assembly: str) -> Response:
    return public(_json(overview.definition_bytes(house(), assembly)))


@blueprint.get("/assemblies/<assembly>/elections")
def elections(assembly: str) -> Response:
    """`elections.json` of the bundle, from opening on."""
    return public(_json(overview.elections_bytes(house(), assembly)))


@blueprint.get("/assemblies/<assembly>/status")
def status(assembly: str) -> Response:
    view = overview.view(house(), assembly)
    papers = [
        {
            "ballot": paper.ballot,
            "state": paper.state,
            "opens": paper.window.opens.isoformat(),
            "closes": paper.ends.isoformat(),
        }
        for paper in view.papers
    ]
    return jsonify(
        state=view.state, now=house().clock().isoformat(), papers=papers, log_key=view.log_key
    )


@blueprint.post("/assemblies/<assembly>/sign-in")
def sign_in(assembly: str) -> Response:
    return jsonify(asdict(signing_in.sign_in(house(), assembly, bearer())))


@blueprint.get("/elections/<uuid>/election")
def election(uuid: str) -> Response:
    return for_ever(_json(overview.election_bytes(house(), uuid)))


@blueprint.post("/elections/<uuid>/ballots")
def cast(uuid: str) -> ResponseReturnValue:
    data = body(MAX_BALLOT).removesuffix(b"\n")  # as belenios-tool writes it, and drops it again
    receipt = casting.cast(house(), uuid, bearer(), data)
    return Response(receipt, status=201, content_type="text/plain; charset=utf-8")


@blueprint.get("/elections/<uuid>/archive-header")
def archive_header(uuid: str) -> Response:
    return _json(bundle.archive_header(house(), uuid))


@blueprint.get("/elections/<uuid>/last-event")
def last_event(uuid: str) -> Response:
    return _json(bundle.last_event(house(), uuid))


@blueprint.get("/elections/<uuid>/objects/<digest>")
def an_object(uuid: str, digest: str) -> Response:
    if _entitled():  # what only officers may see must not stay in anybody's cache
        return _json(bundle.read_object(house(), uuid, digest, entitled=True))
    return for_ever(_json(bundle.read_object(house(), uuid, digest)))


def _entitled() -> bool:
    """An officer may see what the host withholds from the public."""
    return bool(current_user.is_authenticated)


@blueprint.get("/elections/<uuid>/archive")
def archive(uuid: str) -> Response:
    chunks = stream_with_context(bundle.stream_archive(house(), uuid, entitled=_entitled()))
    response = Response(chunks, content_type="application/x-tar")
    response.headers["Content-Disposition"] = f'attachment; filename="{uuid}.bel"'
    return response


@blueprint.get("/assemblies/<assembly>/trustee")
def trustee(assembly: str) -> Response:
    return jsonify(asdict(trusting.desk(house(), assembly, bearer())))


@blueprint.post("/assemblies/<assembly>/trustee/key")
def trustee_key(assembly: str) -> ResponseReturnValue:
    prepare.register_trustee_key(house(), assembly, bearer(), body(MAX_BALLOT))
    return "", 204


@blueprint.post("/elections/<uuid>/partial-decryptions")
def partial_decryption(uuid: str) -> ResponseReturnValue:
    content = _object(body(MAX_DECRYPTION))
    share = content.get("lot_share")
    partial = _compact(content.get("partial_decryption"))
    assembly = tally.accept(
        house(), uuid, bearer(), partial, None if share is None else _compact(share)
    )
    tallying.start(house(), assembly)
    return "", 204


def _object(data: bytes) -> dict[str, object]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise not_json() from error
    if not isinstance(content, dict):
        raise not_json()
    return content


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
