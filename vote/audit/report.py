"""The report: numbered checks, what they found, and the verdict, as text and as JSON.

The JSON (`vote verify --json`) is one object; what is here keeps its name and meaning:

    {"format": 1,
     "subject": "bundle" | "archive" | "receipt",
     "verdict": "holds" | "fails",
     "checks": [{"number": 7, "name": "ballots", "file": "elections/….bel" | null,
                 "status": "passed" | "failed" | "not-checked" | "not-reached",
                 "detail": "312 ballots",
                 "findings": [{"code": "signature", "file": "…" | null, "message": "…"}]}],
     "facts": {…}}

`not-checked`: a check that it depends on has failed. `not-reached`: the election has not come that
far (single archives only). `facts` of a bundle or an archive: `assembly` (`id`,
`definition_sha256`), `log` (`key`, `size`, `root` in base64, `witnesses`: their keys) and
`elections`, a list of `file`, `uuid`, `stage`, `ballots`, `counted`, `result`; of a receipt:
`index`, `size`, `tracker` and `standing` ("counted" | "replaced"). What is not known is null.

What cannot be read gives {"format": 1, "verdict": "unreadable", "error": {"code", "message"}}.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, Literal, NamedTuple, TypeVar

from vote.audit.errors import Finding, UnreadableError, findings_of

FORMAT: Final = 1
_MOST_FINDINGS: Final = 20

Subject = Literal["bundle", "archive", "receipt"]
Status = Literal["passed", "failed", "not-checked", "not-reached"]
Verdict = Literal["holds", "fails"]
_WORDS: Final[Mapping[Status, str]] = {
    "passed": "ok",
    "failed": "FAILED",
    "not-checked": "not checked",
    "not-reached": "not reached",
}
_Value = TypeVar("_Value")


class Step(NamedTuple):
    """A numbered step of the verification: a short name, and what it looks at."""

    number: int
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Check:
    """A step as it was made: on which file, with what outcome."""

    step: Step
    file: str | None
    status: Status
    detail: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in their order; `facts` as the JSON has them; `closing` sentences for people."""

    subject: Subject
    checks: tuple[Check, ...]
    facts: Mapping[str, object]
    closing: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`holds` only if not one check failed and none was left out for a failure's sake."""
        good = all(check.status in ("passed", "not-reached") for check in self.checks)
        return "holds" if good and self.checks else "fails"

    @property
    def exit_code(self) -> int:
        """0 all hold, 1 something does not."""
        return 0 if self.verdict == "holds" else 1

    def to_json(self) -> str:
        """The JSON described above, ASCII, indented."""
        return _json(
            {
                "format": FORMAT,
                "subject": self.subject,
                "verdict": self.verdict,
                "checks": [_check_json(check) for check in self.checks],
                "facts": dict(self.facts),
            }
        )

    def to_text(self) -> str:
        """The report for people: a line for each check, what it found below it."""
        lines = [line for checks in _grouped(self.checks) for line in _lines(checks)]
        return "\n".join([*lines, "", *map(plain, [*_count(self.checks), *self.closing])]) + "\n"


def unreadable_json(error: UnreadableError) -> str:
    """The JSON for what cannot be read."""
    return _json(
        {
            "format": FORMAT,
            "verdict": "unreadable",
            "error": {"code": error.code, "message": error.message},
        }
    )


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"


def _check_json(check: Check) -> dict[str, object]:
    return {
        "number": check.step.number,
        "name": check.step.name,
        "file": check.file,
        "status": check.status,
        "detail": check.detail,
        "findings": [
            {"code": finding.code, "file": finding.file, "message": finding.message}
            for finding in check.findings
        ],
    }


def _grouped(checks: Sequence[Check]) -> Iterator[list[Check]]:
    """One list for each line: of a step that passes for several files there is only one."""
    for _, same in groupby(checks, key=lambda check: (check.step, check.status)):
        group = list(same)
        if group[0].status == "passed":
            yield group
        else:
            yield from ([check] for check in group)


def _lines(checks: Sequence[Check]) -> list[str]:
    check, *others = checks
    subject = f" · {check.file}" if check.file else ""
    detail = f" ({check.detail})" if check.detail else ""
    if others:
        subject, detail = f" · {len(checks)} archives", ""
    head = f"[{check.step.number:2}] {_WORDS[check.status]:<11}  {check.step.title}"
    lines = [plain(f"{head}{subject}{detail}")]
    for finding in check.findings:
        where = f"{finding.file}: " if finding.file else ""
        lines.append(plain(f"       - {where}{finding.message} [{finding.code}]"))
    return lines


def _count(checks: tuple[Check, ...]) -> list[str]:
    failed = sum(check.status == "failed" for check in checks)
    left_out = sum(check.status == "not-checked" for check in checks)
    if not failed and not left_out:
        return [f"All {sum(check.status == 'passed' for check in checks)} checks hold."]
    return [f"DOES NOT HOLD: {failed} of {len(checks)} checks failed, {left_out} not checked."]


def plain(text: str) -> str:
    """Text for a terminal: what does not print, or is no character, is spelled out."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


@dataclass(slots=True)
class Ledger:
    """Where the verification writes down its checks, one after the other."""

    checks: list[Check] = field(default_factory=list)

    def attempt(
        self,
        step: Step,
        file: str | None,
        action: Callable[[], _Value],
        *,
        needs: Mapping[Step, object] | None = None,
        detail: Callable[[_Value], str] | None = None,
    ) -> _Value | None:
        """Make one check: it holds unless `action` raises. Its value, or None if it does not hold.

        `needs`: what the action uses, by the step that gave it; where one is None the action is
        not run and the check is listed as not checked.
        """
        missing = sorted({s.number for s, value in (needs or {}).items() if value is None})
        if missing:
            numbers = ", ".join(map(str, missing))
            self.note(step, file, "not-checked", f"needs what check {numbers} should have given")
            return None
        try:
            value = action()
        except UnreadableError:
            raise
        except Exception as error:  # a check that breaks off, for whatever reason, has failed
            self.fail(step, file, findings_of(error, file))
            return None
        self.note(step, file, "passed", detail(value) if detail else "")
        return value

    def note(self, step: Step, file: str | None, status: Status, detail: str = "") -> None:
        """Write down a check that found nothing."""
        self.checks.append(Check(step, file, status, detail))

    def fail(self, step: Step, file: str | None, findings: tuple[Finding, ...]) -> None:
        """Write down a check that failed; of very many findings, the first ones."""
        shown = findings[:_MOST_FINDINGS]
        more = len(findings) - len(shown)
        detail = f"and {more} more like these" if more else ""
        self.checks.append(Check(step, file, "failed", detail, shown))


def there(value: _Value | None) -> _Value:
    """What an earlier check gave, inside an action that names it among its needs."""
    if value is None:
        raise RuntimeError("no action runs whose needs are missing")
    return value
