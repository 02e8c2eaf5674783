"""An election: scores, ranks, seats, terms, and who comes next.

Decided where ``formats.md`` is silent:

- Where nobody cast a non-blank ballot, nobody is elected (as a resolution on which every
  college is silent is rejected). A candidate without a vote can be elected otherwise.
- The election's own majority is asked of the candidate's fraction of the non-blank ballots:
  with shares that is the score itself; without, votes / non-blank ballots.
- Where the quorum is not reached, nobody is elected; scores and ranks are shown all the same.
- Terms go to the elected in the order of election, in the order in which they are written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from vote.assembly.count import Count
from vote.assembly.model import Definition, Election
from vote.assembly.quotas import less
from vote.assembly.scores import Marked, fractions, marked, votes
from vote.assembly.seats import PassedOver, Seating, bounds_of, seat
from vote.assembly.ties import Ranking, Tie, rank


@dataclass(frozen=True, slots=True)
class CandidateOutcome:
    """One candidate: votes by college, score, rank from 1, and what became of them.

    ``until`` is the end of the term of an elected candidate, where terms are declared.
    """

    id: str
    votes: Mapping[str, int]
    score: Fraction
    rank: int
    elected: bool
    passed_over: PassedOver | None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ElectionOutcome:
    """``elected`` in the order of election; ``candidates`` in the order of rank.

    ``substitutes``: who comes next when a seat falls vacant, where the next candidate takes it
    (otherwise None). ``lot_seed``: the seed in hexadecimal, where a lot decided between equals.
    """

    elected: tuple[str, ...]
    candidates: tuple[CandidateOutcome, ...]
    colleges: Mapping[str, Marked]
    vacant: int
    ties: tuple[Tie, ...]
    lot_seed: str | None
    substitutes: tuple[str, ...] | None


def elect(
    definition: Definition,
    election: Election,
    counts: Mapping[str, Count],
    seed: bytes | None,
    *,
    quorum_reached: bool,
) -> ElectionOutcome:
    """Decide an election.

    :param counts: of the election's ballot paper, by college
    :param seed: of the lot; needed only where the chain comes to it
    :raises DefinitionError: a lot is needed and there is no seed
    """
    reached = _fractions(definition, election, counts)
    scores = reached
    if not definition.has_shares:
        scores = {one: Fraction(_total(election, one, counts)) for one in reached}
    ranking = rank(election, scores, seed)
    eligible = {one for one, value in reached.items() if _passes(election, value)}
    ballots = marked(election.id, counts)
    seating = Seating((), {})
    if quorum_reached and any(college.nonblank for college in ballots.values()):
        seating = seat(election, ranking.candidates, eligible, definition.staying)
    lots = any(tie.decided_by == "lot" for tie in ranking.ties)
    return ElectionOutcome(
        elected=seating.elected,
        candidates=_outcomes(election, ranking, scores, seating, counts),
        colleges=ballots,
        vacant=election.seats - len(seating.elected),
        ties=ranking.ties,
        lot_seed=seed.hex() if seed is not None and lots else None,
        substitutes=_substitutes(election, ranking, eligible, seating),
    )


def substitute(
    definition: Definition, election: Election, outcome: ElectionOutcome, leaving: str
) -> str | None:
    """Who takes the seat of an elected candidate who leaves, for the rest of the term.

    The next candidate in the ranking with whom the quotas are met as they were before; None
    if there is none, or if the rule is not the next candidate (co-option, then).
    """
    people = {candidate.id: candidate for candidate in election.candidates}
    staying = [people[one] for one in outcome.elected if one != leaving]
    bounds = bounds_of(election, definition.staying)
    missing = {limit: less(limit, [people[one] for one in outcome.elected]).low for limit in bounds}
    for one in outcome.substitutes or ():
        left = [less(limit, [*staying, people[one]]) for limit in bounds]
        if all(
            now.low <= missing[limit] and (now.high is None or now.high >= 0)
            for limit, now in zip(bounds, left, strict=True)
        ):
            return one
    return None


def _fractions(
    definition: Definition, election: Election, counts: Mapping[str, Count]
) -> dict[str, Fraction]:
    answers = [candidate.id for candidate in election.candidates]
    silent_college = definition.rules(election).silent_college
    return fractions(election.id, answers, counts, definition.shares, silent_college)


def _total(election: Election, candidate: str, counts: Mapping[str, Count]) -> int:
    return sum(votes(election.id, candidate, counts).values())


def _passes(election: Election, value: Fraction) -> bool:
    return election.majority is None or election.majority.passes(value)


def _outcomes(
    election: Election,
    ranking: Ranking,
    scores: Mapping[str, Fraction],
    seating: Seating,
    counts: Mapping[str, Count],
) -> tuple[CandidateOutcome, ...]:
    ends = [term.until for term in election.terms for _ in range(term.seats)]
    until = dict(zip(seating.elected, ends, strict=False))
    return tuple(
        CandidateOutcome(
            id=candidate.id,
            votes=votes(election.id, candidate.id, counts),
            score=scores[candidate.id],
            rank=place,
            elected=candidate.id in seating.elected,
            passed_over=seating.passed_over.get(candidate.id),
            until=until.get(candidate.id),
        )
        for place, candidate in enumerate(ranking.candidates, start=1)
    )


def _substitutes(
    election: Election, ranking: Ranking, eligible: set[str], seating: Seating
) -> tuple[str, ...] | None:
    if election.vacancies != "next_candidate":
        return None
    return tuple(
        candidate.id
        for candidate in ranking.candidates
        if seating.elected and candidate.id in eligible and candidate.id not in seating.elected
    )
