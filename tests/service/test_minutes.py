"""The minutes, from the vote to the bundle; and that the bundle bears them out."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.command import vote
from tests.documents import pdf
from tests.finished import VOTES, cast, finish, open_edited, write_bundle
from tests.small import Opened, open_assembly
from vote.assembly import minutes as data
from vote.assembly import recount
from vote.assembly.definition import from_json
from vote.assembly.disclosure import Privacy
from vote.assembly.errors import DefinitionError
from vote.assembly.minutes import Evidence, LogHead, SealedBox
from vote.assembly.outcome import compute
from vote.assembly.record import Closing, Record, parse_record, record_json
from vote.audit.verify import verify
from vote.documents import typesetting
from vote.election.archive import Event
from vote.election.check import scan
from vote.service import attendance, incidents, minutes, overview, privacy, proceedings, publish
from vote.service.errors import Refusal
from vote.service.house import Settings
from vote.service.proceedings import Proceedings
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.tiles import Tile, decode_entries

SAID = Proceedings(
    place="Hall of Winds, Nowhere",
    summoned_by=("email", "letter"),
    chair="Cleo Presiding",
    secretary="Sam Writing",
    scrutineers=("Una Counting", "Viv Counting"),
    in_the_room=12,
    appeals_until=date(2035, 1, 31),
)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A decided assembly of three colleges, with everything recorded."""
    place = tmp_path_factory.mktemp("decided")
    settings = replace(Settings.in_folder(place), origin="vote.example")
    opened = open_edited(place, shares=True, settings=settings)
    proceedings.keep(opened.house, opened.assembly, SAID)
    cast(opened, VOTES)
    incidents.record(opened.house, opened.assembly, "anna", "The stream stopped.\nIt came back.")
    finish(opened)
    yield opened
    opened.house.close()


