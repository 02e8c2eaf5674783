"""The words of the law that the pages speak: what a definition is made of, as values to be read.

Pages and commands know the service alone; what they show of a definition comes to them from here.
"""

from vote.assembly.advice import roll_warnings, warnings
from vote.assembly.definition import Definition
from vote.assembly.disclosure import Treatment
from vote.assembly.model import (
    WHOLE,
    Candidate,
    Consent,
    Consultation,
    Election,
    Majority,
    Position,
    Question,
    Quorum,
    Quota,
    Resolution,
    Rules,
    Texts,
)
from vote.assembly.power import Power, quorum_need_of
from vote.assembly.ratio import Ratio, half_up
from vote.assembly.record import Means

__all__ = [
    "WHOLE",
    "Candidate",
    "Consent",
    "Consultation",
    "Definition",
    "Election",
    "Majority",
    "Means",
    "Position",
    "Power",
    "Question",
    "Quorum",
    "Quota",
    "Ratio",
    "Resolution",
    "Rules",
    "Texts",
    "Treatment",
    "half_up",
    "quorum_need_of",
    "roll_warnings",
    "warnings",
]
