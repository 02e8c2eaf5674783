"""The migrations: up and down with people in the tables, and equal to the models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from vote import resources
from vote.service.house import House, Settings
from vote.store.database import Database
from vote.store.models import Base

SEED = (
    "INSERT INTO assemblies (id, definition, state, rehearsal) VALUES ('a', '{}', 'open', false)",
    "INSERT INTO members"
    " (assembly, member, position, name, email, language, college, weight, wrong_names)"
    " VALUES ('a', '1', 0, 'Uno Example', '', 'en', '', 1, 0),"
    " ('a', '2', 1, 'Duo Example', '', 'en', '', 1, 0)",
    "INSERT INTO attendance (assembly, ballot, member, voted) VALUES ('a', 'main', '1', true)",
    "INSERT INTO proceedings (assembly, summoned_by, scrutineers, appeals_until)"
    " VALUES ('a', 'email', '', '2035-01-31')",
    "INSERT INTO incidents (assembly, number, at, by, text)"
    " VALUES ('a', 1, '2026-06-26T08:12:00Z', 'anna', 'The stream stopped.')",
    "INSERT INTO destructions (assembly, at, by, note)"
    " VALUES ('a', '2035-02-01T08:12:00Z', 'anna', '')",
)
ELECTION = (
    "INSERT INTO elections (uuid, assembly, position, ballot, stage, timestamp, records, size,"
    " height) VALUES ('u', 'a', 0, 'main', 'closed', 0, 0, 0, 0)"
)
GIVE = (
    "INSERT INTO mandates (assembly, mandate, position, grantor, holder, state, sealed)"
    " VALUES ('a', '{name}', {position}, '1', '2', '{state}', '')"
)


@contextmanager
def migrating(url: str) -> Iterator[tuple[Connection, Config]]:
    """A connection to migrate, and what Alembic's commands are to be given."""
    config = Config()
    config.set_main_option("script_location", str(resources.migrations()))
    database = Database(url)
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        yield connection, config
    database.close()


def give(connection: Connection, position: int, state: str) -> None:
    given = GIVE.format(name=f"{position:032}", position=position, state=state)
    connection.execute(text(given))


def seed(connection: Connection) -> None:
    for statement in SEED:
        connection.execute(text(statement))
    for position, state in enumerate(("revoked", "voted", "given"), 1):
        give(connection, position, state)


def tables(connection: Connection) -> set[str]:
    return {*inspect(connection).get_table_names()} - {"alembic_version"}


def test_down_and_up_again_with_people_in_the_tables(database_url: str) -> None:
    with migrating(database_url) as (connection, config):
        command.upgrade(config, "head")
        seed(connection)
        command.downgrade(config, "base")
        assert tables(connection) == set()
        command.upgrade(config, "head")
        seed(connection)
        marked = connection.execute(text("SELECT voted, represented_by FROM attendance")).one()
        assert (bool(marked[0]), marked[1]) == (True, None)


def test_an_election_from_before_has_no_closing_time(database_url: str) -> None:
    with migrating(database_url) as (connection, config):
        command.upgrade(config, "0001")
        seed(connection)
        connection.execute(text(ELECTION))
        command.upgrade(config, "head")
        closed = text("SELECT closed_at FROM elections")
        assert connection.execute(closed).scalar_one() is None
        connection.execute(text("UPDATE elections SET closed_at = '2026-06-26T08:12:00Z'"))
        command.downgrade(config, "0001")
        assert connection.execute(text("SELECT stage FROM elections")).scalar_one() == "closed"


def test_a_second_mandate_in_force_is_refused(database_url: str) -> None:
    with migrating(database_url) as (connection, config):
        command.upgrade(config, "head")
        seed(connection)
        with pytest.raises(IntegrityError), connection.begin_nested():
            give(connection, 4, "given")
        give(connection, 5, "revoked")


def test_a_house_migrates_again_and_keeps_what_is_there(database_url: str, tmp_path: Path) -> None:
    house = House(Settings.in_folder(tmp_path / "data", database_url=database_url))
    house.migrate()
    with house.database.migrating() as connection:
        seed(connection)
    house.migrate()
    with house.database.reading() as session:
        names = session.execute(text("SELECT name FROM members ORDER BY member")).scalars()
        assert list(names) == ["Uno Example", "Duo Example"]
    house.close()


def indexes(connection: Connection) -> list[tuple[str, ...]]:
    """Every table's indexes, with the conditions of partial ones."""
    found = inspect(connection)
    return sorted(
        (
            table,
            str(index["name"]),
            str(index["column_names"]),
            str(bool(index["unique"])),
            *(str(condition) for condition in index.get("dialect_options", {}).values()),
        )
        for table in tables(connection)
        for index in found.get_indexes(table)
    )


def test_the_migrations_make_the_models_tables(database_url: str) -> None:
    with migrating(database_url) as (connection, config):
        command.upgrade(config, "head")
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        migrated = indexes(connection)
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        assert migrated == indexes(connection)
