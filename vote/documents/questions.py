"""What became of each question, as blocks of the minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from vote.assembly.model import WHOLE
from vote.documents import figures, markdown, page, wording
from vote.documents.catalogue import Words
from vote.documents.page import Block

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the minutes are for: the sentences of our language, the texts in the assembly's."""

    words: Words
    language: str
    minutes: Json

    def say(self, texts: Mapping[str, str]) -> str:
        return texts[self.language]

    @property
    def names(self) -> dict[str, str]:
        """The colleges' names, "*" being the whole assembly."""
        names = {one["id"]: self.say(one["name"]) for one in self.minutes.get("colleges", ())}
        return {**names, WHOLE: self.words("whole_assembly")}

    @property
    def shares(self) -> dict[str, Fraction]:
        """The colleges' shares; none without them."""
        colleges = self.minutes.get("colleges", ())
        return {one["id"]: Fraction(one["share"]) for one in colleges if "share" in one}

    def counted(self, outcome: Json) -> list[str]:
        """The colleges of an outcome in the order of the definition; "*": all of them."""
        order = [WHOLE, *(one["id"] for one in self.minutes.get("colleges", ()))]
        return [college for college in order if college in outcome.get("colleges", ())]

    def ballot(self, ballot: str) -> Json:
        return next(one for one in self.minutes["ballots"] if one["id"] == ballot)

    def paper_name(self, ballot: Json) -> str:
        """A ballot paper's title; its id where it has none."""
        return self.say(ballot["title"]) if "title" in ballot else str(ballot["id"])

    def number(self, value: int) -> str:
        return figures.number(self.words, value)


def blocks(reader: Reader, number: int, question: Json) -> Iterator[Block]:
    """A question: its text, the rule, what was counted, what was decided."""
    title = reader.words("numbered", number=number, title=reader.say(question["title"]))
    yield page.heading(3, title)
    if "text" in question:
        yield page.prose(markdown.parse(reader.say(question["text"])), reader.language)
    said = wording.rule(reader.words, question, reader.names)
    if reader.ballot(question["ballot"])["weights"] != reader.ballot(question["ballot"])["voters"]:
        said.append(reader.words("counted_by_weight"))
    yield page.rule(said)
    yield from _OUTCOMES[question["type"]](reader, question)
    if question["outcome"]["detail"] != "shown":
        yield page.text(reader.words(question["outcome"]["detail"]), small=True)


# ---- resolutions


def _resolution(reader: Reader, question: Json) -> Iterator[Block]:
    words, outcome = reader.words, question["outcome"]
    if outcome["detail"] != "withheld":
        yield _college_votes(reader, question)
    yield _decision(reader, question)
    if outcome.get("failed_in"):
        names = [reader.names[college] for college in outcome["failed_in"]]
        yield page.text(words("failed_in", colleges=words.listed(names)))


def _college_votes(reader: Reader, question: Json) -> Block:
    words, ballot = reader.words, reader.ballot(question["ballot"])
    exact = question["outcome"]["detail"] == "shown"
    rows = []
    for college in reader.counted(question["outcome"]):
        sums = question["outcome"]["colleges"][college]
        counted = [reader.number(sums[answer]) for answer in ("for", "against", "abstain")]
        pieces = (("for", sums["for"]), ("against", sums["against"]), ("abstain", sums["abstain"]))
        fraction = [_part(words, sums["share"])] if exact else []
        people = [reader.number(_of(ballot[which], college)) for which in ("enrolled", "voters")]
        rows.append([named(reader, college), *people, *counted, *fraction, page.parts(*pieces)])
    heads = ["enrolled", "voted", "for", "against", "abstained"]
    columns = [
        page.column(words("college"), width=3),
        *(page.column(words(key), figures=True) for key in heads),
        *([page.column(words("in_favour"), width=2, figures=True)] if exact else []),
        page.column("", width=2),
    ]
    return page.table(columns, rows)


def _of(people: Mapping[str, int], college: str) -> int:
    """The members of a college; of all of them as "*"."""
    return people[college] if college in people else sum(people.values())


def named(reader: Reader, college: str) -> page.Cell:
    """A college's name, and its share where it has one."""
    share = reader.shares.get(college)
    if share is None:
        return reader.names[college]
    written = figures.exact_percent(reader.words, share)
    return page.noted(reader.names[college], reader.words("share_of_votes", share=written))


