"""Reading what was decided from a bundle, without verifying it: that is `vote verify`'s part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from vote.assembly import recount
from vote.assembly.definition import Definition
from vote.assembly.errors import DefinitionError
from vote.assembly.outcome import compute
from vote.audit import archives, decision, log, prescribed
from vote.audit.archives import Archive
from vote.audit.errors import AuditError, UnreadableError
from vote.audit.report import Ledger
from vote.audit.source import Source, open_source, read
from vote.service.counting import Counted
from vote.service.errors import Refusal, Unreadable


def read_bundle(path: Path, *, lots: bool) -> Counted:
    """What a bundle (a folder, or the same zipped) says was counted and decided.

    The outcome must be what the rules make of its own counts; that these are the ballots' only
    the verifier can say.

    :param lots: also recompute the seeds of lots that decided nothing: other rules may need them
    :raises Refusal: what is there contradicts itself; Unreadable: it is not a bundle
    """
    with _in_words(path), closing(open_source(path)) as source:
        definition = prescribed.check_definition(source).definition
        data = read(source, decision.OUTCOME_FILE, decision.MAX_OUTCOME)
        counts = recount.check(definition, data)
        seeds = recount.seeds_of(definition, data)
        outcome = compute(definition, counts, seeds)
        if lots and any(decision.draws_lots(definition, each.id) for each in definition.ballots):
            seeds = {**_seeds(source, definition), **seeds}
        return Counted(definition, counts, seeds, outcome)


def _seeds(source: Source, definition: Definition) -> dict[str, bytes]:
    """The seeds of the lots, from the trustees' shares in the log."""
    listed = prescribed.check_elections(source, definition)
    boxes = [Archive(each.file) for each in listed]
    ledger = Ledger()
    archives.scan_all(source, boxes, ledger, lambda *_: None)
    archives.check_setups(boxes, ledger)
    failed = [finding for check in ledger.checks for finding in check.findings]
    if failed:
        raise AuditError(failed)
    signed = log.check_checkpoint(source, None)
    contents = log.read_entries(log.check_tiles(source, signed))
    return dict(decision.check_lots(definition, listed, boxes, contents))


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except UnreadableError as error:
        raise Unreadable(error.code, "{reason}", {"reason": error.message}) from error
    except AuditError as error:
        raise _does_not_hold(path, error.findings[0].message) from error
    except DefinitionError as error:
        raise _does_not_hold(path, error.faults[0].message) from error


def _does_not_hold(path: Path, reason: str) -> Refusal:
    return Refusal(
        "bundle-does-not-hold",
        "{bundle} does not hold together: {reason} Run “vote verify” on it.",
        {"bundle": str(path), "reason": reason.rstrip(".") + "."},
    )
