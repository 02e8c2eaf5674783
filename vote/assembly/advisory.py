"""The questions beside resolutions and elections: consultation and consent.

``formats.md`` has neither; decided here:

- A consultation shows how opinion is spread and decides nothing: for each position the sum over
  colleges of share x (votes / non-blank ballots), as a candidate's score.
- Consent is adopted when at least one member consented, with or without reservations, and no
  objection stands, whatever the colleges' shares: an objection is heard, not weighed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from vote.assembly.count import Count
from vote.assembly.majority import Decision
from vote.assembly.model import CONSENT, OBJECTION, RESERVATIONS, Consent, Consultation, Definition
from vote.assembly.scores import Marked, fractions, marked, votes


@dataclass(frozen=True, slots=True)
class PositionOutcome:
    """The votes for one position by college, and its part of the whole."""

    votes: Mapping[str, int]
    part: Fraction


@dataclass(frozen=True, slots=True)
class ConsultationOutcome:
    """How opinion is spread over the positions, in their order."""

    positions: Mapping[str, PositionOutcome]
    colleges: Mapping[str, Marked]


@dataclass(frozen=True, slots=True)
class ConsentOutcome:
    """By college the weights behind "consent", "reservations", "objection", "@blank"."""

    decision: Decision
    colleges: Mapping[str, Mapping[str, int]]


def consult(
    definition: Definition, question: Consultation, counts: Mapping[str, Count]
) -> ConsultationOutcome:
    """Spread the answers of a consultation."""
    ids = [position.id for position in question.positions]
    rule = definition.rules(question).silent_college
    parts = fractions(question.id, ids, counts, definition.shares, rule)
    return ConsultationOutcome(
        {one: PositionOutcome(votes(question.id, one, counts), parts[one]) for one in ids},
        marked(question.id, counts),
    )


def seek_consent(
    question: Consent, counts: Mapping[str, Count], *, quorum_reached: bool
) -> ConsentOutcome:
    """Adopted when somebody consented and no objection stands."""
    colleges = {college: dict(count.sums[question.id]) for college, count in counts.items()}
    objections = sum(sums[OBJECTION] for sums in colleges.values())
    consents = sum(sums[CONSENT] + sums[RESERVATIONS] for sums in colleges.values())
    decision: Decision = "adopted" if consents and not objections else "rejected"
    return ConsentOutcome(decision if quorum_reached else "no quorum", colleges)
