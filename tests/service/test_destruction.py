"""Destroying the keys: after the time for appeals, for good, and on record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.command import vote
from tests.finished import VOTES, cast, finish, open_edited, write_bundle
from tests.small import Opened
from vote.audit.verify import verify
from vote.election.credential import sign_in_token
from vote.service import destruction, signing_in
from vote.service.errors import Refusal
from vote.store.models import Credential, Member
from vote.tlog.note import VerifierKey, open_note

UNTIL = date(2035, 1, 31)
AFTER = datetime(2035, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    found = open_edited(tmp_path / "data")
    cast(found, VOTES)
    return found


def keys(opened: Opened) -> list[str]:
    folder = opened.house.settings.data / "keys"
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".key")


def code_of(opened: Opened, *arguments: date) -> str:
    with pytest.raises(Refusal) as refused:
        destruction.destroy(opened.house, "trial", "anna", *arguments)
    return refused.value.code


def test_the_keys_are_kept_as_long_as_they_are_needed(opened: Opened) -> None:
    before = keys(opened)
    assert code_of(opened, UNTIL) == "not-decided"
    finish(opened)
    assert code_of(opened) == "appeals-unknown"
    opened.clock.now = datetime(2035, 1, 31, 23, 59, tzinfo=UTC)
    assert code_of(opened, UNTIL) == "appeals-open"
    assert code_of(opened) == "appeals-unknown"  # what was refused was not recorded either
    assert keys(opened) == before
    assert destruction.recorded(opened.house, "trial") is None
    opened.house.close()


def test_afterwards_nothing_decrypts_links_or_signs(opened: Opened, tmp_path: Path) -> None:
    house = opened.house
    finish(opened)
    opened.clock.now = AFTER
    assert any(name.startswith("election-") for name in keys(opened))
    note = destruction.destroy(house, "trial", "anna", UNTIL)
    assert [name for name in keys(opened) if name != "sessions.key"] == []
    with house.database.reading() as session:
        kept = select(func.count(Member.token_hash)).where(Member.assembly == "trial")
        assert session.execute(kept).scalar_one() == 0
        bindings = set(session.execute(select(Credential.binding)).scalars())
        assert len(bindings) == 13
    token = sign_in_token("trial", opened.codes["persons-1"])
    with pytest.raises(Refusal) as refused:
        signing_in.sign_in(house, "trial", token)
    assert refused.value.code == "unknown-code"

    # What is public is still there, still verifies, and bears the note out.
    bundle = write_bundle(opened, tmp_path / "bundle")
    assert verify(bundle).exit_code == 0
    key = VerifierKey.from_line((bundle / "log/key").read_bytes())
    text = open_note(note, [key])
    assert text.startswith("vote/destroyed-keys/v1\nassembly trial\ndestroyed 2035-02-01T12:00:00Z")
    assert "\nby anna\n" in text
    assert text.count("\nelection ") == 1
    house.close()


def test_doing_it_again_changes_nothing(opened: Opened) -> None:
    finish(opened)
    opened.clock.now = AFTER
    note = destruction.destroy(opened.house, "trial", "anna", UNTIL)
    stray = opened.house.settings.data / "keys/log-trial.key"  # as after a crash half way
    stray.write_text("left over")
    opened.clock.now = AFTER + timedelta(days=1)
    assert destruction.destroy(opened.house, "trial", "bert") == note
    assert destruction.recorded(opened.house, "trial") == note
    assert not stray.exists()
    opened.house.close()


def test_the_day_is_recorded_once(opened: Opened) -> None:
    finish(opened)
    opened.clock.now = AFTER
    destruction.destroy(opened.house, "trial", "anna", UNTIL)
    other = open_edited(opened.house.settings.data, assembly="other")
    finish(other)
    with other.house.database.writing() as session:
        destruction.proceedings.set_appeals_end(session, "other", UNTIL)
    with pytest.raises(Refusal) as refused:
        destruction.destroy(other.house, "other", "anna", date(2025, 1, 1))
    assert refused.value.code == "appeals-recorded"
    other.house.close()
    opened.house.close()


def test_the_command_asks_once_more(opened: Opened) -> None:
    finish(opened)
    data = opened.house.settings.data
    before = keys(opened)
    opened.house.close()
    passed = ("trial", "--appeals-until", "2020-01-01")
    wrong = vote("destroy-keys", *passed, typed="another\n", data=data)
    assert wrong.returncode == 2
    assert "nothing was destroyed" in wrong.stderr
    refused = vote("destroy-keys", "trial", "--confirm", "trial", data=data)
    assert refused.returncode == 1
    assert "until when the decisions can be contested" in refused.stderr
    assert keys(opened) == before
    done = vote("destroy-keys", *passed, "--by", "anna", typed="trial\n", data=data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("vote/destroyed-keys/v1\n")
    assert done.stdout.splitlines()[-1].startswith("— localhost/log/trial ")
    assert keys(opened) != before


def test_an_unknown_assembly_is_said(tmp_path: Path) -> None:
    done = vote("destroy-keys", "nothing", "--confirm", "nothing", data=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
