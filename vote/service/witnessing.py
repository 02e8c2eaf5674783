"""Asking witnesses to cosign what the box has published (C2SP tlog-witness, the log's side).

Publishing never waits for a witness. A courier, one thread for each log and witness, brings every
witness the newest checkpoint, and what comes back is verified and stored beside the checkpoint. A
witness that is down, slow or lying delays nobody but itself; its courier tries again, ever less
often, until the newest checkpoint has its cosignature.

Receipts: without a quorum they carry the cosignatures that come within a moment. With a quorum a
receipt is given only with a checkpoint that so many witnesses cosigned, or else refused with
`receipt-later`: the ballot is recorded, and sending it again brings the receipt. Where too few
witnesses have answered lately nobody is kept waiting for long.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from threading import Condition, Event, Lock
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from vote.audit.witnesses import WITNESSES, encode_witnesses, parse_witnesses
from vote.service.courier import Courier
from vote.service.errors import Refusal
from vote.store import log as log_store
from vote.store import witnesses as store
from vote.store.log import Published
from vote.store.models import Attachment
from vote.tlog.cosignature import add_signatures
from vote.tlog.note import Signature

if TYPE_CHECKING:
    from vote.service.house import House

GRACE: Final = 0.5  # seconds that a receipt waits for cosignatures which are not required
HOPE: Final = 1.0  # seconds that it waits for a quorum which lately was out of reach
_POLL: Final = 0.1  # seconds after which another process' couriers may have brought something

logger = logging.getLogger("vote.witnessing")


class Witnessing:
    """The couriers of one process, and the checkpoints with what they brought."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._vkeys = [witness.vkey for witness in house.settings.witnesses]
        self._couriers: dict[tuple[str, str], Courier] = {}
        self._lock = Lock()
        self._news = Condition()
        self._generation = 0
        self._stopping = Event()

    def nudge(self, assembly: str) -> None:
        """There is a new checkpoint, or somebody asks for one: the couriers may have work."""
        if self._stopping.is_set():
            return
        with self._lock:
            for witness in self._house.settings.witnesses:
                place = (assembly, witness.vkey)
                courier = self._couriers.get(place)
                if courier is None:
                    courier = Courier(self._house, assembly, witness, self._brought, self._retire)
                    self._couriers[place] = courier
                courier.wake()

    def covering(self, assembly: str, published: Published, index: int) -> Published:
        """The checkpoint for the receipt of entry `index`, which `published` covers.

        Raises Refusal `receipt-later`.
        """
        if not self._vkeys:
            return published
        self.nudge(assembly)
        quorum = self._house.settings.witness_quorum
        start = time.monotonic()
        while True:
            generation = self._generation
            goal, seconds = self._patience(assembly)
            found = self._cosigned(assembly, goal, index)
            left = start + seconds - time.monotonic()
            if found is not None:
                return found
            if left <= 0:
                break
            self._await_news(generation, min(left, _POLL))
        if quorum:
            raise _receipt_later()
        return self._cosigned(assembly, 1, index) or published

    def _await_news(self, generation: int, seconds: float) -> None:
        with self._news:
            self._news.wait_for(lambda: self._generation != generation, seconds)

    def _patience(self, assembly: str) -> tuple[int, float]:
        """How many cosignatures a receipt waits for, and how many seconds at most."""
        settings = self._house.settings
        with self._lock:
            couriers = [each for (of, _), each in self._couriers.items() if of == assembly]
        hopeful = sum(not courier.failing for courier in couriers)
        if not settings.witness_quorum:
            return hopeful, GRACE if hopeful else 0
        within_reach = hopeful >= settings.witness_quorum
        return settings.witness_quorum, settings.receipt_seconds if within_reach else HOPE

    def _cosigned(self, assembly: str, quorum: int, index: int) -> Published | None:
        """The newest checkpoint that covers entry `index` and that so many cosigned."""
        if not quorum:
            return None
        with self._house.database.reading() as session:
            found = store.newest_with(session, assembly, self._vkeys, quorum, index)
            return found and self._complete(session, assembly, found)

    def newest(self, session: Session, assembly: str) -> Published | None:
        """The checkpoint to publish, with its cosignatures.

        With a quorum the newest that reached it, so that whoever looks can see the quorum; until
        one has, the first of all. What is shown is never smaller than what was shown before.
        """
        newest = log_store.latest_checkpoint(session, assembly)
        if newest is None or not self._vkeys:
            return newest
        if store.cosignatures(session, assembly, newest.size).keys() < set(self._vkeys):
            self.nudge(assembly)
        quorum = self._house.settings.witness_quorum
        if quorum:
            newest = store.newest_with(
                session, assembly, self._vkeys, quorum, 0
            ) or store.first_checkpoint(session, assembly)
        return newest and self._complete(session, assembly, newest)

    def last(self, session: Session, assembly: str) -> Published | None:
        """The newest checkpoint of all, as it stands in a bundle: with the cosignatures of those
        whom the log names as its witnesses."""
        newest = log_store.latest_checkpoint(session, assembly)
        listed = session.get(Attachment, (assembly, WITNESSES))
        if newest is None or listed is None:
            return newest
        vkeys = [witness.encode() for witness in parse_witnesses(listed.content)]
        return self._complete(session, assembly, newest, vkeys)

    def files(self) -> Mapping[str, bytes]:
        """What a bundle has to say of the witnesses: a file with their keys, or nothing."""
        witnesses = [witness.key for witness in self._house.settings.witnesses]
        return {WITNESSES: encode_witnesses(witnesses)} if witnesses else {}

    def _complete(
        self,
        session: Session,
        assembly: str,
        published: Published,
        vkeys: Sequence[str] | None = None,
    ) -> Published:
        """The checkpoint with the cosignatures of these witnesses, ours by default, in order."""
        found = store.cosignatures(session, assembly, published.size)
        wanted = self._vkeys if vkeys is None else vkeys
        lines = [Signature.parse(found[vkey][:-1]) for vkey in wanted if vkey in found]
        return Published(published.size, add_signatures(published.note, lines))

    def _brought(self, assembly: str) -> None:
        """A courier of this process stored a cosignature: others may wait for that."""
        with self._news:
            self._generation += 1
            self._news.notify_all()
        with self._lock:
            for (of, _), courier in self._couriers.items():
                if of == assembly:
                    courier.wake()

    def _retire(self, courier: Courier) -> bool:
        """Let a courier go that had nothing to do for long, unless there is something just now."""
        with self._lock:
            if courier.woken:
                return False
            del self._couriers[courier.assembly, courier.witness.vkey]
            return True

    def stop(self) -> None:
        """Wait for what is under way, and do no more."""
        self._stopping.set()
        with self._lock:
            couriers = list(self._couriers.values())
        for courier in couriers:
            courier.stop()
        for courier in couriers:
            courier.join()


def _receipt_later() -> Refusal:
    return Refusal(
        "receipt-later",
        "Your ballot is in the box. Its receipt is not ready yet: the independent witnesses who "
        "confirm the box have not all answered. Send the same ballot again in a minute to get the "
        "receipt; it will not be counted twice.",
        status=503,
    )
