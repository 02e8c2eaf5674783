"""A made-up assembly with every kind of question, its counts, and its minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from vote.assembly.count import Count, Counts
from vote.assembly.definition import Definition, from_toml
from vote.assembly.disclosure import Privacy
from vote.assembly.minutes import Evidence, LogHead, SealedBox, minutes_json
from vote.assembly.outcome import Outcome, compute
from vote.assembly.record import Incident, Record

SEED = sha256(b"a seed").digest()
TEXTS = '{ fr = "fr NAME", nl = "nl NAME", en = "en NAME" }'

DEFINITION = """
format = 1

[assembly]
id = "everything"
kind = "KIND"
convocation = CONVOCATION
convened = 2026-05-20
languages = ["fr", "nl", "en"]
timezone = "Europe/Brussels"
opens = 2026-06-11T10:00:00
meeting = 2026-06-26T10:00:00
closes = 2026-06-26T16:45:00
title = T(Assembly of the Clouds)

[trustees]
count = 3
threshold = 2

[quorum]
minimum = "1/5"
base = "heads"
second = "1/10"

[proxies]
deadline = 2026-06-24T18:00:00
per_holder = 2
fraction_of_members = "1/20"
same_college = true
per_college = { staff = 1, partners = 0 }

[tally]
carry = "proportional"
silent_college = "keep"
abstentions = "excluded"

[[colleges]]
id = "users"
share = "1/2"
name = T(Users)

[[colleges]]
id = "staff"
share = "3/10"
name = T(Staff)

[[colleges]]
id = "partners"
share = "1/5"
name = T(Partners)

[[ballots]]
id = "main"
title = T(Main paper)

[[ballots]]
id = "advice"
title = T(Advice paper)
closes = 2026-06-26T12:00:00
quorum = { minimum = "1/2", base = "colleges", second = "0" }

