"""Who may use the console, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vote.service import officers
from vote.service.errors import Refusal
from vote.service.house import House, Settings

PASSWORD = "correct horse battery"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(officers, "_patience", officers._Patience())
    found = House(Settings.in_folder(tmp_path / "data"))
    found.migrate()
    officers.add(found, "anna", PASSWORD)
    yield found
    found.close()


def refused(house: House, name: str, password: str) -> str:
    with pytest.raises(Refusal) as caught:
        officers.sign_in(house, name, password)
    return caught.value.code


def test_an_officer_signs_in_with_the_right_password_only(house: House) -> None:
    assert officers.sign_in(house, "anna", PASSWORD).name == "anna"
    assert refused(house, "anna", "something else") == "wrong-password"
    assert refused(house, "nobody", PASSWORD) == "wrong-password"


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(house: House) -> None:
    for _ in range(officers.MOST_WRONG):
        assert refused(house, "anna", "guess") == "wrong-password"
    assert refused(house, "anna", PASSWORD) == "too-many-passwords"


def test_a_strangers_guesses_do_not_lock_the_officer_out(house: House) -> None:
    for _ in range(officers.MOST_WRONG):
        with pytest.raises(Refusal):
            officers.sign_in(house, "anna", "guess", "192.0.2.1")
    assert officers.sign_in(house, "anna", PASSWORD, "192.0.2.2").name == "anna"


def test_who_guesses_one_name_does_not_lock_out_another(house: House) -> None:
    officers.add(house, "bert", PASSWORD)
    for _ in range(officers.MOST_WRONG):
        refused(house, "anna", "guess")
    assert officers.sign_in(house, "bert", PASSWORD).name == "bert"


def test_signing_out_and_a_new_password_end_earlier_sessions(house: House) -> None:
    first = officers.sign_in(house, "anna", PASSWORD).sessions
    officers.sign_out(house, "anna")
    second = officers.sign_in(house, "anna", PASSWORD).sessions
    officers.add(house, "anna", PASSWORD + "!")
    third = officers.sign_in(house, "anna", PASSWORD + "!").sessions
    assert len({first, second, third}) == 3


def test_a_password_is_not_kept(house: House) -> None:
    found = officers.find(house, "anna")
    assert found is not None
    assert PASSWORD not in found.password_hash
    assert found.password_hash.startswith("$argon2id$")