def _part(words: Words, fraction: str | None) -> page.Cell:
    if fraction is None:
        return words("nobody_took_a_side")
    return page.noted(figures.percent(words, Fraction(fraction)), fraction)


_WORDS = {"adopted": "for", "rejected": "against", "no quorum": "neutral"}


def _decision(reader: Reader, question: Json) -> Block:
    words, outcome = reader.words, question["outcome"]
    wanted = wording.threshold(words, question["majority"])
    tone: Any = _WORDS[outcome["decision"]]
    word = words(outcome["decision"].replace(" ", "_"))
    value = mark = None
    detail = ""
    if outcome.get("result") is not None:
        result = Fraction(outcome["result"])
        value, mark = float(result), float(_fraction(question["majority"]))
        written = figures.percent(words, result)
        detail = words("result_exact", value=outcome["result"], percent=written, threshold=wanted)
    elif outcome.get("percent"):
        written = figures.percent_text(words, outcome["percent"])
        detail = words("result_rounded", percent=written, threshold=wanted)
    elif "result" in outcome or "percent" in outcome:
        detail = words("result_silent")
    return page.verdict(word, tone, detail, value=value, mark=mark)


def _fraction(majority: Json) -> Fraction:
    return Fraction(majority.get("more_than") or majority["at_least"])


# ---- elections


def _election(reader: Reader, question: Json) -> Iterator[Block]:
    words, outcome = reader.words, question["outcome"]
    people = {one["id"]: one for one in question["candidates"]}
    elected = outcome["elected"]
    missed = (reader.ballot(question["ballot"])["quorum"] or {}).get("reached") is False
    word = words.count("elected_number", len(elected)) if elected else words("nobody_elected")
    if missed:
        word = words("no_quorum")
    names = words.listed([people[one]["name"] for one in elected])
    vacant = words.count("vacant", outcome["vacant"]) if outcome["vacant"] else ""
    detail = " ".join(filter(None, [f"{names}." if names else "", vacant]))
    yield page.verdict(word, "for" if elected else "neutral", detail)
    if elected:
        yield page.together(
            page.heading(4, words("elected_people")), _elected(reader, question, people)
        )
    yield page.heading(4, words("all_candidates"))
    if outcome["detail"] == "withheld":
        yield page.text(words("order_not_shown"), small=True)
    yield _candidates(reader, question, people)
    yield from _besides(reader, question, people)


def _elected(reader: Reader, question: Json, people: Mapping[str, Json]) -> Block:
    words = reader.words
    by_id = {one["id"]: one for one in question["outcome"]["candidates"]}
    with_terms = "terms" in question
    with_colleges = any("college" in one for one in people.values())
    rows = [
        [
            str(place),
            page.strong(people[one]["name"]),
            *([reader.names.get(people[one].get("college", ""), "")] if with_colleges else []),
            *([_term(reader, question, place, by_id[one])] if with_terms else []),
        ]
        for place, one in enumerate(question["outcome"]["elected"], start=1)
    ]
    columns = [
        page.column("", figures=True),
        page.column(words("name"), width=3),
        *([page.column(words("college"), width=3)] if with_colleges else []),
        *([page.column(words("term"), width=4)] if with_terms else []),
    ]
    return page.table(columns, rows)


def _term(reader: Reader, question: Json, place: int, candidate: Json) -> str:
    """Until when, and whose unfinished term it is; `place` in the order of election, from 1."""
    if "until" not in candidate:
        return ""
    ends = [term for term in question["terms"] for _ in range(term["seats"])]
    until = figures.day(reader.words, date.fromisoformat(candidate["until"]))
    replaced = ends[place - 1].get("replaces")
    if replaced:
        return reader.words("in_place_of", day=until, name=replaced)
    return reader.words("until", day=until)


