"""Colleges so small that their figures would show how somebody voted: what the host reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vote.service import privacy
from vote.service.errors import Fault
from vote.service.house import House
from vote.service.law import Definition
from vote.service.overview import View
from vote.service.privacy import Advice
from vote.web.languages import gettext as _
from vote.web.languages import lazy_gettext as _l
from vote.web.languages import ngettext, pick
from vote.web.pages import wording

TREATMENTS: Final[Mapping[str, tuple[Any, Any]]] = {
    "show": (
        _l("Show everything"),
        _l("As on every other ballot paper: the figures of each college."),
    ),
    "merge": (
        _l("Show all colleges together"),
        _l(
            "The votes of all colleges are added up, and the result is rounded. Where each "
            "college votes as one, not even the result is shown."
        ),
    ),
    "withhold": (
        _l("Show the decision alone"),
        _l("What is adopted or rejected and who is elected, without any figure."),
    ),
}
"""What can be done, in a few words, and what it means."""


def advice(house: House, view: View) -> Advice | None:
    """What the host should know now; None once everything is decided."""
    if view.state == "draft":
        return privacy.before_opening(house, view.id)
    return None if view.state == "decided" else privacy.at_closing(house, view.id)


def findings(definition: Definition, found: Advice) -> list[str]:
    """What was found, in the reader's language."""
    return [_finding(definition, each) for each in found.findings]


def chosen(found: Advice) -> str:
    """What the host has chosen so far, in a sentence."""
    choice = found.chosen
    if not choice.chosen:
        return _("Nothing has been chosen yet: everything is shown then, and the minutes say so.")
    return _(
        "Chosen for colleges of fewer than %(floor)s voters and unanimous ones: %(treatment)s.",
        floor=choice.floor,
        treatment=str(TREATMENTS[choice.treatment][0]),
    )


def _finding(definition: Definition, fault: Fault) -> str:
    college = wording.college_name(definition, str(fault.params["college"]))
    if fault.code == "small-college":
        return ngettext(
            "“%(college)s” has one member: its figures show how this member votes.",
            "“%(college)s” has %(num)s members: its figures may show how they vote.",
            int(fault.params["members"]),
            college=college,
        )
    if fault.code == "heavy-member":
        return _(
            "One member of “%(college)s” outweighs all the others: the figures show that vote.",
            college=college,
        )
    if fault.code == "few-voters":
        return _few(definition, fault, college)
    return fault.message


def _few(definition: Definition, fault: Fault, college: str) -> str:
    said = ngettext(
        "In “%(college)s” one member has voted: its figures show how.",
        "In “%(college)s” %(num)s members have voted: its figures may show how.",
        int(fault.params["voters"]),
        college=college,
    )
    if len(definition.ballots) == 1:
        return said
    paper = definition.ballot(str(fault.params["ballot"]))
    title = pick(paper.title, definition.assembly.languages)[1] if paper.title else paper.id
    return _("%(paper)s: %(sentence)s", paper=title, sentence=said)