[[questions]]
id = "accounts"
ballot = "main"
type = "resolution"
majority = { more_than = "1/2" }
title = T(Accounts)
text = T(**Bold** and a [link](https://example.org/x).)

[[questions]]
id = "statutes"
ballot = "main"
type = "resolution"
carry = "bloc"
silent_college = "renormalise"
abstentions = "against"
majority = { at_least = "2/3", in_each_college = { more_than = "1/4" } }
title = T(Statutes)

[[questions]]
id = "board"
ballot = "main"
type = "election"
seats = 3
tie_break = ["seniority", "lot"]
majority = { more_than = "1/10" }
vacancies = "next_candidate"
unmet_quotas = "vacant"
title = T(Board)

  [[questions.terms]]
  until = 2030-06-30
  seats = 2

  [[questions.terms]]
  until = 2028-06-30
  seats = 1
  replaces = "Somebody Former"

  [[questions.quotas]]
  attribute = "college"
  value = "staff"
  min = 1
  max = 2
  scope = "seats"

  [[questions.quotas]]
  attribute = "gender"
  value = "f"
  min = 1
  scope = "board"
CANDIDATES

[[questions]]
id = "colours"
ballot = "advice"
type = "consultation"
title = T(Colours)
POSITIONS

[[questions]]
id = "motion"
ballot = "advice"
type = "consent"
title = T(Motion)

[board]
sitting = [{ name = "Sitting Member", college = "users", gender = "m", until = 2028-06-30 }]
"""
CANDIDATE = """
  [[questions.candidates]]
  id = "ID"
  name = "NAME"
  college = "COLLEGE"
  gender = "GENDER"
  member_since = 2015-03-01
  statement = { fr = "Bonjour.", nl = "Hallo.", en = "Hello." }
"""
CANDIDATES = {
    "ada": ("Ada Example", "users", "f"),
    "bea": ("Bea Example", "users", "f"),
    "cid": ("Cid Example", "users", "m"),
    "dov": ("Dov Example", "staff", "m"),
    "eli": ("Eli Example", "partners", "m"),
}
POSITION = """
  [[questions.positions]]
  id = "NAME"
  title = T(Card NAME)
"""


def definition(kind: str = "ordinary", convocation: int = 1) -> Definition:
    text = DEFINITION.replace("KIND", kind).replace("CONVOCATION", str(convocation))
    candidates = "".join(
        CANDIDATE.replace("ID", one)
        .replace("NAME", name)
        .replace("COLLEGE", college)
        .replace("GENDER", gender)
        for one, (name, college, gender) in CANDIDATES.items()
    )
    positions = "".join(POSITION.replace("NAME", one) for one in ("green", "orange", "red"))
    text = text.replace("CANDIDATES", candidates).replace("POSITIONS", positions)
    return from_toml(_in_languages(text))


def _in_languages(text: str) -> str:
    """T(words) in the three languages."""
    head, *rest = text.split(" = T(")
    for each in rest:
        words, after = each.split(")\n", 1)
        head += f" = {TEXTS.replace('NAME', words)}\n{after}"
    return head


def _main(
    enrolled: int,
    voters: int,
    weight: int,
    votes: tuple[tuple[int, int, int], tuple[int, int, int], Mapping[str, int]],
) -> Count:
    accounts, statutes, board = votes
    answers = ("for", "against", "abstain")
    return Count(
        enrolled,
        voters,
        weight,
        {
            "accounts": dict(zip(answers, accounts, strict=True)),
            "statutes": dict(zip(answers, statutes, strict=True)),
            "board": board,
        },
    )


def _board(**votes: int) -> dict[str, int]:
    return {one: votes.get(one, 0) for one in CANDIDATES} | {"@blank": votes.get("blank", 0)}


def _advice(enrolled: int, voters: int, colours: list[int], motion: list[int]) -> Count:
    cards = ("green", "orange", "red", "@blank")
    stances = ("consent", "reservations", "objection", "@blank")
    return Count(
        enrolled,
        voters,
        voters,
        {
            "colours": dict(zip(cards, colours, strict=True)),
            "motion": dict(zip(stances, motion, strict=True)),
        },
    )


def counts(*, advice: int = 1) -> Counts:
    """Weights in one college; one college of three voters; another that is unanimous.

    `advice` multiplies the turnout of the advice paper.
    """
    users = _board(ada=50, bea=40, cid=40, dov=20, eli=4, blank=8)
    staff = _board(ada=6, bea=6, cid=6, dov=12)
    partners = _board(ada=2, bea=1, cid=1, eli=1)
    return {
        "main": {
            "users": _main(400, 90, 100, ((70, 20, 10), (80, 15, 5), users)),
            "staff": _main(40, 12, 12, ((12, 0, 0), (10, 2, 0), staff)),
            "partners": _main(20, 3, 3, ((0, 0, 3), (1, 2, 0), partners)),
        },
        "advice": {
            "users": _advice(
                400,
                40 * advice,
                [20 * advice, 10 * advice, 5, 10 * advice - 5],
                [30 * advice, 8 * advice, 0, 2 * advice],
            ),
            "staff": _advice(
                40, 10 * advice, [10 * advice, 0, 0, 0], [8 * advice, 2 * advice, 0, 0]
            ),
            "partners": _advice(20, 0, [0, 0, 0, 0], [0, 0, 0, 0]),
        },
    }


def outcome(asked: Definition, counted: Counts) -> Outcome:
    return compute(asked, counted, {"main": SEED})


def evidence(asked: Definition) -> Evidence:
    digest = sha256(b"an event").hexdigest()
    boxes = tuple(
        SealedBox(paper.id, college, f"{paper.id}{college}UUID", 120, digest)
        for paper in asked.ballots
        for college in asked.shares
    )
    key = "vote.example/log/everything+dd70beeb+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    root = "uqm7ialSf8eS9vDA0pLL4weC51nmAgInIg7KN1vrfUM="
    return Evidence(sha256(b"elections").hexdigest(), boxes, LogHead(key, 731, root))


SPARE = Record(made="2026-06-26T15:01:12Z")
FULL = Record(
    made="2026-06-26T15:01:12Z",
    address="https://vote.example/a/everything/audit",
    place="Hall of Winds, Nowhere",
    summoned_by=("email", "letter", "website", "press"),
    chair="Cleo Presiding",
    secretary="Sam Writing",
    scrutineers=("Una Counting", "Viv Counting"),
    trustees=("Key One", "Key Two", "Key Three"),
    in_the_room=120,
    represented=4,
    appeals_until=date(2027, 6, 26),
    roll="ab" * 32,
    privacy=Privacy(10, "show", chosen=True),
    incidents=(Incident("2026-06-26T08:12:00Z", "host", "The stream stopped for seven minutes."),),
)


def minutes(
    record: Record = FULL,
    *,
    asked: Definition | None = None,
    counted: Counts | None = None,
    **changes: Any,
) -> bytes:
    """minutes.json of that assembly; `changes` to the record."""
    asked, counted = asked or definition(), counted or counts()
    said = replace(record, **changes)
    return minutes_json(asked, counted, outcome(asked, counted), evidence(asked), said)
