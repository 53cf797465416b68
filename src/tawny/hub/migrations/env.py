"""Alembic's entry: runs the steps on the connection that `tawny.hub.adapters.migrate` gives."""

from alembic import context

from tawny.hub.adapters.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
