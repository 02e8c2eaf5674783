"""Where an assembly stands, as a reader needs to know it, and how far a tally has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from markupsafe import Markup

from vote.service.overview import View
from vote.service.tally import Progress
from vote.web.languages import gettext as _
from vote.web.pages import charts, figures

Stage = Literal["draft", "before", "open", "ended", "tally", "decided"]


def stage(view: View) -> Stage:
    """`ended`: the time is over on every ballot paper, and the host has yet to close the box."""
    if view.state == "draft":
        return "draft"
    if view.state == "decided":
        return "decided"
    if view.state == "closed":
        return "tally"
    papers = {paper.state for paper in view.papers}
    if "open" in papers:
        return "open"
    return "before" if papers == {"before"} else "ended"


def badge(at: Stage) -> str:
    """The stage in a word or two."""
    return {
        "draft": _("In preparation"),
        "before": _("Not open yet"),
        "open": _("Voting is open"),
        "ended": _("Voting is over"),
        "tally": _("Being counted"),
        "decided": _("Decided"),
    }[at]


def colour(at: Stage) -> str:
    """Which of the badges of the style sheet says it."""
    return {"before": "draft", "ended": "closed", "tally": "closed"}.get(at, at)


def when(view: View, at: Stage) -> Markup:
    """The time that matters most now, in a sentence."""
    opens = min(paper.window.opens for paper in view.papers)
    closes = max(paper.ends for paper in view.papers)
    if at in ("draft", "before"):
        return Markup(_("Voting opens on %(time)s.", time=figures.moment(opens)))  # noqa: S704
    if at == "open":
        return Markup(_("You can vote until %(time)s.", time=figures.moment(closes)))  # noqa: S704
    if at == "decided":
        day = view.definition.assembly.meeting.date()
        if closes.date() < day:  # closed before: nobody has told us that the assembly met at all
            return Markup(_("Voting ended on %(time)s.", time=figures.moment(closes)))  # noqa: S704
        return Markup(_("The assembly met on %(day)s.", day=figures.day(day)))  # noqa: S704
    if at == "tally":
        return Markup(_("Voting is closed."))  # noqa: S704
    return Markup(_("Voting ended on %(time)s.", time=figures.moment(closes)))  # noqa: S704


@dataclass(frozen=True, slots=True)
class Trustee:
    """A trustee after closing: `done` of `total` elections decrypted."""

    name: str
    done: int
    total: int

    @property
    def finished(self) -> bool:
        return self.done >= self.total > 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The three steps after closing: adding up, decrypting, finding the result.

    `step` is the one that is going on, from 1; 4 once everything is decided.
    """

    step: int
    counted: int
    ballots: int
    trustees: tuple[Trustee, ...]

    @property
    def pieces(self) -> tuple[charts.Piece, ...]:
        done = Fraction(self.counted, self.ballots) if self.ballots else Fraction(0)
        return charts.bar(done)

    @property
    def finished(self) -> int:
        """How many trustees have decrypted."""
        return sum(each.finished for each in self.trustees)

    @property
    def awaited(self) -> tuple[str, ...]:
        """Who has yet to decrypt, once it is the trustees' turn."""
        return tuple(each.name for each in self.trustees if not each.finished)


def tally(view: View, progress: Progress) -> Tally:
    """How far the tally is, from the elections' own stages rather than from a clock."""
    trustees = tuple(Trustee(each.name, each.done, each.total) for each in progress.trustees)
    summing = progress.phase == "summing"
    return Tally(
        _step(view, trustees),
        progress.done if summing else 0,
        progress.total if summing else 0,
        trustees,
    )


def _step(view: View, trustees: tuple[Trustee, ...]) -> int:
    if view.state == "decided":
        return 4
    if any(election.stage in ("open", "closed") for election in view.elections):
        return 1
    return 2 if any(not each.finished for each in trustees) else 3


def meeting(view: View) -> datetime:
    """When the assembly meets, in its time zone."""
    assembly = view.definition.assembly
    return assembly.meeting.replace(tzinfo=assembly.zone)


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done now, in a few words, and the id of its step on the checklist."""

    step: str
    words: str


def next_step(view: View, tally: Tally) -> Next:
    """What the host, or somebody else, does next."""
    at = stage(view)
    if at == "draft":
        return _next_in_draft(view)
    if at == "tally":
        return Next("count", _counting(tally))
    return {
        "before": Next("vote", _("members vote")),
        "open": Next("vote", _("members vote")),
        "ended": Next("close", _("close the vote")),
        "decided": Next("decision", _("announce the decision")),
    }[at]


def _next_in_draft(view: View) -> Next:
    wanted, keys = view.definition.trustees.count, sum(each.has_key for each in view.trustees)
    if keys < wanted:
        words = _("the trustees give their keys (%(done)s of %(total)s)", done=keys, total=wanted)
        return Next("trustees", words)
    if not view.codes_issued:
        return Next("codes", _("make the members’ codes"))
    return Next("open", _("open the ballot box"))


def _counting(tally: Tally) -> str:
    if tally.step == 1:
        return _("the ballots are added up")
    if tally.step == 2:
        done, total = tally.finished, len(tally.trustees)
        return _("the trustees decrypt (%(done)s of %(total)s)", done=done, total=total)
    return _("the result is computed")
