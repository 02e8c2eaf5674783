"""A monitor in a test: it looks, then the test changes something, then it looks again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.service.monitor.sham import Sham
from vote.service.monitor import watch
from vote.service.monitor.duty import Duty, Orders, Voice
from vote.service.monitor.site import Site
from vote.service.monitor.state import Alarm, opened
from vote.tlog import misbehaviour
from vote.tlog.note import VerifierKey

watch.AGAIN = 0.0  # nobody waits in a test


@dataclass
class Seen:
    """What a monitor ended with, said and found."""

    code: int
    said: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    report: str = ""
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [alarm.code for alarm in self.alarms]


def monitor(
    sham: Sham,
    folder: Path,
    acts: Iterable[Callable[[], object]] = (),
    *,
    key: str | None = None,
    **orders: object,
) -> Seen:
    """Run a monitor; between two looks the next of `acts` happens. Without acts it looks once."""
    seen = Seen(-1)
    waiting = iter(acts)

    def sleep(_: float) -> None:
        act = next(waiting, None)
        assert act is not None, f"still watching: {seen}"
        act()

    site = Site.at(sham.address)
    given = {"once": not acts, "silence": 0.0, "jobs": 1, **orders}
    with opened(folder, site.address, key) as state:
        voice = Voice(
            seen.said.append, seen.shown.append, lambda text: setattr(seen, "report", text)
        )
        duty = Duty(site, state, Orders(**given), voice, sleep)  # type: ignore[arg-type]
        seen.code = duty.run()
        seen.alarms = list(state.alarms)
    return seen


def proof(folder: Path, seen: Seen, key: VerifierKey) -> misbehaviour.Finding:
    """What the one proof that was found proves to somebody who has only the key."""
    [alarm] = [alarm for alarm in seen.alarms if alarm.proof]
    assert alarm.proof is not None
    return misbehaviour.verify((folder / "evidence" / alarm.proof).read_bytes(), key)
