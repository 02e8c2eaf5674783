"""Being on watch: look, tell, wait, look again, until the assembly has been decided."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from vote.audit.report import plain
from vote.audit.verify import verify
from vote.service import durable
from vote.service.monitor.ending import Ending, finish
from vote.service.monitor.site import MissingError, SilentError, Site
from vote.service.monitor.state import Alarm, State
from vote.service.monitor.telling import Listener, Message, UntoldError
from vote.service.monitor.watch import ContradictionError, Stage, Watch

SILENT: Final = "silent"
NOT_SERVED: Final = "bundle-not-served"


@dataclass(frozen=True, slots=True)
class Orders:
    """How to watch; times in seconds. `silence`: how long the service may say nothing."""

    once: bool = False
    interval: float = 30.0
    silence: float = 600.0
    jobs: int = 1
    listeners: Sequence[Listener] = ()
    key_known: bool = False  # from elsewhere than from the service itself


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak: `say` a line that stays, `show` one that the next one replaces, `report`."""

    say: Callable[[str], None]
    show: Callable[[str], None]
    report: Callable[[str], None]


class Duty:
    """One monitor on watch. `run` gives the exit code: 0 all holds, 1 an alarm, 2 no answer."""

    def __init__(
        self,
        site: Site,
        state: State,
        orders: Orders,
        voice: Voice,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site = site
        self._state = state
        self._orders = orders
        self._voice = voice
        self._sleep = sleep
        self._silent_since: float | None = None
        self._introduced = False
        self._told: set[tuple[str, Listener]] = set()
        self._untold: set[str] = set()

    def run(self) -> int:
        """Until the end, the first contradiction, or with `once` one look."""
        with Watch(
            self._site,
            self._state,
            self._orders.jobs,
            found=self._cry,
            progress=lambda done, total: self._voice.show(f"{done} of {total} entries checked"),
        ) as watch:
            while True:
                code = self._look(watch)
                self._tell_all()
                if code is not None:
                    return code
                self._sleep(self._orders.interval)

    def _look(self, watch: Watch) -> int | None:
        """One look; the exit code, if it was the last."""
        try:
            stage = watch.poll()
            self._introduce()
            if stage is Stage.ENDED:
                return self._end(watch)
            if stage is Stage.RESERVED:
                return self._end_reserved(watch)
        except SilentError as error:
            return self._silent(watch, error)
        except ContradictionError:
            self._voice.say(
                f"The watch ends here. What was seen is kept in {self._state.folder}; the proofs"
                " are in its folder “evidence”."
            )
            return 1
        self._answered()
        self._voice.show(_standing(watch, stage))
        if not self._orders.once:
            return None
        self._voice.say(_standing(watch, stage))
        return 1 if self._state.alarms else 0

    def _introduce(self) -> None:
        """Say once which log is watched."""
        key = self._state.key
        if key is None or self._introduced:
            return
        self._introduced = True
        compare = "" if self._orders.key_known else " Compare it with the one that was published."
        self._voice.say(f"The ballot log is that of the key {key}.{compare}")

    def _answered(self) -> None:
        if self._silent_since is not None:
            self._voice.say("The service answers again.")
        self._silent_since = None
        self._state.forget(SILENT)

    def _silent(self, watch: Watch, error: Exception, code: str = SILENT) -> int | None:
        """The service gives no answer; an alarm if that lasts."""
        now = time.monotonic()
        if self._orders.once:
            self._voice.say(f"The service does not answer: {error}")
            return 2
        if self._silent_since is None:
            self._silent_since = now
            self._voice.show(f"no answer: {error}")
        elif now - self._silent_since >= self._orders.silence:
            minutes = self._orders.silence / 60
            watch.alarm(
                code, f"for {minutes:g} minutes there was no answer: {error}", lasting=False
            )
        return None

    # --- the end --------------------------------------------------------------------------

    def _end(self, watch: Watch) -> int | None:
        self._voice.show("the outcome is there; the bundle is verified …")
        try:
            ending = finish(
                self._site,
                self._state,
                watch.log,
                self._orders.jobs,
                lambda phase, done, total: self._voice.show(f"{phase}: {done} of {total}"),
            )
        except SilentError as error:
            return self._silent(watch, error)
        except MissingError as error:
            if self._orders.once or self._has_waited():
                watch.alarm(NOT_SERVED, f"the complete bundle cannot be had: {error}")
                return 1
            self._silent_since = self._silent_since or time.monotonic()
            return None
        self._answered()
        self._state.forget(NOT_SERVED)
        for each in ending.differences:
            watch.alarm("bundle-differs", f"in the bundle that the service offers, {each}")
        return self._close(ending)

    def _end_reserved(self, watch: Watch) -> int:
        """The host keeps results back, so there is no public bundle; what there is, is verified."""
        self._answered()
        reports = [verify(path, jobs=self._orders.jobs) for path in watch.archives]
        for report in reports:
            self._voice.report(report.to_text())
        holds = all(report.exit_code == 0 for report in reports) and not self._state.alarms
        return self._say_the_end(
            holds,
            "The host keeps the figures of small colleges back: decryptions, results and the bundle"
            " are for those who are entitled to them. Everything up to the encrypted sums was"
            " watched and checked.",
        )

    def _has_waited(self) -> bool:
        since = self._silent_since
        return since is not None and time.monotonic() - since >= self._orders.silence

    def _close(self, ending: Ending) -> int:
        durable.write(
            self._state.folder / "report.json", ending.report.to_json().encode(), mode=0o644
        )
        self._voice.report(ending.report.to_text())
        holds = ending.holds and not self._state.alarms
        if ending.differences:
            words = "The bundle that the service offers is not what was watched."
        else:
            words = "The bundle that the service offers is exactly what was watched."
        return self._say_the_end(holds, words)

    def _say_the_end(self, holds: bool, words: str) -> int:
        verdict = "Everything holds." if holds else "NOT everything holds."
        self._voice.say(f"{words} {verdict}")
        self._tell(Alarm(_now(), "ended", f"The assembly has been decided. {words} {verdict}"))
        return 0 if holds else 1

    # --- telling --------------------------------------------------------------------------

    def _cry(self, alarm: Alarm) -> None:
        proof = f" Proof: {self._state.folder / 'evidence' / alarm.proof}." if alarm.proof else ""
        self._voice.say(plain(f"ALARM [{alarm.code}] {alarm.message}{proof}"))

    def _tell_all(self) -> None:
        for alarm in list(self._state.alarms):
            if not alarm.told and self._tell(alarm):
                self._state.mark_told(alarm)

    def _tell(self, alarm: Alarm) -> bool:
        """Tell all who have not been told; whether all have been now."""
        message = Message(
            self._site.assembly, self._site.address, alarm.time, alarm.code, plain(alarm.message)
        )
        complete = True
        for listener in self._orders.listeners:
            if (alarm.time + alarm.message, listener) in self._told:
                continue
            try:
                listener.tell(message)
            except UntoldError as error:
                complete = False
                if str(error) not in self._untold:
                    self._untold.add(str(error))
                    self._voice.say(plain(f"Nobody could be told: {error}"))
            else:
                self._told.add((alarm.time + alarm.message, listener))
        return complete


def _standing(watch: Watch, stage: Stage) -> str:
    if stage is Stage.BEFORE:
        return f"{_now()}: the ballot box is not open yet"
    seen = watch.standing
    alarms = f"{len(seen.alarms)} ALARMS" if seen.alarms else "all in order"
    return f"{_now()}: {seen.entries} entries, {seen.ballots} ballots checked, {alarms}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
