"""The minutes as a PDF: from ``minutes.json`` alone, so that anybody can set them again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from vote.assembly.minutes import FILE
from vote.documents import figures, page, questions, verification
from vote.documents.catalogue import words
from vote.documents.page import Block
from vote.documents.questions import Reader
from vote.documents.typesetting import Attached, Document, DocumentError, typeset

Json = Mapping[str, Any]


def render(data: bytes, language: str) -> bytes:
    """The minutes in one of the assembly's languages: PDF/A-3a and PDF/UA-1, ``data`` attached.

    :raises DocumentError: ``data`` is not a ``minutes.json``, or the assembly does not have the
        language
    """
    try:
        minutes = json.loads(data)
        if language not in minutes["assembly"]["languages"]:
            raise DocumentError(f'the assembly does not have the language "{language}"')
        document = _document(minutes, language, data)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise DocumentError(f"this is not {FILE}: {error!r}") from error
    return typeset(document)


def languages(data: bytes) -> tuple[str, ...]:
    """The assembly's languages.

    :raises DocumentError: ``data`` is not a ``minutes.json``
    """
    try:
        return tuple(str(each) for each in json.loads(data)["assembly"]["languages"])
    except (LookupError, TypeError, ValueError) as error:
        raise DocumentError(f"this is not {FILE}: {error!r}") from error


def _document(minutes: Json, language: str, data: bytes) -> Document:
    reader = Reader(words(language), language, minutes)
    say, title = reader.words, reader.say(minutes["assembly"]["title"])
    digest = sha256(data).hexdigest()
    return Document(
        title=f"{say('minutes')} · {title}",
        language=language,
        date=_utc(minutes["recorded"]["made"]),
        author=minutes["recorded"]["secretary"] or "",
        running=f"{say('minutes')} · {title}",
        footing=f"{FILE} SHA-256 {digest[:16]}…",
        warning=say("rehearsal_running") if minutes["recorded"]["rehearsal"] else "",
        attached=Attached(FILE, "application/json", say("hash_minutes"), data),
        blocks=[
            *_beginning(reader),
            *_assembly(reader),
            *_attendance(reader),
            *_agenda(reader),
            *_decisions(reader),
            *(
                block
                for number, question in enumerate(minutes["questions"], start=1)
                for block in questions.blocks(reader, number, question)
            ),
            *_incidents(reader),
            *_privacy(reader),
            *_retention(reader),
            *verification.blocks(reader, digest),
            *_signatures(reader),
        ],
    )


def _beginning(reader: Reader) -> Iterator[Block]:
    say, assembly = reader.words, reader.minutes["assembly"]
    yield page.title(say("minutes"), reader.say(assembly["title"]))
    if reader.minutes["recorded"]["rehearsal"]:
        yield page.notice(say("rehearsal"))
    known = assembly["convocation"] <= 3
    convocation = say(
        f"convocation_{assembly['convocation'] if known else 'n'}", number=assembly["convocation"]
    )
    meeting = datetime.fromisoformat(assembly["meeting"])
    has_met = _local(reader, reader.minutes["recorded"]["made"]).replace(tzinfo=None) >= meeting
    yield page.text(
        say(
            f"{'met' if has_met else 'meets'}_{assembly['kind']}",
            moment=figures.moment(say, meeting),
            zone=figures.zone(say, assembly["timezone"]),
            convocation=convocation,
        )
    )


def _assembly(reader: Reader) -> Iterator[Block]:
    say, record = reader.words, reader.minutes["recorded"]
    languages = reader.minutes["assembly"]["languages"]
    names = [figures.language_name(say, code) for code in languages]
    listed = say("language_note", languages=say.listed(names), reference=names[0])
    rows: list[tuple[str, str | None]] = [
        (say("label_place"), record["place"]),
        (say("label_convened"), _convened(reader)),
        *_windows(reader),
        (say("label_chair"), record["chair"]),
        (say("label_secretary"), record["secretary"]),
        (say("label_scrutineers"), say.listed(record["scrutineers"]) or None),
        (say("label_trustees"), _trustees(reader)),
        *_proxies(reader),
    ]
    if len(languages) > 1:
        rows.append((say("label_languages"), listed))
    yield page.heading(2, say("assembly"))
    yield page.facts(rows)


def _convened(reader: Reader) -> str | None:
    """When and how the members were called together; None if nobody said either."""
    say, assembly = reader.words, reader.minutes["assembly"]
    means = [say(f"means_{one}") for one in reader.minutes["recorded"]["summoned_by"]]
    said = []
    if "convened" in assembly:
        day = date.fromisoformat(assembly["convened"])
        notice = (datetime.fromisoformat(assembly["meeting"]).date() - day).days
        said.append(say.count("convened_on", notice, day=figures.day(say, day)))
    if means:
        said.append(say("convened_by", means=say.listed(means)))
    return say("list_separator").join(said) or None


def _windows(reader: Reader) -> Iterator[tuple[str, str]]:
    """From when to when the ballot papers were open; once if all are alike."""
    say = reader.words
    seen: dict[str, list[str]] = {}
    for ballot in reader.minutes["ballots"]:
        seen.setdefault(_window(reader, ballot), []).append(reader.paper_name(ballot))
    for window, papers in seen.items():
        yield say("label_voting"), window if len(seen) == 1 else f"{say.listed(papers)}: {window}"


def _window(reader: Reader, ballot: Json) -> str:
    """The announced window; if the host closed before its end, until when members could vote."""
    say = reader.words
    opens, closes = (datetime.fromisoformat(ballot[each]) for each in ("opens", "closes"))
    ended, announced = _ended(reader, ballot), figures.moment(say, closes)
    times = {"opens": figures.moment(say, opens), "closes": figures.moment(say, ended)}
    return say("closed_early" if ended < closes else "from_to", **times, announced=announced)


def _ended(reader: Reader, ballot: Json) -> datetime:
    """Until when members could vote, local time: as announced, or until the host closed."""
    closed = [
        _local(reader, each["at"]).replace(tzinfo=None)
        for each in reader.minutes["recorded"].get("closed", [])
        if each["ballot"] == ballot["id"]
    ]
    return min([datetime.fromisoformat(ballot["closes"]), *closed])


def _trustees(reader: Reader) -> str:
    say, trustees = reader.words, reader.minutes["trustees"]
    names = reader.minutes["recorded"]["trustees"]
    key = "trustees_needed" if names else "trustees_nameless"
    return say(
        key, names=say.listed(names), threshold=trustees["threshold"], count=trustees["count"]
    )


def _proxies(reader: Reader) -> Iterator[tuple[str, str]]:
    """Until when members could have another vote for them, and for how many others one could."""
    say, rules = reader.words, reader.minutes.get("proxies")
    if rules is None:
        return
    ended = max(_ended(reader, ballot) for ballot in reader.minutes["ballots"])
    deadline = min(datetime.fromisoformat(rules["deadline"]), ended)
    said = [say("proxies_until", moment=figures.moment(say, deadline))]
    if "per_holder" in rules:
        said.append(say.count("proxies_each", rules["per_holder"]))
    for college, most in rules.get("per_college", {}).items():
        name = reader.names[college]
        counted = say.count("proxies_college", most, college=name)
        said.append(counted if most else say("proxies_none", college=name))
    if "fraction_of_members" in rules:
        part = figures.part(say, Fraction(rules["fraction_of_members"]))
        said.append(say("proxies_part", part=part))
    if rules.get("same_college"):
        said.append(say("proxies_same_college"))
    yield say("label_proxies"), say("quota_separator").join(said)


def _attendance(reader: Reader) -> Iterator[Block]:
    say, record = reader.words, reader.minutes["recorded"]
    yield page.heading(2, say("attendance"))
    yield page.text(say("at_a_distance"))
    room, represented = record["in_the_room"], record["represented"]
    rows = [(say("label_in_the_room"), None if room is None else reader.number(room))]
    if represented is not None:
        rows.append((say("label_represented"), reader.number(represented)))
    yield page.facts(rows)
    ballots = reader.minutes["ballots"]
    for ballot in ballots:
        if len(ballots) > 1:
            yield page.heading(3, say("paper", title=reader.paper_name(ballot)))
        yield _turnout(reader, ballot)
        yield from _quorum(reader, ballot)


def _turnout(reader: Reader, ballot: Json) -> Block:
    say, enrolled, voters = reader.words, ballot["enrolled"], ballot["voters"]
    weighted = ballot["weights"] != voters
    rows = [
        _turnout_row(
            reader, college, enrolled[college], voters[college], ballot["weights"][college]
        )
        for college in reader.counted({"colleges": enrolled})
    ]
    if len(rows) > 1:
        totals = (sum(ballot[which].values()) for which in ("enrolled", "voters", "weights"))
        rows.append(_turnout_row(reader, "*", *totals))
    columns = [
        page.column(say("college"), width=4),
        page.column(say("enrolled"), figures=True),
        page.column(say("voted"), figures=True),
        *([page.column(say("weights"), width=1.6, figures=True)] if weighted else []),
        page.column(say("turnout"), figures=True),
        page.column("", width=3),
    ]
    place = 3 if weighted else None
    kept = [row if place else [*row[:3], *row[4:]] for row in rows]
    return page.table(columns, kept, last_is_sum=len(rows) > 1)


def _turnout_row(
    reader: Reader, college: str, enrolled: int, voters: int, weight: int
) -> list[page.Cell]:
    turnout = Fraction(voters, enrolled) if enrolled else Fraction(0)
    return [
        questions.named(reader, college),
        *(reader.number(each) for each in (enrolled, voters, weight)),
        figures.percent(reader.words, turnout),
        page.parts(("for", voters), ("track", enrolled - voters)),
    ]


def _quorum(reader: Reader, ballot: Json) -> Iterator[Block]:
    say, quorum = reader.words, ballot["quorum"]
    bases = [("heads", "other_base_heads"), ("colleges", "other_base_colleges")]
    if quorum is None:
        yield page.text(say("no_quorum_asked"))
    else:
        value = Fraction(quorum["value"])
        detail = say(
            f"quorum_{quorum['base']}",
            minimum=figures.part(say, Fraction(quorum["minimum"])),
            value=quorum["value"],
            percent=figures.percent(say, value),
        )
        word = say("quorum_reached" if quorum["reached"] else "quorum_missed")
        tone: page.Tone = "for" if quorum["reached"] else "against"
        mark = float(Fraction(quorum["minimum"]))
        yield page.verdict("", tone, f"{detail} {word}", value=float(value), mark=mark)
        bases = [(base, key) for base, key in bases if base != quorum["base"]]
    for base, key in bases:
        if base in ballot["turnout"]:
            other = ballot["turnout"][base]
            written = figures.percent(say, Fraction(other))
            yield page.text(say(key, value=other, percent=written), small=True)


def _agenda(reader: Reader) -> Iterator[Block]:
    say = reader.words
    yield page.heading(2, say("agenda"))
    items = []
    for question in reader.minutes["questions"]:
        title = reader.say(question["title"])
        if question["type"] == "election":
            title = f"{title} ({say.count('election_of', question['seats'])})"
        if question["type"] == "consultation":
            title = f"{title} ({say('advisory')})"
        items.append(title)
    yield page.listed(items)


def _decisions(reader: Reader) -> Iterator[Block]:
    yield page.heading(2, reader.words("decisions"))
    if any(question["type"] == "resolution" for question in reader.minutes["questions"]):
        yield page.rule([reader.words("no_blank")])


def _incidents(reader: Reader) -> Iterator[Block]:
    say, incidents = reader.words, reader.minutes["recorded"]["incidents"]
    yield page.heading(2, say("incidents"))
    if not incidents:
        yield page.text(say("no_incident"))
    for incident in incidents:
        moment = figures.moment(say, _local(reader, incident["at"]))
        said = say("incident_by", text=incident["text"], by=incident["by"])
        yield page.facts([(moment, said)])


def _privacy(reader: Reader) -> Iterator[Block]:
    say, choice = reader.words, reader.minutes["recorded"]["privacy"]
    exposed = [one for one in reader.minutes["ballots"] if one["exposed"]]
    yield page.heading(2, say("privacy"))
    if not exposed:
        yield page.text(say("privacy_nothing", floor=choice["floor"]))
        return
    papers = say.listed([say("quoted", text=reader.paper_name(one)) for one in exposed])
    if len(reader.minutes["ballots"]) == 1:
        papers = say("the_ballot_paper")
    chosen = choice["chosen"] or choice["treatment"] != "show"
    key = f"privacy_{choice['treatment']}" if chosen else "privacy_unchosen"
    yield page.text(say(key, papers=papers, floor=choice["floor"]))
    if choice["treatment"] != "show":
        yield page.text(say("privacy_verifiable"))


def _retention(reader: Reader) -> Iterator[Block]:
    say, until = reader.words, reader.minutes["recorded"]["appeals_until"]
    yield page.heading(2, say("retention"))
    yield page.text(say("retention_keep"))
    if until is None:
        yield page.text(say("retention_destroy"))
    else:
        day = figures.day(say, date.fromisoformat(until))
        yield page.text(say("retention_destroy_day", day=day))


def _signatures(reader: Reader) -> Iterator[Block]:
    say, record = reader.words, reader.minutes["recorded"]
    made = figures.moment(say, _local(reader, record["made"]))
    zone = figures.zone(say, reader.minutes["assembly"]["timezone"])
    scrutineers: list[str | None] = [*record["scrutineers"]] or [None, None]
    roles = [
        (say("label_chair"), record["chair"]),
        (say("label_secretary"), record["secretary"]),
        *((say("scrutineer"), name) for name in scrutineers),
    ]
    yield page.together(
        page.heading(2, say("signatures")),
        page.text(say("made_on", moment=made, zone=zone), small=True),
        page.to_write(say("done_at"), say("done_on")),
        page.signatures(roles, say("name"), say("signature")),
    )


def _local(reader: Reader, moment: str) -> datetime:
    return _utc(moment).astimezone(ZoneInfo(reader.minutes["assembly"]["timezone"]))


def _utc(moment: str) -> datetime:
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
