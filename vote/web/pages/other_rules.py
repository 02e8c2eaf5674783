"""Rules that a host could have chosen otherwise, in words, and what became of a question."""

from __future__ import annotations

from vote.service.law import Definition, Majority, Ratio
from vote.service.rule_choices import Choice
from vote.web.languages import gettext as _
from vote.web.languages import ngettext
from vote.web.pages import wording
from vote.web.pages.figures import exact_percent, percent
from vote.web.pages.results import (
    ConsentResult,
    ConsultationResult,
    ElectionResult,
    PaperResult,
    QuestionResult,
    ResolutionResult,
)


def say(choice: Choice) -> str:
    """One other choice of rules, as a sentence."""
    fixed = {
        ("carry", "proportional"): _(
            "Each college’s share is split in proportion to how its members voted."
        ),
        ("carry", "bloc"): _(
            "Each college votes as one: its whole share is for or against, by the question’s own "
            "majority."
        ),
        ("silent_college", "keep"): _(
            "The share of a college in which nobody takes a side is not counted as for."
        ),
        ("silent_college", "renormalise"): _(
            "A college in which nobody takes a side is left out of the count."
        ),
        ("abstentions", "excluded"): _("Abstentions count neither for nor against."),
        ("abstentions", "against"): _("An abstention counts as a vote against."),
        ("abstentions", "for"): _("An abstention counts as a vote for."),
        ("each_college", "true"): _("The majority is also needed inside each college."),
        ("quorum_base", "heads"): _("The quorum counts members, whatever their college."),
        ("quorum_base", "colleges"): _(
            "For the quorum, each college’s turnout counts for the college’s share."
        ),
        ("quorum_minimum", "0"): _("No quorum is needed."),
        ("quotas", "none"): _("No quotas for the seats."),
        ("one_member_one_vote", "true"): _(
            "One member, one vote: all votes are counted together, without colleges."
        ),
    }
    said = fixed.get((choice.rule, choice.value))
    return said if said is not None else _majority(choice)


def told(definition: Definition, result: QuestionResult) -> str:
    """What was decided, with the figure that it hangs on."""
    if isinstance(result, ResolutionResult):
        return _decision(result.decision, result)
    if isinstance(result, ElectionResult):
        return _elected(result)
    if isinstance(result, ConsultationResult):
        return _("Advice only")
    if isinstance(result, ConsentResult):
        return _decision(result.decision, None)
    raise TypeError(type(result).__name__)


def quorum(paper: PaperResult) -> str:
    """Whether a ballot paper's quorum is reached, with its figures."""
    if paper.quorum is None:
        return _("No quorum is needed.")
    reached = _("Reached") if paper.quorum.reached else _("Not reached")
    return _(
        "%(reached)s: turnout %(value)s, needed %(minimum)s",
        reached=reached,
        value=percent(paper.quorum.value),
        minimum=exact_percent(paper.quorum.minimum),
    )


def _majority(choice: Choice) -> str:
    test, _space, fraction = choice.value.partition(" ")
    majority = Majority("at_least" if test == "at_least" else "more_than", Ratio(fraction))
    part = wording.threshold(majority)
    if choice.rule == "bloc_majority":
        return _(
            "Each college votes as one: its whole share is for if %(part)s of its votes are for, "
            "otherwise none of it.",
            part=part,
        )
    return _("Adopted if %(part)s of the votes are for.", part=part)


def _decision(decision: str, result: ResolutionResult | None) -> str:
    words = {"adopted": _("Adopted"), "rejected": _("Rejected")}
    said = words.get(decision) or _("No quorum: nothing is decided")
    if decision not in words or result is None or result.result is None:
        return said
    return _("%(decision)s (%(percent)s for)", decision=said, percent=percent(result.result))


def _elected(result: ElectionResult) -> str:
    names = ", ".join(each.candidate.name for each in result.elected)
    said = _("Elected: %(names)s.", names=names) if names else _("Nobody is elected.")
    if not result.vacant:
        return said
    vacant = ngettext(
        "%(num)s seat stays vacant.", "%(num)s seats stay vacant.", int(result.vacant)
    )
    return f"{said} {vacant}"
