"""When a trustee is called to decrypt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.finished import VOTES, cast
from tests.small import open_assembly
from vote.service import closing, tally, trusting


def test_nobody_is_called_while_sums_are_still_being_made(tmp_path: Path) -> None:
    """Whoever looked at the log then would see another last sum than the others."""
    opened = open_assembly(tmp_path, shares=True)
    cast(opened, VOTES)

    def stop_at_the_last(phase: str, done: int, total: int) -> None:
        if phase == "summing" and done == total:
            raise InterruptedError

    def desk() -> trusting.Desk:
        return trusting.desk(opened.house, "trial", opened.bureau.tokens[0])

    closing.close(opened.house, "trial")
    with pytest.raises(InterruptedError):
        tally.advance(opened.house, "trial", stop_at_the_last)
    sums = [each.event_hash is not None for each in desk().elections]
    assert any(sums)
    assert not all(sums)
    assert desk().state == "waiting"
    tally.advance(opened.house, "trial")
    assert desk().state == "decrypt"
    opened.house.close()
