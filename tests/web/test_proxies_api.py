"""Proxies over the network, through gunicorn with several workers."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.proxied import draw_up, make_ballot, open_with_proxies, token_of
from tests.small import Opened
from tests.web.conftest import Answer, Service, start, stop
from vote.election.mailbox import open_sealed
from vote.election.mandate import Mandate, bearer
from vote.service.proxies import Offer, Person
from vote.tlog.proof import TlogProof

ANA, BEN, CAM = "persons-1", "persons-2", "persons-3"
HOME = "/api/assemblies/trial/proxies"


@dataclass(frozen=True, slots=True)
class Proxied:
    """A running service with an assembly that has proxies."""

    service: Service
    opened: Opened

    def get(self, member: str) -> Any:
        return self._answered(self.service.get(HOME, token_of(self.opened, member)))

    def post(self, who: str, path: str, **content: object) -> Any:
        return self._answered(self.answer(who, path, json.dumps(content).encode()))

    def answer(self, member: str, path: str, content: bytes) -> Answer:
        return self.service.post(HOME + path, token_of(self.opened, member), content)

    @staticmethod
    def _answered(answer: Answer) -> Any:
        assert answer.status in (200, 201), answer.body
        return json.loads(answer.body)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def proxied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    url = None
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        url = new()
    folder = tmp_path_factory.mktemp("service")
    opened = open_with_proxies(folder / "data", url)
    service = start(opened.house.settings, folder / "gunicorn.log")
    try:
        yield Proxied(service, opened)
    finally:
        stop(service)
        opened.house.close()


def test_a_mandate_travels_from_one_member_to_another_and_votes(proxied: Proxied) -> None:
    found = proxied.post(ANA, "/offer", member=BEN, name=f"Member {BEN}")
    holder = Person(**found["holder"])
    offer = Offer(found["mandate"], holder, found["mailbox"], found["tickets"])
    gift = draw_up(proxied.opened, ANA, offer)
    given = proxied.post(
        ANA,
        "",
        mandate=gift.mandate,
        member=holder.member,
        name=holder.name,
        sealed=b64encode(gift.sealed).decode(),
    )
    assert given["given"]["holder"] == {"member": BEN, "name": f"Member {BEN}"}
    [held] = proxied.get(BEN)["held"]
    assert held["grantor"] == {"member": ANA, "name": f"Member {ANA}"}
    sealed = b64decode(held["sealed"])
    mandate = Mandate.parse(open_sealed("trial", proxied.opened.codes[BEN], sealed))
    [key] = mandate.elections
    data = make_ballot(proxied.opened, mandate)
    path = f"/api/elections/{key.uuid}/ballots"
    for who, status in ((ANA, 401), (CAM, 401), (BEN, 201)):
        token = bearer(token_of(proxied.opened, who), mandate.mandate, key.ticket)
        answer = proxied.service.post(path, token, data)
        assert answer.status == status
    assert TlogProof.parse(answer.body).entry()
    assert proxied.get(ANA)["given"]["papers"][0]["voted"] is True
    assert proxied.post(ANA, "/revoke")["given"]["state"] == "revoked"
    assert proxied.get(BEN)["held"][0] | {"papers": []} == {
        "mandate": mandate.mandate,
        "grantor": {"member": ANA, "name": f"Member {ANA}"},
        "state": "revoked",
        "sealed": "",
        "papers": [],
    }


def test_refusals_come_with_a_code_and_a_sentence(proxied: Proxied) -> None:
    asked = json.dumps({"member": CAM, "name": f"Member {CAM}"}).encode()
    answer = proxied.answer(CAM, "/offer", asked)
    assert answer.status == 409
    assert json.loads(answer.body) == {
        "error": "proxy-self",
        "message": "You cannot give a mandate to yourself.",
    }
    assert json.loads(proxied.answer(CAM, "/none/decline", b"").body)["error"] == "no-mandate"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"member": "1"}', id="a field missing"),
        pytest.param(b'{"member": "1", "name": "a", "code": "b"}', id="a field more"),
        pytest.param(b'{"member": 1, "name": "a"}', id="a number"),
        pytest.param(b'{"member": "1\\u0000", "name": "a"}', id="a character that is none"),
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_what_is_no_request_is_refused(proxied: Proxied, content: bytes) -> None:
    answer = proxied.answer(CAM, "/offer", content)
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "not-json")


def test_what_is_too_large_is_refused(proxied: Proxied) -> None:
    assert proxied.answer(CAM, "", b" " * (2**17 + 1)).status == 413


def test_without_a_token_or_with_a_wrong_one_nothing_is_shown(proxied: Proxied) -> None:
    assert proxied.service.get(HOME).status == 401
    assert proxied.service.get(HOME, "0" * 64).status == 401
    assert proxied.service.get("/api/assemblies/other/proxies", "0" * 64).status == 404
