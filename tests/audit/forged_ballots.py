"""Forged bundles: bytes of archives, ballots, sums, decryptions, results."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.audit.box import Box
from tests.audit.forging import MOTION, PERSONS, STAFF, Collection, Stages, finish
from tests.audit.workshop import ADA, AGAINST, BLANK, FOR, Files, Workshop
from vote.election import credential
from vote.election.fingerprint import hash_base64, hash_hex
from vote.election.group import Q, random_scalar
from vote.election.proofs import prove_knowledge
from vote.election.tally import Owned, SizedTally

FORGERIES = Collection()
forgery = FORGERIES.forgery


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def signed(uuid: str, value: dict[str, Any], code: str) -> bytes:
    """A ballot with a new signature by the holder of `code` over what it says now."""
    value["credential"] = credential.public_key(code, uuid).hex()
    del value["signature"]
    body_hash = hash_base64(compact(value))
    secret = credential.secret_key(code, uuid)
    proof = prove_knowledge(f"sig|{body_hash}|", secret, random_scalar)
    value["signature"] = {"hash": body_hash, "proof": json.loads(proof.to_json())}
    return compact(value)


def spoil(proof: dict[str, str]) -> None:
    """Make a proof a wrong one."""
    proof["response"] = str((int(proof["response"]) + 1) % Q)


def with_staff_ballot(
    stages: Stages, edit: Callable[[Box, bytes], bytes], *, counted: bool = False
) -> Workshop:
    """An assembly in which a member of the staff casts another ballot than a booth makes.

    It is recorded, and added to the sum if it can be (`counted`).
    """
    workshop = stages.voted
    box = workshop.box(college="staff")
    workshop.record(box, edit(box, box.encrypt("s2", (AGAINST, BLANK))))

    def weigh(each: Box) -> list[tuple[bytes, int]]:
        left_out = each is box and not counted
        return replace(each, ballots=each.ballots[:-1] if left_out else each.ballots).weighed()

    return workshop.close().sum_up(weigh).decrypt().publish_results().decide()


def edited(edit: Callable[[dict[str, Any]], object]) -> Callable[[Box, bytes], bytes]:
    """Edit a ballot's JSON and sign it again."""

    def apply(box: Box, data: bytes) -> bytes:
        value = json.loads(data)
        edit(value)
        return signed(box.uuid, value, box.codes["s2"])

    return apply


@forgery("a broken proof", 8, STAFF, "overall-proof")
def _(stages: Stages) -> Workshop:
    broken = edited(lambda value: spoil(value["answers"][0]["overall_proof"][0]))
    return with_staff_ballot(stages, broken, counted=True)


@forgery("a vote for nothing at all", 8, STAFF, "answer-shape")
def _(stages: Stages) -> Workshop:
    def shorten(value: dict[str, Any]) -> None:
        value["answers"][0]["choices"].pop()

    return with_staff_ballot(stages, edited(shorten))


@forgery("a point outside the group", 8, STAFF, "point-not-in-subgroup")
def _(stages: Stages) -> Workshop:
    def twist(value: dict[str, Any]) -> None:
        value["answers"][0]["choices"][0]["alpha"] = f"{2**255 - 20:064x}"

    return with_staff_ballot(stages, edited(twist))


@forgery("a number of five thousand digits", 8, STAFF, "number-syntax")
def _(stages: Stages) -> Workshop:
    def inflate(value: dict[str, Any]) -> None:
        value["answers"][0]["overall_proof"][0]["challenge"] = "9" * 5000

    return with_staff_ballot(stages, edited(inflate))


@forgery("a broken signature", 8, STAFF, "signature")
def _(stages: Stages) -> Workshop:
    def forge(_: Box, data: bytes) -> bytes:
        value = json.loads(data)
        spoil(value["signature"]["proof"])
        return compact(value)

    return with_staff_ballot(stages, forge, counted=True)


@forgery("a ballot with a space", 8, STAFF, "json-not-canonical")
def _(stages: Stages) -> Workshop:
    return with_staff_ballot(stages, lambda _, data: data[:-1] + b" }")


