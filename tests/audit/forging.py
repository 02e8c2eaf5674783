"""How forgeries are written down: what is done, and which check must find it in which file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.audit.workshop import Files, Workshop

PERSONS, STAFF = "main/persons", "main/staff"
MOTION, STAFF_MOTION = "motion/persons", "motion/staff"


class Stages:
    """The honest assembly at every stage, made once; each attribute is a copy to lead astray."""

    def __init__(self) -> None:
        opened = Workshop().open()
        voted = opened.copy().vote()
        closed = voted.copy().close()
        summed = closed.copy().sum_up()
        decrypted = summed.copy().decrypt()
        published = decrypted.copy().publish_results()
        self._stages = {
            "opened": opened,
            "voted": voted,
            "closed": closed,
            "summed": summed,
            "decrypted": decrypted,
            "published": published,
            "decided": published.copy().decide(),
        }

    def __getattr__(self, name: str) -> Workshop:
        return self._stages[name].copy()


@dataclass(frozen=True)
class Forgery:
    """A bundle with one defect. `file` may be "PAPER/COLLEGE": the archive of that election."""

    defect: str
    number: int
    file: str | None
    code: str
    make: Callable[[Stages], Workshop | Files]

    def files(self, stages: Stages) -> Files:
        made = self.make(stages)
        return made.bundle() if isinstance(made, Workshop) else made

    def file_in(self, files: Files) -> str | None:
        if self.file not in (PERSONS, STAFF, MOTION, STAFF_MOTION):
            return self.file
        ballot, college = self.file.split("/")
        rows = json.loads(files["elections.json"])
        return next(r["file"] for r in rows if (r["ballot"], r["college"]) == (ballot, college))


class Collection(list[Forgery]):
    """Forgeries, each added by `forgery` above the function that makes it."""

    def forgery(self, defect: str, number: int, file: str | None, code: str) -> Callable:
        def add(make: Callable[[Stages], Workshop | Files]) -> None:
            self.append(Forgery(defect, number, file, code, make))

        return add


def finish(workshop: Workshop) -> Workshop:
    """From the last ballot to the outcome, honestly."""
    return workshop.close().sum_up().decrypt().publish_results().decide()
