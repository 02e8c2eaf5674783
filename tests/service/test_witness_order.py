"""Which checkpoint each witness is asked to cosign, and how the witnesses are named."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.makers import LOG
from vote.service.courier import next_target
from vote.service.errors import Unreadable
from vote.service.house import Settings
from vote.tlog.cosignature import CosignerSigningKey


@given(st.integers(1, 4), st.lists(st.integers(0, 3), max_size=60), st.data())
def test_in_whatever_order_they_answer_a_quorum_comes_together(
    goal: int, order: Sequence[int], data: st.DataObject
) -> None:
    """Couriers choose, are on their way for a while and deliver, in any order, while the log grows.

    Once they all go in turns, some checkpoint reaches the goal within a few turns.
    """
    cosigned: dict[int, set[int]] = {}
    under_way: dict[int, int | None] = dict.fromkeys(range(4))
    newest = 1

    def step(courier: int) -> None:
        if (target := under_way[courier]) is not None:
            cosigned.setdefault(target, set()).add(courier)
            under_way[courier] = None
            return
        front = max(cosigned, default=0)
        mine = max((size for size, by in cosigned.items() if courier in by), default=0)
        under_way[courier] = next_target(
            newest=newest,
            front=front,
            mine=mine,
            reached=len(cosigned.get(front, ())),
            goal=goal,
            patient=True,
        )
        assert under_way[courier] is None or mine < under_way[courier] <= newest

    for courier in order:
        newest += data.draw(st.integers(0, 2))
        step(courier)
    newest += 1
    wanted = newest
    for _ in range(12):
        newest += 1
        for courier in range(4):
            step(courier)
    assert any(size >= wanted and len(by) >= goal for size, by in cosigned.items())


# --- settings -----------------------------------------------------------------------------

VKEY = CosignerSigningKey.from_seed("witness.example/one", b"\x01" * 32).verifier.encode()
TWO = CosignerSigningKey.from_seed("witness.example/two", b"\x02" * 32).verifier.encode()


def test_witnesses_are_read_from_the_environment() -> None:
    settings = Settings.from_environment(
        {
            "VOTE_WITNESSES": f"https://one.example/w/ {VKEY}, http://127.0.0.1:8090 {TWO}",
            "VOTE_WITNESS_QUORUM": "2",
        }
    )
    assert [each.address for each in settings.witnesses] == [
        "https://one.example/w",
        "http://127.0.0.1:8090",
    ]
    assert [each.vkey for each in settings.witnesses] == [VKEY, TWO]
    assert settings.witness_quorum == 2
    assert Settings.from_environment({}).witnesses == ()


@pytest.mark.parametrize(
    ("witnesses", "quorum"),
    [
        (f"https://one.example {VKEY}", "2"),
        (f"https://one.example {VKEY}", "-1"),
        ("", "1"),
        (f"https://one.example {VKEY},https://two.example {VKEY}", "1"),
        (f"ftp://one.example {VKEY}", "1"),
        (f"https://me:secret@one.example {VKEY}", "1"),
        (f"one.example {VKEY}", "1"),
        (VKEY, "1"),
        ("https://one.example", "1"),
        ("https://one.example vote.example/box1+dd70beeb+AQOhB7/zzhC", "1"),
    ],
)
def test_settings_that_cannot_work_are_refused(witnesses: str, quorum: str) -> None:
    with pytest.raises(Unreadable):
        Settings.from_environment({"VOTE_WITNESSES": witnesses, "VOTE_WITNESS_QUORUM": quorum})


def test_a_log_key_is_no_witness() -> None:
    with pytest.raises(Unreadable, match="not the key of a witness"):
        Settings.from_environment(
            {"VOTE_WITNESSES": f"https://one.example {LOG.verifier.encode()}"}
        )
