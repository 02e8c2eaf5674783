"""The rules of an assembly in plain words: who decides what, and by which rule.

Every function returns whole sentences in the reader's language, built from the definition alone,
so that the public page, the console and the projector say the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from vote.service.law import (
    Consent,
    Consultation,
    Definition,
    Election,
    Majority,
    Question,
    Quorum,
    Quota,
    Resolution,
    Rules,
)
from vote.web.languages import gettext as _
from vote.web.languages import ngettext, pick
from vote.web.pages.figures import exact_percent, number


def who_decides(definition: Definition, members: int) -> str:
    """One sentence on whose votes count for how much."""
    colleges = len(definition.colleges)
    if not definition.has_shares:
        return _(
            "One member, one vote: the votes of all %(members)s members are counted together.",
            members=number(members),
        )
    shares = set(definition.shares.values())
    if len(shares) == 1:
        return _(
            "The members vote in %(colleges)s colleges. Each college has %(share)s of the votes of "
            "the assembly, whatever its size.",
            colleges=number(colleges),
            share=exact_percent(shares.pop()),
        )
    return _(
        "The members vote in %(colleges)s colleges, each with its own share of the votes of the "
        "assembly.",
        colleges=number(colleges),
    )


def quorum(rule: Quorum) -> str:
    """What turnout is needed for anything to be decided."""
    minimum = _part(rule.minimum.value)
    if rule.base == "heads":
        return _(
            "The vote is valid if at least %(minimum)s of the members take part.", minimum=minimum
        )
    return _(
        "The vote is valid if turnout is at least %(minimum)s, each college’s turnout counting for "
        "the college’s share.",
        minimum=minimum,
    )


def rule(definition: Definition, question: Question) -> list[str]:
    """How a question is decided, in a few sentences, the most important first."""
    if isinstance(question, Resolution):
        return _resolution(definition, question)
    if isinstance(question, Election):
        return _election(definition, question)
    if isinstance(question, Consultation):
        return [_("Advice only: the answers are shown as they fall, and nothing is decided.")]
    if isinstance(question, Consent):
        return [_("Adopted if nobody objects. Reservations are recorded and do not stop it.")]
    raise TypeError(type(question).__name__)


def threshold(majority: Majority) -> str:
    """A majority in a few words: "more than half", "at least two thirds"."""
    if majority.test == "more_than":
        return _("more than %(part)s", part=_part(majority.fraction.value))
    return _("at least %(part)s", part=_part(majority.fraction.value))


def quota(definition: Definition, limit: Quota) -> str:
    """A quota as a phrase: "at least 3 from “A. Users”", "at least 5 women in the whole board"."""
    amount = _amount(limit)
    board = limit.scope == "board"
    if limit.attribute == "gender":
        people = gender_name(limit.value)
        if board:
            return _("%(amount)s %(people)s in the whole board", amount=amount, people=people)
        return _("%(amount)s %(people)s", amount=amount, people=people)
    college = college_name(definition, limit.value)
    if board:
        return _("%(amount)s from “%(college)s” in the whole board", amount=amount, college=college)
    return _("%(amount)s from “%(college)s”", amount=amount, college=college)


def quotas(definition: Definition, limits: Iterable[Quota]) -> str:
    """Several quotas as a list within a sentence."""
    return "; ".join(quota(definition, limit) for limit in limits)


def college_name(definition: Definition, college: str) -> str:
    """A college's name in the reader's language; the whole assembly where there is only that."""
    for each in definition.colleges:
        if each.id == college:
            return pick(each.name, definition.assembly.languages)[1]
    return _("Whole assembly")


def gender_name(value: str) -> str:
    """The people whom a quota by gender names."""
    known = {"f": _("women"), "m": _("men"), "x": _("people of neither gender")}
    return known.get(value, value)


def _resolution(definition: Definition, question: Resolution) -> list[str]:
    rules = definition.rules(question)
    said = [_("Adopted if %(part)s of the votes are for.", part=threshold(question.majority))]
    said.append(_abstentions(rules))
    if definition.has_shares:
        said.append(_carry(question, rules))
        said.append(_silence(rules))
        if question.majority.inner is not None:
            said.append(
                _(
                    "Besides, in each college %(part)s must be for.",
                    part=threshold(question.majority.inner),
                )
            )
    return said


def _abstentions(rules: Rules) -> str:
    if rules.abstentions == "against":
        return _("An abstention counts as a vote against.")
    if rules.abstentions == "for":
        return _("An abstention counts as a vote for.")
    return _("Abstentions count neither for nor against.")


def _carry(question: Resolution, rules: Rules) -> str:
    if rules.carry == "proportional":
        return _("Each college’s share is split in proportion to how its members voted.")
    inner = rules.bloc_majority or question.majority
    return _(
        "Each college votes as one: its whole share is for if %(part)s of its votes are for, "
        "otherwise none of it.",
        part=threshold(inner),
    )


def _silence(rules: Rules) -> str:
    if rules.silent_college == "renormalise":
        return _("A college in which nobody takes a side is left out of the count.")
    return _("The share of a college in which nobody takes a side is not counted as for.")


def _election(definition: Definition, question: Election) -> list[str]:
    said = [
        ngettext(
            "%(num)s seat to fill, %(candidates)s candidates.",
            "%(num)s seats to fill, %(candidates)s candidates.",
            question.seats,
            candidates=len(question.candidates),
        ),
        ngettext(
            "You may choose %(num)s candidate, or vote blank.",
            "You may choose up to %(num)s candidates, or vote blank.",
            question.max_choices,
        ),
    ]
    if definition.has_shares:
        said.append(
            _(
                "In each college, a candidate’s votes are divided by the number of ballots that "
                "are not blank; the colleges’ shares of these are added up. The highest scores "
                "are elected."
            )
        )
    else:
        said.append(_("The candidates with the most votes are elected."))
    if question.majority is not None:
        said.append(
            _("A candidate needs %(part)s of the votes.", part=threshold(question.majority))
        )
    if question.quotas:
        said.append(
            _(
                "Quotas for the seats: %(quotas)s. A candidate whose election would make them "
                "impossible to meet is passed over.",
                quotas=quotas(definition, question.quotas),
            )
        )
    said.append(_ties(question))
    return said


def _ties(question: Election) -> str:
    names = {
        "seniority": _("the longest membership"),
        "age": _("the greater age"),
        "lot": _("drawing lots"),
    }
    chain = [names[criterion] for criterion in question.tie_break]
    return _("Equal scores are decided by: %(chain)s.", chain=_(", then ").join(chain))


def _amount(limit: Quota) -> str:
    if limit.min is None:
        return _("at most %(count)s", count=limit.max)
    if limit.max is None:
        return _("at least %(count)s", count=limit.min)
    if limit.min == limit.max:
        return _("exactly %(count)s", count=limit.min)
    return _("%(low)s to %(high)s", low=limit.min, high=limit.max)


def _part(value: Fraction) -> str:
    known = {
        Fraction(1, 2): _("half"),
        Fraction(1, 3): _("a third"),
        Fraction(2, 3): _("two thirds"),
        Fraction(1, 4): _("a quarter"),
        Fraction(3, 4): _("three quarters"),
        Fraction(1, 5): _("a fifth"),
        Fraction(2, 5): _("two fifths"),
        Fraction(3, 5): _("three fifths"),
        Fraction(4, 5): _("four fifths"),
        Fraction(1, 1): _("all"),
    }
    return known.get(value) or exact_percent(value)
