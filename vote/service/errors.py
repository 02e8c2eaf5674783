"""What a use case answers when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Mapping

from vote.assembly.errors import DefinitionError, Fault
from vote.store.database import UnavailableError

__all__ = [
    "DefinitionError",
    "Fault",
    "Refusal",
    "UnavailableError",
    "Unreadable",
    "log_not_started",
    "not_json",
    "unknown_assembly",
    "unknown_election",
]


class Refusal(Exception):  # noqa: N818 -- it is an answer, not a fault of ours
    """A request that was refused; nothing was changed.

    `code` is stable and chosen by us; `message` is English, says what happened and what to do, and
    may hold `{placeholders}` for `params`, so that it can be translated before it is filled in.
    `status` is the HTTP status that fits.
    """

    def __init__(
        self,
        code: str,
        message: str,
        params: Mapping[str, str | int] | None = None,
        *,
        status: int = 400,
    ) -> None:
        self.code = code
        self.template = message
        self.params = dict(params or {})
        self.status = status
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return self.template.format(**self.params)

    def __reduce__(self) -> tuple[type[Refusal], tuple[object, ...], dict[str, int]]:
        """It travels from a rehearsal's voting processes to the one that reports."""
        return type(self), (self.code, self.template, self.params), {"status": self.status}


class Unreadable(Refusal):
    """What was given cannot be read at all: commands exit with 2 instead of 1."""


def unknown_assembly(assembly: str) -> Refusal:
    return Refusal(
        "unknown-assembly",
        "There is no assembly “{assembly}” here. Check the address.",
        {"assembly": assembly},
        status=404,
    )


def unknown_election(uuid: str) -> Refusal:
    return Refusal(
        "unknown-election",
        "There is no election “{uuid}” here. Check the address.",
        {"uuid": uuid},
        status=404,
    )


def log_not_started(assembly: str) -> Refusal:
    return Refusal(
        "log-not-started",
        "The ballot box of “{assembly}” is not open yet. Come back once voting has opened.",
        {"assembly": assembly},
        status=404,
    )


def not_json() -> Refusal:
    return Refusal("not-json", "What was sent is not JSON. Load the page again and retry.")
