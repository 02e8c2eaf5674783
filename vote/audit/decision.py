"""Steps 16 to 18: the lots, the files, and the outcome computed anew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from vote.assembly import outcome as law
from vote.assembly.count import Count, Counts
from vote.assembly.model import Definition, Election
from vote.audit.archives import Archive
from vote.audit.counts import WHOLE_ASSEMBLY, count_of
from vote.audit.errors import Finding, refuse, refuse_if
from vote.audit.log import PREFIX as LOG_PREFIX
from vote.audit.log import Contents
from vote.audit.prescribed import (
    DEFINITION_FILE,
    ELECTIONS_FILE,
    ELECTIONS_PREFIX,
    Listed,
)
from vote.audit.report import there
from vote.audit.source import Source, digest, read
from vote.audit.witnesses import WITNESSES
from vote.election import lot
from vote.election.errors import ProtocolError
from vote.election.group import Point
from vote.tlog.entry import Definition as DefinitionEntry
from vote.tlog.entry import Lot as LotEntry
from vote.tlog.entry import Outcome as OutcomeEntry

OUTCOME_FILE: Final = "outcome.json"
MAX_OUTCOME: Final = 16 * 2**20
_NAMED_APART: Final = (DEFINITION_FILE, ELECTIONS_FILE, OUTCOME_FILE)
_SHOWN: Final = 80  # characters of a value in a message

Seeds = Mapping[str, bytes]
"""For each ballot paper on which lots may be drawn, the seed."""


class Decided(NamedTuple):
    """What was counted, and what the rules make of it."""

    counts: Counts
    outcome: law.Outcome


class _Share(NamedTuple):
    entry: int
    owner: int
    share: bytes


def draws_lots(definition: Definition, ballot: str) -> bool:
    """Whether a question of this ballot paper may be settled by drawing lots."""
    return any(
        isinstance(question, Election) and "lot" in question.tie_break
        for question in definition.questions_of(ballot)
    )


def check_lots(
    definition: Definition, listed: Sequence[Listed], archives: Sequence[Archive], log: Contents
) -> Seeds:
    """Step 16: where lots may be drawn, each trustee who decrypted gave a share, once and truly."""
    given: dict[str, list[_Share]] = {each.uuid: [] for each in listed}
    findings = []
    for index, own in log.own():
        if isinstance(own, LotEntry):
            if own.election in given:
                given[own.election].append(_Share(index, own.owner, own.share))
            else:
                findings.append(log.finding(index, "lot-stray", "a lot of an unknown election"))
    for each, archive in zip(listed, archives, strict=True):
        drawn = draws_lots(definition, each.paper.ballot)
        owners = set(archive.scanned.shares) if drawn else set()
        findings += _check_shares(each, archive, owners, given[each.uuid], log)
    refuse_if(findings)
    return {
        paper.ballot: lot.seed(
            _combine(archive, given[each.uuid])
            for each, archive in zip(listed, archives, strict=True)
            if each.paper.ballot == paper.ballot
        )
        for paper in (each.paper for each in listed)
        if draws_lots(definition, paper.ballot)
    }


def _check_shares(
    each: Listed, archive: Archive, owners: set[int], shares: Sequence[_Share], log: Contents
) -> Iterator[Finding]:
    setup, event = archive.set_up, archive.scanned.tally_event or ""
    missing = set(owners)
    for number, owner, share in shares:
        if owner not in missing:
            yield log.finding(number, "lot-surplus", f"a share of trustee {owner} too many")
            continue
        missing.remove(owner)
        try:
            key = setup.trustees.key_of(owner)
            lot.verify_lot_share(key, setup.fingerprint, event, share)
        except ProtocolError as error:
            yield log.finding(number, error.code, f"the share of trustee {owner}: {error.message}")
    for owner in sorted(missing):
        yield Finding("lot-missing", f"trustee {owner} gave no share of the lot", each.file)


def _combine(archive: Archive, shares: Sequence[_Share]) -> Point:
    setup, event = archive.set_up, archive.scanned.tally_event or ""
    by_owner = {share.owner: share.share for share in shares}
    return lot.combine(setup.trustees, setup.fingerprint, event, by_owner)


def check_files(source: Source, log: Contents, archives: set[str] | None) -> int:
    """Step 17: every file has the hash that the log's first and last entry name; no other is there.

    `archives`: the elections' files, if their list is good; what is in them is for steps 4 to 11,
    and the log's own files, but for its list of witnesses, for step 13. How many files there are
    besides.
    """
    named: dict[str, str] = {}
    further: frozenset[str] = frozenset()
    for _, own in log.own():
        if isinstance(own, DefinitionEntry):
            named |= {DEFINITION_FILE: own.definition_sha256, ELECTIONS_FILE: own.elections_sha256}
        if isinstance(own, OutcomeEntry):
            named |= {**own.files, OUTCOME_FILE: own.outcome_sha256}
            further = frozenset(own.files)
    findings = [
        Finding("path-reserved", "the log's last entry names a file that it must not", path)
        for path in sorted(further)
        if path in _NAMED_APART or (path.startswith(LOG_PREFIX) and path != WITNESSES)
    ]
    findings += _hashes(source, named)
    surplus = {
        name
        for name in source.names - set(named) - set(_NAMED_APART) - (archives or set())
        if (name == WITNESSES or not name.startswith(LOG_PREFIX))
        and (archives is not None or not name.startswith(ELECTIONS_PREFIX))
    }
    findings += [
        Finding("file-surplus", "the log does not name this file", name) for name in sorted(surplus)
    ]
    refuse_if(findings)
    return len(further)


def _hashes(source: Source, named: Mapping[str, str]) -> Iterator[Finding]:
    for path, wanted in sorted(named.items()):
        if path not in source.names:
            yield Finding("file-missing", "the bundle has no such file", path)
        elif digest(source, path) != wanted:
            yield Finding("file-differs", "the file is not the one whose hash is in the log", path)


def check_outcome(
    source: Source,
    definition: Definition,
    listed: Sequence[Listed],
    archives: Sequence[Archive],
    seeds: Seeds,
) -> Decided:
    """Step 18: outcome.json is, byte for byte, what the rules make of the results."""
    counts: dict[str, dict[str, Count]] = {}
    for each, archive in zip(listed, archives, strict=True):
        college = each.paper.college or WHOLE_ASSEMBLY
        counts.setdefault(each.paper.ballot, {})[college] = _count(each, archive)
    outcome = law.compute(definition, counts, seeds)
    expected = law.outcome_json(outcome)
    found = read(source, OUTCOME_FILE, MAX_OUTCOME)
    if found != expected:
        raise refuse("outcome-differs", _difference(found, expected), OUTCOME_FILE)
    return Decided(counts, outcome)


def _count(each: Listed, archive: Archive) -> Count:
    sums = there(archive.sums)
    return count_of(
        each.paper,
        enrolled=len(archive.set_up.weights),
        voters=sums.count,
        weight=sums.total_weight,
        result=there(archive.result),
    )


def _difference(found: bytes, expected: bytes) -> str:
    """Where the published outcome first departs from the computed one."""
    try:
        published = json.loads(found)
    except (ValueError, RecursionError):
        return "the file is not JSON"
    return _first_difference("", published, json.loads(expected)) or (
        "the file says the right things, but not in the canonical bytes (RFC 8785)"
    )


def _first_difference(path: str, found: object, expected: object) -> str | None:
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted({*found, *expected}):
            inner = _first_difference(f"{path}.{key}", found.get(key), expected.get(key))
            if inner:
                return inner
        return None
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        inners = (
            _first_difference(f"{path}[{number}]", *pair)
            for number, pair in enumerate(zip(found, expected, strict=True))
        )
        return next(filter(None, inners), None)
    if found == expected and type(found) is type(expected):
        return None
    return f"{path[1:] or 'it'} is {_show(found)}, the rules give {_show(expected)}"


def _show(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "nested too deeply"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