@forgery("a ballot of endless brackets", 8, STAFF, "json-syntax")
def _(stages: Stages) -> Workshop:
    def nest(_: Box, data: bytes) -> bytes:
        return data.partition(b'"answers":')[0] + b'"answers":' + b"[" * 200_000

    return with_staff_ballot(stages, nest)


@forgery("a ballot of two megabytes", 8, STAFF, "too-large")
def _(stages: Stages) -> Workshop:
    return with_staff_ballot(stages, lambda _, data: data + b" " * 2**21)


@forgery("a ballot of nobody on the list", 8, STAFF, "credential-unknown")
def _(stages: Stages) -> Workshop:
    stranger = credential.generate_code()
    return with_staff_ballot(stages, lambda box, data: signed(box.uuid, json.loads(data), stranger))


@forgery("a ballot for another election", 8, STAFF, "other-election")
def _(stages: Stages) -> Workshop:
    def stray(box: Box, _: bytes) -> bytes:
        other = replace(stages.opened.box(), codes=box.codes)
        return signed(box.uuid, json.loads(other.encrypt("s2", (FOR, ADA))), box.codes["s2"])

    return with_staff_ballot(stages, stray)


@forgery("a voter's choices copied and signed by another", 8, PERSONS, "individual-proof")
def _(stages: Stages) -> Workshop:
    workshop = stages.voted
    box = workshop.box()
    workshop.record(box, signed(box.uuid, json.loads(box.ballots[0]), box.codes["p2"]))
    return finish(workshop)


@forgery("the same ballot recorded twice", 4, PERSONS, "ballot-twice")
def _(stages: Stages) -> Workshop:
    workshop = stages.voted
    workshop.record(workshop.box(), workshop.box().ballots[-1])
    return finish(workshop)


@forgery("a ballot after the end of the vote", 4, PERSONS, "event-order")
def _(stages: Stages) -> Workshop:
    workshop = stages.closed
    workshop.cast(workshop.box(), "p3", (FOR, ADA))
    return workshop.sum_up().decrypt().publish_results().decide()


def with_sum(stages: Stages, weigh: Callable[[Box], list[tuple[bytes, int]]]) -> Workshop:
    """An assembly that sums its ballots otherwise; decryption and result are true to that."""
    return stages.closed.sum_up(weigh).decrypt().publish_results().decide()


@forgery("the first ballot counted instead of the last", 9, PERSONS, "tally-wrong")
def _(stages: Stages) -> Workshop:
    return with_sum(stages, lambda box: replace(box, ballots=box.ballots[::-1]).weighed())


@forgery("a ballot left out of the sum", 9, PERSONS, "tally-wrong")
def _(stages: Stages) -> Workshop:
    return with_sum(stages, lambda box: box.weighed()[1:])


@forgery("a ballot counted twice", 9, STAFF, "tally-wrong")
def _(stages: Stages) -> Workshop:
    def twice(box: Box) -> list[tuple[bytes, int]]:
        return box.weighed() * (2 if box.paper.college == "staff" else 1)

    return with_sum(stages, twice)


@forgery("weights forgotten", 9, PERSONS, "tally-wrong")
def _(stages: Stages) -> Workshop:
    return with_sum(stages, lambda box: [(ballot, 1) for ballot, _ in box.weighed()])


@forgery("more voters claimed than ballots summed", 9, PERSONS, "tally-size")
def _(stages: Stages) -> Workshop:
    def more(sized: SizedTally) -> SizedTally:
        return replace(sized, num_tallied=sized.num_tallied + 1)

    return stages.closed.sum_up(size=more).decrypt().publish_results().decide()


def with_decryption(
    stages: Stages, paper: str, owner: int, share: Callable[[Workshop, Box], bytes]
) -> Workshop:
    """An assembly in which one trustee of one election decrypts otherwise; the result is true."""
    workshop = stages.summed
    box = workshop.box(*paper.split("/"))

    def decrypt(each: Box, number: int) -> bytes:
        if each is box and number == owner:
            return share(workshop, box)
        return workshop.partial(each, number)

    return workshop.decrypt(decrypt).publish_results().decide()


