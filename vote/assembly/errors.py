"""What the law refuses: one exception, carrying every fault found, each in a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right (or, from the functions that advise, to think about).

    ``code`` is stable and kebab-case; ``where`` is a place in the definition
    ("questions[2].majority", counted from 0) or a line of a file ("roll.csv line 17");
    ``message`` says in English what is wrong or what has to be decided; ``params`` are the
    values named in the message, for whoever says it in another language.
    """

    code: str
    where: str
    message: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class DefinitionError(Exception):
    """A definition, a roll, a file of votes or a count that the law refuses.

    ``faults`` holds every fault, in the order in which they were found.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def refuse(code: str, where: str, message: str, /, **params: str | int) -> DefinitionError:
    """A DefinitionError of a single fault, for the caller to raise."""
    return DefinitionError([Fault(code, where, message, params)])
