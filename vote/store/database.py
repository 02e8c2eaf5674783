"""Connections and transactions, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
Transaction = Session | Connection  # either runs statements that need no objects
MIGRATION_LOCK = 0x766F7465  # "vote": the PostgreSQL advisory lock that migrations take


class UnavailableError(Exception):
    """The database is out of reach, full, or busy for too long."""


class Database:
    """A database by its address.

    `reading` and `writing` give a session for one transaction: returning from the block commits,
    raising rolls back. `reading_rows` and `writing_rows` are the same with a bare connection, which
    costs less: for casting, whose statements need no objects. On SQLite a writing transaction takes
    the write lock at once, so that two writers queue up instead of failing half way. All raise
    UnavailableError.
    """

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.engine = _engine(self.url)
        self._writer = self.engine.execution_options(vote_immediate=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with _available(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with _available(), Session(self._writer, expire_on_commit=False) as session:
            session.connection()
            yield session
            session.commit()

    @contextmanager
    def reading_rows(self) -> Iterator[Connection]:
        with _available(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing_rows(self) -> Iterator[Connection]:
        with _available(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A connection on which only one process at a time changes the schema."""
        with self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
                )
            yield connection

    def forget_order(self) -> None:
        """Leave no trace on disk of the order in which members were marked as having voted.

        PostgreSQL keeps rows, and dumps them, in the order of their last change: the roll's marks
        are laid anew. SQLite keeps the last transactions one by one in its write-ahead log: they go
        into the database, and the log is emptied.
        """
        statement = "CLUSTER attendance USING attendance_pkey"
        if self.is_sqlite:
            statement = "PRAGMA wal_checkpoint(TRUNCATE)"
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute(statement)
            connection.commit()
        finally:
            connection.close()

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise UnavailableError from error


def _with_driver(url: str) -> str:
    """Name the driver we ship, whatever short form the address was written in."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # a ballot that was answered for survives a crash
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("vote_immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