def _candidates(reader: Reader, question: Json, people: Mapping[str, Json]) -> Block:
    words, outcome = reader.words, question["outcome"]
    counted = outcome["detail"] != "withheld"
    colleges = reader.counted(outcome)
    scored = counted and bool(reader.shares)
    rows = [
        [
            *([str(one["rank"])] if counted else []),
            _candidate(reader, people[one["id"]]),
            *(reader.number(one["votes"][college]) for college in colleges),
            *([_score(words, one)] if scored else []),
            _what_became(reader, one),
        ]
        for one in outcome["candidates"]
    ]
    for key, which in (("with_a_choice", "nonblank"), ("blank", "blank")):
        if counted:
            sums = [reader.number(outcome["colleges"][college][which]) for college in colleges]
            rows.append(["", page.strong(words(key)), *sums, *([""] if scored else []), ""])
    alone = colleges == [WHOLE]
    columns = [
        *([page.column(words("rank"), figures=True)] if counted else []),
        page.column(words("candidate"), width=4),
        *(
            page.column(words("votes") if alone else reader.names[college], width=2, figures=True)
            for college in colleges
        ),
        *([page.column(words("score"), width=2.5, figures=True)] if scored else []),
        page.column(words("what_became"), width=3),
    ]
    return page.table(columns, rows)


def _candidate(reader: Reader, person: Json) -> page.Cell:
    college = reader.names.get(person.get("college", ""))
    return page.noted(person["name"], college) if college else person["name"]


def _score(words: Words, candidate: Json) -> page.Cell:
    if "percent" in candidate:
        return figures.percent_text(words, candidate["percent"])
    return page.noted(figures.percent(words, Fraction(candidate["score"])), candidate["score"])


def _what_became(reader: Reader, candidate: Json) -> page.Cell:
    if candidate["elected"]:
        return page.strong(reader.words("elected"))
    if candidate["passed_over"]:
        return wording.why_passed_over(reader.words, candidate["passed_over"], reader.names)
    return reader.words("not_elected")


def _besides(reader: Reader, question: Json, people: Mapping[str, Json]) -> Iterator[Block]:
    words, outcome = reader.words, question["outcome"]
    for tie in outcome.get("ties", ()):
        names = words.listed([people[one]["name"] for one in tie["candidates"]])
        how = words(f"tie_{tie['decided_by']}")
        yield page.text(words("tie", how=how, names=names))
    if outcome.get("lot_seed"):
        yield page.codes([(words("lot_seed"), outcome["lot_seed"])])
    if outcome.get("substitutes"):
        names = words.listed([people[one]["name"] for one in outcome["substitutes"]])
        yield page.text(words("substitutes", names=names))


# ---- the other questions


def _consultation(reader: Reader, question: Json) -> Iterator[Block]:
    words, outcome = reader.words, question["outcome"]
    if outcome["detail"] != "withheld":
        titles = {one["id"]: reader.say(one["title"]) for one in question["positions"]}
        colleges = reader.counted(outcome)
        rows = [
            [
                titles[one["id"]],
                *(reader.number(one["votes"][college]) for college in colleges),
                _score(words, {**one, "score": one.get("part")}),
            ]
            for one in outcome["positions"]
        ]
        blank = [reader.number(outcome["colleges"][college]["blank"]) for college in colleges]
        rows.append([words("blank"), *blank, ""])
        columns = [
            page.column(words("answer"), width=4),
            *(page.column(reader.names[one], width=2, figures=True) for one in colleges),
            page.column(words("part_of_all"), width=2.5, figures=True),
        ]
        yield page.table(columns, rows)
    yield page.verdict(words("advice_given"), "neutral", words("consultation_rule"))


def _consent(reader: Reader, question: Json) -> Iterator[Block]:
    words, outcome = reader.words, question["outcome"]
    answers = ("consent", "reservations", "objection", "blank")
    if outcome["detail"] != "withheld":
        rows = [
            [
                reader.names[college],
                *(reader.number(outcome["colleges"][college][answer]) for answer in answers),
            ]
            for college in reader.counted(outcome)
        ]
        columns = [
            page.column(words("college"), width=4),
            *(page.column(words(answer), width=2, figures=True) for answer in answers),
        ]
        yield page.table(columns, rows)
    tone: Any = _WORDS[outcome["decision"]]
    yield page.verdict(words(outcome["decision"].replace(" ", "_")), tone, "")


_OUTCOMES = {
    "resolution": _resolution,
    "election": _election,
    "consultation": _consultation,
    "consent": _consent,
}
