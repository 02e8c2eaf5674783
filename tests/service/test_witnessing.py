"""The service and its witnesses: cosignatures are published, and nobody's failure stops a vote."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.casting import ballot, cast, stored
from tests.service.witness_doubles import Answer, Double, double, own_witness
from tests.small import Opened, open_assembly
from vote.service import box, courier
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.witnesses import Witness
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.cosignature import CosignerSigningKey, cosignatures, require_quorum
from vote.tlog.note import Note, VerifierKey
from vote.tlog.witness import AddCheckpoint

Reopen = Callable[..., Opened]


@pytest.fixture
def opened(embedded: Opened) -> Opened:
    return embedded


@pytest.fixture
def with_witnesses(opened: Opened) -> Iterator[Reopen]:
    """The same assembly in a service that has witnesses."""
    with ExitStack() as stack:

        def reopen(*witnesses: Witness, quorum: int = 0, **more: float) -> Opened:
            settings = replace(
                opened.house.settings,
                witnesses=witnesses,
                witness_quorum=quorum,
                **{"batch_seconds": 0.01, "witness_seconds": 1.0, "receipt_seconds": 5.0, **more},
            )
            house = House(settings, opened.clock)
            stack.callback(house.close)
            return replace(opened, house=house)

        yield reopen


@pytest.fixture
def log(opened: Opened) -> VerifierKey:
    return VerifierKey.parse(box.verifier_key(opened.house, opened.assembly))


def served(opened: Opened) -> bytes:
    return box.checkpoint(opened.house, opened.assembly)


def await_cosigned(opened: Opened, log: VerifierKey, *witnesses: Witness) -> bytes:
    """The served checkpoint, once all the witnesses have cosigned it."""
    deadline = time.monotonic() + 10
    keys = [witness.key for witness in witnesses]
    while len(cosignatures(served(opened), keys)) < len(keys):
        assert time.monotonic() < deadline, served(opened).decode()
        time.sleep(0.02)
    require_quorum(served(opened), log, keys, len(keys))
    return served(opened)


def vote(opened: Opened, member: str = "persons-1") -> float:
    """Seconds until the receipt is there."""
    data = ballot(opened, member)
    start = time.monotonic()
    cast(opened, member, data)
    return time.monotonic() - start


# --- all is well --------------------------------------------------------------------------


def test_checkpoints_and_receipts_carry_the_cosignatures(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path
) -> None:
    with own_witness(tmp_path / "a", log) as one, own_witness(tmp_path / "b", log) as two:
        opened = with_witnesses(one, two)
        before = await_cosigned(opened, log, one, two)
        receipt = cast(opened, "persons-1", ballot(opened, "persons-1"))
        after = await_cosigned(opened, log, one, two)
        assert open_checkpoint(after, log).size == open_checkpoint(before, log).size + 1
        require_quorum(receipt.checkpoint, log, [one.key, two.key], 2)
        receipt.verify(receipt.entry(), log)


def test_with_a_quorum_every_receipt_has_it(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        witnesses = [
            stack.enter_context(own_witness(tmp_path / str(number), log)) for number in range(3)
        ]
        opened = with_witnesses(*witnesses, quorum=2)
        ballots = {member: ballot(opened, member) for member in opened.codes}
        with ThreadPoolExecutor(8) as threads:
            receipts = list(threads.map(lambda m: cast(opened, m, ballots[m]), ballots))
        for receipt in receipts:
            receipt.verify(receipt.entry(), log)
            require_quorum(receipt.checkpoint, log, [each.key for each in witnesses], 2)
        require_quorum(served(opened), log, [each.key for each in witnesses], 2)


def test_the_text_that_was_signed_never_changes(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path, opened: Opened
) -> None:
    plain = served(opened)
    with own_witness(tmp_path / "a", log) as witness:
        cosigned = await_cosigned(with_witnesses(witness), log, witness)
    assert cosigned.startswith(plain)
    assert Note.parse(cosigned).text == Note.parse(plain).text
    assert served(opened) == plain  # a witness that is no longer named does not appear


def test_a_service_that_starts_again_goes_on_from_what_the_witness_holds(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path
) -> None:
    with own_witness(tmp_path / "a", log) as witness:
        await_cosigned(with_witnesses(witness), log, witness)
        unwitnessed = with_witnesses()
        vote(unwitnessed)
        again = with_witnesses(witness, quorum=1)
        vote(again, "persons-2")
        await_cosigned(again, log, witness)


def test_two_logs_go_to_the_same_witness(tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = open_assembly(tmp_path / "data", assembly="one")
        stack.callback(first.house.close)
        second = open_assembly(tmp_path / "data", assembly="two")
        stack.callback(second.house.close)
        logs = [VerifierKey.parse(box.verifier_key(first.house, name)) for name in ("one", "two")]
        witness = stack.enter_context(own_witness(tmp_path / "w", *logs))
        house = House(replace(first.house.settings, witnesses=(witness,)), first.clock)
        stack.callback(house.close)
        for each, log in zip((first, second), logs, strict=True):
            await_cosigned(replace(each, house=house), log, witness)


def test_couriers_without_work_go_and_come_back(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "IDLE", 0.02)
    monkeypatch.setattr(courier, "SLOWEST", 0.01)
    monkeypatch.setattr(courier, "ENOUGH", 2)
    with own_witness(tmp_path / "a", log) as good, double(lambda _: (404, b"")) as stranger:
        opened = with_witnesses(good, stranger.witness)
        for member in ("persons-1", "persons-2"):
            vote(opened, member)
            await_cosigned(opened, log, good)
            deadline = time.monotonic() + 10
            while any(thread.name.startswith("courier") for thread in threading.enumerate()):
                assert time.monotonic() < deadline
                time.sleep(0.01)


# --- a witness fails ----------------------------------------------------------------------


def test_a_witness_that_is_down_delays_nobody(with_witnesses: Reopen, log: VerifierKey) -> None:
    with double() as gone:
        down = gone.witness
    opened = with_witnesses(down)
    vote(opened)
    time.sleep(0.3)
    assert vote(opened, "persons-2") < 0.5
    open_checkpoint(served(opened), log)


def test_a_witness_that_hangs_delays_neither_the_vote_nor_the_other_one(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path
) -> None:
    with double() as hanging, own_witness(tmp_path / "a", log) as good:
        opened = with_witnesses(hanging.witness, good, quorum=1)
        for member in ("persons-1", "persons-2", "persons-3"):
            assert vote(opened, member) < 0.9  # less than the hanging one may take
        assert hanging.asked
        await_cosigned(opened, log, good)
        assert not cosignatures(served(opened), [hanging.witness.key])


def test_without_the_quorum_the_ballot_is_in_the_box_and_the_receipt_comes_on_retry(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path
) -> None:
    with own_witness(tmp_path / "a", log) as witness:
        port = int(witness.address.rpartition(":")[2])
    opened = with_witnesses(witness, quorum=1, receipt_seconds=1.0)
    data = ballot(opened, "persons-1")
    entries, voters = stored(opened)
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            cast(opened, "persons-1", data)
        assert (caught.value.code, caught.value.status) == ("receipt-later", 503)
        assert "in the box" in caught.value.message
        assert stored(opened) == (entries + 1, voters + 1)
    with own_witness(tmp_path / "a", log, port=port):
        deadline = time.monotonic() + 15
        while True:
            try:
                receipt = cast(opened, "persons-1", data)
                break
            except Refusal:
                assert time.monotonic() < deadline
        require_quorum(receipt.checkpoint, log, [witness.key], 1)
    assert stored(opened) == (entries + 1, voters + 1)


def test_with_a_quorum_the_published_log_only_grows_and_always_has_it(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path
) -> None:
    with own_witness(tmp_path / "b", log) as two:
        port = int(two.address.rpartition(":")[2])
    with own_witness(tmp_path / "a", log) as one:
        opened = with_witnesses(one, two, quorum=2, receipt_seconds=0.2)
        sizes = [open_checkpoint(served(opened), log).size]
        for member in ("persons-1", "persons-2"):
            with pytest.raises(Refusal):
                cast(opened, member, ballot(opened, member))
            sizes.append(open_checkpoint(served(opened), log).size)
        assert sizes == [sizes[0]] * 3  # what no quorum has seen is not shown
        with own_witness(tmp_path / "b", log, port=port):
            deadline = time.monotonic() + 15
            while sizes[-1] < sizes[0] + 2:
                assert time.monotonic() < deadline
                note = served(opened)
                sizes.append(open_checkpoint(note, log).size)
                if sizes[-1] > sizes[0]:
                    require_quorum(note, log, [one.key, two.key], 2)
    assert sizes == sorted(sizes)


def test_nobody_waits_long_for_a_quorum_that_is_out_of_reach(with_witnesses: Reopen) -> None:
    with double(lambda _: (500, b"broken\n")) as broken:
        opened = with_witnesses(broken.witness, quorum=1, receipt_seconds=20.0)
        members = ["persons-1", "persons-2"]
        start = time.monotonic()
        for member in members:
            with pytest.raises(Refusal):
                cast(opened, member, ballot(opened, member))
        assert time.monotonic() - start < 2 * 1.5


class Liar:
    """Answers 200 with the lines that `lie` makes of the checkpoint."""

    def __init__(self, lie: Callable[[Checkpoint], str]) -> None:
        self.lie = lie

    def __call__(self, body: bytes) -> Answer:
        text = Note.parse(AddCheckpoint.parse(body).checkpoint).text
        return 200, self.lie(Checkpoint.parse(text)).encode()


def lines(server: Double, defect: str) -> Callable[[Checkpoint], str]:
    key, other = server.signing_key, CosignerSigningKey.generate("other.example")
    namesake = CosignerSigningKey.generate(key.name)
    return {
        "another's cosignature": lambda tree: other.cosign(tree, 5).encode(),
        "a namesake's": lambda tree: namesake.cosign(tree, 5).encode(),
        "of another tree": lambda tree: key.cosign(replace(tree, size=tree.size + 1), 5).encode(),
        "one byte changed": lambda tree: key.cosign(tree, 5).encode()[:-6] + "AAA=\n",
        "no final newline": lambda tree: key.cosign(tree, 5).encode()[:-1],
        "nothing": lambda _: "",
        "words": lambda _: "thank you\n",
        "seventeen lines": lambda tree: key.cosign(tree, 5).encode() * 17,
        "very long": lambda tree: key.cosign(tree, 5).encode() * 1000,
    }[defect]


@pytest.mark.parametrize(
    "defect",
    [
        "another's cosignature",
        "a namesake's",
        "of another tree",
        "one byte changed",
        "no final newline",
        "nothing",
        "words",
        "seventeen lines",
        "very long",
    ],
)
def test_what_is_no_cosignature_of_this_checkpoint_is_not_published(
    defect: str, with_witnesses: Reopen, caplog: pytest.LogCaptureFixture
) -> None:
    with double() as liar:
        liar.answer = Liar(lines(liar, defect))
        opened = with_witnesses(liar.witness)
        await_warning(opened, caplog, "does not cosign")
        assert len(Note.parse(served(opened)).signatures) == 1


@pytest.mark.parametrize(
    ("defect", "answer", "word"),
    [
        ("always behind", (409, b"0\n"), "each time"),
        ("ahead of everybody", (409, b"1000000\n"), "old backup"),
        ("a size that is none", (409, b"many\n"), "decimal"),
        ("no such log", (404, b"unknown origin\n"), "404: unknown origin"),
        ("a fork, it says", (422, b"no\x1b[31m\n"), "422: no [31m"),
        ("a redirection", (302, b""), "302"),
    ],
)
def test_a_witness_that_refuses_is_reported_once_and_in_words(
    defect: str,
    answer: Answer,
    word: str,
    with_witnesses: Reopen,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with double(lambda _: answer) as refusing:
        opened = with_witnesses(refusing.witness)
        await_warning(opened, caplog, word)
        vote(opened)
        assert len([each for each in caplog.records if "cosign" in each.message]) == 1, defect
        assert refusing.asked < 10


def await_warning(opened: Opened, caplog: pytest.LogCaptureFixture, word: str) -> None:
    with caplog.at_level(logging.WARNING, "vote.witnessing"):
        opened.house.witnessing.nudge(opened.assembly)
        deadline = time.monotonic() + 10
        while word not in caplog.text:
            assert time.monotonic() < deadline, caplog.text
            time.sleep(0.01)


def test_killed_before_the_answer_was_stored_the_cosignature_is_asked_for_again(
    with_witnesses: Reopen, log: VerifierKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_witness(tmp_path / "a", log) as one, own_witness(tmp_path / "b", log) as two:
        with monkeypatch.context() as killed:
            killed.setattr("vote.store.witnesses.add_cosignature", _fail)
            opened = with_witnesses(one, two)
            vote(opened)
            opened.house.close()
        again = with_witnesses(one, two, quorum=2)
        vote(again, "persons-2")
        await_cosigned(again, log, one, two)


def _fail(*_: object) -> None:
    raise OSError(5, "killed")


def test_a_service_with_another_history_gets_no_cosignature(
    opened: Opened, log: VerifierKey, tmp_path: Path
) -> None:
    """A database restored from a backup, and the signed head thrown away: the witness remembers."""
    with own_witness(tmp_path / "a", log) as witness:
        settings = replace(
            opened.house.settings, witnesses=(witness,), batch_seconds=0.01, receipt_seconds=0.5
        )
        backup = tmp_path / "backup.sqlite"
        opened.house.database.close()
        backup.write_bytes((settings.data / "vote.sqlite").read_bytes())
        first = replace(opened, house=House(settings, opened.clock))
        vote(first, "persons-1")
        await_cosigned(first, log, witness)
        first.house.close()
        (settings.data / "keys" / f"log-{opened.assembly}.head").unlink()
        forked = replace(settings, database_url=f"sqlite:///{backup}", witness_quorum=1)
        second = replace(opened, house=House(forked, opened.clock))
        with pytest.raises(Refusal, match="in the box"):
            cast(second, "persons-2", ballot(second, "persons-2"))
        assert list((tmp_path / "a").glob("*.misbehaviour.json"))
        second.house.close()
