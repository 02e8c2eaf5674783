"""The checks of an election's definition: candidates, the chain for ties, quotas, terms."""

from vote.assembly.model import Definition, Election, Quota
from vote.assembly.reader import Faults
from vote.assembly.seats import impossible_quotas
from vote.assembly.ties import chain_leaves_open


def check_election(definition: Definition, where: str, election: Election, faults: Faults) -> None:
    """Note every fault of an election whose tables have been read."""
    before = len(faults.found)
    _candidates(definition, where, election, faults)
    _chain(where, election, faults)
    _terms(where, election, faults)
    for index, quota in enumerate(election.quotas):
        _quota(definition, f"{where}.quotas[{index}]", quota, election, faults)
    if len(faults.found) == before and not faults.touch("board", "colleges", "assembly.meeting"):
        _feasible(definition, where, election, faults)


def _candidates(definition: Definition, where: str, election: Election, faults: Faults) -> None:
    seen: set[str] = set()
    for index, candidate in enumerate(election.candidates):
        place = f"{where}.candidates[{index}]"
        if candidate.id in seen:
            faults.add(
                "twice",
                f"{place}.id",
                f'the id "{candidate.id}" is given to two candidates.',
                id=candidate.id,
            )
        seen.add(candidate.id)
        if candidate.college is not None:
            known_college(definition, f"{place}.college", candidate.college, faults)
        if candidate.photo is not None and not _is_photo(candidate.photo):
            faults.add("photo", f"{place}.photo", 'a photo is a file in the folder "photos/".')


def _is_photo(path: str) -> bool:
    folder, _, name = path.partition("/")
    return folder == "photos" and name[:1] not in ("", ".") and not set(name) & set("/\\")


def known_college(definition: Definition, where: str, college: str, faults: Faults) -> None:
    """Note a college that does not exist.

    Without ``[[colleges]]`` the names of colleges are free: nothing hangs on them.
    """
    known = {one.id for one in definition.colleges}
    if known and college not in known and not faults.touch("colleges"):
        faults.add("unknown-college", where, f'there is no college "{college}".', college=college)


def _chain(where: str, election: Election, faults: Faults) -> None:
    place = f"{where}.tie_break"
    if "lot" in election.tie_break[:-1]:
        faults.add("chain", place, "what comes after the lot never applies: end with it.")
    for criterion, key in (("seniority", "member_since"), ("age", "born")):
        for index, candidate in enumerate(election.candidates):
            if criterion in election.tie_break and getattr(candidate, key) is None:
                faults.add(
                    "date-missing",
                    f"{where}.candidates[{index}].{key}",
                    f'"{key}" of "{candidate.id}" is needed to decide ties by {criterion}.',
                    key=key,
                    candidate=candidate.id,
                    criterion=criterion,
                )
    if chain_leaves_open(election):
        faults.add(
            "chain-open",
            place,
            "two candidates are equal in everything that the chain looks at: "
            'what decides between them? Add another criterion, or "lot" at the end.',
        )


def _terms(where: str, election: Election, faults: Faults) -> None:
    seats = sum(term.seats for term in election.terms)
    if election.terms and seats != election.seats:
        faults.add(
            "terms",
            f"{where}.terms",
            f"the terms are for {seats} seats, the election for {election.seats}.",
            terms=seats,
            seats=election.seats,
        )


def _quota(
    definition: Definition, place: str, quota: Quota, election: Election, faults: Faults
) -> None:
    if quota.min is not None and quota.max is not None and quota.min > quota.max:
        faults.add("quota", place, "the minimum is larger than the maximum.")
    if quota.scope == "board" and definition.board is None:
        faults.add(
            "board-missing",
            "board",
            'a quota over the whole board needs [board] "sitting": who sits there already? '
            "An empty list says: nobody.",
        )
    if quota.attribute != "college":
        return
    known_college(definition, f"{place}.value", quota.value, faults)
    for candidate in election.candidates:
        if candidate.college is None:
            faults.add(
                "college-missing",
                place,
                f'the college of "{candidate.id}" is needed for this quota.',
                candidate=candidate.id,
            )


def describe(quota: Quota) -> str:
    """A quota in words: "at least 3 of the college persons among the seats"."""
    limits = [f"at least {quota.min}" if quota.min is not None else ""]
    limits += [f"at most {quota.max}" if quota.max is not None else ""]
    among = "among the seats" if quota.scope == "seats" else "on the whole board"
    numbers = " and ".join(limit for limit in limits if limit)
    return f"{numbers} of the {quota.attribute} {quota.value} {among}"


def _feasible(definition: Definition, where: str, election: Election, faults: Faults) -> None:
    guilty, vacancy_helps = impossible_quotas(election, definition.staying)
    if not guilty or election.unmet_quotas == "give_way":
        return
    if election.unmet_quotas == "vacant" and vacancy_helps:
        return
    listed = "; ".join(describe(quota) for quota in guilty)
    advice = (
        'decide with unmet_quotas whether seats stay "vacant" or the quotas "give_way".'
        if vacancy_helps
        else 'vacant seats would not help: change the quotas, or let them "give_way".'
    )
    faults.add(
        "quotas-infeasible",
        f"{where}.quotas",
        f"no set of candidates can meet: {listed}; {advice}",
        quotas=listed,
    )
