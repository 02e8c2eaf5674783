"""What does not hold, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vote.assembly.errors import DefinitionError
from vote.election.errors import ProtocolError
from vote.tlog.errors import LogError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold.

    `code` is stable and in kebab-case; `message` an English sentence for the auditor; `file` the
    file of the bundle in which it was found (None: the bundle as a whole).
    """

    code: str
    message: str
    file: str | None = None


class AuditError(Exception):
    """A check that failed, with everything it found, in the order in which it was found."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


class UnreadableError(Exception):
    """What was given can be verified by nobody: `code` and an English sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def refuse(code: str, message: str, file: str | None = None) -> AuditError:
    """An AuditError of a single finding, for the caller to raise."""
    return AuditError([Finding(code, message, file)])


def refuse_if(findings: Iterable[Finding]) -> None:
    """Raise an AuditError if anything was found."""
    found = tuple(findings)
    if found:
        raise AuditError(found)


def findings_of(error: Exception, file: str | None) -> tuple[Finding, ...]:
    """What an exception of a lower layer says; `file` is where it happened if it does not say.

    An exception that nobody foresaw is a finding too: a check that broke off has not passed.
    """
    match error:
        case AuditError(findings=found):
            return tuple(Finding(f.code, f.message, f.file or file) for f in found)
        case ProtocolError(code=code, message=message) | LogError(code=code, message=message):
            return (Finding(code, message, file),)
        case DefinitionError(faults=faults):
            return tuple(Finding(fault.code, str(fault), file) for fault in faults)
        case OSError():
            reason = error.strerror or type(error).__name__
            return (Finding("file-unreadable", f"the file cannot be read: {reason}", file),)
    return (Finding("unexpected", f"the check broke off: {type(error).__name__}", file),)


@contextmanager
def in_file(file: str) -> Iterator[None]:
    """Say of the errors of lower layers in which file they were found."""
    try:
        yield
    except (ProtocolError, LogError, DefinitionError) as error:
        raise AuditError(findings_of(error, file)) from error
