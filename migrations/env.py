"""Alembic's entry: migrates the connection that `House.migrate` hands over."""

from alembic import context

from vote.store.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()
