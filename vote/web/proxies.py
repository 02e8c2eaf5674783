"""Proxies over the network: what a member's page of proxies asks of the service."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from dataclasses import asdict

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from vote.service import proxies
from vote.service.errors import not_json
from vote.service.proxies import Desk, Gift, Held, Person
from vote.web.context import bearer, body, house
from vote.web.officers import csrf

MAX_REQUEST = 128 * 1024

blueprint = Blueprint("proxies", __name__, url_prefix="/api/assemblies/<assembly>/proxies")
csrf.exempt(blueprint)  # every request bears its own token, no cookie signs anybody in


@blueprint.get("")
def desk(assembly: str) -> Response:
    return _desk(proxies.desk(house(), assembly, bearer()))


@blueprint.post("/offer")
def offer(assembly: str) -> Response:
    """{"member", "name"} of the holder → {"mandate", "holder", "mailbox", "tickets"}."""
    asked = _texts("member", "name")
    found = proxies.offer(house(), assembly, bearer(), asked["member"], asked["name"])
    return jsonify(asdict(found))


@blueprint.post("")
def give(assembly: str) -> ResponseReturnValue:
    """{"mandate", "member", "name", "sealed": base64} → the desk."""
    given = _texts("mandate", "member", "name", "sealed")
    gift = Gift(
        given["mandate"], Person(given["member"], given["name"]), _from_base64(given["sealed"])
    )
    return _desk(proxies.give(house(), assembly, bearer(), gift)), 201


@blueprint.post("/revoke")
def revoke(assembly: str) -> Response:
    return _desk(proxies.revoke(house(), assembly, bearer()))


@blueprint.post("/<mandate>/decline")
def decline(assembly: str, mandate: str) -> Response:
    return _desk(proxies.decline(house(), assembly, bearer(), mandate))


def _desk(found: Desk) -> Response:
    return jsonify(
        deadline=found.deadline.isoformat(),
        changeable=found.changeable,
        most=found.most,
        given=None if found.given is None else asdict(found.given),
        held=[_held(each) for each in found.held],
    )


def _held(held: Held) -> dict[str, object]:
    return {**asdict(held), "sealed": b64encode(held.sealed).decode()}


def _texts(*names: str) -> dict[str, str]:
    """The request's JSON object, which must have these fields, all of them texts."""
    try:
        found = json.loads(body(MAX_REQUEST))
    except (ValueError, RecursionError) as error:
        raise not_json() from error
    if not isinstance(found, dict) or set(found) != set(names):
        raise not_json()
    if not all(isinstance(value, str) and "\0" not in value for value in found.values()):
        raise not_json()
    return found


def _from_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise not_json() from error
