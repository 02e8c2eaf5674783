"""From the tables of a file to a Definition: which keys there are, which are required.

Whether the parts fit together is checked afterwards (``checks``).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, Literal

from vote.assembly.checks import check
from vote.assembly.errors import DefinitionError
from vote.assembly.model import (
    MAIN,
    Abstentions,
    Assembly,
    Attribute,
    BallotPaper,
    Base,
    Candidate,
    Carry,
    College,
    Consent,
    Consultation,
    Criterion,
    Definition,
    Election,
    Kind,
    Majority,
    Position,
    Question,
    Quorum,
    Quota,
    Resolution,
    Scope,
    SilentCollege,
    SittingMember,
    Tally,
    Term,
    Trustees,
    UnmetQuotas,
    Vacancies,
)
from vote.assembly.proxies import read_proxies
from vote.assembly.ratio import Ratio
from vote.assembly.reader import Faults, Table

FORMAT: Final = 1

KINDS: Final[tuple[Kind, ...]] = ("ordinary", "extraordinary")
BASES: Final[tuple[Base, ...]] = ("heads", "colleges")
CARRIES: Final[tuple[Carry, ...]] = ("proportional", "bloc")
SILENCES: Final[tuple[SilentCollege, ...]] = ("keep", "renormalise")
ABSTENTIONS: Final[tuple[Abstentions, ...]] = ("excluded", "against", "for")
CRITERIA: Final[tuple[Criterion, ...]] = ("seniority", "age", "lot")
ATTRIBUTES: Final[tuple[Attribute, ...]] = ("college", "gender")
SCOPES: Final[tuple[Scope, ...]] = ("seats", "board")
UNMET: Final[tuple[UnmetQuotas, ...]] = ("vacant", "give_way")
VACANCIES: Final[tuple[Vacancies, ...]] = ("next_candidate", "co_option")
TYPES: Final[tuple[Literal["resolution", "election", "consultation", "consent"], ...]] = (
    "resolution",
    "election",
    "consultation",
    "consent",
)

_MOST = 100_000  # trustees, seats, choices: far beyond any assembly
_NEEDED = "it has to be stated."


def read(data: Mapping[str, object]) -> Definition:
    """The definition that a file's tables say.

    :raises DefinitionError: with every fault found
    """
    faults = Faults()
    root = Table(data, "", faults)
    if root.integer("format", 1, _MOST, "this is format = 1.") != FORMAT and root.has("format"):
        root.wrong("unknown-format", "format", "only format = 1 is known.")
    assembly = _assembly(root)
    languages = assembly.languages
    colleges = tuple(_college(table, languages) for table in root.tables("colleges"))
    ballots = tuple(_ballot(table, languages) for table in root.tables("ballots"))
    if not root.has("ballots"):
        ballots = (BallotPaper(MAIN),)
    questions = tuple(_question(table, languages, ballots) for table in root.tables("questions"))
    if not root.has("questions"):
        root.missing("questions", "there has to be something to vote on.")
    definition = Definition(
        assembly=assembly,
        trustees=_trustees(root.table("trustees")),
        quorum=_quorum(root.table("quorum")),
        tally=_tally(root.table("tally"), shares=any(college.share for college in colleges)),
        colleges=colleges,
        ballots=ballots,
        questions=questions,
        board=_board(root.table("board")),
        proxies=read_proxies(root.table("proxies"), colleges),
    )
    root.finish()
    check(definition, faults)
    if faults.found:
        raise DefinitionError(faults.found)
    return definition


def _assembly(root: Table) -> Assembly:
    table = root.table("assembly")
    if table is None:
        if not root.has("assembly"):
            root.missing("assembly", "what is this assembly, in which languages, and when?")
        table = Table({}, "assembly", Faults())
    if not table.has("languages"):
        table.missing("languages", "in which languages is the assembly held?")
    languages = table.language_list("languages")
    found = Assembly(
        id=table.identifier("id", _NEEDED),
        kind=table.optional_choice("kind", KINDS) or "ordinary",
        languages=languages,
        timezone=table.text("timezone", 'in which time zone ("Europe/Brussels") are the times?'),
        opens=table.local_time("opens", "when does the vote open?"),
        meeting=table.local_time("meeting", "when does the meeting begin?"),
        closes=table.local_time("closes", "when does the vote close?"),
        title=table.texts("title", languages, "the assembly needs a title."),
        organisation=table.optional_choice("organisation", ("scic",)),
        convocation=table.optional_integer("convocation", 1, 9) or 1,
        convened=table.day("convened"),
    )
    table.finish()
    return found


def _trustees(table: Table | None) -> Trustees:
    """Left out: three, all of whom must come together. No threshold: all of them."""
    if table is None:
        return Trustees(3, 3)
    count = table.integer("count", 1, 100, "how many trustees hold the key?")
    threshold = table.optional_integer("threshold", 1, 100)
    if threshold is not None and threshold > count:
        table.wrong("threshold", "threshold", "the threshold is larger than the count.")
    table.finish()
    return Trustees(count, threshold or count)


def _quorum(table: Table | None) -> Quorum | None:
    if table is None:
        return None
    quorum = Quorum(
        minimum=table.ratio("minimum", "which fraction must take part?"),
        base=table.choice(
            "base", BASES, "is the quorum counted by heads or by colleges? It has to be decided."
        ),
        second=table.optional_ratio("second"),
    )
    table.finish()
    return quorum


def _tally(table: Table | None, *, shares: bool) -> Tally:
    """Without shares, abstentions are excluded unless the host says otherwise."""
    found = Tally()
    if table is not None:
        found = Tally(
            carry=table.optional_choice("carry", CARRIES),
            silent_college=table.optional_choice("silent_college", SILENCES),
            abstentions=table.optional_choice("abstentions", ABSTENTIONS),
            bloc_majority=_majority(table.table("bloc_majority"), inner=False),
        )
        table.finish()
    if not shares and found.abstentions is None:
        return Tally(found.carry, found.silent_college, "excluded", found.bloc_majority)
    return found


def _majority(table: Table | None, *, inner: bool) -> Majority | None:
    """``inner``: whether a test inside each college may be asked for."""
    if table is None:
        return None
    more, least = table.optional_ratio("more_than"), table.optional_ratio("at_least")
    if table.has("more_than") == table.has("at_least"):
        table.faults.add(
            "majority",
            table.where,
            "a majority is either more_than or at_least a fraction: decide which.",
        )
    within: bool | Majority = False
    if inner:
        within = _in_each_college(table)
    table.finish()
    if more is not None:
        if more.value == 1:
            table.wrong("majority", "more_than", "nothing can be more than the whole.")
        return Majority("more_than", more, within)
    if least is not None and least.value == 0:
        table.wrong("majority", "at_least", "a majority of at least 0 decides nothing.")
    return Majority("at_least", least or Ratio("1"), within)


def _in_each_college(table: Table) -> bool | Majority:
    value = table.get("in_each_college")
    if value is None or isinstance(value, bool):
        return bool(value)
    return _majority(table.table("in_each_college"), inner=False) or False


def _college(table: Table, languages: Sequence[str]) -> College:
    college = College(
        id=table.identifier("id", _NEEDED),
        share=table.optional_ratio("share"),
        name=table.texts("name", languages, "the college needs a name."),
    )
    table.finish()
    return college


def _ballot(table: Table, languages: Sequence[str]) -> BallotPaper:
    quorum: Quorum | Literal["none"] | None = "none"
    if table.get("quorum") != "none":
        quorum = _quorum(table.table("quorum"))
    paper = BallotPaper(
        id=table.identifier("id", _NEEDED),
        title=table.optional_texts("title", languages),
        opens=table.optional_local_time("opens"),
        closes=table.optional_local_time("closes"),
        quorum=quorum,
    )
    table.finish()
    return paper


def _question(table: Table, languages: Sequence[str], ballots: Sequence[BallotPaper]) -> Question:
    kind = table.choice("type", TYPES, "is it a resolution or an election?")
    found = _READERS[kind](table, languages, _on_ballot(table, ballots))
    if table.get("type") in TYPES:
        table.finish()
    return found


def _on_ballot(table: Table, ballots: Sequence[BallotPaper]) -> str:
    """Left out: the only ballot paper, or the one called "main"."""
    if table.has("ballot"):
        return table.identifier("ballot", _NEEDED)
    ids = [paper.id for paper in ballots]
    if len(ids) == 1:
        return ids[0]
    if MAIN not in ids:
        table.missing("ballot", "on which ballot paper does this question stand?")
    return MAIN


def _resolution(table: Table, languages: Sequence[str], ballot: str) -> Resolution:
    majority = _majority(table.table("majority"), inner=True)
    if not table.has("majority"):
        table.missing("majority", "which majority adopts this resolution? It has to be decided.")
    return Resolution(
        id=table.identifier("id", _NEEDED),
        ballot=ballot,
        title=table.texts("title", languages, "the question needs a title."),
        text=table.optional_texts("text", languages),
        majority=majority or Majority("at_least", Ratio("1")),
        carry=table.optional_choice("carry", CARRIES),
        silent_college=table.optional_choice("silent_college", SILENCES),
        abstentions=table.optional_choice("abstentions", ABSTENTIONS),
        bloc_majority=_majority(table.table("bloc_majority"), inner=False),
    )


def _election(table: Table, languages: Sequence[str], ballot: str) -> Election:
    if not table.has("tie_break"):
        table.missing(
            "tie_break",
            "how are equal scores decided? State the order, such as "
            '["seniority", "age", "lot"]; there is no default.',
        )
    seats = table.integer("seats", 1, _MOST, "how many seats are to be filled?")
    candidates = tuple(_candidate(one, languages) for one in table.tables("candidates"))
    if not table.has("candidates"):
        table.missing("candidates", "who stands?")
    return Election(
        id=table.identifier("id", _NEEDED),
        ballot=ballot,
        title=table.texts("title", languages, "the question needs a title."),
        text=table.optional_texts("text", languages),
        seats=seats,
        max_choices=table.optional_integer("max_choices", 1, _MOST) or seats,
        tie_break=table.choices("tie_break", CRITERIA),
        candidates=candidates,
        quotas=tuple(_quota(one) for one in table.tables("quotas")),
        majority=_majority(table.table("majority"), inner=False),
        silent_college=table.optional_choice("silent_college", SILENCES),
        unmet_quotas=table.optional_choice("unmet_quotas", UNMET),
        terms=tuple(_term(one) for one in table.tables("terms")),
        vacancies=table.optional_choice("vacancies", VACANCIES),
    )


def _candidate(table: Table, languages: Sequence[str]) -> Candidate:
    candidate = Candidate(
        id=table.identifier("id", _NEEDED),
        name=table.text("name", "the candidate needs a name."),
        college=table.optional_identifier("college"),
        gender=table.optional_identifier("gender"),
        member_since=table.day("member_since"),
        born=table.day("born"),
        photo=table.optional_text("photo"),
        statement=table.optional_texts("statement", languages),
    )
    table.finish()
    return candidate


def _quota(table: Table) -> Quota:
    quota = Quota(
        attribute=table.choice("attribute", ATTRIBUTES, "is the quota by college or by gender?"),
        value=table.identifier("value", "of which college or gender?"),
        min=table.optional_integer("min", 0, _MOST),
        max=table.optional_integer("max", 0, _MOST),
        scope=table.choice(
            "scope",
            SCOPES,
            "does the quota hold for the seats elected now, or for the whole board?",
        ),
    )
    if not table.has("min") and not table.has("max"):
        table.faults.add("quota", table.where, 'a quota needs a "min", a "max", or both.')
    table.finish()
    return quota


def _term(table: Table) -> Term:
    if not table.has("until"):
        table.missing("until", "on which day does this term end?")
    term = Term(
        until=table.day("until") or date.max,
        seats=table.optional_integer("seats", 1, _MOST) or 1,
        replaces=table.optional_text("replaces"),
    )
    table.finish()
    return term


def _consultation(table: Table, languages: Sequence[str], ballot: str) -> Consultation:
    if not table.has("positions"):
        table.missing("positions", "which positions can be taken?")
    return Consultation(
        id=table.identifier("id", _NEEDED),
        ballot=ballot,
        title=table.texts("title", languages, "the question needs a title."),
        text=table.optional_texts("text", languages),
        positions=tuple(_position(one, languages) for one in table.tables("positions")),
        silent_college=table.optional_choice("silent_college", SILENCES),
    )


def _position(table: Table, languages: Sequence[str]) -> Position:
    position = Position(
        id=table.identifier("id", _NEEDED),
        title=table.texts("title", languages, "the position needs a title."),
    )
    table.finish()
    return position


def _consent(table: Table, languages: Sequence[str], ballot: str) -> Consent:
    return Consent(
        id=table.identifier("id", _NEEDED),
        ballot=ballot,
        title=table.texts("title", languages, "the question needs a title."),
        text=table.optional_texts("text", languages),
    )


_READERS: Final[Mapping[str, Callable[[Table, Sequence[str], str], Question]]] = {
    "resolution": _resolution,
    "election": _election,
    "consultation": _consultation,
    "consent": _consent,
}


def _board(table: Table | None) -> tuple[SittingMember, ...] | None:
    if table is None:
        return None
    if not table.has("sitting"):
        table.missing("sitting", "who sits on the board already? An empty list says: nobody.")
    sitting = tuple(_sitting(one) for one in table.tables("sitting"))
    table.finish()
    return sitting


def _sitting(table: Table) -> SittingMember:
    member = SittingMember(
        name=table.text("name", "the sitting member needs a name."),
        college=table.optional_identifier("college"),
        gender=table.optional_identifier("gender"),
        until=table.day("until"),
    )
    table.finish()
    return member
