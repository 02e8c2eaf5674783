"""The migration that brings the minutes' tables: up and down again, with an assembly there."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from vote import resources
from vote.store.database import Database

ASSEMBLY = (
    "INSERT INTO assemblies (id, definition, state, rehearsal) VALUES ('a', '{}', 'open', false)"
)
RECORDED = (
    "INSERT INTO proceedings (assembly, summoned_by, scrutineers, appeals_until)"
    " VALUES ('a', 'email', '', '2035-01-31')",
    "INSERT INTO incidents (assembly, number, at, by, text)"
    " VALUES ('a', 1, '2026-06-26T08:12:00Z', 'anna', 'The stream stopped.')",
    "INSERT INTO destructions (assembly, at, by, note)"
    " VALUES ('a', '2035-02-01T08:12:00Z', 'anna', '')",
)
TABLES = {"proceedings", "incidents", "destructions"}


def config(connection: Connection) -> Config:
    found = Config()
    found.set_main_option("script_location", str(resources.migrations()))
    found.attributes["connection"] = connection
    return found


def test_up_and_down_with_an_assembly_there(database_url: str) -> None:
    database = Database(database_url)
    with database.migrating() as connection:
        command.upgrade(config(connection), "0001")
        connection.execute(text(ASSEMBLY))
        command.upgrade(config(connection), "0002")
        for statement in RECORDED:
            connection.execute(text(statement))
        assert {*inspect(connection).get_table_names()} >= TABLES
        command.downgrade(config(connection), "0001")
        assert not {*inspect(connection).get_table_names()} & TABLES
        assert connection.execute(text("SELECT id FROM assemblies")).scalar_one() == "a"
    database.close()
