"""Under which host names the service answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from vote.service.house import House, Settings
from vote.web import create_app

PATHS = ("/", "/console/sign-in", "/api/assemblies/trial", "/nothing")


@pytest.fixture(params=["localhost", "vote.example"])
def visitor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FlaskClient]:
    house = House(replace(Settings.in_folder(tmp_path), origin=request.param))
    yield create_app(house).test_client()
    house.close()


@pytest.mark.parametrize("host", ["vote.example", "vote.example:8443", "localhost", "127.0.0.1:80"])
def test_its_own_name_and_those_of_this_machine(visitor: FlaskClient, host: str) -> None:
    assert visitor.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["bad host", "<b>", "a/b", "x" * 300, "é"])
@pytest.mark.parametrize("path", PATHS)
def test_what_is_no_name_breaks_nothing(visitor: FlaskClient, path: str, host: str) -> None:
    answer = visitor.get(path, headers={"Host": host})
    assert answer.status_code in (200, 400, 404)
    assert host not in answer.text


@pytest.mark.parametrize("visitor", ["vote.example"], indirect=True)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.vote.example", "vote.example.evil.example", "<b>"]
)
def test_a_name_that_is_not_its_own_is_refused_in_words(visitor: FlaskClient, host: str) -> None:
    """Links in answers would lead there."""
    for path in PATHS:
        answer = visitor.get(path, headers={"Host": host, "Accept-Language": "nl"})
        assert answer.status_code == 400
        assert answer.content_type == "text/plain; charset=utf-8"
        assert "geen stemdienst" in answer.text
