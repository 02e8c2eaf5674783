"""A made-up assembly with one ballot paper of 28 ciphertexts: six resolutions of three choices, and
an election of nine candidates with blank, of whom at most five may be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from vote.assembly.votes import Cast
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import overview, prepare, rehearse, signing_in
from vote.service.folder import AssemblyFolder, from_files
from vote.service.house import House, Settings

NAME = "bench"
RESOLUTIONS = 6
CANDIDATES = tuple("abcdefghi")
SEATS = 5
CIPHERTEXTS = 3 * RESOLUTIONS + 1 + len(CANDIDATES)
CHOICES = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
BOARDS = (  # blank, then the nine candidates
    (0, 1, 1, 1, 1, 1, 0, 0, 0, 0),
    (0, 0, 0, 1, 0, 1, 0, 1, 0, 0),
    (1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
)


def text(words: str) -> str:
    return f'{{ en = "{words}" }}'


def definition() -> str:
    """`assembly.toml`; open since an hour ago."""
    opens = datetime.now(UTC).replace(microsecond=0, tzinfo=None) - timedelta(hours=1)
    head = f"""
format = 1
[assembly]
id = "{NAME}"
kind = "ordinary"
languages = ["en"]
timezone = "UTC"
opens = {opens.isoformat()}
meeting = {(opens + timedelta(days=1)).isoformat()}
closes = {(opens + timedelta(days=2)).isoformat()}
title = {text("Measured assembly")}
[trustees]
count = 2
threshold = 2
[tally]
abstentions = "excluded"
"""
    resolutions = [
        f"""
[[questions]]
id = "resolution{number}"
type = "resolution"
majority = {{ more_than = "1/2" }}
title = {text(f"Resolution {number}")}
text = {text("As proposed.")}
"""
        for number in range(1, RESOLUTIONS + 1)
    ]
    board = f"""
[[questions]]
id = "board"
type = "election"
seats = {SEATS}
tie_break = ["seniority", "lot"]
title = {text("The board")}
"""
    candidates = [
        f"""
  [[questions.candidates]]
  id = "{candidate}"
  name = "Candidate {candidate.upper()}"
  member_since = 2015-03-{number:02}
  statement = {text("Made up.")}
"""
        for number, candidate in enumerate(CANDIDATES, 1)
    ]
    return "".join([head, *resolutions, board, *candidates])


def roll(members: int) -> str:
    lines = [f"m{number},Member {number},,en,\n" for number in range(1, members + 1)]
    return "member,name,email,language,college\n" + "".join(lines)


def folder(members: int) -> AssemblyFolder:
    return from_files({"assembly.toml": definition().encode(), "roll.csv": roll(members).encode()})


def answers() -> Iterator[tuple[tuple[int, ...], ...]]:
    """Ballot after ballot, all allowed, not all alike."""
    for number, board in enumerate(cycle(BOARDS)):
        chosen = [CHOICES[(number + question) % 3] for question in range(RESOLUTIONS)]
        yield (*chosen, board)


def casts(members: int) -> list[Cast]:
    """A vote for each member."""
    return [
        Cast(f"m{number}", "main", chosen)
        for number, chosen in zip(range(1, members + 1), answers(), strict=False)
    ]


@dataclass(frozen=True)
class Opened:
    """The assembly open for voting, with everybody's codes."""

    house: House
    codes: Mapping[str, str]
    uuid: str

    @property
    def election(self) -> bytes:
        return overview.election_bytes(self.house, self.uuid)

    def tokens(self) -> list[str]:
        return [sign_in_token(NAME, code) for code in self.codes.values()]

    def ballots(self, count: int) -> list[bytes]:
        """Encrypted ballots of the first members."""
        election = self.election
        return [
            encrypt(election, code, chosen)
            for code, chosen, _ in zip(self.codes.values(), answers(), range(count), strict=False)
        ]


def open_assembly(data: Path, members: int, database_url: str | None = None) -> Opened:
    """A new installation in `data` with the assembly open in it."""
    house = House(Settings.in_folder(data, database_url=database_url))
    house.migrate()
    prepare.import_assembly(house, folder(members))
    codes, _ = rehearse.set_up(house, NAME, lambda *_: None)
    token = sign_in_token(NAME, next(iter(codes.values())))
    (paper,) = signing_in.sign_in(house, NAME, token).papers
    return Opened(house, codes, paper.uuid)
