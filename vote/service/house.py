"""What every use case works in: the database, the secrets, the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config

from vote import resources
from vote.service.keys import Vault
from vote.service.mail import MailServer, parse_mail_server
from vote.service.witnesses import Witness, parse_witnesses, require_quorum
from vote.service.witnessing import Witnessing
from vote.store.database import Database
from vote.store.log import Place, Published
from vote.tlog.merkle import Hash


def _now() -> datetime:
    return datetime.now(UTC)


LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation is set up.

    `data` is the folder of the secrets and the embedded database; `origin` is the public host name:
    it begins the ballot logs' names, and unless it is LOCAL nothing is answered under another;
    `batch_seconds` is how long a ballot may wait for others to share a checkpoint with;
    `behind_proxy` believes one reverse proxy's X-Forwarded headers.

    `witnesses` are asked to cosign every checkpoint, each within `witness_seconds`; a receipt is
    given only with `witness_quorum` cosignatures, for which it waits up to `receipt_seconds`.

    `mail` is where e-mail is handed over; None: this installation sends none.
    """

    database_url: str
    data: Path
    origin: str = LOCAL
    batch_seconds: float = 0.1
    behind_proxy: bool = False
    witnesses: tuple[Witness, ...] = ()
    witness_quorum: int = 0
    witness_seconds: float = 5.0
    receipt_seconds: float = 10.0
    mail: MailServer | None = None

    def __post_init__(self) -> None:
        require_quorum(self.witnesses, self.witness_quorum)

    @classmethod
    def in_folder(cls, data: Path, *, database_url: str | None = None) -> Settings:
        return cls(database_url or f"sqlite:///{data.absolute() / 'vote.sqlite'}", data)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """From DATABASE_URL, VOTE_DATA (default ./var), VOTE_ORIGIN and so on: see docs/."""
        environ = os.environ if environ is None else environ
        data = Path(environ.get("VOTE_DATA") or "var")
        default = cls.in_folder(data, database_url=environ.get("DATABASE_URL") or None)
        return cls(
            default.database_url,
            data,
            environ.get("VOTE_ORIGIN") or default.origin,
            float(environ.get("VOTE_BATCH_SECONDS") or default.batch_seconds),
            environ.get("VOTE_BEHIND_PROXY") == "1",
            parse_witnesses(environ.get("VOTE_WITNESSES") or ""),
            int(environ.get("VOTE_WITNESS_QUORUM") or 0),
            float(environ.get("VOTE_WITNESS_SECONDS") or default.witness_seconds),
            float(environ.get("VOTE_RECEIPT_SECONDS") or default.receipt_seconds),
            parse_mail_server(
                environ.get("VOTE_SMTP_URL") or "", environ.get("VOTE_MAIL_FROM") or ""
            ),
        )


@dataclass(slots=True)
class Publishing:
    """Where a process' threads wait for a log's next checkpoint, and the newest they know of.

    `hashes`: what the receipts of its last entries are made of, as far as it is known.
    """

    turn: Lock = field(default_factory=Lock)
    newest: Published | None = None
    hashes: Mapping[Place, Hash] = field(default_factory=dict)

    def forget(self) -> None:
        self.newest, self.hashes = None, {}


class House:
    """An installation at work. `clock` gives the time, aware, in UTC."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = _now) -> None:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.settings = settings
        self.clock = clock
        self.vault = Vault(settings.data / "keys")
        self.database = Database(settings.database_url)
        self.witnessing = Witnessing(self)
        self._publishing: dict[str, Publishing] = {}

    def publishing(self, assembly: str) -> Publishing:
        return self._publishing.setdefault(assembly, Publishing())

    def migrate(self) -> None:
        """Bring the database's schema up to date; safe to call from several processes at once."""
        config = Config()
        config.set_main_option("script_location", str(resources.migrations()))
        with self.vault.locked("migrations"), self.database.migrating() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        self.witnessing.stop()
        self.database.close()
