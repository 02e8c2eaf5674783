"""From a Definition back to the tables of the format, key by key in the order of the format.

What the host left to the assembly stays left out; the format's own defaults are spelled out.
"""

from datetime import date, datetime

from vote.assembly.model import (
    Assembly,
    BallotPaper,
    Candidate,
    College,
    Consultation,
    Definition,
    Election,
    Majority,
    Proxies,
    Question,
    Quorum,
    Quota,
    Resolution,
    SittingMember,
    Tally,
    Term,
)

Tree = dict[str, object]


def tree(definition: Definition) -> Tree:
    """The tables of a definition; dates and local times as such."""
    return _given(
        format=1,
        assembly=_assembly(definition.assembly),
        trustees={
            "count": definition.trustees.count,
            "threshold": definition.trustees.threshold,
        },
        quorum=_quorum(definition.quorum),
        tally=_tally(definition.tally) or None,
        proxies=_proxies(definition.proxies),
        colleges=[_college(college) for college in definition.colleges] or None,
        ballots=[_ballot(paper) for paper in definition.ballots],
        questions=[_question(question) for question in definition.questions],
        board=None
        if definition.board is None
        else {"sitting": [_sitting(member) for member in definition.board]},
    )


def plain(value: object) -> object:
    """The same with local times and dates as text, for JSON."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _given(**entries: object) -> Tree:
    return {key: value for key, value in entries.items() if value is not None}


def _assembly(assembly: Assembly) -> Tree:
    return _given(
        id=assembly.id,
        kind=assembly.kind,
        organisation=assembly.organisation,
        convocation=assembly.convocation,
        convened=assembly.convened,
        languages=list(assembly.languages),
        timezone=assembly.timezone,
        opens=assembly.opens,
        meeting=assembly.meeting,
        closes=assembly.closes,
        title=dict(assembly.title),
    )


def _quorum(quorum: Quorum | None) -> Tree | None:
    if quorum is None:
        return None
    second = quorum.second and quorum.second.text
    return _given(minimum=quorum.minimum.text, base=quorum.base, second=second)


def _tally(tally: Tally) -> Tree:
    return _given(
        carry=tally.carry,
        silent_college=tally.silent_college,
        abstentions=tally.abstentions,
        bloc_majority=majority_tree(tally.bloc_majority),
    )


def _proxies(proxies: Proxies | None) -> Tree | None:
    if proxies is None:
        return None
    fraction = proxies.fraction_of_members
    return _given(
        deadline=proxies.deadline,
        per_holder=proxies.per_holder,
        fraction_of_members=fraction and fraction.text,
        per_college=dict(proxies.per_college) or None,
        same_college=proxies.same_college,
    )


def majority_tree(majority: Majority | None) -> Tree | None:
    """{"more_than": "1/2"} or {"at_least": …}, with the test inside the colleges if any."""
    if majority is None:
        return None
    inner: object = majority.in_each_college or None
    if isinstance(majority.in_each_college, Majority):
        inner = majority_tree(majority.in_each_college)
    return _given(**{majority.test: majority.fraction.text, "in_each_college": inner})


def _college(college: College) -> Tree:
    share = college.share and college.share.text
    return _given(id=college.id, share=share, name=dict(college.name))


def _ballot(paper: BallotPaper) -> Tree:
    return _given(
        id=paper.id,
        title=paper.title and dict(paper.title),
        opens=paper.opens,
        closes=paper.closes,
        quorum="none" if paper.quorum == "none" else _quorum(paper.quorum),
    )


def _question(question: Question) -> Tree:
    common = _given(
        id=question.id,
        ballot=question.ballot,
        type=type(question).__name__.lower(),
        title=dict(question.title),
        text=question.text and dict(question.text),
    )
    if isinstance(question, Resolution):
        return common | _resolution(question)
    if isinstance(question, Election):
        return common | _election(question)
    return common | (_consultation(question) if isinstance(question, Consultation) else {})


def _resolution(question: Resolution) -> Tree:
    return _given(
        majority=majority_tree(question.majority),
        carry=question.carry,
        silent_college=question.silent_college,
        abstentions=question.abstentions,
        bloc_majority=majority_tree(question.bloc_majority),
    )


def _election(election: Election) -> Tree:
    return _given(
        seats=election.seats,
        max_choices=election.max_choices,
        tie_break=list(election.tie_break),
        majority=majority_tree(election.majority),
        silent_college=election.silent_college,
        unmet_quotas=election.unmet_quotas,
        vacancies=election.vacancies,
        candidates=[_candidate(candidate) for candidate in election.candidates],
        quotas=[quota_tree(quota) for quota in election.quotas] or None,
        terms=[_term(term) for term in election.terms] or None,
    )


def _candidate(candidate: Candidate) -> Tree:
    return _given(
        id=candidate.id,
        name=candidate.name,
        college=candidate.college,
        gender=candidate.gender,
        member_since=candidate.member_since,
        born=candidate.born,
        photo=candidate.photo,
        statement=candidate.statement and dict(candidate.statement),
    )


def quota_tree(quota: Quota) -> Tree:
    """{"attribute", "value", "min" and/or "max", "scope"}."""
    return _given(
        attribute=quota.attribute,
        value=quota.value,
        min=quota.min,
        max=quota.max,
        scope=quota.scope,
    )


def _term(term: Term) -> Tree:
    return _given(until=term.until, seats=term.seats, replaces=term.replaces)


def _consultation(question: Consultation) -> Tree:
    return _given(
        positions=[{"id": one.id, "title": dict(one.title)} for one in question.positions],
        silent_college=question.silent_college,
    )


def _sitting(member: SittingMember) -> Tree:
    return _given(
        name=member.name, college=member.college, gender=member.gender, until=member.until
    )
