"""The sample assemblies, as if today were the day: one open for voting, one decided."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vote import resources
from vote.election.trustee import private_key_json
from vote.service import officers, prepare
from vote.service.folder import AssemblyFolder, read_folder
from vote.service.house import House, Settings
from vote.service.rehearse import Bureau, Clock, draw_casts, play, set_up, vote

OPEN_SAMPLE = "grand-etabli-2026"
DECIDED_SAMPLE = "rails-buissonniers-2026"
HOST = "host"
TURNOUT = 0.45
TRUSTEES = ("Clémentine Passepartout", "Bram Sleutelbosch", "Ottoline Lockwright")

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class TrusteeOfDemo:
    """Who it is, where the page is, and the file with the key that goes with it."""

    name: str
    token: str
    key_file: Path


@dataclass(frozen=True, slots=True)
class Demo:
    """What a visitor needs: the assemblies, a member's code, the host's password."""

    open_assembly: str
    decided_assembly: str
    code: str
    host: str
    password: str
    trustees: tuple[TrusteeOfDemo, ...]


def build(settings: Settings, report: Report, workers: int, language: str) -> Demo:
    """Fill an empty installation with the two sample assemblies and their ballots.

    `language`: that of the member whose code is given, if there is such a member.
    """
    now = datetime.now(UTC)
    clock = Clock(now)
    house = House(settings, clock)
    try:
        house.migrate()
        password = secrets.token_urlsafe(12)
        officers.add(house, HOST, password)
        decided = _at(_sample(DECIDED_SAMPLE), now - timedelta(days=1))
        casts = draw_casts(decided, TURNOUT, 7)
        play(house, clock, decided, casts, report=report, workers=workers, trustees=TRUSTEES)
        clock.now = now
        opened = _at(_sample(OPEN_SAMPLE), now + timedelta(days=3))
        codes, bureau = _open(house, opened, report, workers)
        return Demo(
            open_assembly=opened.definition.assembly.id,
            decided_assembly=decided.definition.assembly.id,
            code=_code_in(language, opened, codes),
            host=HOST,
            password=password,
            trustees=_keep_keys(bureau, settings.data),
        )
    finally:
        house.close()


def _sample(name: str) -> AssemblyFolder:
    return read_folder(resources.samples() / name)


def _at(folder: AssemblyFolder, meeting: datetime) -> AssemblyFolder:
    """The same assembly with its meeting then, voting open for the days before as it was."""
    assembly = folder.definition.assembly
    local = meeting.astimezone(assembly.zone).replace(tzinfo=None)
    shift = timedelta(days=(local.date() - assembly.meeting.date()).days)
    moved = replace(
        assembly,
        opens=assembly.opens + shift,
        meeting=assembly.meeting + shift,
        closes=assembly.closes + shift,
    )
    proxies = folder.definition.proxies
    if proxies is not None:
        proxies = replace(proxies, deadline=proxies.deadline + shift)
    definition = replace(folder.definition, assembly=moved, proxies=proxies)
    return replace(folder, definition=definition)


def _open(
    house: House, folder: AssemblyFolder, report: Report, workers: int
) -> tuple[dict[str, str], Bureau]:
    """Open the assembly, let some members vote; the codes of those who have not, and the bureau."""
    assembly = prepare.import_assembly(house, folder, rehearsal=True)
    codes, bureau = set_up(house, assembly, report, TRUSTEES)
    casts = draw_casts(folder, TURNOUT, 11)
    vote(house, assembly, codes, casts, report=report, workers=workers)
    voted = {cast.member for cast in casts}
    return {member: code for member, code in codes.items() if member not in voted}, bureau


def _code_in(language: str, folder: AssemblyFolder, codes: Mapping[str, str]) -> str:
    """The first code of a member who reads `language`; of anybody, where there is none."""
    readers = [each.member for each in folder.roll if each.language == language]
    return codes[next(member for member in [*readers, *codes] if member in codes)]


def _keep_keys(bureau: Bureau, folder: Path) -> tuple[TrusteeOfDemo, ...]:
    """The trustees' keys as files, as trustees would keep them, so that the visitor can decrypt."""
    kept = []
    each = zip(TRUSTEES, bureau.tokens, bureau.private_keys, strict=True)
    for number, (name, token, key) in enumerate(each, 1):
        path = folder / f"trustee-{number}-key.json"
        path.touch(mode=0o600)
        path.write_bytes(private_key_json(key))
        kept.append(TrusteeOfDemo(name, token, path))
    return tuple(kept)