@pytest.fixture(scope="module")
def bundle(decided: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(decided, tmp_path_factory.mktemp("bundle") / "bundle")


def entries_of(bundle: Path) -> list[bytes]:
    size = int((bundle / "log/checkpoint").read_bytes().split(b"\n")[1])
    content = (bundle / "log" / Tile("entries", 0, size).path).read_bytes()
    return list(decode_entries(content, size))


def evidence_in(bundle: Path) -> Evidence:
    """What a verifier finds in the bundle itself."""
    *before, _outcome = entries_of(bundle)
    tree = Tree(leaf_hash(entry) for entry in before)
    events = {sha256(entry).hexdigest(): entry for entry in before if b'"parent"' in entry}
    boxes = []
    for each in json.loads((bundle / "elections.json").read_bytes()):
        with (bundle / each["file"]).open("rb") as file:
            found = scan(file)
        tallied = Event.parse(events[found.tally_event or ""])
        boxes.append(
            SealedBox(
                each["ballot"],
                each["college"],
                each["uuid"],
                len(found.ballots),
                tallied.parent or "",
            )
        )
    head = LogHead((bundle / "log/key").read_text().strip(), len(before), tree.root().base64())
    listed = (bundle / "elections.json").read_bytes()
    return Evidence(sha256(listed).hexdigest(), tuple(boxes), head)


def check(bundle: Path) -> Record:
    definition = from_json((bundle / "assembly.json").read_bytes())
    published = (bundle / "outcome.json").read_bytes()
    counts = recount.check(definition, published)
    outcome = compute(definition, counts, recount.seeds_of(definition, published))
    content = (bundle / "minutes.json").read_bytes()
    return data.check(content, definition, counts, outcome, evidence_in(bundle))


def test_the_bundle_bears_the_minutes_out(decided: Opened, bundle: Path) -> None:
    record = check(bundle)
    assert record.rehearsal is False
    assert record.address == "https://vote.example/a/trial/audit"
    assert (record.place, record.chair) == (SAID.place, SAID.chair)
    assert record.trustees == ("Trustee 1", "Trustee 2")
    assert (record.in_the_room, record.represented) == (12, None)
    [incident] = record.incidents
    assert (incident.by, incident.text) == ("anna", "The stream stopped. It came back.")
    assert record.privacy == Privacy()


def test_the_log_ends_with_the_hashes_of_outcome_and_minutes(bundle: Path) -> None:
    last = json.loads(entries_of(bundle)[-1])
    assert last["outcome_sha256"] == sha256((bundle / "outcome.json").read_bytes()).hexdigest()
    named = {path: digest for path, digest in last["files"].items() if "minutes" in path}
    assert set(named) == {"minutes.json", *(f"minutes/{one}.pdf" for one in ("fr", "nl", "en"))}
    for path, digest in named.items():
        assert sha256((bundle / path).read_bytes()).hexdigest() == digest


def test_the_verifier_accepts_the_bundle(bundle: Path) -> None:
    report = verify(bundle)
    assert report.exit_code == 0
    [recomputed] = [each for each in report.checks if each.step.name == "minutes"]
    assert recomputed.status == "passed"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("questions", 0, "outcome", "decision"), "no quorum"),
        (("hashes", "boxes", 0, "sealed"), "00" * 32),
        (("hashes", "boxes", 0, "ballots"), 99),
        (("hashes", "log", "root"), "AAAA"),
        (("hashes", "elections_sha256"), "00" * 32),
    ],
)
def test_minutes_that_say_something_else_are_found_out(
    bundle: Path, tmp_path: Path, place: tuple[Any, ...], value: object
) -> None:
    found = json.loads((bundle / "minutes.json").read_bytes())
    inner = found
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    other = tmp_path / "other"
    other.mkdir()
    for name in ("assembly.json", "outcome.json", "elections.json", "elections", "log"):
        (other / name).symlink_to(bundle / name)
    (other / "minutes.json").write_text(
        json.dumps(found, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    )
    with pytest.raises(DefinitionError) as refused:
        check(other)
    assert refused.value.faults[0].code == "minutes-differ"


def test_the_pdfs_say_what_was_recorded_in_each_language(decided: Opened) -> None:
    made = {
        language: minutes.pdf(decided.house, "trial", language)
        for language in minutes.languages(decided.house, "trial")
    }
    assert set(made) == {"fr", "nl", "en"}
    for content in made.values():
        said = pdf.text(content)
        assert "Hall of Winds, Nowhere" in said
        assert "The stream stopped. It came back." in said
        assert "vote.example/a/trial/audit" in pdf.compact(content)
    assert minutes.pdf(decided.house, "trial", "nl") == made["nl"]
    with pytest.raises(Refusal, match="no minutes in this language"):
        minutes.pdf(decided.house, "trial", "de")


def test_the_command_sets_the_same_pdfs_again(bundle: Path, tmp_path: Path) -> None:
    done = vote("minutes", bundle, "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same, byte for byte") == 3
    assert (tmp_path / "again/fr.pdf").read_bytes() == (bundle / "minutes/fr.pdf").read_bytes()


def test_the_command_says_what_it_cannot_do(tmp_path: Path) -> None:
    (tmp_path / "assembly.json").touch()
    done = vote("minutes", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no minutes" in done.stderr
    (tmp_path / "minutes.json").write_text("{}")
    done = vote("minutes", tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_minutes_say_that_voting_was_closed_before_the_announced_time(
    decided: Opened, bundle: Path
) -> None:
    at = decided.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert check(bundle).closed == (Closing("main", at),)
    said = pdf.text(minutes.pdf(decided.house, "trial", "en"))
    assert "when the host closed the vote; it had been announced until" in said
    assert "general assembly is convened for" in said
    assert "assembly met on" not in said


def test_minutes_of_before_which_name_no_closing_hold(bundle: Path) -> None:
    found = json.loads((bundle / "minutes.json").read_bytes())["recorded"]
    del found["closed"]
    assert record_json(parse_record(found)) == found


def test_nothing_can_be_recorded_once_the_minutes_are_made(decided: Opened) -> None:
    with pytest.raises(Refusal) as refused:
        proceedings.keep(decided.house, "trial", Proceedings())
    assert refused.value.code == "already-decided"
    with pytest.raises(Refusal) as refused:
        incidents.record(decided.house, "trial", "anna", "Too late.")
    assert refused.value.code == "already-decided"
    assert proceedings.recorded(decided.house, "trial") == SAID
    assert len(incidents.listed(decided.house, "trial")) == 1


def test_the_roll_opens_its_seal(decided: Opened, bundle: Path) -> None:
    roll, salt = attendance.sealed_roll(decided.house, "trial")
    sealed = sha256(f"vote-roll|trial|{salt}|".encode() + roll).hexdigest()
    assert check(bundle).roll == sealed
    assert roll.decode().count("@example.org") == 13
    for path in bundle.rglob("*"):
        assert path.is_dir() or b"@example.org" not in path.read_bytes()
        assert path.is_dir() or salt.encode() not in path.read_bytes()


def test_minutes_on_both_databases(tmp_path: Path, database_url: str) -> None:
    opened = open_assembly(tmp_path, database_url)
    cast(opened, {"persons-1": VOTES["persons-1"]})
    proceedings.keep(opened.house, "trial", SAID)
    incidents.record(opened.house, "trial", "anna", "Nothing much.")
    finish(opened)
    bundle = write_bundle(opened, tmp_path / "bundle")
    opened.house.close()
    assert check(bundle).scrutineers == SAID.scrutineers
    # One voter of thirteen: below the quorum of a fifth. A failed quorum has its minutes as well.
    found = json.loads((bundle / "minutes.json").read_bytes())
    assert found["ballots"][0]["quorum"]["reached"] is False
    assert found["questions"][0]["outcome"]["decision"] == "no quorum"
    said = pdf.text((bundle / "minutes/en.pdf").read_bytes())
    assert "The quorum was not reached: nothing was decided on this ballot paper." in said


def test_a_rehearsal_is_marked(tmp_path: Path) -> None:
    opened = open_edited(tmp_path, rehearsal=True)
    finish(opened)
    assert "Rehearsal, without effect" in pdf.text(minutes.pdf(opened.house, "trial", "en"))
    opened.house.close()


def test_what_happens_while_the_minutes_are_drawn_up_is_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_edited(tmp_path)
    make = minutes.make
    times: list[int] = []

    def interrupted(*arguments: Any) -> dict[str, bytes]:
        files = make(*arguments)
        if not times:
            incidents.record(opened.house, "trial", "anna", "At the last moment.")
        times.append(1)
        return files

    monkeypatch.setattr(publish.minutes, "make", interrupted)
    finish(opened)
    record = check(write_bundle(opened, tmp_path / "bundle"))
    assert [each.text for each in record.incidents] == ["At the last moment."]
    assert len(times) == 2
    opened.house.close()


def test_a_pdf_that_cannot_be_set_does_not_stop_the_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(typesetting, "_template", lambda: b"#panic()")
    opened = open_edited(tmp_path)
    with caplog.at_level(logging.ERROR):
        finish(opened)
    assert "could not be set in fr" in caplog.text
    assert overview.view(opened.house, "trial").state == "decided"
    monkeypatch.undo()
    bundle = write_bundle(opened, tmp_path / "bundle")
    assert check(bundle).rehearsal is False
    [*again] = minutes.set_again(bundle)
    assert [(each.language, each.same) for each in again] == [
        ("fr", None),
        ("nl", None),
        ("en", None),
    ]
    opened.house.close()


def test_small_colleges_as_the_host_chose(tmp_path: Path) -> None:
    opened = open_edited(tmp_path, shares=True)
    house = opened.house
    before = privacy.before_opening(house, "trial")
    assert {fault.params["college"] for fault in before.findings} == {
        *("persons", "staff", "partners")
    }
    assert before.choices == ("show", "merge", "withhold")
    proceedings.choose_privacy(house, "trial", 3, "withhold")
    assert [f.params["college"] for f in privacy.before_opening(house, "trial").findings] == [
        "partners"
    ]
    cast(opened, VOTES)
    at_closing = privacy.at_closing(house, "trial")
    assert {fault.params["college"] for fault in at_closing.findings} == {"staff", "partners"}
    assert privacy.details(house, "trial") == {"main": "shown"}
    finish(opened)
    assert privacy.details(house, "trial") == {"main": "withheld"}
    assert privacy.is_public(house, "trial") is False
    assert set(privacy.shown_questions(house, "trial")["accounts"]) == {
        *("detail", "type", "decision")
    }
    bundle = write_bundle(opened, tmp_path / "bundle")
    assert check(bundle).privacy == Privacy(3, "withhold", chosen=True)
    said = pdf.text((bundle / "minutes/en.pdf").read_bytes())
    assert "The figures are not shown" in said
    house.close()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Proceedings(place=" "), "bad-line"),
        (Proceedings(place="x" * 301), "bad-line"),
        (Proceedings(chair="two\nlines"), "bad-line"),
        (Proceedings(scrutineers=("",)), "bad-line"),
        (Proceedings(scrutineers=("x",) * 51), "too-many-people"),
        (Proceedings(summoned_by=("pigeon",)), "bad-means"),  # type: ignore[arg-type]
        (Proceedings(in_the_room=-1), "bad-number"),
        (Proceedings(privacy=Privacy(1, "show", chosen=True)), "bad-floor"),
        (Proceedings(privacy=Privacy(10, "merge", chosen=True)), "bad-treatment"),
    ],
)
def test_what_cannot_be_recorded(drafted: Opened, said: Proceedings, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        proceedings.keep(drafted.house, "trial", said)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001, "a\x00b"])
def test_an_incident_is_a_text(drafted: Opened, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        incidents.record(drafted.house, "trial", "anna", text)
    assert refused.value.code == "bad-incident"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Without shares, open."""
    opened = open_edited(tmp_path_factory.mktemp("drafted"))
    yield opened
    opened.house.close()


def test_there_is_an_end_to_incidents(drafted: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "MOST", 0)
    with pytest.raises(Refusal) as refused:
        incidents.record(drafted.house, "trial", "anna", "One too many.")
    assert refused.value.code == "too-many-incidents"


def test_an_unknown_assembly_has_neither(drafted: Opened) -> None:
    for ask in (
        lambda: proceedings.recorded(drafted.house, "nothing"),
        lambda: incidents.listed(drafted.house, "nothing"),
        lambda: minutes.languages(drafted.house, "nothing"),
        lambda: incidents.record(drafted.house, "nothing", "anna", "x"),
    ):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.code == "unknown-assembly"
