"""The migration that brings proxies: up and down again, with people in the tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from vote import resources
from vote.store.database import Database

SEED = (
    "INSERT INTO assemblies (id, definition, state, rehearsal) VALUES ('a', '{}', 'open', false)",
    "INSERT INTO members (assembly, member, position, name, email, language, college, weight)"
    " VALUES ('a', '1', 0, 'Uno Example', '', 'en', '', 1),"
    " ('a', '2', 1, 'Duo Example', '', 'en', '', 1)",
    "INSERT INTO attendance (assembly, ballot, member, voted) VALUES ('a', 'main', '1', true)",
)
GIVE = (
    "INSERT INTO mandates (assembly, mandate, position, grantor, holder, state, sealed)"
    " VALUES ('a', '{name}', {position}, '1', '2', '{state}', '')"
)


def migrate(connection: Connection, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(resources.migrations()))
    config.attributes["connection"] = connection
    if target == "0003" and inspect(connection).has_table("mandates"):
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)


def people(connection: Connection) -> list[tuple[object, ...]]:
    found = connection.execute(text("SELECT member, name FROM members ORDER BY member"))
    return [tuple(row) for row in found]


def test_up_and_down_with_people_in_the_tables(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    with database.migrating() as connection:
        migrate(connection, "0003")
        for statement in SEED:
            connection.execute(text(statement))
        before = people(connection)
        migrate(connection, "0004")
        assert people(connection) == before
        marked = connection.execute(text("SELECT voted, represented_by FROM attendance")).one()
        assert (bool(marked[0]), marked[1]) == (True, None)
        for position, state in enumerate(("revoked", "voted", "given"), 1):
            given = GIVE.format(name=f"{position:032}", position=position, state=state)
            connection.execute(text(given))
        migrate(connection, "0003")
        assert people(connection) == before
        assert not inspect(connection).has_table("mandates")
    database.close()
