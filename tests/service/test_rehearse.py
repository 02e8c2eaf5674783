"""`vote rehearse`: from a folder to a bundle, by the command itself."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tests.command import vote
from tests.small import write_folder

VOTES = """member,question,choice
persons-1,accounts,for
persons-1,board,one
persons-1,board,two
persons-2,accounts,against
persons-2,board,@blank
persons-3,accounts,for
staff-1,accounts,abstain
staff-1,board,three
partners-1,board,one
persons-2,@again,
persons-2,accounts,for
persons-2,board,two
"""


def rehearse(tmp_path: Path, *options: object, **assembly: object) -> dict[str, object]:
    bundle = tmp_path / "bundle"
    done = vote("rehearse", write_folder(tmp_path / "in", **assembly), "--out", bundle, *options)
    assert done.returncode == 0, done.stderr
    outcome: dict[str, object] = json.loads((bundle / "outcome.json").read_bytes())
    definition = (bundle / "assembly.json").read_bytes()
    assert outcome["definition_sha256"] == sha256(definition).hexdigest()
    return outcome


def votes(tmp_path: Path, text: str = VOTES) -> Path:
    path = tmp_path / "votes.csv"
    path.write_text(text)
    return path


def test_the_votes_of_a_file_are_counted_and_the_last_one_of_a_member_counts(
    tmp_path: Path, database_url: str
) -> None:
    outcome = rehearse(tmp_path, "--votes", votes(tmp_path), "--database", database_url)
    assert outcome["ballots"] == {
        "main": {
            "enrolled": {"*": 13},
            "voters": {"*": 5},
            "quorum": {"base": "heads", "minimum": "1/5", "reached": True, "value": "5/13"},
        }
    }
    questions = outcome["questions"]
    assert isinstance(questions, dict)
    # partners-1 left the resolution out: abstained, as staff-1 did.
    assert questions["accounts"]["colleges"] == {
        "*": {"for": 3, "against": 0, "abstain": 2, "share": "1"}
    }
    assert questions["accounts"]["decision"] == "adopted"
    votes_of = {each["id"]: each["votes"]["*"] for each in questions["board"]["candidates"]}
    # persons-3 left the election out: blank. persons-2 came again.
    assert votes_of == {"one": 2, "two": 2, "three": 1}
    assert questions["board"]["elected"] == ["one", "two"] or questions["board"]["elected"] == [
        "two",
        "one",
    ]


def test_colleges_with_shares_are_counted_apart(tmp_path: Path) -> None:
    outcome = rehearse(tmp_path, "--votes", votes(tmp_path), shares=True)
    questions = outcome["questions"]
    assert isinstance(questions, dict)
    assert questions["accounts"]["colleges"] == {
        "persons": {"for": 3, "against": 0, "abstain": 0, "share": "1"},
        "staff": {"for": 0, "against": 0, "abstain": 1, "share": None},
        "partners": {"for": 0, "against": 0, "abstain": 1, "share": None},
    }
    assert questions["accounts"]["result"] == "1/3"
    assert questions["accounts"]["decision"] == "rejected"


def test_a_seed_fixes_the_choices(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in")
    sums = []
    for number in (1, 2):
        bundle = tmp_path / str(number)
        drawn = vote("rehearse", folder, "--out", bundle, "--turnout", "0.5", "--seed", "7")
        assert drawn.returncode == 0, drawn.stderr
        outcome = json.loads((bundle / "outcome.json").read_bytes())
        sums.append(
            [
                outcome["questions"]["accounts"]["colleges"],
                {c["id"]: c["votes"] for c in outcome["questions"]["board"]["candidates"]},
            ]
        )
    assert sums[0] == sums[1]


def test_every_fault_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in")
    roll = (folder / "roll.csv").read_text().replace(",staff", ",nobody")
    (folder / "roll.csv").write_text(roll)
    done = vote("rehearse", folder, "--out", tmp_path / "bundle")
    assert done.returncode == 1
    assert done.stderr.count("roll.csv") == 3
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "bundle").exists()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = vote("rehearse", tmp_path / "nothing", "--out", tmp_path / "bundle")
    assert done.returncode == 2
    assert "is not a folder" in done.stderr


def test_an_existing_bundle_is_not_overwritten(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "precious").touch()
    done = vote("rehearse", write_folder(tmp_path / "in"), "--out", bundle, "--turnout", "0.2")
    assert done.returncode == 1
    assert "is there already" in done.stderr
