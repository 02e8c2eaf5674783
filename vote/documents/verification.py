"""What the minutes say about how they can be verified."""

from __future__ import annotations

from collections.abc import Iterator

from vote.assembly.model import WHOLE
from vote.documents import page, qr
from vote.documents.page import Block
from vote.documents.questions import Reader


def blocks(reader: Reader, digest: str) -> Iterator[Block]:
    """The hashes, where the bundle is, and the sealed boxes; `digest` is that of the data."""
    say, hashes, record = reader.words, reader.minutes["hashes"], reader.minutes["recorded"]
    yield page.heading(2, say("verification"))
    told = [page.text(say("verify_text"))]
    if record["address"] is None:
        yield from told
    else:
        address = record["address"]
        told.append(page.text(say("verify_address", address=address)))
        yield page.picture(qr.svg(address), say("qr_alt", address=address), told)
    yield page.codes(
        [
            (say("hash_minutes"), digest),
            *((say(f"hash_{one}"), hashes[f"{one}_sha256"]) for one in _HASHED),
            *([(say("hash_roll"), record["roll"])] if record["roll"] else []),
            (say("log_key"), hashes["log"]["key"]),
            (say.count("log_root", hashes["log"]["size"]), hashes["log"]["root"]),
        ]
    )
    yield page.heading(3, say("boxes"))
    yield _boxes(reader)
    yield page.text(say("replaced_note"), small=True)


_HASHED = ("definition", "elections", "outcome")


def _boxes(reader: Reader) -> Block:
    say = reader.words
    ballots = {one["id"]: one for one in reader.minutes["ballots"]}
    rows = []
    for box in reader.minutes["hashes"]["boxes"]:
        ballot, college = ballots[box["ballot"]], box["college"]
        alone = len(ballots) == 1 and "title" not in ballot
        name = say("whole_assembly") if alone else reader.paper_name(ballot)
        if college is not None:
            name = (
                f"{name} · {reader.names[college]}" if len(ballots) > 1 else reader.names[college]
            )
        rows.append(
            [
                page.noted(name, box["uuid"]),
                reader.number(box["ballots"]),
                reader.number(ballot["voters"][college or WHOLE]),
                page.code(box["sealed"]),
            ]
        )
    columns = [
        page.column(say("box_paper"), width=3),
        page.column(say("box_ballots"), figures=True),
        page.column(say("box_counted"), figures=True),
        page.column(say("box_seal"), width=4.5),
    ]
    return page.table(columns, rows)
