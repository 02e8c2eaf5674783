"""The end of a watch: our copy is completed to a bundle, verified, and held against the service's.

From the bundle that the service offers only what cannot be watched is taken (the outcome, minutes,
portraits, the list of witnesses), and only with the hash that the log's last entry names. All the
rest of our bundle is what was watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from vote.audit.decision import MAX_OUTCOME, OUTCOME_FILE
from vote.audit.errors import AuditError, UnreadableError
from vote.audit.prescribed import ELECTIONS_PREFIX
from vote.audit.report import Report
from vote.audit.source import Source, digest, open_source, read
from vote.audit.verify import verify
from vote.audit.witnesses import WITNESSES, in_order, parse_witnesses
from vote.service import durable
from vote.service.monitor.logcopy import CHECKPOINT, LogCopy
from vote.service.monitor.site import MissingError, Site
from vote.service.monitor.state import State
from vote.tlog import entry
from vote.tlog.checkpoint import open_checkpoint
from vote.tlog.errors import LogError
from vote.tlog.note import MAX_NOTE_SIZE

DOWNLOADED: Final = "service.zip"
_MAX_FURTHER: Final = 2**30

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """The verifier's report on what was watched, and where the service's own bundle differs."""

    report: Report
    differences: Sequence[str]

    @property
    def holds(self) -> bool:
        """Whether everything does."""
        return self.report.exit_code == 0 and not self.differences


def finish(site: Site, state: State, log: LogCopy, jobs: int, progress: Progress) -> Ending:
    """Download, complete, verify, compare. Raises SilentError, MissingError."""
    place = state.folder / DOWNLOADED
    site.download_bundle(place)
    outcome = entry.parse(log.last_entry())
    if not isinstance(outcome, entry.Outcome):
        raise MissingError("the log does not end with an outcome")
    try:
        with closing(open_source(place)) as theirs:
            differences = list(_complete(state.watched, log, outcome, theirs))
            _remove_surplus(state.watched, log)
            report = verify(state.watched, jobs=jobs, key=log.key, progress=progress)
            differences += _differences(state.watched, log, theirs)
    except UnreadableError as error:
        raise MissingError(f"the bundle that the service offers: {error.message}") from error
    return Ending(report, differences)


def _complete(folder: Path, log: LogCopy, outcome: entry.Outcome, theirs: Source) -> Iterator[str]:
    """Take what the log names by its hash; what is not to be had so."""
    wanted = {**outcome.files, OUTCOME_FILE: outcome.outcome_sha256}
    for name, expected in sorted(wanted.items()):
        if name.startswith(ELECTIONS_PREFIX):
            continue  # the archives are what was watched
        limit = MAX_OUTCOME if name == OUTCOME_FILE else _MAX_FURTHER
        try:
            content = read(theirs, name, limit)
        except (AuditError, OSError) as error:
            yield f"{name}: {error}"
            continue
        if sha256(content).hexdigest() != expected:
            yield f"{name} is not the file whose hash the log names"
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        durable.write(target, content, mode=0o644)
    durable.write(folder / CHECKPOINT, _checkpoint(folder, log), mode=0o644)


def _checkpoint(folder: Path, log: LogCopy) -> bytes:
    """Our newest checkpoint with the cosignatures of the witnesses that the log names."""
    note = log.note or b""
    listed = folder / WITNESSES
    try:
        known = parse_witnesses(listed.read_bytes()) if listed.exists() else ()
        return in_order(note, log.key, known)
    except LogError:
        return note


def _remove_surplus(folder: Path, log: LogCopy) -> None:
    """What a crash may have left behind beyond the tiles of the tree."""
    wanted = log.files()
    for path in sorted((folder / "log/tile").rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _differences(folder: Path, log: LogCopy, theirs: Source) -> Iterator[str]:
    """File by file; of the checkpoint, what the log signed: witnesses may sign it later."""
    with closing(open_source(folder)) as ours:
        for name in sorted(ours.names | theirs.names):
            if name not in theirs.names:
                yield f"{name} is missing"
            elif name not in ours.names:
                yield f"{name} was not there when it was watched"
            elif name == CHECKPOINT:
                yield from _other_checkpoint(log, theirs)
            else:
                yield from _other_bytes(name, ours, theirs)
    yield from (finding.message for finding in theirs.faults)


def _other_checkpoint(log: LogCopy, theirs: Source) -> Iterator[str]:
    try:
        if open_checkpoint(read(theirs, CHECKPOINT, MAX_NOTE_SIZE), log.key) != log.head:
            yield f"{CHECKPOINT} is of another tree"
    except (AuditError, LogError, OSError) as error:
        yield f"{CHECKPOINT}: {error}"


def _other_bytes(name: str, ours: Source, theirs: Source) -> Iterator[str]:
    try:
        if digest(ours, name) != digest(theirs, name):
            yield f"{name} is not what was watched"
    except (AuditError, OSError) as error:
        yield f"{name}: {error}"
