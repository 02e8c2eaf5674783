"""When members may vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vote.assembly.definition import Definition

PaperState = Literal["before", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Window:
    """Opening and closing time of a ballot paper, aware, in the assembly's time zone."""

    opens: datetime
    closes: datetime


def voting_window(definition: Definition, ballot: str) -> Window:
    zone = definition.assembly.zone
    opens, closes = definition.window(ballot)
    return Window(opens.replace(tzinfo=zone), closes.replace(tzinfo=zone))


def paper_state(definition: Definition, ballot: str, stage: str, now: datetime) -> PaperState:
    """`stage` is the election's: voting also ends when the host closes."""
    window = voting_window(definition, ballot)
    if stage == "prepared" or (stage == "open" and now < window.opens):
        return "before"
    if stage == "open" and now < window.closes:
        return "open"
    return "closed"


def proxies_deadline(definition: Definition) -> datetime | None:
    """Until when mandates are given and taken back, aware; None: there are no proxies."""
    if definition.proxies is None:
        return None
    return definition.proxies.deadline.replace(tzinfo=definition.assembly.zone)
