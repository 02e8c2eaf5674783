"""A definition in which every part of the format is used, and ways to spoil it."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from vote.assembly.errors import DefinitionError
from vote.assembly.parsing import read

FULL = '''\
format = 1

[assembly]
id = "sample-2025"
kind = "extraordinary"
organisation = "scic"
convocation = 2
convened = 2025-06-01
languages = ["fr", "en"]
timezone = "Europe/Brussels"
opens = 2025-06-11T10:00:00
meeting = 2025-06-26T10:00:00
closes = 2025-06-26T16:45:00
title = { fr = "Assemblée « générale »", en = "General \\"assembly\\"" }

[trustees]
count = 3
threshold = 2

[quorum]
minimum = "1/5"
base = "colleges"
second = "0"

[tally]
carry = "bloc"
silent_college = "renormalise"
abstentions = "against"
bloc_majority = { at_least = "1/2" }

[[colleges]]
id = "persons"
share = "1/2"
name = { fr = "Personnes", en = "Persons" }

[[colleges]]
id = "partners"
share = "2/8"
name = { fr = "Partenaires", en = "Partners" }

[[colleges]]
id = "others"
share = "1/4"
name = { fr = "Autres", en = "Others" }

[[ballots]]
id = "advance"

[[ballots]]
id = "live"
title = { fr = "En séance", en = "In the room" }
opens = 2025-06-26T10:30:00
closes = 2025-06-26T12:00:00
quorum = "none"

[[ballots]]
id = "late"
quorum = { minimum = "1/10", base = "heads" }

[[questions]]
id = "accounts"
ballot = "live"
type = "resolution"
majority = { at_least = "2/3", in_each_college = { more_than = "1/2" } }
carry = "proportional"
silent_college = "keep"
abstentions = "for"
bloc_majority = { more_than = "1/2" }
title = { fr = "Comptes", en = "Accounts" }
text = { fr = """
Le bureau propose :

- d'approuver \\\\ « tout »\\t""", en = "One line" }

[[questions]]
id = "statutes"
ballot = "late"
type = "resolution"
majority = { at_least = "2/3", in_each_college = true }
title = { fr = "Statuts", en = "Statutes" }

[[questions]]
id = "board"
ballot = "advance"
type = "election"
seats = 2
max_choices = 3
tie_break = ["seniority", "age", "lot"]
majority = { at_least = "1/4" }
silent_college = "keep"
unmet_quotas = "give_way"
vacancies = "next_candidate"
title = { fr = "Conseil", en = "Board" }

  [[questions.candidates]]
  id = "ada"
  name = "Ada"
  college = "persons"
  gender = "f"
  member_since = 2012-03-01
  born = 1980-05-17
  photo = "photos/ada.jpg"
  statement = { fr = "Bonjour", en = "Hello" }

  [[questions.candidates]]
  id = "company"
  name = "The company"
  college = "partners"
  member_since = 2013-03-01
  born = 1999-05-17
  statement = { fr = "", en = "" }

  [[questions.quotas]]
  attribute = "college"
  value = "persons"
  min = 1
  max = 2
  scope = "seats"

  [[questions.quotas]]
  attribute = "gender"
  value = "f"
  min = 2
  scope = "board"

  [[questions.terms]]
  until = 2029-06-30
  seats = 1

  [[questions.terms]]
  until = 2027-06-30
  replaces = "Who left"

[[questions]]
id = "colours"
ballot = "advance"
type = "consultation"
silent_college = "keep"
title = { fr = "Couleurs", en = "Colours" }

  [[questions.positions]]
  id = "green"
  title = { fr = "vert", en = "green" }

  [[questions.positions]]
  id = "orange"
  title = { fr = "orange", en = "orange" }

  [[questions.positions]]
  id = "red"
  title = { fr = "rouge", en = "red" }

[[questions]]
id = "circle"
ballot = "advance"
type = "consent"
title = { fr = "Cercle", en = "Circle" }
text = { fr = "…", en = "…" }

[board]
sitting = [ { name = "S", college = "persons", gender = "f", until = 2027-06-30 }, { name = "T" } ]
'''


def full() -> dict[str, Any]:
    """The tables of `FULL`, to be spoilt."""
    return tomllib.loads(FULL)


def refused(data: dict[str, Any]) -> list[tuple[str, str]]:
    """The faults of these tables, as (code, where)."""
    with pytest.raises(DefinitionError) as refusal:
        read(data)
    assert all(fault.message.endswith((".", "?")) for fault in refusal.value.faults)
    return [(fault.code, fault.where) for fault in refusal.value.faults]


def without(data: dict[str, Any], *path: str | int) -> dict[str, Any]:
    """Take the value at the end of the path away."""
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return data


def setting(data: dict[str, Any], value: object, *path: str | int) -> dict[str, Any]:
    """Set the value at the end of the path."""
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return data


Spoil = Callable[[dict[str, Any]], dict[str, Any]]


def put(value: object, *path: str | int) -> Spoil:
    """A spoiler that sets a value."""
    return lambda data: setting(data, value, *path)
