"""A small made-up assembly for tests, open now or decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vote.service import prepare, rehearse
from vote.service.folder import AssemblyFolder, from_files
from vote.service.house import House, Settings
from vote.service.rehearse import Bureau, Clock

TITLE = '{ fr = "Assemblée d’essai", nl = "Proefvergadering", en = "Trial assembly" }'
COLLEGES = {"persons": 8, "staff": 3, "partners": 2}
DEFINITION = """
format = 1

[assembly]
id = "ID"
kind = "ordinary"
languages = ["fr", "nl", "en"]
timezone = "UTC"
opens = OPENS
meeting = MEETING
closes = CLOSES
title = TITLE

[trustees]
count = 2
threshold = 2

[quorum]
minimum = "1/5"
base = "heads"

[tally]
carry = "proportional"
silent_college = "keep"
abstentions = "excluded"
COLLEGES
[[questions]]
id = "accounts"
type = "resolution"
majority = { more_than = "1/2" }
title = { fr = "Les comptes", nl = "De rekeningen", en = "The accounts" }
text = { fr = "Approuver **les comptes**.", nl = "De rekeningen goedkeuren.", en = "Approve." }

[[questions]]
id = "board"
type = "election"
seats = 2
tie_break = ["seniority", "lot"]
title = { fr = "Le conseil", nl = "Het bestuur", en = "The board" }
CANDIDATES
"""
COLLEGE = """
[[colleges]]
id = "NAME"
SHAREname = { fr = "NAME", nl = "NAME", en = "NAME" }
"""
CANDIDATE = """
  [[questions.candidates]]
  id = "ID"
  name = "NAME"
  college = "persons"
  member_since = 2015-03-01
  statement = { fr = "Bonjour.", nl = "Hallo.", en = "Hello." }
"""
CANDIDATES = {"one": "Uno Example", "two": "Duo Example", "three": "Tria Example"}


def assembly_toml(
    assembly: str = "trial", *, shares: bool = False, opens: datetime | None = None
) -> str:
    """The definition, open from `opens` (an hour ago) on for two days."""
    start = opens or datetime.now(UTC) - timedelta(hours=1)
    times = {
        "OPENS": start,
        "MEETING": start + timedelta(days=1),
        "CLOSES": start + timedelta(days=2),
    }
    text = DEFINITION.replace("TITLE", TITLE).replace('"ID"', f'"{assembly}"')
    for name, time in times.items():
        text = text.replace(name, time.strftime("%Y-%m-%dT%H:%M:%S"))
    share = 'share = "1/3"\n' if shares else ""
    colleges = "".join(COLLEGE.replace("NAME", name).replace("SHARE", share) for name in COLLEGES)
    candidates = "".join(
        CANDIDATE.replace("ID", candidate).replace("NAME", name)
        for candidate, name in CANDIDATES.items()
    )
    return text.replace("COLLEGES", colleges).replace("CANDIDATES", candidates)


def roll_csv() -> str:
    lines = ["member,name,email,language,college"]
    for college, count in COLLEGES.items():
        for number in range(1, count + 1):
            member = f"{college}-{number}"
            lines.append(f"{member},Member {member},{member}@example.org,fr,{college}")
    return "\n".join(lines) + "\n"


def folder(assembly: str = "trial", **options: object) -> AssemblyFolder:
    """The assembly as if a host had written it."""
    toml = assembly_toml(assembly, **options)  # type: ignore[arg-type]
    return from_files({"assembly.toml": toml.encode(), "roll.csv": roll_csv().encode()})


def write_folder(place: Path, assembly: str = "trial", **options: object) -> Path:
    """The same as files."""
    place.mkdir(parents=True, exist_ok=True)
    toml = assembly_toml(assembly, **options)  # type: ignore[arg-type]
    (place / "assembly.toml").write_text(toml)
    (place / "roll.csv").write_text(roll_csv())
    return place


@dataclass(frozen=True, slots=True)
class Opened:
    """An assembly open for voting, with everybody's secrets."""

    house: House
    clock: Clock
    assembly: str
    codes: Mapping[str, str]
    bureau: Bureau


def open_assembly(
    data: Path, database_url: str | None = None, assembly: str = "trial", **options: object
) -> Opened:
    """An installation with the small assembly open now."""
    clock = Clock(datetime.now(UTC))
    settings = Settings.in_folder(data, database_url=database_url)
    house = House(settings, clock)
    house.migrate()
    prepare.import_assembly(house, folder(assembly, **options))
    codes, bureau = rehearse.set_up(house, assembly, lambda *_: None)
    return Opened(house, clock, assembly, codes, bureau)
