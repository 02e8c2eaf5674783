"""How much of a count is shown, where all of it would show how somebody voted.

The host chooses before the decision what is done on a ballot paper on which a college is small
or unanimous (``privacy.privacy_findings``):

- ``show``: everything, as on every other paper;
- ``merge``: the sums of all colleges together, and the result rounded to two decimals;
- ``withhold``: what was decided, and no figure.

It is done for a whole ballot paper or not at all: to treat a single question apart would say
that a college was unanimous on it. Colleges are merged all together or not at all: from the sums
of all but one, and the result, anybody could compute the missing one. And the exact fraction is
left out because it is the sum of the colleges' fractions: whoever knows how many voted can often
take it apart again. Where colleges vote as blocs even the rounded result is left out: it says
which of them were for.

This is about what is *shown*: minutes, pages, projector. The outcome and the archives of the
bundle hold every sum, or nobody could verify the decision.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, get_args

from vote.assembly.count import Counts
from vote.assembly.model import WHOLE, Definition
from vote.assembly.outcome import Outcome, as_json
from vote.assembly.privacy import FLOOR, privacy_findings
from vote.assembly.ratio import half_up

Treatment = Literal["show", "merge", "withhold"]
Detail = Literal["shown", "merged", "withheld"]
Json = dict[str, Any]

TREATMENTS: Final[tuple[Treatment, ...]] = get_args(Treatment)
_DETAIL: Final[Mapping[Treatment, Detail]] = {
    "show": "shown",
    "merge": "merged",
    "withhold": "withheld",
}


@dataclass(frozen=True, slots=True)
class Privacy:
    """The host's choice: below how many voters a college is small, and what is done then.

    ``chosen`` is false where the host never chose; everything is shown then, and the minutes say
    so.
    """

    floor: int = FLOOR
    treatment: Treatment = "show"
    chosen: bool = False


def treatments(definition: Definition) -> tuple[Treatment, ...]:
    """What the host can choose from: there is nothing to merge without shares."""
    return TREATMENTS if definition.has_shares else ("show", "withhold")


def exposed_papers(definition: Definition, counts: Counts, floor: int = FLOOR) -> frozenset[str]:
    """The ballot papers on which the sums of some college would show how somebody voted."""
    findings = privacy_findings(definition, counts, floor)
    return frozenset(str(finding.params["ballot"]) for finding in findings)


def detail_of(definition: Definition, counts: Counts, privacy: Privacy) -> dict[str, Detail]:
    """For each ballot paper how much of its counts is shown."""
    exposed = exposed_papers(definition, counts, privacy.floor)
    return {
        paper.id: _DETAIL[privacy.treatment] if paper.id in exposed else "shown"
        for paper in definition.ballots
    }


def disclose(
    definition: Definition, counts: Counts, outcome: Outcome, privacy: Privacy
) -> dict[str, Json]:
    """The questions of ``outcome.json`` as far as they are shown.

    Each has a ``detail`` ("shown", "merged", "withheld") besides. Where it is merged the one
    college is called "*", exact fractions are left out and ``percent`` is the rounded one
    ("66.16", null when nobody took a side); where it is withheld only what was decided is left.
    """
    details = detail_of(definition, counts, privacy)
    questions: Any = as_json(outcome)["questions"]
    shown = {
        question.id: _shown(questions[question.id], details[question.ballot])
        for question in definition.questions
    }
    for question in definition.questions:
        if definition.rules(question).carry == "bloc" and shown[question.id]["detail"] == "merged":
            shown[question.id].pop("percent", None)
    return shown


def percent(value: Fraction) -> str:
    """In per cent with two decimals, rounded half up: "66.16"."""
    return str(half_up(value * 100, 2))


def _shown(found: Json, detail: Detail) -> Json:
    if detail == "merged":
        return {"detail": detail, **_merged(found)}
    if detail == "withheld":
        return {"detail": detail, **_withheld(found)}
    return {"detail": detail, **found}


_WITHHELD: Final = (
    *("result", "share", "failed_in", "colleges", "positions", "ties"),
    *("lot_seed", "votes", "score", "rank"),
)


def _withheld(found: Json) -> Json:
    left = {key: value for key, value in found.items() if key not in _WITHHELD}
    if "candidates" in found:
        in_no_order = sorted(found["candidates"], key=lambda one: str(one["id"]))
        left["candidates"] = [_withheld(candidate) for candidate in in_no_order]
    return left


def _merged(found: Json) -> Json:
    merged = {key: value for key, value in found.items() if key not in ("result", "failed_in")}
    merged["colleges"] = {WHOLE: _together(found["colleges"])}
    if "result" in found:
        result = found["result"]
        merged["percent"] = None if result is None else percent(Fraction(result))
    for listed, part in (("candidates", "score"), ("positions", "part")):
        if listed in found:
            merged[listed] = [_one_of(entry, part) for entry in found[listed]]
    return merged


def _one_of(entry: Json, part: str) -> Json:
    """A candidate or a position: votes summed, the exact ``part`` rounded."""
    kept = {key: value for key, value in entry.items() if key != part}
    kept["votes"] = {WHOLE: sum(entry["votes"].values())}
    return kept | {"percent": percent(Fraction(entry[part]))}


def _together(colleges: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """The sums of all colleges; a college's own fraction has no place in them."""
    total: Counter[str] = Counter()
    for sums in colleges.values():
        total.update({key: value for key, value in sums.items() if key != "share"})
    return dict(total)
