"""Forged bundles: lots, files, the outcome."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import rfc8785

from tests.audit.box import Box
from tests.audit.forging import STAFF, Collection, Stages
from tests.audit.workshop import ASSEMBLY, MINUTES, PHOTO, Files, Workshop
from vote.tlog import entry

FORGERIES = Collection()
forgery = FORGERIES.forgery

ENTRIES, ENTRIES_AND_ONE = "log/tile/entries/000.p/44", "log/tile/entries/000.p/45"


def of_decided(stages: Stages, **files: bytes) -> Files:
    """The honest bundle with other files in it."""
    return stages.decided.bundle() | files


def with_lots(stages: Stages, lots: Callable[[Workshop, Box, int], list[bytes]]) -> Workshop:
    """An assembly in which trustees give other shares of the lot."""
    workshop = stages.summed
    decrypted = workshop.decrypt(lots=lambda box, owner: lots(workshop, box, owner))
    return decrypted.publish_results().decide()


@forgery("a trustee's share of the lot missing", 16, STAFF, "lot-missing")
def _(stages: Stages) -> Workshop:
    def forget(workshop: Workshop, box: Box, owner: int) -> list[bytes]:
        left_out = box is workshop.box(college="staff") and owner == 3
        return [] if left_out else workshop.lots(box, owner)

    return with_lots(stages, forget)


@forgery("a share of the lot altered", 16, ENTRIES, "lot-proof")
def _(stages: Stages) -> Workshop:
    def alter(workshop: Workshop, box: Box, owner: int) -> list[bytes]:
        if box is not workshop.box() or owner != 2:
            return workshop.lots(box, owner)
        value = json.loads(workshop.lot(box, owner))
        value["share"]["factor"] = json.loads(workshop.lot(box, 3))["share"]["factor"]
        return [rfc8785.dumps(value)]

    return with_lots(stages, alter)


@forgery("a share of another election's lot", 16, ENTRIES, "lot-proof")
def _(stages: Stages) -> Workshop:
    def swap(workshop: Workshop, box: Box, owner: int) -> list[bytes]:
        if box is not workshop.box() or owner != 1:
            return workshop.lots(box, owner)
        other = replace(box, tally_event=workshop.box(college="staff").tally_event)
        return [workshop.lot(other, owner)]

    return with_lots(stages, swap)


@forgery("a second share by the same trustee", 16, ENTRIES_AND_ONE, "lot-surplus")
def _(stages: Stages) -> Workshop:
    def repeat(workshop: Workshop, box: Box, owner: int) -> list[bytes]:
        again = box is workshop.box() and owner == 3
        return workshop.lots(box, owner) * (2 if again else 1)

    return with_lots(stages, repeat)


@forgery("a lot where none is drawn", 16, ENTRIES_AND_ONE, "lot-surplus")
def _(stages: Stages) -> Workshop:
    def draw(workshop: Workshop, box: Box, owner: int) -> list[bytes]:
        needless = box is workshop.box("motion") and owner == 3
        return [workshop.lot(box, owner)] if needless else workshop.lots(box, owner)

    return with_lots(stages, draw)


@forgery("a photo changed", 17, PHOTO, "file-differs")
def _(stages: Stages) -> Files:
    return of_decided(stages, **{PHOTO: b"\x89PNG\r\n\x1a\n another face"})


@forgery("the minutes missing", 17, MINUTES, "file-missing")
def _(stages: Stages) -> Files:
    files = stages.decided.bundle()
    del files[MINUTES]
    return files


@forgery("a file that nobody named", 17, "notes.txt", "file-surplus")
def _(stages: Stages) -> Files:
    return of_decided(stages, **{"notes.txt": b"made up"})


@forgery("an archive that nobody listed", 17, "elections/AnotherE1ection.bel", "file-surplus")
def _(stages: Stages) -> Files:
    return of_decided(stages, **{"elections/AnotherE1ection.bel": b"made up"})


@forgery("a file in the place of the log's", 17, "log/checkpoint", "path-reserved")
def _(stages: Stages) -> Workshop:
    workshop = stages.published.decide()
    digest = sha256(workshop.files["outcome.json"]).hexdigest()
    workshop.entries[-1] = entry.Outcome(digest, {"log/checkpoint": "0" * 64}).encode()
    return workshop


def with_outcome(stages: Stages, edit: Callable[[bytes], bytes]) -> Workshop:
    """An assembly that declares another outcome, and logs its hash."""
    workshop = stages.decided
    workshop.files["outcome.json"] = edit(workshop.files["outcome.json"])
    workshop.entries[-1] = workshop.outcome_entry()
    return workshop


@forgery("another outcome, whose hash is in the log", 18, "outcome.json", "outcome-differs")
def _(stages: Stages) -> Workshop:
    return with_outcome(stages, lambda data: data.replace(b'"adopted"', b'"rejected"', 1))


@forgery("an outcome with the candidates exchanged", 18, "outcome.json", "outcome-differs")
def _(stages: Stages) -> Workshop:
    return with_outcome(stages, lambda data: data.replace(b'["ada"]', b'["bela"]'))


@forgery("an outcome with a space", 18, "outcome.json", "outcome-differs")
def _(stages: Stages) -> Workshop:
    return with_outcome(stages, lambda data: data + b"\n")


@forgery("an outcome that is not JSON", 18, "outcome.json", "outcome-differs")
def _(stages: Stages) -> Workshop:
    return with_outcome(stages, lambda _: b"[" * 100_000)


@forgery("an outcome after the log was closed", 17, "outcome.json", "file-differs")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    data = workshop.files["outcome.json"].replace(b'"adopted"', b'"rejected"', 1)
    return workshop.bundle() | {"outcome.json": data}


@forgery("a definition with another hash in the log", 17, "assembly.json", "file-differs")
def _(stages: Stages) -> Workshop:
    workshop = stages.decided
    workshop.entries[0] = entry.Definition(ASSEMBLY, "0" * 64, elections_sha(workshop)).encode()
    return workshop


def elections_sha(workshop: Workshop) -> str:
    return sha256(workshop.files["elections.json"]).hexdigest()


@forgery("another assembly's definition in the log", 15, ENTRIES, "other-assembly")
def _(stages: Stages) -> Workshop:
    workshop = stages.decided
    digest = sha256(workshop.files["assembly.json"]).hexdigest()
    workshop.entries[0] = entry.Definition("other", digest, elections_sha(workshop)).encode()
    return workshop


def with_minutes(stages: Stages, edit: Callable[[bytes], bytes]) -> Workshop:
    """An assembly whose minutes say something else, and whose log has their hash."""
    return stages.published.decide(minutes=edit)


@forgery("minutes that say otherwise", 19, "minutes.json", "minutes-differ")
def _(stages: Stages) -> Workshop:
    return with_minutes(stages, lambda data: data.replace(b'"adopted"', b'"rejected"', 1))


@forgery("minutes of a larger box", 19, "minutes.json", "minutes-differ")
def _(stages: Stages) -> Workshop:
    return with_minutes(stages, lambda data: data.replace(b'"ballots":4', b'"ballots":5'))


@forgery("minutes of another log", 19, "minutes.json", "minutes-differ")
def _(stages: Stages) -> Workshop:
    return with_minutes(stages, lambda data: data.replace(b'"size":43', b'"size":42'))


@forgery("minutes with a space", 19, "minutes.json", "minutes-differ")
def _(stages: Stages) -> Workshop:
    return with_minutes(stages, lambda data: data + b" ")


@forgery("minutes of endless brackets", 19, "minutes.json", "minutes-not-json")
def _(stages: Stages) -> Workshop:
    return with_minutes(stages, lambda _: b"[" * 100_000)


@forgery("minutes recorded in another form", 19, "minutes.json", "minutes-record")
def _(stages: Stages) -> Workshop:
    return with_minutes(stages, lambda data: data.replace(b'"chair"', b'"chairs"'))


@forgery("minutes changed afterwards", 17, "minutes.json", "file-differs")
def _(stages: Stages) -> Files:
    data = stages.decided.files["minutes.json"].replace(b"C. Example", b"D. Example")
    return of_decided(stages, **{"minutes.json": data})