@forgery("a decryption of another ciphertext", 10, STAFF, "decryption-proof")
def _(stages: Stages) -> Workshop:
    def other(workshop: Workshop, box: Box) -> bytes:
        return workshop.partial(replace(box, tally=workshop.box().tally), 2)

    return with_decryption(stages, STAFF, 2, other)


@forgery("one trustee's decryption given as another's", 10, PERSONS, "decryption-proof")
def _(stages: Stages) -> Workshop:
    return with_decryption(stages, PERSONS, 3, lambda workshop, box: workshop.partial(box, 2))


@forgery("a decryption that is no JSON", 10, PERSONS, "json-syntax")
def _(stages: Stages) -> Workshop:
    return with_decryption(stages, PERSONS, 3, lambda *_: b"[" * 100_000)


@forgery("a result without one trustee's decryption", 11, MOTION, "shares-missing")
def _(stages: Stages) -> Workshop:
    return with_decryption(stages, MOTION, 3, lambda *_: b"")


def with_further_share(stages: Stages, owner: int) -> Workshop:
    workshop = stages.decrypted
    box = workshop.box("motion")
    again = workshop.partial(box, 2)
    workshop.event(box, "PartialDecryption", again, Owned(owner, hash_hex(again)).encode())
    return workshop.publish_results().decide()


@forgery("the same trustee twice", 4, MOTION, "owner-twice")
def _(stages: Stages) -> Workshop:
    return with_further_share(stages, 2)


@forgery("a trustee whom nobody knows", 10, MOTION, "owner-unknown")
def _(stages: Stages) -> Workshop:
    return with_further_share(stages, 9)


@forgery("a vote moved from one candidate to the other", 11, PERSONS, "result-wrong")
def _(stages: Stages) -> Workshop:
    def move(box: Box, sums: list[list[int]]) -> None:
        if box.file == stages.decided.box().file:
            blank, ada, bela = sums[1]
            sums[1] = [blank, ada - 1, bela + 1]

    return stages.decrypted.publish_results(move).decide()


@forgery("an election without a result", 11, MOTION, "result-missing")
def _(stages: Stages) -> Workshop:
    workshop = stages.published
    box = workshop.box("motion")
    _, (_, event) = box.items.pop(-2), box.items.pop()
    workshop.entries.remove(event)
    return workshop.decide()


def with_archive(stages: Stages, paper: str, edit: Callable[[bytes], bytes]) -> Files:
    """The honest bundle with the bytes of one archive edited."""
    workshop = stages.decided
    files, file = workshop.bundle(), workshop.box(*paper.split("/")).file
    return files | {file: edit(files[file])}


@forgery("tar padding that is not zeros", 4, PERSONS, "member-padding")
def _(stages: Stages) -> Files:
    return with_archive(stages, PERSONS, lambda data: data[:1000] + b"x" + data[1001:])


@forgery("a file in the tar of another time", 4, PERSONS, "member-header")
def _(stages: Stages) -> Files:
    def later(data: bytes) -> bytes:
        block = bytearray(data[:512])
        block[146] ^= 1
        block[148:156] = b" " * 8
        block[148:156] = f"{sum(block):06o}\0 ".encode()
        return bytes(block) + data[512:]

    return with_archive(stages, PERSONS, later)


@forgery("blocks of zeros after the last file", 4, STAFF, "member-header")
def _(stages: Stages) -> Files:
    return with_archive(stages, STAFF, lambda data: data + bytes(1024))


@forgery("an archive that ends in the middle of a file", 4, STAFF, "archive-truncated")
def _(stages: Stages) -> Files:
    return with_archive(stages, STAFF, lambda data: data[:-512])


@forgery("an archive that claims eight gigabytes", 4, STAFF, "too-large")
def _(stages: Stages) -> Files:
    return with_archive(stages, STAFF, lambda data: data[:124] + b"7" * 11 + data[135:])


@forgery("data that no event refers to", 4, STAFF, "data-surplus")
def _(stages: Stages) -> Workshop:
    workshop = stages.decided
    workshop.box(college="staff").items.append(("data", b"{}"))
    return workshop


@forgery("two elections' archives swapped", 6, PERSONS, "election-differs")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    files, one, other = workshop.bundle(), workshop.box().file, workshop.box("motion").file
    return files | {one: files[other], other: files[one]}
